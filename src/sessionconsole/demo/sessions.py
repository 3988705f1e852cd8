"""The register of login sessions: in the order of sign-in, with what is shown of each and a mark for every change."""

from __future__ import annotations

import bisect
import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sessionconsole.demo.world.addresses import Network, Place, look_up
from sessionconsole.demo.world.devices import Device
from sessionconsole.demo.world.people import Person

QUANTUM = 60
"""Seconds to which last activity is rounded down, so that a list which is polled often stays the same for a while."""

Key = tuple[int, str]


@dataclass(slots=True)
class Session:
    """One login session as it is shown; times in seconds since 1970, whole seconds."""

    id: str
    person: Person
    device: Device
    ip: str
    signed_in: int
    active: int

    @property
    def key(self) -> Key:
        """Where it stands in the list, for good: by sign-in, oldest first."""
        return self.signed_in, self.id

    @property
    def where(self) -> tuple[Place | None, Network | None]:
        """Place and network of its address."""
        return look_up(self.ip)

    @property
    def idle_expires(self) -> int | None:
        """When it ends unused."""
        idle = self.device.lifetime.idle
        return None if idle is None else int(self.active + idle)

    @property
    def expires(self) -> int | None:
        """When it ends at the latest."""
        absolute = self.device.lifetime.absolute
        return None if absolute is None else int(self.signed_in + absolute)

    @property
    def dies(self) -> int | None:
        """When it ends if nothing happens."""
        ends = [end for end in (self.idle_expires, self.expires) if end is not None]
        return min(ends, default=None)


class Register:
    """All sessions that live; `revision` moves whenever anything that is shown has changed, at `changed_at`.

    `on_change` is called at each such move.
    """

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        self.revision = 0
        self.changed_at = 0.0
        self._on_change = on_change
        self._by_id: dict[str, Session] = {}
        self._order: list[Key] = []
        self._order_of: defaultdict[str, list[Key]] = defaultdict(list)
        self._deaths: list[tuple[int, str]] = []

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, session_id: str) -> Session | None:
        """The session of that id if it lives."""
        return self._by_id.get(session_id)

    def add(self, session: Session, at: float) -> None:
        """A login began."""
        session.active = max(session.signed_in, _rounded(session.active))
        self._by_id[session.id] = session
        bisect.insort(self._order, session.key)
        bisect.insort(self._order_of[session.person.account], session.key)
        self._await_death(session)
        self._changed(at)

    def begin_with(self, sessions: Iterable[Session], at: float) -> None:
        """Fill the empty register, in less time than one by one."""
        for session in sessions:
            session.active = max(session.signed_in, _rounded(session.active))
            self._by_id[session.id] = session
            self._await_death(session)
        self._order = sorted(session.key for session in self._by_id.values())
        for key in self._order:
            self._order_of[self._by_id[key[1]].person.account].append(key)
        self._changed(at)

    def touch(self, session_id: str, at: float, ip: str | None = None) -> None:
        """A session was used; one that is gone is left gone."""
        session = self._by_id.get(session_id)
        if session is None:
            return
        moved = ip is not None and ip != session.ip
        if ip is not None:
            session.ip = ip
        if at - session.active >= QUANTUM:
            session.active = max(session.active, _rounded(at))
            moved = True
        if moved:
            self._changed(at)

    def remove(self, session_id: str, at: float) -> bool:
        """A session ends; False where it was gone already."""
        session = self._by_id.pop(session_id, None)
        if session is None:
            return False
        for order in (self._order, self._order_of[session.person.account]):
            del order[bisect.bisect_left(order, session.key)]
        self._changed(at)
        return True

    def expire_until(self, moment: float) -> None:
        """Take out whatever has come to its end by then."""
        while self._deaths and self._deaths[0][0] <= moment:
            _, session_id = heapq.heappop(self._deaths)
            session = self._by_id.get(session_id)
            if session is None:
                continue
            if session.dies is not None and session.dies <= moment:
                self.remove(session_id, session.dies)
            else:
                self._await_death(session)

    def after(self, key: Key | None, limit: int, account: str | None = None) -> list[Session]:
        """Up to `limit` sessions, of all or of one account, that stand behind the key, in order."""
        order = self._order if account is None else self._order_of.get(account, [])
        first = 0 if key is None else bisect.bisect_right(order, key)
        return [self._by_id[session_id] for _, session_id in order[first : first + limit]]

    def count_of(self, account: str) -> int:
        """How many sessions this account has."""
        return len(self._order_of.get(account, ()))

    def __iter__(self) -> Iterator[Session]:
        return (self._by_id[session_id] for _, session_id in self._order)

    def _await_death(self, session: Session) -> None:
        if session.dies is not None:
            heapq.heappush(self._deaths, (session.dies, session.id))

    def _changed(self, at: float) -> None:
        self.revision += 1
        self.changed_at = max(self.changed_at, at)
        self._on_change()


def _rounded(moment: float) -> int:
    return int(moment // QUANTUM * QUANTUM)
