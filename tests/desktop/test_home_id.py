"""The name of a home."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sessionconsole.desktop.home_id import HomeId, read_home_id

_READ = """
import sys, pathlib
from sessionconsole.desktop.home_id import read_home_id
sys.stdin.readline()
print(read_home_id(pathlib.Path(sys.argv[1])).text)
"""


def test_it_is_the_same_in_every_run_and_another_in_every_home(tmp_path: Path) -> None:
    first = read_home_id(tmp_path / "home-id")

    assert read_home_id(tmp_path / "home-id") == first
    assert read_home_id(tmp_path / "other") != first
    assert len(first.text) == 32


def test_processes_that_begin_at_once_agree(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _READ, str(tmp_path / "home-id")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2] / "src",
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = {process.communicate(timeout=20)[0].strip() for process in processes}

    assert answers == {read_home_id(tmp_path / "home-id").text}
    assert [path.name for path in tmp_path.iterdir()] == ["home-id"]


def test_a_file_without_an_id_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "home-id").write_text("")

    made = read_home_id(tmp_path / "home-id")

    assert len(made.text) == 32
    assert (tmp_path / "home-id-damaged").exists()


def test_the_key_of_handles_belongs_to_the_home() -> None:
    one, other = HomeId("00" * 16), HomeId("01" * 16)

    assert len(one.handle_key) == 32
    assert one.handle_key == HomeId("00" * 16).handle_key
    assert one.handle_key != other.handle_key
