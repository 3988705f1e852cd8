"""All use cases of one home, put together, with an orderly beginning and end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import tzinfo
from typing import TYPE_CHECKING

from sessionconsole.domain.credentials import SignInRecord
from sessionconsole.domain.errors import SessionConsoleError, StoreDamaged, StoreProblem
from sessionconsole.services.connecting import Connecting
from sessionconsole.services.connection import Connection
from sessionconsole.services.ending import Ending
from sessionconsole.services.forgetting import Forgetting
from sessionconsole.services.journaling import Journaling
from sessionconsole.services.leftovers import Leftovers
from sessionconsole.services.observable import Observable
from sessionconsole.services.opening import Opened
from sessionconsole.services.ports import Clock, Locks, Platforms, SettingsFile, UserAgents
from sessionconsole.services.reading_devices import DeviceReader
from sessionconsole.services.reviewing import Reviewing
from sessionconsole.services.signing_in import SigningIn, SignInState, Stage
from sessionconsole.services.sparing import SparedSessions, Sparing
from sessionconsole.services.states import Link, ListState, OrdersState
from sessionconsole.services.watching import Watching
from sessionconsole.services.weighing import Weighing

if TYPE_CHECKING:
    from sessionconsole.familiarity.interface import Assessor

LAST_WORD = 1.5
"""Seconds that signing out may take when the program ends."""


class Console:
    """The services of one home: `notices` are plain sentences about what is amiss with this computer."""

    def __init__(
        self,
        opened: Opened,
        platforms: Platforms,
        agents: UserAgents,
        assessor: Assessor,
        locks: Locks,
        clock: Clock,
        zone: tzinfo,
        settings_file: SettingsFile,
        connecting: Connecting,
        user: str | None = None,
    ) -> None:
        store, vault = opened.store, opened.vault
        self.clock = clock
        self.zone = zone
        self.vault = vault
        self.store = store
        self.settings_file = settings_file
        self.connecting = connecting
        self.notices: Observable[tuple[SessionConsoleError, ...]] = Observable(opened.notices)
        self.connection = Connection(platforms, vault, locks, self._tell)
        orders: Observable[OrdersState] = Observable(OrdersState())
        self.journaling = Journaling(
            store.journal,
            vault,
            orders,
            clock,
            user,
            lambda: self.connection.record,
            self.check_kept,
            self._tell,
        )
        connecting.kept = self.journaling.connector_added
        self.signing_in = SigningIn(
            platforms,
            self.connection,
            vault,
            Leftovers(vault, locks, clock),
            clock,
            self._tell,
            self.journaling.signed_in_or_out,
        )
        self.watching = Watching(
            self.connection,
            store.lists,
            DeviceReader(agents, store.devices),
            Weighing(store.lists, store.verdicts, SparedSessions(store.spared), assessor, clock, zone),
            clock,
            orders,
            refresh_seconds=lambda: settings_file.load().refresh_seconds,
        )
        self.ending = Ending(
            orders,
            store.outbox,
            self.connection,
            self.watching,
            locks,
            clock,
            undo_seconds=lambda: settings_file.load().undo_seconds,
            own_session_ended=self.signing_in.leave,
        )
        self.reviewing = Reviewing(store.verdicts, self.watching, clock, self.journaling)
        self.sparing = Sparing(store.spared, self.watching, clock)
        self.forgetting = Forgetting(
            store.people, self.connection, self.watching, self.journaling, self.check_kept
        )
        self._link = Link.SIGNED_OUT
        self._stage = Stage.OPENING
        self._stops: tuple[Callable[[], None], ...] = (
            self.watching.state.subscribe(self._on_list),
            self.signing_in.state.subscribe(self._on_sign_in),
        )

    async def start(self, *, hold_again: bool = True) -> None:
        """Take over the outbox, show the stored list and be signed in as at the last start; asks no network."""
        try:
            await self.ending.load(hold_again=hold_again)
        except StoreProblem as problem:
            self._tell(problem)
        await self.signing_in.resume(self._show_stored)
        await self.journaling.start()

    def check_kept(self) -> None:
        """Raises what keeps this home's store from being read, so that an empty one is never taken for the true one."""
        for notice in self.notices.value:
            if not self.vault.kept or (
                isinstance(notice, StoreProblem) and not isinstance(notice, StoreDamaged)
            ):
                raise notice

    async def close(self) -> None:
        """Let go of the platform and the store."""
        for stop in self._stops:
            stop()
        await self.signing_in.close()
        await self._leave_nothing_behind()
        await self.journaling.close()
        await self.connection.close()
        await self.store.close()

    async def _show_stored(self, record: SignInRecord) -> None:
        try:
            await self.watching.show_stored(record)
        except StoreProblem as problem:
            self._tell(problem)

    async def _leave_nothing_behind(self) -> None:
        """Sign out where the sign-in is kept nowhere: nobody could revoke it any more."""
        if self.connection.record is None or self.connection.is_kept:
            return
        with suppress(SessionConsoleError, TimeoutError):
            async with asyncio.timeout(LAST_WORD), self.connection.use() as platform:
                await platform.sign_out()

    def _tell(self, problem: SessionConsoleError) -> None:
        if all(type(told) is not type(problem) for told in self.notices.value):
            self.notices.set((*self.notices.value, problem))

    def _on_list(self, state: ListState) -> None:
        back = state.link is Link.LIVE and self._link in (Link.OFFLINE, Link.CONNECTING, Link.SIGN_IN_NEEDED)
        self._link = state.link
        if back:
            self.ending.network_is_back()

    def _on_sign_in(self, state: SignInState) -> None:
        before, self._stage = self._stage, state.stage
        if state.stage is Stage.SIGNED_OUT and before is Stage.SIGNED_IN:
            self.watching.forget_seen()
        elif state.stage is Stage.SIGNED_IN and before is not Stage.OPENING:
            self.watching.wake()
            self.ending.try_now()
