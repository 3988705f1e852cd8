"""Small files, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionconsole.desktop.files import _claim, write_once, write_whole
from sessionconsole.domain.errors import StoreNotWritable


def test_the_first_to_write_once_wins(tmp_path: Path) -> None:
    assert write_once(tmp_path / "name", b"first") == b"first"
    assert write_once(tmp_path / "name", b"second") == b"first"


def test_a_second_process_that_saw_no_file_does_not_replace_the_first_ones(tmp_path: Path) -> None:
    fresh, path = tmp_path / "fresh", tmp_path / "name"
    fresh.write_bytes(b"second")
    path.write_bytes(b"first")

    _claim(fresh, path)

    assert path.read_bytes() == b"first"


def test_a_write_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    for content in (b"old and longer", b"new"):
        write_whole(tmp_path / "name", content)

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("name", b"new")]


def test_a_write_that_fails_leaves_the_old_and_nothing_beside(tmp_path: Path) -> None:
    (tmp_path / "name").mkdir()  # a folder cannot be replaced by a file

    with pytest.raises(StoreNotWritable, match="name"):
        write_whole(tmp_path / "name", b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["name"]
