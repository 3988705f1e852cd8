"""The command line as such: help, mistakes, Ctrl-C, pipes, and what it never imports."""

from __future__ import annotations

import argparse
import errno
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sessionconsole.cli import arguments
from sessionconsole.cli.csv_out import list_csv
from sessionconsole.cli.exit_codes import exit_code_of
from sessionconsole.cli.main import main
from sessionconsole.cli.terminal import Terminal
from sessionconsole.domain import errors
from tests.builders import NOW, a_row
from tests.cli.desk import Desk

ROOT = Path(__file__).parents[2]
COMMANDS = ("sign-in", "list", "end", "outbox", "sign-out", "forget", "doctor", "demo")

PROGRAM = """
import sys
from sessionconsole.__main__ import main
code = main(sys.argv[1:])
qt = [name for name in sys.modules if name.split(".")[0] in ("PySide6", "shiboken6", "qasync")]
assert not qt, qt
sys.exit(code)
"""


@pytest.mark.parametrize("command", [(), *((command,) for command in COMMANDS), ("outbox", "send")])
def test_help_is_everywhere(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert Desk().run(*command, "--help").code == 0
    assert capsys.readouterr().out.startswith("usage: sessionconsole")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert Desk().run("--version").code == 0
    assert capsys.readouterr().out.startswith("sessionconsole ")


@pytest.mark.parametrize(
    "argv",
    [(), ("nonsense",), ("list", "--nonsense"), ("sign-in",), ("list", "--off"), ("list", "--password", "x")],
)
def test_what_it_does_not_know_is_exit_2(argv: tuple[str, ...]) -> None:
    ran = Desk().run(*argv)

    assert ran.code == 2
    assert "--help" in ran.err


@pytest.mark.parametrize("argv", [("--password", "hunter2"), ("--password=hunter2",)])
def test_a_password_in_the_wrong_place_is_not_shown_again(argv: tuple[str, ...]) -> None:
    ran = Desk().run("list", "--json", *argv)

    assert ran.code == 2
    assert "hunter2" not in ran.out + ran.err
    assert "--password" in ran.err


def test_a_mistake_with_json_is_a_document_too() -> None:
    ran = Desk().run("list", "--json", "--nonsense")

    assert ran.code == 2
    assert ran.json["error"]["code"] == "usage"


def test_every_option_stands_in_the_documentation() -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")

    for command, parser in _parsers(arguments.parser()):
        section = page.partition(f"\n## {command.split()[0]}\n")[2].partition("\n## ")[0]
        assert section, command
        missing = [option for option in _options(parser) if option not in section]
        assert missing == [], command


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (errors.WrongUse(), 2),
        (errors.BadCredentials(), 3),
        (errors.ReauthenticationNeeded(), 3),
        (errors.Unreachable(), 4),
        (errors.RateLimited(), 4),
        (errors.CertificateProblem(), 1),
        (errors.NotAllowed(), 1),
        (errors.KeyringHangs(), 1),
        (errors.StoreNotWritable(), 1),
    ],
)
def test_each_kind_of_error_has_its_exit_code(problem: errors.SessionConsoleError, code: int) -> None:
    assert exit_code_of(problem) == code


def test_ctrl_c_is_130_and_says_that_orders_are_safe() -> None:
    class Impatient(Desk):
        async def open_console(self) -> object:  # type: ignore[override]
            raise KeyboardInterrupt

    ran = Impatient().run("list")

    assert ran.code == 130
    assert "outbox" in ran.err


def test_a_bug_is_one_sentence_and_exit_1() -> None:
    class Broken(Desk):
        async def open_console(self) -> object:  # type: ignore[override]
            raise ZeroDivisionError

    desk = Broken()

    ran = desk.run("list", "--json")

    assert ran.code == 1
    assert ran.json["error"]["code"] == "bug"
    assert "ZeroDivisionError" in ran.err
    assert "Traceback" not in ran.err
    assert "Traceback" in desk.log.lines[0]


@pytest.mark.parametrize("options", [("--json",), ("--csv",), ()])
def test_a_full_disk_behind_the_output_is_a_sentence(desk: Desk, options: tuple[str, ...]) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    err = io.StringIO()

    assert main(["list", *options], desk, Terminal(Full(), err, io.StringIO(), False, str)) == 1
    assert err.getvalue() == "The result could not be written: No space left on device.\n"


def test_who_stops_reading_is_not_complained_about(desk: Desk) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    err = io.StringIO()

    assert main(["list", "--json"], desk, Terminal(Closed(), err, io.StringIO(), False, str)) == 0
    assert err.getvalue() == ""


def test_a_csv_line_for_each_session() -> None:
    lines = list_csv([a_row()], NOW).splitlines()

    assert len(lines) == 2
    assert lines[1].startswith(
        "harbour-reef:1,harbour-reef,maria.santos,Maria Santos,desktop,Windows 11,Chrome,,"
    )


def test_no_command_imports_qt(tmp_path: Path) -> None:
    """Run as a process of its own, because the tests beside this one do import it."""
    listed = _process(tmp_path, "list")
    looked = _process(tmp_path, "outbox", "--json")

    assert "Traceback" not in listed.stderr + looked.stderr
    assert listed.returncode == 3, listed.stderr


def test_a_reader_that_is_gone_leaves_no_traceback(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        ran = _process(tmp_path, "doctor", stdout=write)
    finally:
        os.close(write)

    assert "Traceback" not in ran.stderr
    assert "BrokenPipe" not in ran.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_ctrl_c_at_a_question_ends_it_at_once(tmp_path: Path) -> None:
    keyboard, terminal = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "list", "--url", "http://127.0.0.1:9"],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(tmp_path),
    ) as process:
        assert process.stderr is not None
        asked = b""
        while not asked.endswith(b"User name: "):
            letter = process.stderr.read(1)
            assert letter, asked
            asked += letter
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    os.close(keyboard)
    os.close(terminal)

    assert process.returncode == 130, err
    assert b"Stopped." in err
    assert out == b""


def _parsers(
    parser: argparse.ArgumentParser, name: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child, sub in action.choices.items():
                yield f"{name} {child}".strip(), sub
                yield from _parsers(sub, f"{name} {child}".strip())


def _options(parser: argparse.ArgumentParser) -> list[str]:
    return [
        option
        for action in parser._actions
        for option in action.option_strings
        if option not in ("-h", "--help")
    ]


def _process(home: Path, *argv: str, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *argv],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=20,
        env=_environment(home),
    )


def _environment(home: Path) -> dict[str, str]:
    """Without a way to the keyring of whoever runs the tests."""
    kept = {
        key: value for key, value in os.environ.items() if key not in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY")
    }
    return {
        **kept,
        "SESSIONCONSOLE_HOME": str(home),
        "PYTHONPATH": str(ROOT / "src"),
        "XDG_RUNTIME_DIR": str(home),
    }
