"""What becomes of one order at each step: plain functions from an order to the next version of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sessionconsole.domain.errors import AnswerLost, SessionConsoleError
from sessionconsole.domain.orders import CAME_BACK, Order, OrderState, Outcome
from sessionconsole.domain.platforms import Capabilities, EndAnswer, EndStatus

MAX_ATTEMPTS = 3
"""How often an order whose answer was lost, and whose session is still listed, is sent at most."""

ALREADY_GONE = "already-gone"
ANOTHER_SESSION = "another-session"
LIST_INCOMPLETE = "list-incomplete"
STILL_LISTED = "still-listed"

ANOTHER_SESSION_DETAIL = (
    "The platform now lists another session under this id, so it was left alone. Look at it and order again."
)
_NOT_AMONG_THE_LISTED = "The platform lists more sessions than can be read, and this one was not among them."
_CANNOT_BE_SEEN = (
    "The platform lists more sessions than can be read, so it cannot be seen whether it is gone."
)
_ACCEPTED_UNSEEN = (
    "The booking platform took the order, but its list could not be read since, so it is not known yet whether "
    "the session is gone."
)
_CAME_BACK = (
    "It was gone, and now it is listed again: either the end did not last, or its device has signed in again. End it "
    "again, and change the password of this person."
)
_NEVER_ANSWERED = "The platform was asked several times, and gave no answer that says it ended the session."
_HIDDEN = "The platform only hides the session. Change the password of this account."


def sent(order: Order, now: datetime) -> Order:
    """It goes out now."""
    return replace(order, state=OrderState.SENT, sent_at=now, attempts=order.attempts + 1)


def accepted(order: Order, now: datetime, answer: EndAnswer) -> Order:
    """The platform took it; what it says to a first try is what it was asked for."""
    was_gone = answer.status is EndStatus.ALREADY_GONE and order.attempts == 1
    return replace(order, accepted_at=now, code=ALREADY_GONE if was_gone else None, detail=None)


def lost(order: Order, problem: SessionConsoleError) -> Order:
    """Nobody knows yet what became of it."""
    return replace(
        order,
        state=OrderState.UNKNOWN,
        outcome=Outcome.UNKNOWN,
        code=order.code or problem.code,
        detail=_ACCEPTED_UNSEEN if order.accepted_at else AnswerLost.default_message,
    )


def gone(order: Order, now: datetime, capabilities: Capabilities) -> Order:
    """Its session is not listed any more."""
    if order.code == ALREADY_GONE:
        return settled(order, now, Outcome.ALREADY_GONE)
    if capabilities.hides_only:
        return settled(order, now, Outcome.HIDDEN_ONLY, "hidden-only", _HIDDEN)
    # Where the answer was lost nobody knows when it was done: counting from now never claims too much.
    until = (order.accepted_at or now) + capabilities.revocation_delay
    if until > now:
        return settled(replace(order, may_work_until=until), now, Outcome.GONE_LINGERING, "gone-lingering")
    return settled(order, now, Outcome.PROVED_GONE)


def another(order: Order, now: datetime) -> Order:
    """The platform gave the id to somebody else."""
    return settled(order, now, Outcome.REFUSED, ANOTHER_SESSION, ANOTHER_SESSION_DETAIL)


def not_among_the_listed(order: Order, now: datetime) -> Order:
    """The list was cut before it was sent."""
    return settled(order, now, Outcome.REFUSED, LIST_INCOMPLETE, _NOT_AMONG_THE_LISTED)


def cannot_be_seen(order: Order, now: datetime) -> Order:
    """The list was cut after it was sent."""
    return settled(order, now, Outcome.UNKNOWN, LIST_INCOMPLETE, _CANNOT_BE_SEEN)


def still_listed(order: Order, now: datetime) -> Order:
    """Queued once more where its answer was lost, since the list says that nothing happened; else settled as listed."""
    if order.accepted_at is None and order.attempts < MAX_ATTEMPTS:
        return replace(order, state=OrderState.QUEUED, outcome=None, code=None, detail=None)
    return settled(
        order, now, Outcome.STILL_LISTED, STILL_LISTED, None if order.accepted_at else _NEVER_ANSWERED
    )


def came_back(order: Order, now: datetime) -> Order:
    """It was proved gone and is listed again; when it was proved stays known."""
    return replace(order, outcome=Outcome.STILL_LISTED, code=CAME_BACK, detail=_CAME_BACK, came_back_at=now)


def settled(
    order: Order, now: datetime, outcome: Outcome, code: str | None = None, detail: str | None = None
) -> Order:
    """Nothing more happens to it."""
    return replace(order, state=OrderState.SETTLED, outcome=outcome, settled_at=now, code=code, detail=detail)
