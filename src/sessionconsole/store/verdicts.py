"""What the manager said of sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sessionconsole.domain.assessments import Verdict
from sessionconsole.domain.sessions import Handle
from sessionconsole.store.codec import from_text, to_text
from sessionconsole.store.database import Database

if TYPE_CHECKING:
    import apsw


class SqliteVerdicts:
    """`ports.Verdicts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def say(self, verdict: Verdict) -> None:
        """Keep a verdict; a later one for the same session replaces it."""
        await self._database.write(_say, verdict)

    async def take_back(self, handle: Handle) -> None:
        """Forget what was said of that session."""
        await self._database.write(_take_back, handle)

    async def verdicts(self) -> Mapping[Handle, Verdict]:
        """All of them."""
        return await self._database.read(_verdicts)


def _say(connection: apsw.Connection, verdict: Verdict) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO verdicts (handle, body) VALUES (?, ?)", (verdict.handle, to_text(verdict))
    )


def _take_back(connection: apsw.Connection, handle: Handle) -> None:
    connection.execute("DELETE FROM verdicts WHERE handle = ?", (handle,))


def _verdicts(connection: apsw.Connection) -> dict[Handle, Verdict]:
    said = (from_text(Verdict, body) for (body,) in connection.execute("SELECT body FROM verdicts"))
    return {verdict.handle: verdict for verdict in said}
