"""The journal on the disk: a mistake cannot change it, what is erased is gone from the bytes, and tearing is found."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from sessionconsole.domain.journal import About, Act, Head, Kind
from sessionconsole.domain.journal_proof import Fault, Proof, prove
from sessionconsole.store.connecting import unlock
from sessionconsole.store.opening import SqliteStore, open_store
from tests.builders import MARIA, PLATFORM
from tests.contracts.journal_contract import FORGET, GIVEN, SIGN_IN
from tests.fakes.clock import FakeClock
from tests.helpers import run

KEY = bytes(range(32))
SWAPPED = (
    "UPDATE journal SET number = -1 WHERE number = 2;"
    "UPDATE journal SET number = 2 WHERE number = 3;"
    "UPDATE journal SET number = 3 WHERE number = -1"
)


async def opened(path: Path) -> SqliteStore:
    store, notice = await open_store(path, KEY, FakeClock())
    assert notice is None
    return store


def some(number: int) -> list[Act]:
    """So many sign-ins."""
    return [replace(SIGN_IN, code=f"n{each}") for each in range(number)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal of six entries."""
    file = tmp_path / "console.db"

    async def write() -> None:
        store = await opened(file)
        await store.journal.append(some(6))
        await store.close()

    run(write())
    return file


def tear(path: Path, *statements: str) -> None:
    """Do to the file what somebody does who has its key."""
    connection = apsw.Connection(str(path))
    unlock(connection, KEY)
    for name in ("journal_is_not_changed", "journal_is_not_shortened", "journal_goes_on"):
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.close()


def proof_of(path: Path, head: Head | None = None) -> Proof:
    async def found() -> Proof:
        store = await opened(path)
        try:
            return prove(await store.journal.lines(), head)
        finally:
            await store.close()

    return run(found())


def head_of(path: Path) -> Head:
    async def found() -> Head:
        store = await opened(path)
        try:
            head = await store.journal.head()
            assert head is not None
            return head
        finally:
            await store.close()

    return run(found())


@pytest.mark.parametrize(
    ("statement", "fault", "number"),
    [
        ("UPDATE journal SET text = replace(text, 'n2', 'n9') WHERE number = 3", Fault.CHANGED, 3),
        ("UPDATE journal SET hash = upper(hash) WHERE number = 3", Fault.CHANGED, 3),
        ("DELETE FROM journal WHERE number = 3", Fault.MISSING, 3),
        ("DELETE FROM journal WHERE number > 4", Fault.CUT, 5),
        ("DELETE FROM journal", Fault.CUT, 1),
        (SWAPPED, Fault.CHANGED, 2),
        ("DELETE FROM journal_names WHERE number = 2", Fault.NAMES_MISSING, 2),
    ],
    ids=["edited", "another hash", "torn out", "cut", "emptied", "reordered", "nameless"],
)
def test_tearing_is_found(path: Path, statement: str, fault: Fault, number: int) -> None:
    head = head_of(path)
    assert proof_of(path, head).is_sound

    tear(path, statement)

    assert (proof_of(path, head).fault, proof_of(path, head).number) == (fault, number)


def test_an_older_copy_that_was_put_back_is_found(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copyfile(path, copy)

    async def goes_on() -> None:
        store = await opened(path)
        await store.journal.append(some(2))
        await store.close()

    run(goes_on())
    head = head_of(path)
    shutil.copyfile(copy, path)
    assert proof_of(path, head).fault is Fault.CUT

    run(goes_on())  # the same acts again, and yet another journal

    assert (proof_of(path, head).fault, proof_of(path, head).number) == (Fault.ANOTHER, 8)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET text = '' WHERE number = 2",
        "DELETE FROM journal WHERE number = 6",
        "INSERT INTO journal VALUES (9, NULL, '', '')",
        "UPDATE journal_names SET names = ''",
    ],
)
def test_a_mistake_of_the_program_cannot_change_it(path: Path, statement: str) -> None:
    connection = apsw.Connection(str(path))
    unlock(connection, KEY)

    with pytest.raises(apsw.ConstraintError):
        connection.execute(statement)

    connection.close()
    assert proof_of(path).is_sound


def test_an_append_is_whole_or_not_at_all(path: Path) -> None:
    class Odd(str):
        def encode(self, *_: object, **__: object) -> bytes:
            raise OSError("the computer is switched off")

    async def story() -> None:
        store = await opened(path)
        with pytest.raises(Exception):  # noqa: B017, PT011 -- whatever it is
            await store.journal.append([SIGN_IN, replace(SIGN_IN, kind=Odd("x"))])  # type: ignore[arg-type]
        assert await store.journal.head() == head
        await store.close()

    head = head_of(path)
    run(story())


def test_an_erased_name_is_gone_from_the_bytes_of_the_pages(path: Path) -> None:
    async def story() -> None:
        store = await opened(path)
        await store.journal.append([replace(GIVEN, about=About(MARIA.account, "Marias Taschenrechner"))])
        await store.journal.forget(PLATFORM, MARIA.account, FORGET, signed_in=False)
        await store.people.forget(PLATFORM, MARIA.account, signed_in=False)
        await store.close()

    run(story())
    connection = apsw.Connection(str(path))
    unlock(connection, KEY)
    plain = connection.serialize("main")

    assert b"Taschenrechner" not in plain
    assert Kind.PERSON_FORGOTTEN.encode() in plain
    assert proof_of(path).is_sound
