"""Removing a home: everything of ours, nothing of anybody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionconsole.desktop.folders import Folders
from sessionconsole.desktop.forgetting import remove_files
from sessionconsole.domain.errors import StoreNotWritable

OURS = (
    "settings.json",
    "settings.json-damaged",
    ".settings.json.4711-ab12",
    "home-id",
    "home-id-damaged",
    ".home-id.4711-ab12",
    "console.db",
    "console.db-wal",
    "console.db-shm",
    "console.db-damaged",
    "console-damaged-20261124T090000Z.db",
    "console-damaged-20261124T090000Z-2.db-wal",
    ".console.db.4711-ab12",
    "window.lock",
    "connectors/harbour.toml",
    "connectors/.harbour.toml.4711-ab12",
    "locks/sending.lock",
    "logs/sessionconsole.log",
    "logs/sessionconsole.log.1",
)
THEIRS = (
    "console-notes.txt",
    "console.txt",
    "settings.json.mine",
    "connectors/notes.txt",
    "logs/boiler.log",
    "cache/picture.png",
    "photos/sea.jpg",
)


def write(home: Path, *names: str) -> None:
    for name in names:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("x")


def test_a_home_of_its_own_is_gone_with_all_its_folders(tmp_path: Path) -> None:
    home = tmp_path / "home"
    folders = Folders.for_home({"SESSIONCONSOLE_HOME": str(home)})
    folders.create()
    write(home, *OURS)

    remove_files(folders)

    assert not home.exists()


def test_what_else_lies_there_stays(tmp_path: Path) -> None:
    folders = Folders.for_home({"SESSIONCONSOLE_HOME": str(tmp_path)})
    folders.create()
    write(tmp_path, *OURS, *THEIRS)

    remove_files(folders)

    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == set(THEIRS)


def test_a_home_that_is_not_there_is_forgotten_already(tmp_path: Path) -> None:
    remove_files(Folders.for_home({"SESSIONCONSOLE_HOME": str(tmp_path / "never")}))


def test_what_cannot_be_removed_is_named(tmp_path: Path) -> None:
    folders = Folders.for_home({"SESSIONCONSOLE_HOME": str(tmp_path)})
    folders.settings.mkdir()

    with pytest.raises(StoreNotWritable, match=r"settings\.json could not be removed"):
        remove_files(folders)
