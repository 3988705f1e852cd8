"""Browser strings that were read before, so that none is read twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sessionconsole.domain.sessions import Device
from sessionconsole.store.codec import from_text, to_text
from sessionconsole.store.database import Database

if TYPE_CHECKING:
    import apsw

MOST = 5000
"""Strings kept: a platform can send a new one with every list."""


class SqliteDeviceCache:
    """`ports.DeviceCache`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, version: str) -> Mapping[str, Device]:
        """What that version of the parser read."""
        return await self._database.read(_known, version)

    async def learn(self, version: str, devices: Mapping[str, Device]) -> None:
        """Keep what was read; what another version read is removed."""
        await self._database.write(_learn, version, devices)


def _known(connection: apsw.Connection, version: str) -> dict[str, Device]:
    rows = connection.execute("SELECT user_agent, body FROM devices WHERE version = ?", (version,))
    return {json.loads(agent): from_text(Device, body) for agent, body in rows}


def _learn(connection: apsw.Connection, version: str, devices: Mapping[str, Device]) -> None:
    connection.execute("DELETE FROM devices WHERE version <> ?", (version,))
    connection.executemany(
        "INSERT OR REPLACE INTO devices (version, user_agent, body) VALUES (?, ?, ?)",
        # As JSON, because SQLite cannot keep a lone surrogate and stops a text at NUL.
        [(version, json.dumps(agent), to_text(device)) for agent, device in devices.items()],
    )
    connection.execute(
        "DELETE FROM devices WHERE rowid NOT IN (SELECT rowid FROM devices ORDER BY rowid DESC LIMIT ?)",
        (MOST,),
    )
