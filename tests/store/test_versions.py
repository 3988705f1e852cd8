"""Stores that earlier versions of the program wrote: `record.py` made one of each version, and all are read whole."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from sessionconsole.domain.journal import Act, read_line
from sessionconsole.domain.journal_proof import prove
from sessionconsole.store.migrations import STEPS, migrate, version_of
from sessionconsole.store.opening import open_store
from tests.builders import PLATFORM, a_handle, an_about
from tests.fakes.clock import FakeClock
from tests.helpers import run
from tests.store import record

VERSIONS = range(1, len(STEPS) + 1)
FIRST_WITH_JOURNAL, FIRST_WITH_SPARED = 4, 5


def without_fraction(act: Act) -> Act:
    """As the journal keeps it."""
    return replace(act, at=act.at.replace(microsecond=0))


@pytest.mark.parametrize("version", VERSIONS)
def test_a_store_of_that_version_is_read_whole_and_is_of_this_version_then(
    version: int, tmp_path: Path
) -> None:
    recorded = record.DATA / f"version-{version}.db"
    assert recorded.exists(), "a new version of the store: record it once with python -m tests.store.record"
    path = tmp_path / "console.db"
    shutil.copyfile(recorded, path)

    async def story() -> None:
        for _ in range(2):  # the second time nothing is left to do
            store, notice = await open_store(path, record.KEY, FakeClock(record.LATER))
            try:
                assert notice is None
                assert await store._database.read(version_of) == len(STEPS)
                assert list(await store.outbox.orders()) == [record.QUEUED, record.SETTLED]
                assert await store.lists.latest(PLATFORM) == (an_about(), record.NEWEST)
                assert list(await store.lists.history(PLATFORM)) == [record.EARLIER]
                assert await store.verdicts.verdicts() == {a_handle(1): record.VERDICT}
                assert await store.devices.known("1") == {record.AGENT: record.DEVICE}
                marks = {a_handle(2): record.SPARED} if version >= FIRST_WITH_SPARED else {}
                assert await store.spared.spared() == marks
                lines = await store.journal.lines()
                acts = record.ACTS if version >= FIRST_WITH_JOURNAL else ()
                assert [read_line(line).act for line in lines] == [without_fraction(act) for act in acts]
                assert prove(lines, None).is_sound
            finally:
                await store.close()

    run(story())


def test_a_recorded_store_is_really_of_its_version() -> None:
    for version in VERSIONS:
        recorded = record.DATA / f"version-{version}.db"
        connection = apsw.Connection(
            f"file:{recorded}?immutable=1", flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        )
        connection.pragma("cipher", "chacha20")
        connection.pragma("key", f"raw:{record.KEY.hex()}")
        assert version_of(connection) == version
        connection.close()


def test_a_step_that_sqlite_takes_back_by_itself_is_told_as_what_stopped_it() -> None:
    """As a full disk does."""
    step = "CREATE TABLE one (body UNIQUE); INSERT OR ROLLBACK INTO one VALUES (1), (1)"
    connection = apsw.Connection(":memory:")
    with pytest.raises(apsw.ConstraintError):
        migrate(connection, (step,))
    assert version_of(connection) == 0
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchall() == [(0,)]
    connection.close()
