"""Getting the key, and with it the store: always something to work with, and a sentence for what is amiss."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from sessionconsole.domain.errors import (
    KeyringForgets,
    KeyringProblem,
    SessionConsoleError,
    StoreDamaged,
    StoreKeyGone,
    StoreProblem,
    TryLater,
)
from sessionconsole.services.ports import Locks, Store, Vault

STORE_KEY = "store-key"
KEY_SIZE = 32
"""Bytes of the key of the store."""

_OPENING_WAIT = 30.0
"""Seconds to wait for another process that is opening the same home for the first time."""


class StoreFile(Protocol):
    """The encrypted file as a thing on disk."""

    async def open(self, key: bytes) -> tuple[Store, StoreProblem | None]:
        """Open or begin it with that key of 32 bytes; one that this key does not open is set
        aside and told as a notice.

        Raises `StoreTooNew`, `StoreNotWritable`.
        """
        ...

    async def open_in_memory(self, key: bytes | None = None) -> Store:
        """A store that is gone when the program ends; with the key it begins with the lists that can still be read."""
        ...


@dataclass(frozen=True, slots=True)
class Opened:
    """What a home was opened with; `vault` is the memory vault where the keyring cannot be used."""

    vault: Vault
    store: Store
    notices: tuple[SessionConsoleError, ...] = ()


async def open_home(keyring: Vault, memory: Vault, file: StoreFile, locks: Locks) -> Opened:
    """Open the vault and the store of a home; never raises what the tree of errors knows."""
    async with locks.exclusive("opening", _OPENING_WAIT) as mine:
        if not mine:
            # Whoever opens a home first makes its key: two who do so at once would lose one another's store.
            return Opened(memory, await file.open_in_memory(), (_busy(),))
        try:
            key, is_new = await _key(keyring)
        except KeyringProblem as problem:
            return Opened(memory, await file.open_in_memory(), (problem,))
        try:
            store, notice = await file.open(key)
        except StoreProblem as problem:
            return Opened(keyring, await file.open_in_memory(key), (problem,))
        if is_new and isinstance(notice, StoreDamaged):
            notice = StoreKeyGone()
        return Opened(keyring, store, (notice,) if notice else ())


def _busy() -> TryLater:
    return TryLater(
        "Another window or command is opening this program's saved data and does not finish.",
        "Close other sessionconsole windows, then start again.",
    )


async def _key(keyring: Vault) -> tuple[bytes, bool]:
    """The key of this home; where it is gone a new one, by which the old store is then set aside, and True."""
    text = await keyring.read(STORE_KEY)
    with suppress(ValueError):
        key = bytes.fromhex(text or "")
        if len(key) == KEY_SIZE:
            return key, False
    fresh = secrets.token_bytes(KEY_SIZE)
    await keyring.write(STORE_KEY, fresh.hex())
    if await keyring.read(STORE_KEY) != fresh.hex():
        raise KeyringForgets
    return fresh, True
