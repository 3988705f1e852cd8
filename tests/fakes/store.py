"""The store in plain dictionaries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sessionconsole.domain.assessments import Assessment, Verdict
from sessionconsole.domain.errors import StoreProblem
from sessionconsole.domain.orders import KEEP_SETTLED, Order, OrderState
from sessionconsole.domain.people import Forgotten
from sessionconsole.domain.platforms import PlatformAbout
from sessionconsole.domain.sessions import Device, Handle, Person, Snapshot
from sessionconsole.domain.sparing import SparedDevice
from sessionconsole.services.ports import Clock
from tests.fakes.clock import FakeClock
from tests.fakes.journal import FakeJournal


class _Breakable:
    """While `problem` is set, every write raises it."""

    problem: StoreProblem | None = None

    def _write(self) -> None:
        if self.problem is not None:
            raise self.problem


class FakeOutbox(_Breakable):
    """`ports.Outbox`; `written` holds every version of every order, in the order of writing."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._orders: dict[str, tuple[Order, datetime | None]] = {}
        self.written: list[Order] = []
        self.removals = 0

    async def add(self, *orders: Order) -> None:
        self._write()
        for order in orders:
            if order.id in self._orders:
                raise ValueError(f"order {order.id} is in the outbox already")
        for order in orders:
            self._put(order)

    async def change(self, order: Order, *, expected: OrderState) -> bool:
        self._write()
        return self._replace(order, expected)

    async def change_all(self, orders: Sequence[Order], *, expected: OrderState) -> Sequence[Order]:
        self._write()
        return [order for order in orders if self._replace(order, expected)]

    def _replace(self, order: Order, expected: OrderState) -> bool:
        if order.id not in self._orders or self._orders[order.id][0].state != expected:
            return False
        self._put(order)
        return True

    async def orders(self) -> Sequence[Order]:
        since = self._clock.now() - KEEP_SETTLED
        return [
            order for order, closed_at in self._orders.values() if closed_at is None or closed_at >= since
        ]

    async def revision(self) -> int:
        return len(self.written) + self.removals

    def _put(self, order: Order) -> None:
        self._orders[order.id] = (order, None if order.is_open else (order.settled_at or self._clock.now()))
        self.written.append(order)


class FakeLists(_Breakable):
    """`ports.Lists`; an earlier list is kept when an hour passed or somebody left."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._newest: dict[str, tuple[PlatformAbout, Snapshot]] = {}
        self._earlier: dict[str, list[Snapshot]] = {}
        self._judged: dict[str, dict[Handle, Assessment]] = {}

    async def keep(self, about: PlatformAbout, snapshot: Snapshot) -> None:
        self._write()
        if snapshot.platform in self._newest:
            leaving = self._newest[snapshot.platform][1]
            earlier = self._earlier.setdefault(snapshot.platform, [])
            if not earlier or self._lost(leaving, snapshot, earlier[-1]):
                earlier.append(leaving)
        self._newest[snapshot.platform] = (about, snapshot)
        self._judged.pop(snapshot.platform, None)

    async def latest(self, platform: str) -> tuple[PlatformAbout, Snapshot] | None:
        return self._newest.get(platform)

    async def judge(self, platform: str, assessments: Mapping[Handle, Assessment]) -> None:
        self._write()
        if platform in self._newest:
            self._judged[platform] = dict(assessments)

    async def judged(self, platform: str) -> Mapping[Handle, Assessment]:
        return self._judged.get(platform, {})

    async def touch(self, platform: str, checked_at: datetime) -> None:
        self._write()
        if platform in self._newest:
            about, snapshot = self._newest[platform]
            self._newest[platform] = (about, replace(snapshot, taken_at=checked_at))

    async def history(self, platform: str) -> Sequence[Snapshot]:
        since = self._clock.now() - timedelta(days=60)
        return [snapshot for snapshot in self._earlier.get(platform, []) if snapshot.taken_at >= since]

    async def forget(self, platform: str) -> None:
        self._write()
        self._newest.pop(platform, None)
        self._earlier.pop(platform, None)

    @staticmethod
    def _lost(leaving: Snapshot, following: Snapshot, last: Snapshot) -> bool:
        kept = {session.handle for session in (*following.sessions, *last.sessions)}
        somebody_left = any(session.handle not in kept for session in leaving.sessions)
        return somebody_left or leaving.taken_at - last.taken_at >= timedelta(hours=1)


class FakeVerdicts(_Breakable):
    """`ports.Verdicts`."""

    def __init__(self) -> None:
        self._said: dict[Handle, Verdict] = {}

    async def say(self, verdict: Verdict) -> None:
        self._write()
        self._said[verdict.handle] = verdict

    async def take_back(self, handle: Handle) -> None:
        self._write()
        self._said.pop(handle, None)

    async def verdicts(self) -> Mapping[Handle, Verdict]:
        return dict(self._said)


class FakeSparedDevices(_Breakable):
    """`ports.SparedDevices`."""

    def __init__(self) -> None:
        self._marks: dict[Handle, SparedDevice] = {}

    async def spare(self, mark: SparedDevice, *, instead_of: Handle | None = None) -> None:
        self._write()
        if instead_of is not None and self._marks.pop(instead_of, None) is None:
            return
        self._marks[mark.handle] = mark

    async def take_back(self, handle: Handle) -> None:
        self._write()
        self._marks.pop(handle, None)

    async def spared(self) -> Mapping[Handle, SparedDevice]:
        return dict(self._marks)


class FakeDeviceCache(_Breakable):
    """`ports.DeviceCache`."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, Device]] = {}

    async def known(self, version: str) -> Mapping[str, Device]:
        return dict(self._known.get(version, {}))

    async def learn(self, version: str, devices: Mapping[str, Device]) -> None:
        self._write()
        self._known = {version: self._known.get(version, {}) | dict(devices)}


class FakePeople(_Breakable):
    """`ports.People`, over the other fakes."""

    def __init__(
        self,
        outbox: FakeOutbox,
        lists: FakeLists,
        verdicts: FakeVerdicts,
        devices: FakeDeviceCache,
        spared: FakeSparedDevices,
    ) -> None:
        self._outbox, self._lists, self._verdicts, self._devices = outbox, lists, verdicts, devices
        self._spared = spared

    async def stored(self) -> Mapping[str, Collection[Person]]:
        people: dict[str, set[Person]] = {}
        for snapshot in self._snapshots():
            people.setdefault(snapshot.platform, set()).update(each.person for each in snapshot.sessions)
        for order, _ in self._outbox._orders.values():
            people.setdefault(order.platform, set()).add(order.facts.person)
        for mark in self._spared._marks.values():
            known = people.setdefault(mark.platform, set())
            if all(person.account != mark.account for person in known):
                known.add(Person(mark.account))
        return people

    async def forget(self, platform: str, account: str, *, signed_in: bool) -> Forgotten:
        self._write()
        found = [snapshot for snapshot in self._snapshots() if snapshot.platform == platform]
        theirs = [one for each in found for one in each.sessions if one.person.account == account]
        left = {one.handle for each in found for one in each.sessions if one.person.account != account}
        lists = sum(any(one.person.account == account for one in each.sessions) for each in found)

        def without(snapshot: Snapshot) -> Snapshot:
            others = tuple(each for each in snapshot.sessions if each.person.account != account)
            reader = "" if snapshot.account == account and not signed_in else snapshot.account
            return replace(snapshot, sessions=others, account=reader)

        if platform in self._lists._newest:
            about, newest = self._lists._newest[platform]
            self._lists._newest[platform] = (about, without(newest))
            self._lists._judged.pop(platform, None)
        earlier = [(each, without(each)) for each in self._lists._earlier.get(platform, [])]
        self._lists._earlier[platform] = [
            after for before, after in earlier if after.sessions or not before.sessions
        ]
        orders = [
            order
            for order, _ in self._outbox._orders.values()
            if order.platform == platform
            and (order.facts.person.account == account or (order.account == account and not signed_in))
        ]
        closed = [order for order in orders if not order.is_open]
        for order in closed:
            del self._outbox._orders[order.id]
            self._outbox.removals += 1
        handles = {each.handle for each in theirs} | {
            order.handle for order in closed if order.facts.person.account == account
        }
        said = self._verdicts._said
        gone = [
            handle
            for handle in said
            if handle.startswith(f"{platform}:") and (handle in handles or handle not in left)
        ]
        for handle in gone:
            del said[handle]
        for mark in list(self._spared._marks.values()):
            if (mark.platform, mark.account) == (platform, account):
                del self._spared._marks[mark.handle]
        for known in self._devices._known.values():
            for agent in {each.user_agent for each in theirs}:
                known.pop(agent or "", None)
        return Forgotten(lists, len(closed), len(handles & set(gone)), len(orders) - len(closed))

    def _snapshots(self) -> list[Snapshot]:
        newest = [snapshot for _, snapshot in self._lists._newest.values()]
        return newest + [snapshot for each in self._lists._earlier.values() for snapshot in each]


class FakeStore:
    """`ports.Store`: give it to two services to play two processes on one file."""

    def __init__(self, clock: Clock | None = None) -> None:
        clock = clock or FakeClock()
        self.outbox = FakeOutbox(clock)
        self.lists = FakeLists(clock)
        self.verdicts = FakeVerdicts()
        self.devices = FakeDeviceCache()
        self.spared = FakeSparedDevices()
        self.people = FakePeople(self.outbox, self.lists, self.verdicts, self.devices, self.spared)
        self.journal = FakeJournal()
        self.closed = False

    def break_with(self, problem: StoreProblem | None) -> None:
        """From now on every write raises that; None mends it."""
        parts: tuple[_Breakable, ...] = (
            self.outbox,
            self.lists,
            self.verdicts,
            self.spared,
            self.devices,
            self.people,
        )
        self.journal.problem = problem
        for part in parts:
            part.problem = problem

    async def close(self) -> None:
        self.closed = True
