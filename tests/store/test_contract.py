"""The file, the same in memory, and the fake keep to one contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionconsole.services.ports import Clock, Store
from sessionconsole.store.opening import memory_store, open_store
from tests.contracts.journal_contract import JournalContract
from tests.contracts.store_contract import StoreContract
from tests.fakes.store import FakeStore


class TestFile(StoreContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "home" / "console.db"

    async def open(self, clock: Clock) -> Store:
        store, notice = await open_store(self.path, bytes(range(32)), clock)
        assert notice is None
        return store


class TestMemory(StoreContract):
    async def open(self, clock: Clock) -> Store:
        return await memory_store(clock)


class TestFake(StoreContract):
    async def open(self, clock: Clock) -> Store:
        return FakeStore(clock)


class TestJournalInFile(JournalContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "home" / "console.db"

    async def open(self, clock: Clock) -> Store:
        store, _ = await open_store(self.path, bytes(range(32)), clock)
        return store


class TestJournalInMemory(JournalContract):
    async def open(self, clock: Clock) -> Store:
        return await memory_store(clock)


class TestFakeJournal(JournalContract):
    async def open(self, clock: Clock) -> Store:
        return FakeStore(clock)
