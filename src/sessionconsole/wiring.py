"""The only file that names concrete classes of every layer."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sessionconsole.desktop.clock import SystemClock
from sessionconsole.desktop.files import write_whole
from sessionconsole.desktop.folders import Folders
from sessionconsole.desktop.forgetting import remove_files
from sessionconsole.desktop.home_id import HomeId, read_home_id
from sessionconsole.desktop.locks import FileLocks, OwnLocks
from sessionconsole.desktop.remembered_keyring import RememberedKeyring
from sessionconsole.desktop.settings_file import JsonSettingsFile
from sessionconsole.desktop.user import user_of_this_computer
from sessionconsole.domain.errors import KeyringMissing, KeyringReplaced, StoreProblem, WrongUse
from sessionconsole.platform.user_agents import UaParser
from sessionconsole.services.connecting import Connecting
from sessionconsole.services.console import Console
from sessionconsole.services.opening import Opened, open_home
from sessionconsole.services.ports import Clock, Locks, Platform, SettingsFile, Vault
from sessionconsole.services.reading_devices import DeviceReader
from sessionconsole.store.opening import SqliteStore, memory_store, open_store
from sessionconsole.vault.memory_vault import MemoryVault

if TYPE_CHECKING:
    from sessionconsole.cli.surroundings import CodeFor, ProofFor
    from sessionconsole.domain.assessments import Assessment
    from sessionconsole.domain.conformance import Finding
    from sessionconsole.domain.sessions import Handle
    from sessionconsole.domain.trials import Trial, TrialWish
    from sessionconsole.familiarity.interface import Evidence
    from sessionconsole.platform.connectors.catalog import Catalog
    from sessionconsole.platform.opening import HttpPlatforms


async def open_console(folders: Folders, keyring: Vault | None = None) -> Console:
    """The services of the home in these folders, with the keyring of this computer unless another vault is given.

    Never raises what the tree of errors knows: what is amiss is among the console's notices.
    """
    clock = SystemClock()
    locks: Locks = FileLocks(folders.locks, clock)
    file = _StoreFile(folders.store, clock, JsonSettingsFile(folders.settings))
    try:
        folders.create()
        home_id = read_home_id(folders.home_id)
        vault = keyring or _keyring(folders, home_id)
        opened = await open_home(vault, MemoryVault(), file, locks)
    except StoreProblem as problem:
        home_id, locks = HomeId(secrets.token_hex(16)), OwnLocks(clock)
        opened = Opened(MemoryVault(), await file.open_in_memory(), (problem,))
    return _console(opened, home_id, folders, locks, clock)


async def open_unkept(folders: Folders) -> Console:
    """The services for one call: the keyring and the store are neither read nor written, and handles are as ever."""
    clock = SystemClock()
    notices: tuple[StoreProblem, ...] = ()
    try:
        folders.create()
        home_id = read_home_id(folders.home_id)
    except StoreProblem as problem:
        home_id, notices = HomeId(secrets.token_hex(16)), (problem,)
    opened = Opened(MemoryVault(), await memory_store(clock), notices)
    return _console(opened, home_id, folders, OwnLocks(clock), clock)


async def forget_home(folders: Folders, keyring: Vault | None = None) -> None:
    """Remove everything of the home; the keyring first, because without the home's id its entries are not found.

    Raises `KeyringProblem` (nothing was removed then) and `StoreNotWritable`.
    """
    if folders.home_id.exists():
        vault = keyring or _keyring(folders, read_home_id(folders.home_id))
        try:
            await vault.forget_everything()
        except (KeyringMissing, KeyringReplaced):
            # A store that was written has its key in a keyring, which is only out of reach, as in a remote session.
            if folders.store.exists():
                raise KeyringMissing(
                    "The password store that has entries of this program cannot be reached from here, so nothing was "
                    "removed.",
                    f"Run this on the desktop. If that password store is gone for good, delete {folders.data} by hand.",
                ) from None
    remove_files(folders)


async def try_connector(
    catalog: Catalog, source: str, wish: TrialWish, code_for: ProofFor, tell: Callable[[Trial], None]
) -> bool:
    """Make a dry run of the connector of that name or file; whether nothing was wrong.

    Nothing is kept of it, neither sign-in nor list. Raises `ConnectorMistakes` and `WrongUse`.
    """
    from sessionconsole.platform.connectors.trying import open_observed
    from sessionconsole.services.trying import DryRun

    clock = SystemClock()
    connector = await asyncio.to_thread(catalog.load_source, source)
    store = await memory_store(clock)
    try:
        devices = DeviceReader(UaParser(), store.devices)
        return await DryRun(open_observed(connector, wish), devices, clock, code_for, tell).run(wish)
    finally:
        await store.close()


class HomeSurroundings:
    """`cli.surroundings.Surroundings` of the home in these folders."""

    def __init__(
        self,
        folders: Folders,
        keyring: Vault | None = None,
        show_demo: Callable[[Sequence[str]], int] | None = None,
    ) -> None:
        self._folders = folders
        self._keyring = keyring
        self._show_demo = show_demo

    @property
    def places(self) -> Mapping[str, Path]:
        """Where this home keeps its files."""
        folders = self._folders
        return {
            "settings": folders.settings,
            "store": folders.store,
            "locks": folders.locks,
            "connectors": folders.connectors,
            "logs": folders.logs,
            "cache": folders.cache,
        }

    @property
    def zone(self) -> tzinfo:
        """The time zone of this computer."""
        return local_zone()

    @property
    def connectors(self) -> Catalog:
        """The connectors that this home knows."""
        return _catalog(self._folders)

    async def open_console(self) -> Console:
        """The services of this home."""
        return await open_console(self._folders, self._keyring)

    async def open_unkept(self) -> Console:
        """The services for one call."""
        return await open_unkept(self._folders)

    async def forget_home(self) -> None:
        """Remove everything of this home."""
        await forget_home(self._folders, self._keyring)

    def logging(self) -> AbstractContextManager[Path]:
        """Write the log of this home while the block runs; raises `OSError` where it cannot be opened."""
        from sessionconsole.desktop.log import logging_to

        return logging_to(self._folders.logs)

    async def examine(
        self, address: str, username: str, password: str, code_for: CodeFor, tell: Callable[[Finding], None]
    ) -> None:
        """Tell whether the platform there keeps the contract of the Console API."""
        from sessionconsole.platform.conformance.examining import examine

        await examine(address, username, password, code_for, tell)

    async def try_connector(
        self, source: str, wish: TrialWish, code_for: ProofFor, tell: Callable[[Trial], None]
    ) -> bool:
        """Make a dry run of the connector of that name or file."""
        return await try_connector(self.connectors, source, wish, code_for, tell)

    def serve_demo(self, argv: Sequence[str]) -> int:
        """Run the demo platform alone."""
        from sessionconsole.demo.server import serve

        return serve(argv)

    def run_demo_window(self, argv: Sequence[str]) -> int:
        """Run the window on a demo platform of its own."""
        if self._show_demo is None:
            raise WrongUse("There is no window here.", "Use demo --serve to run the platform alone.")
        return self._show_demo(argv)


def _catalog(folders: Folders) -> Catalog:
    from sessionconsole.platform.connectors.catalog import Catalog

    return Catalog(folders.connectors, write_whole)


def _console(opened: Opened, home_id: HomeId, folders: Folders, locks: Locks, clock: Clock) -> Console:
    catalog = _catalog(folders)
    return Console(
        opened,
        _Platforms(home_id.handle_key, folders.connectors),
        UaParser(),
        _Assessor(),
        locks,
        clock,
        local_zone(),
        JsonSettingsFile(folders.settings),
        Connecting(catalog, partial(try_connector, catalog)),
        user_of_this_computer(),
    )


def _keyring(folders: Folders, home_id: HomeId) -> Vault:
    from sessionconsole.vault.opening import open_vault

    return open_vault(home_id.text, RememberedKeyring(folders.keyring))


def local_zone() -> tzinfo:
    """The time zone of this computer."""
    zone = datetime.now().astimezone().tzinfo
    assert zone is not None
    return zone


class _Platforms:
    """`ports.Platforms`; how HTTP is spoken is imported with the first question, after the stored list is shown."""

    def __init__(self, handle_key: bytes, connectors: Path) -> None:
        self._handle_key = handle_key
        self._connectors = connectors

    async def open(
        self, address: str, connector: str | None = None, variables: Mapping[str, str] | None = None
    ) -> Platform:
        http = await asyncio.to_thread(_http_platforms)
        return await http(self._handle_key, self._connectors).open(address, connector, variables)


def _http_platforms() -> type[HttpPlatforms]:
    from sessionconsole.platform.opening import HttpPlatforms

    return HttpPlatforms


class _Assessor:
    """`familiarity.interface.Assessor`; the engine is imported when the first list is weighed."""

    def assess(self, evidence: Evidence) -> Mapping[Handle, Assessment]:
        from sessionconsole.familiarity.simple import SimpleAssessor

        return SimpleAssessor().assess(evidence)


@dataclass(frozen=True, slots=True)
class _StoreFile:
    """`services.opening.StoreFile` of one path."""

    path: Path
    clock: Clock
    settings: SettingsFile

    async def open(self, key: bytes) -> tuple[SqliteStore, StoreProblem | None]:
        return await open_store(self.path, key, self.clock, lambda: self.settings.load().keep_lists_days)

    async def open_in_memory(self, key: bytes | None = None) -> SqliteStore:
        return await memory_store(self.clock, *((self.path, key) if key else ()))
