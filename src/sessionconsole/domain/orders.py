"""An order to end a session: what the user asked for, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sessionconsole.domain.credentials import Identity
from sessionconsole.domain.sessions import Device, Handle, LoginSession, Person

ASK_AFTER = timedelta(minutes=15)
"""An order that waited longer than this asks once before it is sent."""

KEEP_SETTLED = timedelta(days=30)
"""How long settled orders are listed."""

_ROUNDING = timedelta(seconds=1)
"""Platforms round times; a sign-in within this of another one is the same."""


class OrderState(StrEnum):
    """held -> queued -> sent -> (unknown ->) settled; only Undo and Withdraw lead to withdrawn."""

    HELD = "held"
    QUEUED = "queued"
    SENT = "sent"
    UNKNOWN = "unknown"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


OPEN_STATES = frozenset({OrderState.HELD, OrderState.QUEUED, OrderState.SENT, OrderState.UNKNOWN})
MAY_BE_WITHDRAWN = frozenset({OrderState.HELD, OrderState.QUEUED})


class Outcome(StrEnum):
    """What was seen in the end; the words of `end --json`."""

    PROVED_GONE = "proved-gone"
    ALREADY_GONE = "already-gone"
    GONE_LINGERING = "gone-lingering"
    HIDDEN_ONLY = "hidden-only"
    STILL_LISTED = "still-listed"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    QUEUED = "queued"
    WITHDRAWN = "withdrawn"


GONE = frozenset({Outcome.PROVED_GONE, Outcome.ALREADY_GONE, Outcome.GONE_LINGERING})

CAME_BACK = "came-back"
"""The code of an order whose session is listed again after it was proved gone."""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What the user saw when ordering: by these the session is known again before anything is sent."""

    person: Person
    device: Device
    signed_in_at: datetime | None
    user_agent: str | None = None
    is_current: bool | None = None

    @classmethod
    def of(cls, session: LoginSession) -> SessionFacts:
        """The facts of a listed session."""
        return cls(
            session.person, session.device, session.signed_in_at, session.user_agent, session.is_current
        )

    def match(self, session: LoginSession) -> bool:
        """Whether the session of that id is still the one that was ordered to end."""
        if session.person.account != self.person.account:
            return False
        if self.signed_in_at is not None and session.signed_in_at is not None:
            if abs(session.signed_in_at - self.signed_in_at) > _ROUNDING:
                return False
            return session.device.family == self.device.family
        if self.user_agent is None and session.user_agent is None:
            return session.device.family == self.device.family
        return session.user_agent == self.user_agent

    def certainly_another(self, session: LoginSession) -> bool:
        """Whether the platform gave that id to somebody else, so that the ordered session is gone.

        Stricter than not `match`: as long as the same person holds the id, another device or another time of sign-in
        is no proof that the session has ended.
        """
        return session.person.account != self.person.account


@dataclass(frozen=True, slots=True)
class Order:
    """One click on End, bound to address, platform, account and the facts of the session."""

    id: str
    platform: str
    account: str
    handle: Handle
    facts: SessionFacts
    ordered_at: datetime
    state: OrderState
    address: str = field(kw_only=True)
    confirmed: bool = False
    attempts: int = 0
    sent_at: datetime | None = None
    accepted_at: datetime | None = None
    settled_at: datetime | None = None
    outcome: Outcome | None = None
    code: str | None = None
    detail: str | None = None
    may_work_until: datetime | None = None
    came_back_at: datetime | None = None
    """When its session was on the list again, after it was proved gone at `settled_at`; the code is `CAME_BACK`."""

    @property
    def identity(self) -> Identity:
        """The sign-in that it was given under: it is carried out under no other."""
        return self.address, self.platform, self.account

    @property
    def is_open(self) -> bool:
        """Whether anything may still happen to it."""
        return self.state in OPEN_STATES

    def must_ask(self, now: datetime) -> bool:
        """Whether it waited so long, or the clock was set back so far, that the user is asked before it is sent."""
        age = now - self.ordered_at
        return not self.confirmed and not timedelta(minutes=-1) <= age <= ASK_AFTER
