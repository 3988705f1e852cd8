"""Where the files are, on each system."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from sessionconsole.desktop.folders import Folders
from sessionconsole.domain.errors import StoreNotWritable

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes are of POSIX")


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_one_variable_moves_everything(platform: str, tmp_path: Path) -> None:
    env = {
        "SESSIONCONSOLE_HOME": str(tmp_path / "moved"),
        "HOME": "/home/dana",
        "XDG_CONFIG_HOME": "/etc/xdg",
    }

    folders = Folders.for_home(env, platform)

    assert folders.settings == tmp_path / "moved" / "settings.json"
    assert all(folder.is_relative_to(tmp_path / "moved") for folder in folders.all)


def test_linux_follows_xdg() -> None:
    env = {
        "HOME": "/home/dana",
        "XDG_DATA_HOME": "/data",
        "XDG_CACHE_HOME": "not/absolute",
        "XDG_STATE_HOME": "",
    }

    folders = Folders.for_home(env, "linux")

    assert folders.settings == Path("/home/dana/.config/sessionconsole/settings.json")
    assert folders.store == Path("/data/sessionconsole/console.db")
    assert folders.cache == Path("/home/dana/.cache/sessionconsole")
    assert folders.logs == Path("/home/dana/.local/state/sessionconsole")


def test_windows_stays_on_this_computer() -> None:
    folders = Folders.for_home({"LOCALAPPDATA": "/c/dana/local", "APPDATA": "/c/dana/roaming"}, "win32")

    assert all(folder.is_relative_to("/c/dana/local/sessionconsole") for folder in folders.all)


def test_windows_without_the_variable_uses_the_usual_place() -> None:
    folders = Folders.for_home({"USERPROFILE": "/c/dana"}, "win32")

    assert folders.store == Path("/c/dana/AppData/Local/sessionconsole/console.db")


def test_macos_uses_the_library() -> None:
    folders = Folders.for_home({"HOME": "/Users/dana"}, "darwin")

    assert folders.store == Path("/Users/dana/Library/Application Support/sessionconsole/console.db")
    assert folders.logs == Path("/Users/dana/Library/Logs/sessionconsole")


@posix
def test_the_usual_folders_are_for_this_user_only_also_where_they_were_open(tmp_path: Path) -> None:
    folders = Folders.for_home({"HOME": str(tmp_path)}, "linux")
    folders.logs.mkdir(parents=True)
    folders.logs.chmod(0o755)

    folders.create()

    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders.all} == {0o700}


@posix
def test_a_folder_that_somebody_chose_and_had_before_is_left_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    folders = Folders.for_home({"SESSIONCONSOLE_HOME": str(shared)}, sys.platform)

    for _ in range(2):
        folders.create()

    assert stat.S_IMODE(shared.stat().st_mode) == 0o755
    made = {stat.S_IMODE(folder.stat().st_mode) for folder in folders.all if folder != shared}
    assert made == {0o700}, "what is put into it is ours"


@posix
def test_a_folder_that_somebody_chose_is_made_for_this_user_only(tmp_path: Path) -> None:
    folders = Folders.for_home({"SESSIONCONSOLE_HOME": str(tmp_path / "new" / "home")}, sys.platform)

    folders.create()

    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders.all} == {0o700}


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreNotWritable) as raised:
        Folders.for_home({"SESSIONCONSOLE_HOME": str(tmp_path / "file")}, sys.platform).create()

    assert str(tmp_path / "file") in raised.value.message
    assert "SESSIONCONSOLE_HOME" in raised.value.advice
