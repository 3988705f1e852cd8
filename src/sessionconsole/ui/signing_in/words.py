"""What went wrong at signing in, in sentences that are true there: nothing is tried again by itself."""

from __future__ import annotations

import math

from sessionconsole.domain.errors import (
    AnswerLost,
    NotAPlatform,
    PlatformMisbehaved,
    RateLimited,
    SessionConsoleError,
    Unreachable,
)

UNREACHABLE = "The booking platform cannot be reached. Check the address and the network, then try again."
NO_PLATFORM = (
    "There is no booking platform at this address. Check the address. "
    "On a hotel or guest Wi-Fi, open a web page and sign in there first."
)
NO_KIND = (
    "There is no booking platform that this program finds by itself at this address. "
    "Check the address, or choose the kind of platform below it."
)
OWN_SESSION_GONE = "This console's session is gone. You are signed out."


def sentence(error: SessionConsoleError) -> str:
    """What happened and what to do next, for who is signing in."""
    match error:
        case AnswerLost() if not error.message.startswith("The booking platform did not answer"):
            return f"{error.message} Try again in a few minutes."  # it did answer: that it failed
        case Unreachable() | AnswerLost():
            return UNREACHABLE
        case PlatformMisbehaved() if error.message == error.default_message:
            return NO_PLATFORM
        case NotAPlatform() if error.message == error.default_message:
            return NO_KIND
        case RateLimited():
            return f"{error.message} {_wait(error.retry_after)}, then try again."
        case _:
            return f"{error.message} {error.advice}"


def _wait(seconds: float | None) -> str:
    if seconds is None:
        return "Wait a minute"
    if seconds > 90:
        return f"Wait {math.ceil(seconds / 60)} minutes"
    whole = max(1, math.ceil(seconds))
    return "Wait 1 second" if whole == 1 else f"Wait {whole} seconds"
