"""A home always opens: with its key, with a sentence for what is amiss, and never over another one's store."""

from __future__ import annotations

import pytest

from sessionconsole.domain.errors import (
    KeyringForgets,
    KeyringMissing,
    KeyringReplaced,
    StoreDamaged,
    StoreKeyGone,
    StoreNotWritable,
    StoreProblem,
    StoreTooNew,
    TryLater,
)
from sessionconsole.services.opening import STORE_KEY, open_home
from sessionconsole.vault.memory_vault import MemoryVault
from tests.fakes.locks import FakeLocks
from tests.fakes.store import FakeStore
from tests.fakes.vault import FakeVault
from tests.helpers import run


class FakeStoreFile:
    """`StoreFile` that remembers with which keys it was opened."""

    def __init__(self, problem: StoreProblem | None = None, notice: StoreProblem | None = None) -> None:
        self.problem, self.notice = problem, notice
        self.keys: list[bytes] = []
        self.memory = FakeStore()
        self.looked_at_with: bytes | None = None

    async def open(self, key: bytes) -> tuple[FakeStore, StoreProblem | None]:
        if self.problem:
            raise self.problem
        self.keys.append(key)
        return FakeStore(), self.notice

    async def open_in_memory(self, key: bytes | None = None) -> FakeStore:
        self.looked_at_with = key
        return self.memory


class ForgetfulVault(FakeVault):
    async def read(self, name: str) -> str | None:
        return None


def test_the_key_is_made_once() -> None:
    vault, file = FakeVault(), FakeStoreFile()
    for _ in range(2):
        opened = run(open_home(vault, MemoryVault(), file, FakeLocks()))
        assert opened.vault is vault
        assert opened.notices == ()

    assert len(file.keys) == 2
    assert len(set(file.keys)) == 1
    assert len(file.keys[0]) == 32


@pytest.mark.parametrize("kept", ["", "zz", "00" * 31, "00" * 33, "secret"])
def test_a_key_that_is_none_is_made_anew(kept: str) -> None:
    vault, file = FakeVault(), FakeStoreFile()
    run(vault.write(STORE_KEY, kept))
    run(open_home(vault, MemoryVault(), file, FakeLocks()))

    assert run(vault.read(STORE_KEY)) == file.keys[0].hex()


@pytest.mark.parametrize(
    ("vault", "notice"), [(FakeVault(KeyringMissing()), KeyringMissing), (ForgetfulVault(), KeyringForgets)]
)
def test_without_a_keyring_everything_is_in_memory(vault: FakeVault, notice: type) -> None:
    memory, file = MemoryVault(), FakeStoreFile()
    opened = run(open_home(vault, memory, file, FakeLocks()))

    assert opened.vault is memory
    assert opened.store is file.memory
    assert [type(each) for each in opened.notices] == [notice]
    assert file.keys == [], "the file on disk is left alone"


@pytest.mark.parametrize("problem", [StoreTooNew(), StoreNotWritable()])
def test_a_store_that_cannot_be_opened_is_replaced_for_now_and_told(problem: StoreProblem) -> None:
    vault, file = FakeVault(), FakeStoreFile(problem)
    opened = run(open_home(vault, MemoryVault(), file, FakeLocks()))

    assert opened.vault is vault, "signing in is still remembered"
    assert opened.store is file.memory
    assert file.looked_at_with == bytes.fromhex(run(vault.read(STORE_KEY)) or "")
    assert opened.notices == (problem,)


def test_a_damaged_store_is_told() -> None:
    vault, notice = FakeVault(), StoreDamaged()
    run(vault.write(STORE_KEY, "00" * 32))
    opened = run(open_home(vault, MemoryVault(), FakeStoreFile(notice=notice), FakeLocks()))

    assert opened.notices == (notice,)


def test_a_store_whose_key_is_gone_is_told_as_that() -> None:
    opened = run(open_home(FakeVault(), MemoryVault(), FakeStoreFile(notice=StoreDamaged()), FakeLocks()))

    assert [type(notice) for notice in opened.notices] == [StoreKeyGone]


def test_with_another_keyring_in_its_place_the_store_is_left_alone() -> None:
    vault, file = FakeVault(KeyringReplaced()), FakeStoreFile()
    opened = run(open_home(vault, MemoryVault(), file, FakeLocks()))

    assert [type(notice) for notice in opened.notices] == [KeyringReplaced]
    assert opened.store is file.memory
    assert file.keys == []


def test_beside_another_process_that_opens_the_home_no_second_key_is_made() -> None:
    vault, file, locks = FakeVault(), FakeStoreFile(), FakeLocks()
    locks.held_elsewhere.add("opening")
    opened = run(open_home(vault, MemoryVault(), file, locks))

    assert [type(each) for each in opened.notices] == [TryLater]
    assert run(vault.read(STORE_KEY)) is None
    assert file.keys == []
