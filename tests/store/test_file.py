"""What lies on the disk: encrypted, for this user only, and small."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import apsw
import pytest

from sessionconsole.domain.assessments import Answer, Verdict
from sessionconsole.domain.sessions import Device, Person, Snapshot
from sessionconsole.store.migrations import STEPS, migrate, version_of
from sessionconsole.store.opening import memory_store, open_store
from tests.builders import NOW, PLATFORM, a_handle, a_session, an_about, an_order
from tests.fakes.clock import FakeClock
from tests.helpers import run

KEY = bytes(range(32))
CANARY = "Canary-Wharf"


def test_nothing_of_people_is_on_the_disk_in_clear(tmp_path: Path) -> None:
    async def story() -> None:
        clock = FakeClock(NOW)
        store, _ = await open_store(tmp_path / "console.db", KEY, clock)
        session = a_session(CANARY, person=Person(CANARY), device=Device(name=CANARY), user_agent=CANARY)
        for number in range(300):
            await store.outbox.add(an_order(session, id=f"{CANARY}-{number}", detail=CANARY * 20))
        for _ in range(3):
            await store.lists.keep(
                an_about(title=CANARY), Snapshot(PLATFORM, CANARY, clock.now(), (session,))
            )
            clock.advance(4000)
        await store.verdicts.say(Verdict(a_handle(CANARY), Answer.OURS, NOW, CANARY))
        await store.devices.learn(CANARY, {CANARY: Device(name=CANARY)})

        open_files = contents(tmp_path)
        await store.close()
        closed_files = contents(tmp_path)

        assert set(open_files) == {"console.db", "console.db-wal", "console.db-shm"}
        assert set(closed_files) == {"console.db"}
        for content in (*open_files.values(), *closed_files.values()):
            assert CANARY.encode() not in content
            assert b"SQLite format 3" not in content
            assert b"CREATE TABLE" not in content
            assert KEY not in content

    run(story())


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of POSIX")
def test_every_file_is_for_this_user_only(tmp_path: Path) -> None:
    async def story() -> None:
        store, _ = await open_store(tmp_path / "new" / "console.db", KEY, FakeClock(NOW))
        await store.outbox.add(an_order())
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").iterdir()}
        await store.close()
        assert modes == {"console.db": 0o600, "console.db-wal": 0o600, "console.db-shm": 0o600}
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700

    run(story())


def test_it_is_opened_as_a_store_of_record(tmp_path: Path) -> None:
    async def story() -> None:
        store, _ = await open_store(tmp_path / "console.db", KEY, FakeClock(NOW))

        def habits(connection: apsw.Connection) -> dict[str, object]:
            asked = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "temp_store", "cipher")
            return {name: connection.pragma(name) for name in asked}

        found = await store._database.read(habits)
        await store.close()
        assert found == {
            "journal_mode": "wal",
            "synchronous": 2,  # FULL
            "secure_delete": 1,
            "foreign_keys": 1,
            "temp_store": 2,  # memory
            "cipher": "chacha20",
        }

    run(story())


def test_a_key_of_another_length_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32"):
        run(open_store(tmp_path / "console.db", b"short", FakeClock(NOW)))


def test_a_day_of_refreshing_stays_small(tmp_path: Path) -> None:
    async def story() -> None:
        clock = FakeClock(NOW)
        store, _ = await open_store(tmp_path / "console.db", KEY, clock)
        await store._database.read(lambda connection: connection.pragma("synchronous", "off"))  # only faster
        staff = [a_session(number) for number in range(40)]
        for turn in range(1440):
            active = [a_session(number, last_active_at=clock.now()) for number in range(turn % 40)]
            await store.lists.keep(
                an_about(), Snapshot(PLATFORM, "dana", clock.now(), tuple(active + staff[len(active) :]))
            )
            clock.advance(60)
        history = await store.lists.history(PLATFORM)
        await store.close()

        assert 23 <= len(history) <= 25
        assert (tmp_path / "console.db").stat().st_size < 200_000

    run(story())


# ----------------------------------------------------------------------------------------- migrations


def test_every_store_begins_at_version_0_and_ends_at_the_last() -> None:
    connection = apsw.Connection(":memory:")
    assert version_of(connection) == 0

    migrate(connection)

    assert version_of(connection) == len(STEPS)
    migrate(connection)
    assert version_of(connection) == len(STEPS)
    connection.close()


def test_a_later_step_keeps_what_is_there() -> None:
    connection = apsw.Connection(":memory:")
    migrate(connection)
    connection.execute("INSERT INTO verdicts (handle, body) VALUES ('a', '{}')")

    migrate(connection, (*STEPS, "ALTER TABLE verdicts ADD COLUMN later TEXT"))

    assert connection.execute("SELECT handle, later FROM verdicts").fetchall() == [("a", None)]
    assert version_of(connection) == len(STEPS) + 1
    connection.close()


def test_a_step_that_fails_changes_nothing() -> None:
    connection = apsw.Connection(":memory:")
    migrate(connection)

    with pytest.raises(apsw.SQLError):
        migrate(connection, (*STEPS, "CREATE TABLE extra (x); CREATE TABLE orders (x)"))

    assert version_of(connection) == len(STEPS)
    assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'extra'").fetchall()
    connection.close()


def test_a_memory_store_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    async def story() -> None:
        store = await memory_store(FakeClock(NOW))
        await store.outbox.add(an_order())
        await store.close()

    run(story())
    assert not list(tmp_path.iterdir())


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
