"""The frozen values that services publish, one per screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sessionconsole.domain.assessments import Assessment
from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.domain.orders import Order, OrderState
from sessionconsole.domain.platforms import PlatformAbout
from sessionconsole.domain.sessions import Handle, LoginSession, Person
from sessionconsole.domain.sparing import Spared


class Link(StrEnum):
    """How the platform stands to us."""

    SIGNED_OUT = "signed-out"
    CONNECTING = "connecting"
    LIVE = "live"
    OFFLINE = "offline"
    SIGN_IN_NEEDED = "sign-in-needed"


class Presence(StrEnum):
    """Whether a row is new, as it was, or has gone from the list without an order of ours."""

    LISTED = "listed"
    NEW = "new"
    CHANGED = "changed"
    DEPARTED = "departed"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: the session with all that is said about it; `ours` where the manager said so.

    `spared` where its device is never ended in bulk.
    """

    session: LoginSession
    assessment: Assessment = Assessment()
    presence: Presence = Presence.LISTED
    presence_at: datetime | None = None
    order: Order | None = None
    ours: bool = False
    spared: Spared = Spared.NO


@dataclass(frozen=True, slots=True)
class ListState:
    """The list on screen: `taken_at` is when the platform last vouched for it, None where there is none."""

    link: Link = Link.SIGNED_OUT
    # Before the rows: two readings differ by it, and then no row is compared.
    taken_at: datetime | None = None
    about: PlatformAbout | None = None
    me: Person | None = None
    may_end: bool = True
    rows: tuple[Row, ...] = ()
    problem: SessionConsoleError | None = None


@dataclass(frozen=True, slots=True)
class OrdersState:
    """The outbox on screen, by order id.

    `due` has the moment on the clock's `monotonic()` at which each held order is let go; `asks` are orders that waited
    too long and want a yes; `reauthentication` is what the platform wants to hear before it ends anything.
    """

    orders: Mapping[str, Order] = field(default_factory=dict)
    due: Mapping[str, float] = field(default_factory=dict)
    asks: tuple[Order, ...] = ()
    reauthentication: SessionConsoleError | None = None
    problem: SessionConsoleError | None = None
    _newest: Mapping[Handle, Order] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # A list of thousands asks for the order of each row, so that is looked up, not searched.
        newest: dict[Handle, Order] = {}
        for order in sorted(self.orders.values(), key=lambda order: (order.is_open, order.ordered_at)):
            if order.state is not OrderState.WITHDRAWN:
                newest[order.handle] = order
        object.__setattr__(self, "_newest", newest)

    def of(self, handle: Handle) -> Order | None:
        """The order for that session that was not withdrawn: the open one, else the newest."""
        return self._newest.get(handle)
