"""Reading who is logged in, again and again, and showing the last list when the platform cannot be reached."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from itertools import chain

from sessionconsole.domain.assessments import Assessment
from sessionconsole.domain.errors import (
    RateLimited,
    SessionConsoleError,
    SignInExpired,
    SignInNeeded,
    StoreProblem,
    WrongUse,
)
from sessionconsole.domain.orders import Order
from sessionconsole.domain.platforms import Listing, PlatformAbout, WhoAmI
from sessionconsole.domain.sessions import Handle, LoginSession, Snapshot
from sessionconsole.familiarity.interface import Assessor, Evidence
from sessionconsole.services.connection import Connection
from sessionconsole.services.observable import Observable
from sessionconsole.services.ports import Clock, Lists, Verdicts
from sessionconsole.services.reading_devices import DeviceReader
from sessionconsole.services.states import Link, ListState, Presence, Row
from sessionconsole.services.waiting import wait_for_wake

SHOWN_NEW = timedelta(minutes=10)
SHOWN_CHANGED = timedelta(minutes=1)
SHOWN_DEPARTED = timedelta(minutes=1)
"""How long a row is shown as new, changed, or gone by itself."""

HISTORY_AGE = 3600.0
"""Seconds after which the earlier lists are read from the store again."""

RETRY_SECONDS = (5.0, 10.0, 20.0, 30.0, 60.0)
"""Waits between tries while the platform cannot be reached; the last one repeats."""


@dataclass(frozen=True, slots=True)
class _Presence:
    kind: Presence
    at: datetime


@dataclass(slots=True)
class _Seen:
    """What is known of one platform; replaced as a whole when another one is signed in to."""

    about: PlatformAbout | None = None
    snapshot: Snapshot | None = None
    complete: bool = True
    etag: str | None = None
    me: WhoAmI | None = None
    presence: dict[Handle, _Presence] = field(default_factory=dict)
    departed: dict[Handle, LoginSession] = field(default_factory=dict)
    assessments: dict[Handle, Assessment] = field(default_factory=dict)
    history: Sequence[Snapshot] | None = None
    history_read_at: float = 0.0
    newest_read: int = 0


class Watching:
    """Keeps the list on screen true: what is shown was seen, and when it was seen is said."""

    def __init__(
        self,
        connection: Connection,
        lists: Lists,
        verdicts: Verdicts,
        devices: DeviceReader,
        assessor: Assessor,
        clock: Clock,
        zone: tzinfo,
        newest_order: Callable[[Handle], Order | None],
        refresh_seconds: Callable[[], int],
    ) -> None:
        self._connection = connection
        self._lists = lists
        self._verdicts = verdicts
        self._devices = devices
        self._assessor = assessor
        self._clock = clock
        self._zone = zone
        self._newest_order = newest_order
        self._refresh_seconds = refresh_seconds
        self._seen = _Seen()
        self._wake = asyncio.Event()
        self._failures = 0
        self._reads = 0
        self.state: Observable[ListState] = Observable(ListState())

    async def show_stored(self, platform: str, account: str) -> bool:
        """Show the last list that this account was given there; False where none was stored."""
        stored = await self._lists.latest(platform)
        if stored is None or stored[1].account != account:
            self._publish(Link.CONNECTING)
            return False
        seen = self._seen = _Seen(about=stored[0], snapshot=stored[1])
        await self._assess(seen)
        self._publish(Link.CONNECTING)
        return True

    async def refresh(self) -> None:
        """Read the list now and show it; what went wrong is in the state, not raised."""
        try:
            await self._read(fresh=False)
            self._failures = 0
        except SignInNeeded as problem:
            self._publish(Link.SIGN_IN_NEEDED, problem)
        except SessionConsoleError as problem:
            self._failures += 1
            self._publish(Link.OFFLINE, problem)

    async def read_now(self) -> Listing:
        """The list as the platform gives it now, shown too; raises what `Platform.list_sessions` raises."""
        try:
            return await self._read(fresh=True)
        except SignInNeeded as problem:
            self._publish(Link.SIGN_IN_NEEDED, problem)
            raise
        except SessionConsoleError as problem:
            self._publish(Link.OFFLINE, problem)
            raise

    async def run(self) -> None:
        """Read the list again and again until cancelled."""
        while True:
            await self.refresh()
            await wait_for_wake(self._wake, self._clock, self._pause())

    def wake(self) -> None:
        """Read the list at once instead of at the next turn."""
        self._wake.set()

    def forget_seen(self) -> None:
        """Show nothing any more: signed out."""
        self._seen = _Seen()
        self.state.set(ListState())

    def sessions(self, handles: Iterable[Handle]) -> tuple[LoginSession, ...]:
        """The shown sessions of these handles; raises `WrongUse` where one is not shown."""
        shown = {row.session.handle: row.session for row in self.state.value.rows}
        try:
            return tuple(shown[handle] for handle in handles)
        except KeyError:
            raise WrongUse(
                "That session is not on the list any more.", "Read the list again, then choose from it."
            ) from None

    @property
    def complete(self) -> bool:
        """Whether the shown list is the whole one, so that what is not on it is gone."""
        return self._seen.snapshot is not None and self._seen.complete

    async def assess_again(self) -> None:
        """Weigh the same list again, after a verdict."""
        await self._assess(self._seen)
        self._publish(self.state.value.link, self.state.value.problem)

    def _pause(self) -> float:
        state = self.state.value
        if isinstance(state.problem, RateLimited) and state.problem.retry_after is not None:
            return max(1.0, state.problem.retry_after)
        if state.link is Link.OFFLINE:
            return RETRY_SECONDS[min(self._failures, len(RETRY_SECONDS)) - 1]
        return float(self._refresh_seconds())

    async def _read(self, *, fresh: bool) -> Listing:
        seen = self._seen
        async with self._connection.use() as platform:
            record = self._connection.record
            if record is None:
                raise SignInNeeded
            if seen.snapshot is not None and (seen.snapshot.platform, seen.snapshot.account) != (
                record.platform,
                record.account,
            ):
                seen = self._seen = _Seen()
            if seen.me is None:
                seen.me = await platform.who_am_i()
            listing = await platform.list_sessions(None if fresh else seen.etag)
            about = platform.about
            account = record.account
            now = self._clock.now()
            self._reads += 1
            read = self._reads
        if self._seen is not seen or self._connection.record is None:
            raise SignInNeeded
        seen.about = about
        if listing is None and seen.snapshot is not None:
            await self._vouched_again(seen, now)
            listing = Listing(seen.snapshot.sessions, seen.etag, seen.complete)
        elif listing is not None:
            sessions = await self._devices.read(listing.sessions)
            listing = replace(listing, sessions=sessions)
            if self._seen is not seen or read < seen.newest_read:
                return listing
            seen.newest_read = read
            await self._take(seen, about, Snapshot(about.name, account, now, sessions), listing)
        else:
            raise SignInExpired
        self._publish(Link.LIVE)
        return listing

    async def _vouched_again(self, seen: _Seen, now: datetime) -> None:
        assert seen.snapshot is not None
        seen.snapshot = replace(seen.snapshot, taken_at=now)
        self._age(seen, now)
        try:
            await self._lists.touch(seen.snapshot.platform, now)
        except StoreProblem:
            return

    async def _take(self, seen: _Seen, about: PlatformAbout, snapshot: Snapshot, listing: Listing) -> None:
        before = seen.snapshot
        if before is not None:
            self._compare(seen, before, snapshot, complete=listing.complete)
        seen.snapshot, seen.etag, seen.complete = snapshot, listing.etag, listing.complete
        self._age(seen, snapshot.taken_at)
        if before is None or before.sessions != snapshot.sessions:
            await self._assess(seen)
        try:
            await self._lists.keep(about, snapshot)
        except StoreProblem:
            # The list on screen stays true; an order would say aloud that nothing can be saved.
            return

    def _compare(self, seen: _Seen, before: Snapshot, after: Snapshot, *, complete: bool) -> None:
        earlier = {session.handle: session for session in before.sessions}
        now = after.taken_at
        listed = set()
        for session in after.sessions:
            listed.add(session.handle)
            seen.departed.pop(session.handle, None)
            old = earlier.get(session.handle)
            if old is None:
                seen.presence[session.handle] = _Presence(Presence.NEW, now)
            elif _moved(old, session):
                seen.presence[session.handle] = _Presence(Presence.CHANGED, now)
        if not complete:
            return
        for handle, session in earlier.items():
            if handle not in listed:
                seen.departed[handle] = session
                seen.presence[handle] = _Presence(Presence.DEPARTED, now)

    def _age(self, seen: _Seen, now: datetime) -> None:
        shown = {
            Presence.NEW: SHOWN_NEW,
            Presence.CHANGED: SHOWN_CHANGED,
            Presence.DEPARTED: SHOWN_DEPARTED,
        }
        for handle, presence in list(seen.presence.items()):
            if now - presence.at <= shown[presence.kind]:
                continue
            if presence.kind is Presence.DEPARTED and self._newest_order(handle) is not None:
                continue
            del seen.presence[handle]
            seen.departed.pop(handle, None)

    async def _assess(self, seen: _Seen) -> None:
        if seen.snapshot is None:
            return
        history = await self._history(seen)
        evidence = Evidence(seen.snapshot, self._zone, seen.about, history, await self._verdicts.verdicts())
        found: Mapping[Handle, Assessment] = await asyncio.to_thread(self._assessor.assess, evidence)
        gone = {handle: seen.assessments[handle] for handle in seen.departed if handle in seen.assessments}
        seen.assessments = gone | dict(found)

    async def _history(self, seen: _Seen) -> Sequence[Snapshot]:
        assert seen.snapshot is not None
        now = self._clock.monotonic()
        if seen.history is None or now - seen.history_read_at > HISTORY_AGE:
            seen.history = await self._lists.history(seen.snapshot.platform)
            seen.history_read_at = now
        return seen.history

    def _publish(self, link: Link, problem: SessionConsoleError | None = None) -> None:
        seen = self._seen
        record = self._connection.record
        if record is None:
            self.state.set(ListState())
            return
        snapshot = seen.snapshot
        self.state.set(
            ListState(
                link=link,
                about=seen.about,
                me=seen.me.person if seen.me else None,
                may_end=seen.me.may_end if seen.me else True,
                rows=tuple(self._rows(seen)),
                taken_at=snapshot.taken_at if snapshot else None,
                problem=problem,
            )
        )

    def _rows(self, seen: _Seen) -> list[Row]:
        listed = seen.snapshot.sessions if seen.snapshot else ()
        rows = []
        for session in chain(listed, seen.departed.values()):
            presence = seen.presence.get(session.handle)
            rows.append(
                Row(
                    session=session,
                    assessment=seen.assessments.get(session.handle, Assessment()),
                    presence=presence.kind if presence else Presence.LISTED,
                    presence_at=presence.at if presence else None,
                    order=self._newest_order(session.handle),
                )
            )
        return rows


def _moved(old: LoginSession, new: LoginSession) -> bool:
    """Whether more than time has passed for a session; a browser that updated itself is no news."""
    return (old.ip, old.place, old.device.family, old.network) != (
        new.ip,
        new.place,
        new.device.family,
        new.network,
    )
