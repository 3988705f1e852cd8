"""Who came, changed and went between two lists: pure, so that long lists can be compared off the event loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sessionconsole.domain.orders import Order
from sessionconsole.domain.sessions import Handle, LoginSession, Snapshot
from sessionconsole.services.states import Presence

SHOWN_NEW = timedelta(minutes=10)
SHOWN_CHANGED = timedelta(minutes=1)
SHOWN_DEPARTED = timedelta(minutes=1)
SHOWN_ENDED = timedelta(hours=1)
"""How long a row is shown as new, changed, gone by itself, or gone because it was ended."""

_SHOWN = {
    Presence.NEW: SHOWN_NEW,
    Presence.CHANGED: SHOWN_CHANGED,
    Presence.DEPARTED: SHOWN_DEPARTED,
}


@dataclass(frozen=True, slots=True)
class Since:
    """What is said of a session, and since when."""

    kind: Presence
    at: datetime


@dataclass(frozen=True, slots=True)
class Movements:
    """Who came, changed and went of late; `departed` are the sessions that are shown and not listed any more."""

    presence: Mapping[Handle, Since] = field(default_factory=dict)
    departed: Mapping[Handle, LoginSession] = field(default_factory=dict)

    def without(self, account: str) -> Movements:
        """The same, with nobody of that account among the departed."""
        theirs = {handle for handle, each in self.departed.items() if each.person.account == account}
        return Movements(
            {handle: since for handle, since in self.presence.items() if handle not in theirs},
            {handle: each for handle, each in self.departed.items() if handle not in theirs},
        )

    def aged(self, now: datetime, order_of: Callable[[Handle], Order | None]) -> Movements:
        """What is still news; who departed by an order is shown for longer, with what became of it."""
        old = {
            handle
            for handle, since in self.presence.items()
            if now - since.at > _SHOWN[since.kind]
            and not (since.kind is Presence.DEPARTED and _tells_of_its_end(order_of(handle), now))
        }
        if not old:
            return self
        return Movements(
            {handle: since for handle, since in self.presence.items() if handle not in old},
            {handle: each for handle, each in self.departed.items() if handle not in old},
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a newer list brings; its sessions that say the same as before are the very objects of before."""

    snapshot: Snapshot
    movements: Movements
    is_news: bool


def compare(
    before: Snapshot,
    after: Snapshot,
    known: Movements,
    order_of: Callable[[Handle], Order | None],
    *,
    was_complete: bool,
    is_complete: bool,
) -> Comparison:
    """Hold a newer list against the one before; on what is missing from one that is not complete nothing is built."""
    earlier = {session.handle: session for session in before.sessions}
    presence, departed = dict(known.presence), dict(known.departed)
    now = after.taken_at
    listed: dict[Handle, None] = {}
    sessions: list[LoginSession] = []
    for session in after.sessions:
        handle = session.handle
        listed[handle] = None
        departed.pop(handle, None)
        old = earlier.get(handle)
        if old is not None and old == session:
            sessions.append(old)
            continue
        sessions.append(session)
        if old is None and was_complete:
            presence[handle] = Since(Presence.NEW, now)
        elif old is not None and _moved(old, session):
            presence[handle] = Since(Presence.CHANGED, now)
    if is_complete:
        for handle, session in earlier.items():
            if handle not in listed:
                departed[handle] = session
                presence[handle] = Since(Presence.DEPARTED, now)
    found = tuple(sessions)
    movements = Movements(presence, departed).aged(now, order_of)
    return Comparison(replace(after, sessions=found), movements, found != before.sessions)


def _moved(old: LoginSession, new: LoginSession) -> bool:
    """Whether more than time has passed for a session; a browser that updated itself is no news."""
    return (old.ip, old.place, old.network) != (new.ip, new.place, new.network) or (
        old.device != new.device and old.device.family != new.device.family
    )


def _tells_of_its_end(order: Order | None, now: datetime) -> bool:
    if order is None:
        return False
    return order.is_open or order.settled_at is None or now - order.settled_at <= SHOWN_ENDED
