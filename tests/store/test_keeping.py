"""All lists for a while, then few, then none; and never more than there is room for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import apsw
import pytest

from sessionconsole.domain.sessions import Snapshot
from sessionconsole.store import keeping
from sessionconsole.store.opening import SqliteStore, open_store
from sessionconsole.store.thinning import MOST
from tests.builders import NOW, PLATFORM, a_handle, a_session, an_about
from tests.fakes.clock import FakeClock
from tests.helpers import run

DAY = timedelta(days=1).total_seconds()


def tell(
    path: Path, story: Callable[[SqliteStore, FakeClock], Awaitable[None]], keep_days: int = 180
) -> None:
    async def told() -> None:
        clock = FakeClock(NOW)
        store, _ = await open_store(path / "console.db", bytes(range(32)), clock, lambda: keep_days)
        await store._database.read(lambda connection: connection.pragma("synchronous", "off"))  # only faster
        try:
            await story(store, clock)
        finally:
            await store.close()

    run(told(), timeout=60)


async def hourly(store: SqliteStore, clock: FakeClock, hours: int, name: str = "staff") -> None:
    """The same list, hour after hour."""
    for _ in range(hours):
        await store.lists.keep(an_about(), Snapshot(PLATFORM, "dana", clock.now(), (a_session(name),)))
        clock.advance(3600)


async def kept(store: SqliteStore) -> list[float]:
    """When the stored lists were taken, in days since the beginning of the story."""

    def times(connection: apsw.Connection) -> list[float]:
        rows = connection.execute("SELECT taken_at FROM earlier ORDER BY taken_at")
        return [(float(at) - NOW.timestamp()) / DAY for (at,) in rows]

    return await store._database.read(times)


def test_every_list_is_kept_for_the_days_that_were_asked_for_then_few_then_none(tmp_path: Path) -> None:
    async def story(store: SqliteStore, clock: FakeClock) -> None:
        await hourly(store, clock, 20 * 24)
        assert len(await kept(store)) == 20 * 24 - 1, "all of 20 days"

        await hourly(store, clock, 10 * 24)
        found = await kept(store)
        assert len([at for at in found if at >= 10]) == 20 * 24 - 1, "all of the last 20 days"
        assert len([at for at in found if at < 9.95]) == MOST, "few of the 10 days before"

        clock.advance(25 * DAY)
        await hourly(store, clock, 2)
        assert min(await kept(store)) >= 15, "none of what is 40 days old"

    tell(tmp_path, story, keep_days=20)


def test_an_assessment_is_given_few_of_many_and_each_session_among_them(tmp_path: Path) -> None:
    async def story(store: SqliteStore, clock: FakeClock) -> None:
        await hourly(store, clock, 300)
        await hourly(store, clock, 1, "brief")
        await hourly(store, clock, 300)

        history = await store.lists.history(PLATFORM)
        assert len(await kept(store)) == 600
        assert len(history) <= MOST
        assert any(snapshot.find(a_handle("brief")) for snapshot in history)
        assert [each.taken_at for each in history] == sorted(each.taken_at for each in history)

    tell(tmp_path, story)


def test_a_shorter_time_that_is_asked_for_later_holds_from_the_next_list(tmp_path: Path) -> None:
    async def long(store: SqliteStore, clock: FakeClock) -> None:
        await hourly(store, clock, 24 * 24)

    async def short(store: SqliteStore, clock: FakeClock) -> None:
        clock.advance(24 * DAY)
        await hourly(store, clock, 1)
        found = await kept(store)
        assert min(found) >= 22 - 0.1
        assert len([at for at in found if at < 23]) <= MOST

    tell(tmp_path, long)
    tell(tmp_path, short, keep_days=1)


def test_the_oldest_are_thinned_earlier_where_there_is_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "ROOM", 100_000)

    async def story(store: SqliteStore, clock: FakeClock) -> None:
        await hourly(store, clock, 700)
        found = await kept(store)
        assert MOST < len(found) < 699
        assert found[-1] > 29 - 0.1, "the newest are all there"
        hours = [round((after - before) * 24) for before, after in pairwise(found)]
        assert set(hours[-100:]) == {1}

    tell(tmp_path, story)
