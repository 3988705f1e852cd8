"""Locks between processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sessionconsole.desktop.locks import FileLocks, OwnLocks
from sessionconsole.domain.errors import StoreNotWritable
from sessionconsole.services.ports import Locks
from tests.contracts.locks_contract import LocksContract
from tests.fakes.locks import FakeLocks
from tests.helpers import run

_HOLD = """
import asyncio, pathlib, sys
from sessionconsole.desktop.locks import FileLocks
async def hold():
    async with FileLocks(pathlib.Path(sys.argv[1])).exclusive("sending", 0) as held:
        print(held, flush=True)
        await asyncio.to_thread(sys.stdin.readline)
asyncio.run(hold())
"""


class TestFiles(LocksContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "locks"

    def locks(self) -> Locks:
        return FileLocks(self.folder)


class TestOfOneProcess(LocksContract):
    def locks(self) -> Locks:
        return OwnLocks()


class TestFake(LocksContract):
    def locks(self) -> Locks:
        return FakeLocks()


def test_a_lock_of_another_process_lapses_when_that_dies(tmp_path: Path) -> None:
    async def gets_it(timeout: float) -> bool:
        async with FileLocks(tmp_path).exclusive("sending", timeout) as held:
            return held

    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2] / "src",
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "True\n"
        assert not run(gets_it(0))
        other.kill()
        other.wait(10)

    assert run(gets_it(5))


def test_waiting_ends_in_time(tmp_path: Path) -> None:
    async def story() -> None:
        locks = FileLocks(tmp_path)
        async with locks.exclusive("sending", 0), locks.exclusive("sending", 0.1) as second:
            assert not second

    run(story(), timeout=5)


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    async def story() -> None:
        async with FileLocks(tmp_path / "file").exclusive("sending", 0):
            pass

    with pytest.raises(StoreNotWritable):
        run(story())


def test_the_fake_can_play_another_process() -> None:
    async def story() -> None:
        locks = FakeLocks()
        locks.held_elsewhere.add("sending")
        async with locks.exclusive("sending", 5) as held:
            assert not held

    run(story())
