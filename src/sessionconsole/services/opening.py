"""Getting the key, and with it the store: always something to work with, and a sentence for what is amiss."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Protocol

from sessionconsole.domain.errors import KeyringForgets, KeyringProblem, SessionConsoleError, StoreProblem
from sessionconsole.services.ports import Locks, Store, Vault

STORE_KEY = "store-key"

_OPENING_WAIT = 30.0
"""Seconds to wait for another process that is opening the same home for the first time."""


class StoreFile(Protocol):
    """The encrypted file as a thing on disk."""

    async def exists(self) -> bool:
        """Whether there is one."""
        ...

    async def open(self, key: bytes) -> tuple[Store, StoreProblem | None]:
        """Open or begin it with that key of 32 bytes; a damaged one is set aside and told as a notice.

        Raises `StoreTooNew`, `StoreNotWritable`.
        """
        ...

    async def set_aside(self) -> StoreProblem:
        """Move a file whose key is gone out of the way; the notice that says so."""
        ...

    async def open_in_memory(self) -> Store:
        """A store that is gone when the program ends."""
        ...


@dataclass(frozen=True, slots=True)
class Opened:
    """What a home was opened with; `vault` is the memory vault where the keyring cannot be used."""

    vault: Vault
    store: Store
    notices: tuple[SessionConsoleError, ...] = ()


async def open_home(keyring: Vault, memory: Vault, file: StoreFile, locks: Locks) -> Opened:
    """Open the vault and the store of a home; never raises what the tree of errors knows."""
    async with locks.exclusive("opening", _OPENING_WAIT):
        try:
            key, notice = await _key(keyring, file)
        except KeyringProblem as problem:
            return Opened(memory, await file.open_in_memory(), (problem,))
        notices: tuple[SessionConsoleError, ...] = (notice,) if notice else ()
        try:
            store, told = await file.open(key)
        except StoreProblem as problem:
            return Opened(keyring, await file.open_in_memory(), (*notices, problem))
        return Opened(keyring, store, (*notices, told) if told else notices)


async def _key(keyring: Vault, file: StoreFile) -> tuple[bytes, StoreProblem | None]:
    text = await keyring.read(STORE_KEY)
    if text is not None:
        try:
            key = bytes.fromhex(text)
            if len(key) == 32:
                return key, None
        except ValueError:
            pass
    fresh = secrets.token_bytes(32)
    await keyring.write(STORE_KEY, fresh.hex())
    if await keyring.read(STORE_KEY) != fresh.hex():
        raise KeyringForgets
    return fresh, await file.set_aside() if await file.exists() else None
