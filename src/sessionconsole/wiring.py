"""The only file that names concrete classes of every layer."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, tzinfo

from sessionconsole.desktop.clock import SystemClock
from sessionconsole.desktop.folders import Folders
from sessionconsole.desktop.home_id import HomeId, read_home_id
from sessionconsole.desktop.locks import FileLocks
from sessionconsole.desktop.settings_file import JsonSettingsFile
from sessionconsole.domain.errors import StoreProblem
from sessionconsole.familiarity.simple import SimpleAssessor
from sessionconsole.services.console import Console
from sessionconsole.services.opening import Opened, open_home
from sessionconsole.store.opening import EncryptedFile
from sessionconsole.vault.memory_vault import MemoryVault
from sessionconsole.vault.opening import open_vault


async def open_console(folders: Folders, *, use_keyring: bool = True) -> Console:
    """The services of the home in these folders; without a keyring nothing is kept when the program ends.

    Never raises what the tree of errors knows: what is amiss is among the console's notices.
    """
    clock = SystemClock()
    locks = FileLocks(folders.locks, clock)
    file = EncryptedFile(folders.store)
    home_id, problem = _home_id(folders)
    if problem is not None or not use_keyring:
        notices = (problem,) if problem else ()
        opened = Opened(MemoryVault(), await file.open_in_memory(), notices)
    else:
        opened = await open_home(open_vault(home_id.text), MemoryVault(), file, locks)
    return Console(
        opened,
        _platforms(home_id),
        _user_agents(),
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


def _home_id(folders: Folders) -> tuple[HomeId, StoreProblem | None]:
    try:
        folders.create()
        return read_home_id(folders.home_id), None
    except StoreProblem as problem:
        return HomeId("0" * 32), problem
