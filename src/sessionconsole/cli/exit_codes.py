"""What the exit codes mean; `docs/command-line.md` promises them to scripts."""

from __future__ import annotations

from enum import IntEnum

from sessionconsole.domain.errors import SessionConsoleError, SignInNeeded, TryLater, WrongUse


class ExitCode(IntEnum):
    """One number for each thing that a script would do next."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    SIGN_IN_NEEDED = 3
    UNREACHABLE = 4
    PARTLY_DONE = 5
    INTERRUPTED = 130
    """128 and the number of the signal, as shells count (POSIX.1-2017, 2.8.2)."""


def exit_code_of(problem: SessionConsoleError) -> ExitCode:
    """The exit code for what went wrong."""
    match problem:
        case WrongUse():
            return ExitCode.USAGE
        case SignInNeeded():
            return ExitCode.SIGN_IN_NEEDED
        case TryLater():
            return ExitCode.UNREACHABLE
        case _:
            return ExitCode.FAILED
