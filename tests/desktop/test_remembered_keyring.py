"""Which kind of keyring a home uses, remembered in a small file."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionconsole.desktop.remembered_keyring import RememberedKeyring


def test_what_is_kept_is_recalled_in_the_next_run(tmp_path: Path) -> None:
    assert RememberedKeyring(tmp_path / "keyring").recall() is None
    for kind in ("kwallet", "secret-service"):
        RememberedKeyring(tmp_path / "keyring").keep(kind)
        assert RememberedKeyring(tmp_path / "keyring").recall() == kind
    assert [file.name for file in tmp_path.iterdir()] == ["keyring"]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"../../x", b"k" * 1000, b"two words"])
def test_a_file_that_holds_no_kind_is_as_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "keyring").write_bytes(content)

    assert RememberedKeyring(tmp_path / "keyring").recall() is None
    RememberedKeyring(tmp_path / "keyring").keep("kwallet")
    assert RememberedKeyring(tmp_path / "keyring").recall() == "kwallet"


def test_a_home_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    memory = RememberedKeyring(tmp_path / "missing" / "keyring")

    memory.keep("kwallet")

    assert memory.recall() is None
