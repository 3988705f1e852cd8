"""`settings.json`, and what people do to it."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

from sessionconsole.desktop.settings_file import JsonSettingsFile
from sessionconsole.domain.errors import StoreNotWritable
from sessionconsole.domain.settings import Appearance, Settings
from sessionconsole.services.ports import SettingsFile
from tests.contracts.settings_file_contract import SettingsFileContract
from tests.fakes.settings import FakeSettingsFile


class TestJson(SettingsFileContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "settings.json"

    def settings_file(self) -> SettingsFile:
        return JsonSettingsFile(self.path)


class TestFake(SettingsFileContract):
    def settings_file(self) -> SettingsFile:
        return FakeSettingsFile()


def test_keys_of_another_version_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"later": {"deep": [1]}, "undo_seconds": 3}')

    JsonSettingsFile(path).save(Settings(undo_seconds=7))

    assert json.loads(path.read_text()) == {
        "later": {"deep": [1]},
        "undo_seconds": 7,
        "refresh_seconds": 30,
        "keep_lists_days": 180,
        "appearance": "system",
    }


def test_a_file_that_cannot_be_read_is_set_aside_before_it_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"undo_seconds": 3,')

    JsonSettingsFile(path).save(Settings(undo_seconds=7))

    assert JsonSettingsFile(path).load() == Settings(undo_seconds=7)
    assert (tmp_path / "settings.json-damaged").read_text() == '{"undo_seconds": 3,'


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('{"undo_seconds": 99}', Settings(undo_seconds=10)),
        ('{"undo_seconds": -1}', Settings(undo_seconds=0)),
        ('{"undo_seconds": true}', Settings()),
        ('{"undo_seconds": "7"}', Settings()),
        ('{"undo_seconds": NaN}', Settings()),
        ('{"undo_seconds": 1e999}', Settings(undo_seconds=10)),
        ('{"undo_seconds": null, "refresh_seconds": 1}', Settings(refresh_seconds=5)),
        ('{"refresh_seconds": 1000000}', Settings(refresh_seconds=3600)),
        ('{"appearance": "dark"}', Settings(appearance=Appearance.DARK)),
        ('{"appearance": "sparkling", "undo_seconds": 2}', Settings(undo_seconds=2)),
        ('{"appearance": ["dark"]}', Settings()),
        ("[]", Settings()),
        ("{", Settings()),
        ("", Settings()),
        ("[" * 100_000, Settings()),
    ],
)
def test_wrong_values_read_as_the_default_or_the_bound(written: str, meant: Settings, tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(written)

    assert JsonSettingsFile(path).load() == meant


def test_no_part_of_a_write_is_ever_seen_or_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"

    JsonSettingsFile(path).save(Settings())

    assert [left.name for left in tmp_path.iterdir()] == ["settings.json"]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreNotWritable, match=r"settings\.json"):
        JsonSettingsFile(tmp_path / "gone" / "settings.json").save(Settings())
