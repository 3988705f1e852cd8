"""Reading who is logged in, again and again, and showing the last list when the platform cannot be reached."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING

from sessionconsole.domain.assessments import Assessment, Verdict
from sessionconsole.domain.credentials import SignInRecord
from sessionconsole.domain.errors import (
    PlatformMisbehaved,
    RateLimited,
    SessionConsoleError,
    SignInNeeded,
    StoreProblem,
    WrongUse,
)
from sessionconsole.domain.platforms import Listing, PlatformAbout, WhoAmI
from sessionconsole.domain.sessions import Handle, LoginSession, Snapshot
from sessionconsole.domain.sparing import Spared
from sessionconsole.services.comparing import Movements, compare
from sessionconsole.services.connection import Connection
from sessionconsole.services.listening import Listening
from sessionconsole.services.observable import Observable
from sessionconsole.services.off_the_loop import let_go, off_the_loop
from sessionconsole.services.ports import Clock, Lists, Verdicts
from sessionconsole.services.reading_devices import DeviceReader
from sessionconsole.services.rows import Said, rows_of
from sessionconsole.services.sparing import SparedSessions
from sessionconsole.services.states import Link, ListState, OrdersState
from sessionconsole.services.waiting import wait_for_wake

if TYPE_CHECKING:
    from sessionconsole.familiarity.interface import Assessor

HISTORY_AGE = 3600.0
"""Seconds after which the earlier lists are read from the store again."""

RETRY_SECONDS = (5.0, 10.0, 20.0, 30.0, 60.0)
"""Waits between tries while the platform cannot be reached; the last one repeats."""

LIVE_PACE = 4
"""How many times longer the pause between two readings is while the platform says at once when something changes."""

QUIET_SECONDS = 2.0
QUIET_SHARE = 5
"""After a change was heard, the next one is heard so much later, or so many times as long as a reading takes."""

LONGEST_WAIT = 900.0
"""Seconds: whatever a platform asks for, a list that is older than this is tried again."""


@dataclass(slots=True)
class _Seen:
    """What is known of one platform; replaced as a whole when another one is signed in to.

    Each value in it is replaced as a whole too: a thread may be looking at the one before.
    """

    about: PlatformAbout | None = None
    snapshot: Snapshot | None = None
    complete: bool = True
    etag: str | None = None
    me: WhoAmI | None = None
    movements: Movements = field(default_factory=Movements)
    assessments: Mapping[Handle, Assessment] = field(default_factory=dict)
    history: Sequence[Snapshot] | None = None
    history_read_at: float = 0.0
    weighed: bool = False
    """Whether the shown assessments are of this run; until then they are those of the last one."""
    verdicts: Mapping[Handle, Verdict] = field(default_factory=dict)
    spared: Mapping[Handle, Spared] = field(default_factory=dict)


class _Late(SignInNeeded):
    """The answer belongs to an earlier sign-in, so nothing of it is shown."""


class Watching:
    """Keeps the list on screen true: what is shown was seen, and when it was seen is said."""

    def __init__(
        self,
        connection: Connection,
        lists: Lists,
        verdicts: Verdicts,
        spared: SparedSessions,
        devices: DeviceReader,
        assessor: Assessor,
        clock: Clock,
        zone: tzinfo,
        orders: Observable[OrdersState],
        refresh_seconds: Callable[[], int],
    ) -> None:
        self._connection = connection
        self._lists = lists
        self._verdicts = verdicts
        self._spared = spared
        self._devices = devices
        self._assessor = assessor
        self._clock = clock
        self._zone = zone
        self._orders = orders
        self._refresh_seconds = refresh_seconds
        self._seen = _Seen()
        self._wake = asyncio.Event()
        self._failures = 0
        self._took = 0.0
        self._listening = Listening(connection, clock, self.wake, self._quiet)
        self._reading = asyncio.Lock()
        self._assessing = asyncio.Lock()
        self._publishing = asyncio.Lock()
        self.state: Observable[ListState] = Observable(ListState())

    async def show_stored(self, record: SignInRecord) -> bool:
        """Show the last list that this account was given there; False where none was stored.

        It is shown with what was thought of it then, and weighed again with the next reading: the earlier lists take
        longer to read than the list itself. A session that was not weighed is never shown.
        """
        stored = await self._lists.latest(record.platform)
        if stored is None or (stored[0].address, stored[1].account) != (record.address, record.account):
            await self._publish(Link.CONNECTING)
            return False
        seen = self._seen = _Seen(about=stored[0], snapshot=stored[1])
        with suppress(StoreProblem):
            seen.assessments = dict(await self._lists.judged(record.platform))
        if not all(session.handle in seen.assessments for session in stored[1].sessions):
            await self._assess(seen)
        else:
            await self._recognise(seen)
        await self._publish(Link.CONNECTING)
        return True

    async def refresh(self) -> None:
        """Read the list now and show it; what went wrong is in the state, not raised."""
        try:
            await self._read(fresh=False)
            self._failures = 0
        except _Late:
            return
        except SignInNeeded as problem:
            await self._publish(Link.SIGN_IN_NEEDED, problem)
        except SessionConsoleError as problem:
            self._failures += 1
            await self._publish(Link.OFFLINE, problem)
        if self._seen.snapshot is not None and not self._seen.weighed:
            await self.assess_again()

    async def read_now(self) -> Listing:
        """The list as the platform gives it now, shown too; raises what `Platform.list_sessions` raises."""
        try:
            return await self._read(fresh=True)
        except _Late:
            raise
        except SignInNeeded as problem:
            await self._publish(Link.SIGN_IN_NEEDED, problem)
            raise
        except SessionConsoleError as problem:
            await self._publish(Link.OFFLINE, problem)
            raise

    async def run(self) -> None:
        """Read the list again and again until cancelled: at its pace, and when the platform says that it changed."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listening.run())
            while True:
                self._wake.clear()
                began = self._clock.monotonic()
                await self.refresh()
                self._took = self._clock.monotonic() - began
                await wait_for_wake(self._wake, self._clock, self._pause())

    def wake(self) -> None:
        """Read the list at once instead of at the next turn."""
        self._wake.set()

    def forget_seen(self) -> None:
        """Show nothing any more: signed out."""
        self._seen = _Seen()
        self.state.set(ListState())

    async def forget_person(self, account: str) -> None:
        """Show nothing of them that was not listed just now, and weigh the others without what was known of them.

        Whoever is still listed stays on screen, and is stored again with the next reading.
        """
        seen = self._seen
        seen.etag = None  # the next list is read whole, for what is stored has them no more
        seen.history = None
        seen.movements = seen.movements.without(account)
        if seen.snapshot is not None and self.state.value.link is not Link.LIVE:
            others = tuple(each for each in seen.snapshot.sessions if each.person.account != account)
            seen.snapshot = replace(seen.snapshot, sessions=others)
        # Not kept: what is thought of a list that has them is not to be stored now.
        await self._assess(seen)
        await self._publish_as_it_stands()

    def sessions(self, handles: Iterable[Handle]) -> tuple[LoginSession, ...]:
        """The shown sessions of these handles; raises `WrongUse` where one is not shown."""
        wanted = tuple(handles)
        asked = frozenset(wanted)
        rows = self.state.value.rows
        shown = {row.session.handle: row.session for row in rows if row.session.handle in asked}
        try:
            return tuple(shown[handle] for handle in wanted)
        except KeyError:
            raise WrongUse(
                "That session is not on the list any more.", "Read the list again, then choose from it."
            ) from None

    @property
    def own_handle(self) -> Handle | None:
        """The session of this very console on the shown list; None where the list does not say."""
        listed = self._seen.snapshot.sessions if self._seen.snapshot else ()
        return next((session.handle for session in listed if session.is_current), None)

    @property
    def complete(self) -> bool:
        """Whether the shown list is the whole one, so that what is not on it is gone."""
        return self._seen.snapshot is not None and self._seen.complete

    async def assess_again(self) -> None:
        """Weigh the same list again, after a verdict."""
        seen = self._seen
        await self._assess(seen)
        await self._publish_as_it_stands()
        await self._keep_judgement(seen)

    async def recognise_again(self) -> None:
        """Look again which devices are never ended in bulk, after that was said of one."""
        async with self._assessing:
            await self._recognise(self._seen)
        await self._publish_as_it_stands()

    def _pause(self) -> float:
        state = self.state.value
        if isinstance(state.problem, RateLimited) and state.problem.retry_after is not None:
            return min(max(1.0, state.problem.retry_after), LONGEST_WAIT)
        if state.link is Link.OFFLINE:
            return RETRY_SECONDS[min(max(self._failures, 1), len(RETRY_SECONDS)) - 1]
        return float(self._refresh_seconds() * (LIVE_PACE if self._listening.is_live else 1))

    def _quiet(self) -> float:
        return min(max(QUIET_SECONDS, QUIET_SHARE * self._took), LONGEST_WAIT)

    async def _read(self, *, fresh: bool) -> Listing:
        # One at a time, from the question to the list on screen: an older answer can never replace a newer one.
        async with self._reading:
            return await self._read_alone(fresh=fresh)

    async def _read_alone(self, *, fresh: bool) -> Listing:
        seen = self._seen
        async with self._connection.use() as platform:
            record = self._connection.record
            if record is None:
                raise SignInNeeded
            if (
                seen.about is not None
                and seen.snapshot is not None
                and (seen.about.address, seen.about.name, seen.snapshot.account) != record.identity
            ):
                seen = self._seen = _Seen()
            if seen.me is None:
                seen.me = await platform.who_am_i()
            listing = await platform.list_sessions(None if fresh else seen.etag)
            about = platform.about
            now = self._clock.now()
        self._refuse_late(seen, record)
        seen.about = about
        leaving: list[Sequence[object]] = []
        if listing is None:
            if seen.snapshot is None:
                raise PlatformMisbehaved
            await self._vouched_again(seen, now)
        else:
            leaving.append(listing.sessions)
            sessions = await self._devices.read(listing.sessions)
            self._refuse_late(seen, record)
            snapshot = Snapshot(about.name, record.account, now, sessions)
            await self._take(seen, record, about, snapshot, listing)
            leaving.append(sessions)
            del sessions, snapshot
        self._refuse_late(seen, record)
        await self._publish(Link.LIVE)
        self._refuse_late(seen, record)
        assert seen.snapshot is not None
        shown = Listing(seen.snapshot.sessions, seen.etag, seen.complete)
        del listing
        await let_go(leaving)
        return shown

    def _refuse_late(self, seen: _Seen, record: SignInRecord) -> None:
        """Drop an answer that was asked for under an earlier sign-in; raises `SignInNeeded`."""
        now = self._connection.record
        if self._seen is not seen or now is None:
            raise _Late
        if now.identity != record.identity:
            raise _Late

    async def _vouched_again(self, seen: _Seen, now: datetime) -> None:
        assert seen.snapshot is not None
        seen.snapshot = replace(seen.snapshot, taken_at=now)
        seen.movements = seen.movements.aged(now, self._orders.value.of)
        if not seen.weighed:
            await self._assess(seen)
            await self._keep_judgement(seen)
        try:
            await self._lists.touch(seen.snapshot.platform, now)
        except StoreProblem:
            return

    async def _take(
        self,
        seen: _Seen,
        record: SignInRecord,
        about: PlatformAbout,
        snapshot: Snapshot,
        listing: Listing,
    ) -> None:
        is_news = True
        while (before := seen.snapshot) is not None:
            known = seen.movements
            found = await off_the_loop(
                len(snapshot.sessions),
                partial(
                    compare,
                    before,
                    snapshot,
                    known,
                    self._orders.value.of,
                    was_complete=seen.complete,
                    is_complete=listing.complete,
                ),
            )
            self._refuse_late(seen, record)
            if seen.snapshot is before and seen.movements is known:
                snapshot, seen.movements, is_news = found.snapshot, found.movements, found.is_news
                break
            # Somebody was forgotten meanwhile: compared with what was known of them, they would come back.
        seen.snapshot, seen.etag, seen.complete = snapshot, listing.etag, listing.complete
        if not seen.weighed or is_news:
            await self._assess(seen)
        if self._seen is not seen:
            return
        try:
            await self._lists.keep(about, snapshot)
        except StoreProblem:
            # The list on screen stays true; an order would say aloud that nothing can be saved.
            return
        await self._keep_judgement(seen)

    async def _keep_judgement(self, seen: _Seen) -> None:
        if self._seen is seen and seen.snapshot is not None and seen.weighed:
            with suppress(StoreProblem):
                await self._lists.judge(seen.snapshot.platform, seen.assessments)

    async def _assess(self, seen: _Seen) -> None:
        # One at a time, each with what is known when it begins: an older judgement can never replace a newer one.
        async with self._assessing:
            await self._read_what_is_known(seen)
            if seen.snapshot is None:
                return
            await self._recognise(seen)
            from sessionconsole.familiarity.interface import Evidence

            evidence = Evidence(seen.snapshot, self._zone, seen.about, seen.history or (), seen.verdicts)
            found: Mapping[Handle, Assessment] = await asyncio.to_thread(self._assessor.assess, evidence)
            earlier = seen.assessments
            gone = {handle: earlier[handle] for handle in seen.movements.departed if handle in earlier}
            seen.assessments = {**gone, **found}
            seen.weighed = True

    async def _recognise(self, seen: _Seen) -> None:
        if seen.snapshot is not None:
            # Of a list that was not read in this run nobody knows what has come since.
            complete = seen.complete and seen.me is not None
            seen.spared = await self._spared.among(seen.snapshot, seen.about, complete=complete)

    async def _read_what_is_known(self, seen: _Seen) -> None:
        """History and verdicts; while the store cannot be read, what was read of it before."""
        now = self._clock.monotonic()
        with suppress(StoreProblem):
            seen.verdicts = await self._verdicts.verdicts()
            if seen.snapshot is not None and (
                seen.history is None or now - seen.history_read_at > HISTORY_AGE
            ):
                seen.history = await self._lists.history(seen.snapshot.platform)
                seen.history_read_at = now

    async def _publish(self, link: Link, problem: SessionConsoleError | None = None) -> None:
        async with self._publishing:
            await self._show(link, problem)

    async def _publish_as_it_stands(self) -> None:
        async with self._publishing:
            await self._show(self.state.value.link, self.state.value.problem)

    async def _show(self, link: Link, problem: SessionConsoleError | None) -> None:
        # One at a time, with what is known when it begins: rows that were made earlier can never replace later ones.
        if link is Link.LIVE:
            self._listening.list_was_read()
        else:
            self._listening.list_was_not_read()
        seen = self._seen
        record = self._connection.record
        if record is None:
            self.state.set(ListState())
            return
        listed = seen.snapshot.sessions if seen.snapshot else ()
        state = ListState(
            link=link,
            about=seen.about,
            me=seen.me.person if seen.me else None,
            may_end=seen.me.may_end if seen.me else True,
            taken_at=seen.snapshot.taken_at if seen.snapshot else None,
            problem=problem,
        )
        said = Said(seen.movements, seen.assessments, seen.verdicts, seen.spared, self._orders.value.of)
        rows = await off_the_loop(len(listed), partial(rows_of, listed, said, self.state.value.rows))
        with suppress(_Late):
            self._refuse_late(seen, record)
            self.state.set(replace(state, rows=rows))
