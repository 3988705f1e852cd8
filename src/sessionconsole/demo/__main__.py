"""`python -m sessionconsole.demo`: the demo platform alone."""

from __future__ import annotations

import sys

from sessionconsole.demo.server import serve


def main() -> int:
    """Run it with the arguments of the command line."""
    return serve(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
