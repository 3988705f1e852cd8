"""A file that is damaged, locked away by its key, too new or not writable: told, set aside, never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import pytest

from sessionconsole.domain.errors import StoreDamaged, StoreNotWritable, StoreProblem, StoreTooNew
from sessionconsole.domain.sessions import Snapshot
from sessionconsole.services.ports import Clock
from sessionconsole.store.migrations import STEPS
from sessionconsole.store.opening import memory_store, open_store
from tests.builders import NOW, PLATFORM, a_session, an_about, an_order
from tests.fakes.clock import FakeClock
from tests.helpers import run

KEY = bytes(range(32))


async def fill(path: Path, clock: Clock) -> None:
    """A store with one order and one list."""
    store, notice = await open_store(path, KEY, clock)
    assert notice is None
    await store.outbox.add(an_order())
    await store.lists.keep(an_about(), Snapshot(PLATFORM, "dana", NOW, (a_session(),)))
    await store.close()


async def look(path: Path, clock: Clock, key: bytes = KEY) -> tuple[StoreProblem | None, int]:
    """What the start says, and how many orders there are then."""
    store, notice = await open_store(path, key, clock)
    try:
        return notice, len(await store.outbox.orders())
    finally:
        await store.close()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_every_flipped_byte_at_the_start_is_noticed_or_harmless(tmp_path: Path) -> None:
    async def story() -> None:
        path, clock = tmp_path / "console.db", FakeClock(NOW)
        await fill(path, clock)
        sound = path.read_bytes()
        for at in range(100):
            broken = bytearray(sound)
            broken[at] ^= 0xFF
            path.write_bytes(broken)
            notice, orders = await look(path, clock)
            assert (isinstance(notice, StoreDamaged), orders) in {(True, 0), (False, 1)}, f"byte {at}"
            for name in names(tmp_path) - {"console.db"}:
                assert (tmp_path / name).read_bytes() == broken
                (tmp_path / name).unlink()

    run(story())


@pytest.mark.parametrize("length", [0, 1, 15, 16, 99, 511, 512, 1000, 4095, 4096, 5000, 8192])
def test_a_file_that_was_cut_is_set_aside(length: int, tmp_path: Path) -> None:
    async def story() -> None:
        path, clock = tmp_path / "console.db", FakeClock(NOW)
        await fill(path, clock)
        cut = path.read_bytes()[:length]
        path.write_bytes(cut)

        notice, orders = await look(path, clock)

        assert isinstance(notice, StoreDamaged)
        assert orders == 0
        assert (tmp_path / "console-damaged-20261125T040310Z.db").read_bytes() == cut
        assert await look(path, clock) == (None, 0)

    run(story())


def test_what_was_set_aside_earlier_is_never_overwritten(tmp_path: Path) -> None:
    async def story() -> None:
        path, clock = tmp_path / "console.db", FakeClock(NOW)
        for content in (b"first", b"second"):
            path.write_bytes(content)
            assert isinstance((await look(path, clock))[0], StoreDamaged)

        assert (tmp_path / "console-damaged-20261125T040310Z.db").read_bytes() == b"first"
        assert (tmp_path / "console-damaged-20261125T040310Z-2.db").read_bytes() == b"second"

    run(story())


def test_without_its_key_the_file_is_set_aside_whole(tmp_path: Path) -> None:
    async def story() -> None:
        path, clock = tmp_path / "console.db", FakeClock(NOW)
        await fill(path, clock)

        notice, orders = await look(path, clock, key=bytes(32))
        assert isinstance(notice, StoreDamaged)
        assert orders == 0

        # With the right key it is all there still.
        assert await look(tmp_path / "console-damaged-20261125T040310Z.db", clock) == (None, 1)

    run(story())


def test_a_file_in_clear_text_is_not_taken_for_the_store(tmp_path: Path) -> None:
    async def story() -> None:
        path = tmp_path / "console.db"
        with apsw.Connection(str(path)) as planted:
            planted.execute("CREATE TABLE orders (id)")
        planted.close()

        notice, orders = await look(path, FakeClock(NOW))

        assert isinstance(notice, StoreDamaged)
        assert orders == 0

    run(story())


def test_a_write_ahead_log_without_its_file_is_not_passed_over(tmp_path: Path) -> None:
    async def story() -> None:
        (tmp_path / "console.db-wal").write_bytes(b"the last orders")

        notice, _ = await look(tmp_path / "console.db", FakeClock(NOW))

        assert isinstance(notice, StoreDamaged)
        assert "console-damaged-20261125T040310Z.db-wal" in names(tmp_path)

    run(story())


def test_damage_found_later_is_told_then_and_mended_at_the_next_start(tmp_path: Path) -> None:
    async def story() -> None:
        path, clock = tmp_path / "console.db", FakeClock(NOW)
        await fill(path, clock)
        broken = bytearray(path.read_bytes())
        broken[4096:] = os.urandom(len(broken) - 4096)  # all but the first page, which the start reads
        path.write_bytes(broken)

        store, notice = await open_store(path, KEY, clock)
        assert notice is None
        with pytest.raises(StoreDamaged, match="start it again"):
            await store.outbox.orders()
        await store.close()

        notice, orders = await look(path, clock)
        assert isinstance(notice, StoreDamaged)
        assert orders == 0
        assert names(tmp_path) == {"console.db", "console-damaged-20261125T040310Z.db"}

    run(story())


def test_a_file_of_a_newer_program_is_left_as_it_is(tmp_path: Path) -> None:
    async def story() -> None:
        path, clock = tmp_path / "console.db", FakeClock(NOW)
        await fill(path, clock)
        with keyed(path) as connection:
            connection.pragma("journal_mode", "delete")  # ours is another: opening it for writing would show
            connection.pragma("user_version", len(STEPS) + 1)
        before = path.read_bytes()

        for _ in range(2):
            with pytest.raises(StoreTooNew):
                await open_store(path, KEY, clock)

        assert path.read_bytes() == before
        assert names(tmp_path) == {"console.db"}

    run(story())


def test_a_full_disk_is_told_and_costs_nothing_that_was_written(tmp_path: Path) -> None:
    async def story() -> None:
        path, clock = tmp_path / "console.db", FakeClock(NOW)
        await fill(path, clock)
        store, _ = await open_store(path, KEY, clock)

        def no_more_pages(connection: apsw.Connection) -> None:
            connection.pragma("max_page_count", connection.pragma("page_count"))

        await store._database.read(no_more_pages)

        async def add_until_full() -> None:
            for number in range(100):
                await store.outbox.add(an_order(a_session(f"{number}" * 500)))

        with pytest.raises(StoreNotWritable):
            await add_until_full()
        kept = len(await store.outbox.orders())
        await store.close()

        assert kept >= 1
        assert await look(path, clock) == (None, kept)

    run(story())


def test_what_can_only_be_read_is_looked_at_in_memory_without_orders(tmp_path: Path) -> None:
    async def story() -> None:
        path, clock = tmp_path / "strange ?#%.db", FakeClock(NOW)
        await fill(path, clock)
        before = path.read_bytes()

        store = await memory_store(clock, path, KEY)
        assert await store.lists.latest(PLATFORM) == (
            an_about(),
            Snapshot(PLATFORM, "dana", NOW, (a_session(),)),
        )
        assert not await store.outbox.orders(), "withdrawn here, it would still wait there"
        await store.lists.forget(PLATFORM)
        await store.close()

        assert path.read_bytes() == before
        assert names(tmp_path) == {path.name}

    run(story())


@pytest.mark.parametrize("content", [None, b"", b"x" * 5000])
def test_what_cannot_even_be_read_is_empty_in_memory(content: bytes | None, tmp_path: Path) -> None:
    async def story() -> None:
        path, clock = tmp_path / "console.db", FakeClock(NOW)
        if content is not None:
            path.write_bytes(content)
        store = await memory_store(clock, path, KEY)
        assert await store.lists.latest(PLATFORM) is None
        await store.outbox.add(an_order())
        await store.close()

    run(story())


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that nobody can write, not even root")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    for path in (tmp_path / "file" / "console.db", Path("/proc/console.db")):
        with pytest.raises(StoreNotWritable):
            run(open_store(path, KEY, FakeClock(NOW)))


def test_a_store_that_another_program_holds_is_told(tmp_path: Path) -> None:
    async def story() -> None:
        path, clock = tmp_path / "console.db", FakeClock(NOW)
        await fill(path, clock)
        store, _ = await open_store(path, KEY, clock)
        await store._database.read(lambda connection: connection.set_busy_timeout(20))
        with keyed(path) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreNotWritable, match="in use"):
                await store.outbox.add(an_order(a_session(2)))
            other.execute("ROLLBACK")
        await store.outbox.add(an_order(a_session(2)))
        await store.close()

    run(story())


@contextmanager
def keyed(path: Path) -> Iterator[apsw.Connection]:
    """The file as SQLite sees it."""
    connection = apsw.Connection(str(path))
    connection.pragma("cipher", "chacha20")
    connection.pragma("key", f"raw:{KEY.hex()}")
    try:
        yield connection
    finally:
        connection.close()
