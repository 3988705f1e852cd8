"""One module per command: `run(args, home, terminal)` does it and gives the exit code."""
