"""Where this program keeps its files on this computer."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sessionconsole.domain.errors import StoreNotWritable

NAME = "sessionconsole"


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of one home: `config` for the settings, `data` for the store, and `logs` and `cache`.

    `chosen` where a user named the place: what was there before may serve others too.
    """

    config: Path
    data: Path
    logs: Path
    cache: Path
    chosen: bool = False

    @classmethod
    def for_home(cls, env: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Folders:
        """The folders that `SESSIONCONSOLE_HOME` asks for, else the usual ones of the system.

        platform is as in `sys.platform`. Windows: local, not roaming (WAL does not work on a network drive).
        Linux: XDG Base Directory Specification 0.8, by which a relative path there is ignored.
        """
        if moved := env.get("SESSIONCONSOLE_HOME"):
            home = Path(moved).expanduser().absolute()
            return cls(home, home, home / "logs", home / "cache", chosen=True)
        user = _user_folder(env, platform)
        if platform == "win32":
            local = Path(env.get("LOCALAPPDATA") or user / "AppData" / "Local") / NAME
            return cls(local, local, local / "logs", local / "cache")
        if platform == "darwin":
            library = user / "Library"
            support = library / "Application Support" / NAME
            return cls(support, support, library / "Logs" / NAME, library / "Caches" / NAME)

        def xdg(name: str, usual: str) -> Path:
            asked = env.get(name, "")
            return (Path(asked) if asked.startswith("/") else user / usual) / NAME

        return cls(
            xdg("XDG_CONFIG_HOME", ".config"),
            xdg("XDG_DATA_HOME", ".local/share"),
            xdg("XDG_STATE_HOME", ".local/state"),
            xdg("XDG_CACHE_HOME", ".cache"),
        )

    @property
    def settings(self) -> Path:
        """`settings.json`."""
        return self.config / "settings.json"

    @property
    def store(self) -> Path:
        """The encrypted file."""
        return self.data / "console.db"

    @property
    def home_id(self) -> Path:
        """The random name of this home."""
        return self.data / "home-id"

    @property
    def keyring(self) -> Path:
        """Which kind of keyring has the entries of this home."""
        return self.data / "keyring"

    @property
    def locks(self) -> Path:
        """Where the processes of this home keep each other out."""
        return self.data / "locks"

    @property
    def connectors(self) -> Path:
        """The connector files that the user added."""
        return self.data / "connectors"

    @property
    def all(self) -> tuple[Path, ...]:
        """Each folder once."""
        return tuple(dict.fromkeys((self.config, self.data, self.logs, self.cache, self.locks)))

    def create(self) -> None:
        """Make them all, for this user only; raises `StoreNotWritable` and names the folder that resists.

        One of the usual folders, which are ours alone, is closed to others where it was open.
        """
        for folder in self.all:
            try:
                if self.chosen and folder.is_dir():
                    continue
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                if sys.platform != "win32" and stat.S_IMODE(folder.stat().st_mode) != 0o700:
                    folder.chmod(0o700)
            except OSError as problem:
                raise StoreNotWritable(
                    f"The folder {folder} cannot be used: {problem.strerror or type(problem).__name__}.",
                    "Ask your IT support for write access, or set SESSIONCONSOLE_HOME to another folder.",
                ) from problem


def keep_new_files_private() -> None:
    """From now on this process creates files for this user only."""
    os.umask(0o077)


def _user_folder(env: Mapping[str, str], platform: str) -> Path:
    named = env.get("USERPROFILE" if platform == "win32" else "HOME")
    return Path(named) if named else Path.home()
