"""How fresh the list is, in words: pure functions."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from sessionconsole.domain.errors import AnswerLost, SessionConsoleError, Unreachable
from sessionconsole.services.states import Link, ListState
from sessionconsole.ui.sessions.times import ago, short_moment


def checked(state: ListState, now: datetime, zone: tzinfo) -> str:
    """ "Live, checked 12 s ago"."""
    if state.link is Link.CONNECTING:
        return "Connecting…"
    if state.link is not Link.LIVE or state.taken_at is None:
        return ""
    passed = max(now - state.taken_at, timedelta(0))
    if passed < timedelta(minutes=1):
        return f"Live, checked {passed // timedelta(seconds=1)} s ago"
    return f"Live, checked {ago(state.taken_at, now, zone)}"


def as_of(state: ListState, now: datetime, zone: tzinfo) -> str:
    """ "As of Fri 17:40, 2 days ago"; empty where there is no list."""
    if state.taken_at is None:
        return ""
    return f"As of {short_moment(state.taken_at, now, zone)}, {ago(state.taken_at, now, zone)}"


def why_offline(problem: SessionConsoleError | None) -> str:
    """What keeps the list from being read, and what to do where the user can do something."""
    match problem:
        case None | Unreachable():
            return "The booking platform cannot be reached."
        case AnswerLost():
            return "The booking platform does not answer."
        case _:
            return f"{problem.message} {problem.advice}"
