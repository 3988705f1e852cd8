"""Devices that are never ended in bulk: which of the listed sessions they are, and what the manager says of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from sessionconsole.domain.errors import StoreProblem
from sessionconsole.domain.platforms import PlatformAbout
from sessionconsole.domain.sessions import Handle, Snapshot
from sessionconsole.domain.sparing import Spared, SparedDevice, marks_that_mean, recognise
from sessionconsole.services.ports import Clock, SparedDevices
from sessionconsole.services.states import Presence

if TYPE_CHECKING:
    from sessionconsole.services.watching import Watching


class SparedSessions:
    """Knows the marked sessions again, and carries a mark over to the session that surely took the place of its own."""

    def __init__(self, devices: SparedDevices) -> None:
        self._devices = devices
        self._marks: Mapping[Handle, SparedDevice] = {}

    async def among(
        self, snapshot: Snapshot, about: PlatformAbout | None, *, complete: bool
    ) -> Mapping[Handle, Spared]:
        """Those of the list; while the store cannot be read, by what was read of it before."""
        with suppress(StoreProblem):
            self._marks = await self._devices.spared()
        marks = {handle: mark for handle, mark in self._marks.items() if mark.platform == snapshot.platform}
        if not marks:
            return {}
        found = await asyncio.to_thread(
            recognise, snapshot.sessions, marks, about, snapshot.taken_at, complete=complete
        )
        for before, mark in found.carried.items():
            with suppress(StoreProblem):  # else it is found again with the next reading
                await self._devices.spare(mark, instead_of=before)
        return found.spared


class Sparing:
    """Keeps what the manager says, and has the list shown with it."""

    def __init__(self, devices: SparedDevices, watching: Watching, clock: Clock) -> None:
        self._devices = devices
        self._watching = watching
        self._clock = clock

    async def spare(self, handle: Handle) -> None:
        """Never end this session in bulk, nor the same device when it signs in anew.

        Raises `WrongUse` where it is not shown any more, and `StoreNotWritable`.
        """
        (session,) = self._watching.sessions([handle])
        mark = SparedDevice.of(session, self._watching.state.value.about, self._clock.now())
        await self._forget(handle)  # marks that wait for the same device would go to another one
        await self._devices.spare(mark)
        await self._watching.recognise_again()

    async def take_back(self, handle: Handle) -> None:
        """End it in bulk as any other."""
        await self._forget(handle)
        await self._watching.recognise_again()

    async def _forget(self, handle: Handle) -> None:
        (session,) = self._watching.sessions([handle])
        rows = self._watching.state.value.rows
        listed = {row.session.handle for row in rows if row.presence is not Presence.DEPARTED}
        for marked in marks_that_mean(session, await self._devices.spared(), listed):
            await self._devices.take_back(marked)
