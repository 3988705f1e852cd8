"""How long earlier lists are kept: all of them for a while, then few, then none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from sessionconsole.store.thinning import Kept, fingerprints, too_many

if TYPE_CHECKING:
    import apsw

KEEP_DAYS = 180
"""For how long they are all kept where nothing else is asked for."""

ROOM = 64 * 2**20
"""Bytes that they may take for each platform before the oldest of them are thinned earlier."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `whole` on every list is kept, before it only few, before `oldest` none; in seconds since 1970."""

    whole: float
    oldest: float

    @classmethod
    def until(cls, now: datetime, keep_days: int) -> Self:
        """The few are kept as long again as all of them are."""
        whole = timedelta(days=keep_days)
        return cls((now - whole).timestamp(), (now - 2 * whole).timestamp())


def thin(connection: apsw.Connection, platform: str, span: Span) -> None:
    """Remove what is older than the span, and leave `thinning.MOST` of those that are not kept whole."""
    connection.execute("DELETE FROM earlier WHERE platform = ? AND taken_at < ?", (platform, span.oldest))
    whole = max(span.whole, _without_room(connection, platform))
    old = lists_between(connection, platform, span.oldest, whole)
    connection.executemany("DELETE FROM earlier WHERE number = ?", [(number,) for number in too_many(old)])


def lists_between(
    connection: apsw.Connection, platform: str, first: float, last: float = float("inf")
) -> list[Kept]:
    """The earlier lists from `first` to before `last`, in order of time, without their bodies."""
    rows = connection.execute(
        "SELECT number, taken_at, seen FROM earlier WHERE platform = ? AND taken_at >= ? AND taken_at < ? "
        "ORDER BY taken_at, number",
        (platform, first, last),
    )
    return [Kept(number, float(at), fingerprints(seen)) for number, at, seen in rows]


def _without_room(connection: apsw.Connection, platform: str) -> float:
    """The moment from which on the newest lists fill the room; in the distant past where there is room for all."""
    rows = connection.execute(
        "SELECT max(taken_at) FROM (SELECT taken_at, sum(length(body) + length(seen)) OVER "
        "(ORDER BY taken_at DESC, number DESC) AS size FROM earlier WHERE platform = ?) WHERE size > ?",
        (platform, ROOM),
    )
    return next((float(at) for (at,) in rows if at is not None), float("-inf"))
