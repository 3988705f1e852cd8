"""The lists that were seen: the newest of each platform, and some of the earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sessionconsole.domain.assessments import Assessment
from sessionconsole.domain.platforms import PlatformAbout
from sessionconsole.domain.sessions import Handle, Snapshot
from sessionconsole.services.ports import Clock
from sessionconsole.store.codec import from_blob, from_text, to_blob, to_text
from sessionconsole.store.database import Database
from sessionconsole.store.keeping import Span, lists_between, thin
from sessionconsole.store.thinning import Kept, fingerprints, seen_on, too_many, worth_keeping

if TYPE_CHECKING:
    import apsw

HISTORY = timedelta(days=60)
"""How far back an assessment looks."""


@dataclass(frozen=True, slots=True)
class _Alike:
    """The sessions of which the same is thought."""

    assessment: Assessment
    handles: tuple[Handle, ...]


@dataclass(frozen=True, slots=True)
class _Judged:
    alike: tuple[_Alike, ...]


class SqliteLists:
    """`ports.Lists`."""

    def __init__(self, database: Database, clock: Clock, keep_days: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock
        self._keep_days = keep_days

    async def keep(self, about: PlatformAbout, snapshot: Snapshot) -> None:
        """Keep the newest list of that platform; the one before may become an earlier one."""
        await self._database.write(_keep, about, snapshot, Span.until(self._clock.now(), self._keep_days()))

    async def latest(self, platform: str) -> tuple[PlatformAbout, Snapshot] | None:
        """The newest list and what was known of its platform then."""
        return await self._database.read(_latest, platform)

    async def judge(self, platform: str, assessments: Mapping[Handle, Assessment]) -> None:
        """Keep what is thought of the newest list, until another one takes its place."""
        await self._database.write(_judge, platform, assessments)

    async def judged(self, platform: str) -> Mapping[Handle, Assessment]:
        """What was thought of the newest list when it was last weighed; empty where it never was."""
        return await self._database.read(_judged_of, platform)

    async def touch(self, platform: str, checked_at: datetime) -> None:
        """The platform said that the newest list still holds: it is as of then."""
        await self._database.write(_touch, platform, checked_at)

    async def history(self, platform: str) -> Sequence[Snapshot]:
        """Some of the earlier lists of the last 60 days, oldest first; at most `thinning.MOST`, without the newest."""
        return await self._database.read(_history, platform, (self._clock.now() - HISTORY).timestamp())

    async def forget(self, platform: str) -> None:
        """Remove every list of that platform."""
        await self._database.write(_forget, platform)


def _keep(connection: apsw.Connection, about: PlatformAbout, snapshot: Snapshot, span: Span) -> None:
    platform, seen = snapshot.platform, seen_on(snapshot)
    rows: list[Any] = connection.execute(
        "SELECT taken_at, seen, body FROM newest WHERE platform = ?", (platform,)
    ).fetchall()
    for taken_at, leaving_seen, body in rows:
        leaving = Kept(0, taken_at, fingerprints(leaving_seen))
        if worth_keeping(leaving, _last_earlier(connection, platform), fingerprints(seen)):
            connection.execute(
                "INSERT INTO earlier (platform, taken_at, seen, body) VALUES (?, ?, ?, ?)",
                (platform, taken_at, leaving_seen, body),
            )
            thin(connection, platform, span)
    connection.execute(
        "INSERT OR REPLACE INTO newest (platform, about, taken_at, seen, body) VALUES (?, ?, ?, ?, ?)",
        (platform, to_text(about), snapshot.taken_at.timestamp(), seen, to_blob(snapshot)),
    )


def _last_earlier(connection: apsw.Connection, platform: str) -> Kept | None:
    rows = connection.execute(
        "SELECT number, taken_at, seen FROM earlier WHERE platform = ? ORDER BY number DESC LIMIT 1",
        (platform,),
    )
    return next((Kept(number, float(at), fingerprints(seen)) for number, at, seen in rows), None)


def _latest(connection: apsw.Connection, platform: str) -> tuple[PlatformAbout, Snapshot] | None:
    rows = connection.execute("SELECT about, taken_at, body FROM newest WHERE platform = ?", (platform,))
    return next(
        ((from_text(PlatformAbout, about), _snapshot(float(at), body)) for about, at, body in rows), None
    )


def _judge(connection: apsw.Connection, platform: str, assessments: Mapping[Handle, Assessment]) -> None:
    alike: dict[Assessment, list[Handle]] = {}
    for handle, assessment in assessments.items():
        alike.setdefault(assessment, []).append(handle)
    judged = _Judged(tuple(_Alike(assessment, tuple(handles)) for assessment, handles in alike.items()))
    connection.execute("UPDATE newest SET judged = ? WHERE platform = ?", (to_blob(judged), platform))


def _judged_of(connection: apsw.Connection, platform: str) -> dict[Handle, Assessment]:
    rows = connection.execute(
        "SELECT judged FROM newest WHERE platform = ? AND judged IS NOT NULL", (platform,)
    )
    return {
        handle: alike.assessment
        for (body,) in rows
        for alike in from_blob(_Judged, body).alike
        for handle in alike.handles
    }


def _touch(connection: apsw.Connection, platform: str, checked_at: datetime) -> None:
    connection.execute(
        "UPDATE newest SET taken_at = ? WHERE platform = ?", (checked_at.timestamp(), platform)
    )


def _history(connection: apsw.Connection, platform: str, oldest: float) -> list[Snapshot]:
    kept = lists_between(connection, platform, oldest)
    passed_over = set(too_many(kept))
    found = []
    for each in kept:
        if each.number not in passed_over:
            rows: list[Any] = connection.execute(
                "SELECT body FROM earlier WHERE number = ?", (each.number,)
            ).fetchall()
            found += [_snapshot(each.taken_at, body) for (body,) in rows]
    return found


def _forget(connection: apsw.Connection, platform: str) -> None:
    connection.execute("DELETE FROM newest WHERE platform = ?", (platform,))
    connection.execute("DELETE FROM earlier WHERE platform = ?", (platform,))


def _snapshot(taken_at: float, body: bytes) -> Snapshot:
    return replace(from_blob(Snapshot, body), taken_at=datetime.fromtimestamp(taken_at, UTC))
