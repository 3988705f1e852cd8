"""The only file that names concrete classes of every layer."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from sessionconsole.desktop.clock import SystemClock
from sessionconsole.desktop.folders import Folders
from sessionconsole.desktop.home_id import HomeId, read_home_id
from sessionconsole.desktop.locks import FileLocks
from sessionconsole.desktop.settings_file import JsonSettingsFile
from sessionconsole.domain.errors import StoreProblem
from sessionconsole.familiarity.simple import SimpleAssessor
from sessionconsole.platform.opening import HttpPlatforms
from sessionconsole.platform.user_agents import UaParser
from sessionconsole.services.console import Console
from sessionconsole.services.opening import Opened, open_home
from sessionconsole.services.ports import Clock, Vault
from sessionconsole.store.opening import SqliteStore, memory_store, open_store
from sessionconsole.vault.memory_vault import MemoryVault
from sessionconsole.vault.opening import open_vault


async def open_console(folders: Folders, keyring: Vault | None = None) -> Console:
    """The services of the home in these folders, with the keyring of this computer unless another vault is given.

    Never raises what the tree of errors knows: what is amiss is among the console's notices.
    """
    clock = SystemClock()
    locks = FileLocks(folders.locks, clock)
    file = _StoreFile(folders.store, clock)
    try:
        folders.create()
        home_id = read_home_id(folders.home_id)
        opened = await open_home(keyring or open_vault(home_id.text), MemoryVault(), file, locks)
    except StoreProblem as problem:
        home_id = HomeId(secrets.token_hex(16))
        opened = Opened(MemoryVault(), await file.open_in_memory(), (problem,))
    return Console(
        opened,
        HttpPlatforms(home_id.handle_key),
        UaParser(),
        SimpleAssessor(),
        locks,
        clock,
        local_zone(),
        JsonSettingsFile(folders.settings),
    )


def local_zone() -> tzinfo:
    """The time zone of this computer."""
    zone = datetime.now().astimezone().tzinfo
    assert zone is not None
    return zone


@dataclass(frozen=True, slots=True)
class _StoreFile:
    """`services.opening.StoreFile` of one path."""

    path: Path
    clock: Clock

    async def open(self, key: bytes) -> tuple[SqliteStore, StoreProblem | None]:
        return await open_store(self.path, key, self.clock)

    async def open_in_memory(self) -> SqliteStore:
        return await memory_store(self.clock)
