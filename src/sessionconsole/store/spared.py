"""Devices that are never ended in bulk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sessionconsole.domain.sessions import Handle
from sessionconsole.domain.sparing import SparedDevice
from sessionconsole.store.codec import from_text, to_text
from sessionconsole.store.database import Database

if TYPE_CHECKING:
    import apsw


class SqliteSparedDevices:
    """`ports.SparedDevices`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def spare(self, mark: SparedDevice, *, instead_of: Handle | None = None) -> None:
        """Keep a mark; a later one for the same session replaces it, and it takes the place of `instead_of`."""
        await self._database.write(_spare, mark, instead_of)

    async def take_back(self, handle: Handle) -> None:
        """Forget the mark of that session."""
        await self._database.write(_take_back, handle)

    async def spared(self) -> Mapping[Handle, SparedDevice]:
        """All of them."""
        return await self._database.read(_spared)


def _spare(connection: apsw.Connection, mark: SparedDevice, instead_of: Handle | None) -> None:
    if instead_of is not None:
        _take_back(connection, instead_of)
        if connection.changes() == 0:
            return  # somebody has taken it back meanwhile, and that holds for what would follow from it
    connection.execute(
        "INSERT OR REPLACE INTO spared (handle, body) VALUES (?, ?)", (mark.handle, to_text(mark))
    )


def _take_back(connection: apsw.Connection, handle: Handle) -> None:
    connection.execute("DELETE FROM spared WHERE handle = ?", (handle,))


def _spared(connection: apsw.Connection) -> dict[Handle, SparedDevice]:
    marks = (from_text(SparedDevice, body) for (body,) in connection.execute("SELECT body FROM spared"))
    return {mark.handle: mark for mark in marks}
