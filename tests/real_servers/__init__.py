"""Real servers of other makers, each in a process and an environment of its own; run.py installs them."""
