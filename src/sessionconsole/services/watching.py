"""Reading who is logged in, again and again, and showing the last list when the platform cannot be reached."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from sessionconsole.domain.credentials import SignInRecord
from sessionconsole.domain.errors import (
    PlatformMisbehaved,
    RateLimited,
    SessionConsoleError,
    SignInNeeded,
    StoreProblem,
    WrongUse,
)
from sessionconsole.domain.platforms import Listing, PlatformAbout
from sessionconsole.domain.sessions import Handle, LoginSession, Snapshot
from sessionconsole.services.comparing import compare
from sessionconsole.services.connection import Connection
from sessionconsole.services.listening import Listening
from sessionconsole.services.observable import Observable
from sessionconsole.services.off_the_loop import let_go, off_the_loop
from sessionconsole.services.ports import Clock, Lists
from sessionconsole.services.reading_devices import DeviceReader
from sessionconsole.services.rows import Said, rows_of
from sessionconsole.services.seen import Seen
from sessionconsole.services.states import Link, ListState, OrdersState
from sessionconsole.services.waiting import wait_for_wake
from sessionconsole.services.weighing import Weighing

RETRY_SECONDS = (5.0, 10.0, 20.0, 30.0, 60.0)
"""Waits between tries while the platform cannot be reached; the last one repeats."""

LIVE_PACE = 4
"""How many times longer the pause between two readings is while the platform says at once when something changes."""

QUIET_SECONDS = 2.0
QUIET_SHARE = 5
"""After a change was heard, the next one is heard so much later, or so many times as long as a reading takes."""

LONGEST_WAIT = 900.0
"""Seconds: whatever a platform asks for, a list that is older than this is tried again."""


class _Late(SignInNeeded):
    """The answer belongs to an earlier sign-in, so nothing of it is shown."""


class Watching:
    """Keeps the list on screen true: what is shown was seen, and when it was seen is said."""

    def __init__(
        self,
        connection: Connection,
        lists: Lists,
        devices: DeviceReader,
        weighing: Weighing,
        clock: Clock,
        orders: Observable[OrdersState],
        refresh_seconds: Callable[[], int],
    ) -> None:
        self._connection = connection
        self._lists = lists
        self._devices = devices
        self._weighing = weighing
        self._clock = clock
        self._orders = orders
        self._refresh_seconds = refresh_seconds
        self._seen = Seen()
        self._wake = asyncio.Event()
        self._failures = 0
        self._took = 0.0
        self._listening = Listening(connection, clock, self.wake, self._quiet)
        self._reading = asyncio.Lock()
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
        seen = self._seen = Seen(about=stored[0], snapshot=stored[1])
        await self._weighing.recall(seen)
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
        self._seen = Seen()
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
        await self._weighing.weigh(seen)
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
        await self._weighing.weigh(seen)
        await self._publish_as_it_stands()
        if self._seen is seen:
            await self._weighing.keep(seen)

    async def recognise_again(self) -> None:
        """Look again which devices are never ended in bulk, after that was said of one."""
        await self._weighing.recognise(self._seen)
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
                seen = self._seen = Seen()
            if seen.me is None:
                seen.me = await platform.who_am_i()
            listing = await platform.list_sessions(None if fresh else seen.etag)
            about = platform.about
            now = self._clock.now()
        self._refuse_late(seen, record)
        seen.about = about
        leaving: list[Collection[object]] = []
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

    def _refuse_late(self, seen: Seen, record: SignInRecord) -> None:
        """Drop an answer that was asked for under an earlier sign-in; raises `SignInNeeded`."""
        if self._is_late(seen, record):
            raise _Late

    def _is_late(self, seen: Seen, record: SignInRecord) -> bool:
        now = self._connection.record
        return self._seen is not seen or now is None or now.identity != record.identity

    async def _vouched_again(self, seen: Seen, now: datetime) -> None:
        assert seen.snapshot is not None
        seen.snapshot = replace(seen.snapshot, taken_at=now)
        seen.movements = seen.movements.aged(now, self._orders.value.of)
        if not seen.weighed:
            await self._weighing.weigh(seen)
            if self._seen is seen:
                await self._weighing.keep(seen)
        try:
            await self._lists.touch(seen.snapshot.platform, now)
        except StoreProblem:
            return

    async def _take(
        self,
        seen: Seen,
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
            await self._weighing.weigh(seen)
        if self._seen is not seen:
            return
        try:
            await self._lists.keep(about, snapshot)
        except StoreProblem:
            # The list on screen stays true; an order would say aloud that nothing can be saved.
            return
        if self._seen is seen:
            await self._weighing.keep(seen)

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
        if not self._is_late(seen, record):
            self.state.set(replace(state, rows=rows))
