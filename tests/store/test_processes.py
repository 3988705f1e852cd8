"""Several processes on one store, and what a process leaves that is killed."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import apsw
import pytest

from sessionconsole.domain.orders import Order, OrderState
from sessionconsole.store.opening import SqliteStore, open_store
from tests.builders import NOW, a_session, an_order
from tests.fakes.clock import FakeClock
from tests.helpers import run

ROOT = Path(__file__).parents[2]
KEY = bytes(range(32))


@contextmanager
def process(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    """`writer.py` with those arguments; killed at the end where it still runs."""
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("writer.py")), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
    ) as started:
        try:
            yield started
        finally:
            started.kill()


def lines(started: subprocess.Popen[str], number: int) -> list[str]:
    assert started.stdout
    return [started.stdout.readline().strip() for _ in range(number)]


def orders_in(path: Path) -> list[Order]:
    async def read() -> list[Order]:
        store, notice = await open_store(path, KEY, FakeClock(NOW))
        assert notice is None
        try:
            return list(await store.outbox.orders())
        finally:
            await store.close()

    return run(read())


def test_nothing_that_was_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "console.db"
    acknowledged: list[str] = []
    for rounds in (1, 7, 40, 90):
        with process("add", path) as writer:
            acknowledged += lines(writer, rounds)
            writer.kill()
            assert writer.stdout
            # Not communicate(): it passes over what readline has read ahead.
            acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
        found = [order.id for order in orders_in(path)]
        assert [one for one in acknowledged if one not in found] == []
        # At most the one that was under way when it was killed is there without having been acknowledged.
        assert len(found) - len(acknowledged) <= (1, 7, 40, 90).index(rounds) + 1


def test_of_two_processes_exactly_one_changes_an_order(tmp_path: Path) -> None:
    path = tmp_path / "console.db"
    expected = [f"order-{number}" for number in range(60)]

    async def fill() -> None:
        store, _ = await open_store(path, KEY, FakeClock(NOW))
        for one in expected:
            await store.outbox.add(an_order(id=one))
        await store.close()

    run(fill())
    with process("change", path, "queued") as one, process("change", path, "withdrawn") as other:
        assert lines(one, 1) == lines(other, 1) == ["ready"]
        for each in (one, other):
            assert each.stdin
            each.stdin.write("go\n")
            each.stdin.flush()
        won_by_one = one.communicate(timeout=20)[0].split()
        won_by_other = other.communicate(timeout=20)[0].split()

    assert sorted(won_by_one + won_by_other) == sorted(expected)
    states = {order.id: order.state for order in orders_in(path)}
    assert states == dict.fromkeys(won_by_one, OrderState.QUEUED) | dict.fromkeys(
        won_by_other, OrderState.WITHDRAWN
    )


def test_processes_that_begin_a_store_at_once_share_it(tmp_path: Path) -> None:
    path = tmp_path / "console.db"
    with ExitStack() as stack:
        writers = [stack.enter_context(process("add", path)) for _ in range(3)]
        written = [one for writer in writers for one in lines(writer, 5)]

    found = {order.id for order in orders_in(path)}
    assert set(written) <= found
    assert [left.name for left in tmp_path.iterdir() if left.name.startswith(".")] == []
    assert not list(tmp_path.glob("console-damaged-*"))


def test_the_revision_tells_of_a_change_by_another(tmp_path: Path) -> None:
    async def story() -> None:
        one, _ = await open_store(tmp_path / "console.db", KEY, FakeClock(NOW))
        other, _ = await open_store(tmp_path / "console.db", KEY, FakeClock(NOW))
        before = await one.outbox.revision()
        await other.outbox.add(an_order())
        between = await one.outbox.revision()
        await other.outbox.add(an_order(a_session(2)))

        assert len({before, between, await one.outbox.revision()}) == 3
        assert len(await one.outbox.orders()) == 2
        await one.close()
        await other.close()

    run(story())


def test_a_change_may_wait_for_another_process(tmp_path: Path) -> None:
    async def story() -> None:
        one, _ = await open_store(tmp_path / "console.db", KEY, FakeClock(NOW))
        other, _ = await open_store(tmp_path / "console.db", KEY, FakeClock(NOW))
        await execute(one, "BEGIN IMMEDIATE")
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(other.outbox.add(an_order()))
            await asyncio.sleep(0)
            assert not waiting.done()
            await execute(one, "COMMIT")
        assert len(await one.outbox.orders()) == 1
        await one.close()
        await other.close()

    run(story())


def test_after_the_end_nothing_is_taken_any_more(tmp_path: Path) -> None:
    async def story() -> None:
        store, _ = await open_store(tmp_path / "console.db", KEY, FakeClock(NOW))
        await store.close()
        await store.outbox.add(an_order())

    with pytest.raises(RuntimeError, match="closed"):
        run(story())


async def execute(store: SqliteStore, statement: str) -> None:
    """Bring that process into the middle of a write, or out of it."""

    def executed(connection: apsw.Connection) -> None:
        connection.execute(statement)

    await store._database.read(executed)
