"""From a command line to an exit code: every error becomes a sentence, and with --json a document."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress

from sessionconsole.cli.arguments import parse
from sessionconsole.cli.commands import (
    conformance,
    connector,
    connector_try,
    doctor,
    end,
    forget,
    journal,
    list_sessions,
    outbox,
    sign_in,
    sign_out,
)
from sessionconsole.cli.exit_codes import ExitCode, exit_code_of
from sessionconsole.cli.json_out import error_document
from sessionconsole.cli.surroundings import Surroundings
from sessionconsole.cli.telling import sentence
from sessionconsole.cli.terminal import OutputFailed, Terminal, this_terminal
from sessionconsole.domain.errors import SessionConsoleError

Command = Callable[[argparse.Namespace, Surroundings, Terminal], Awaitable[int]]

_COMMANDS: Mapping[str, Command] = {
    "sign-in": sign_in.run,
    "list": list_sessions.run,
    "end": end.run,
    "outbox": outbox.run,
    "journal": journal.run,
    "sign-out": sign_out.run,
    "forget": forget.run,
    "connector": connector.run,
    "conformance": conformance.run,
    "doctor": doctor.run,
}

_SERVE = "--serve"
_LOG = logging.getLogger(__name__)


class _Bug(SessionConsoleError):
    code = "bug"


def main(argv: Sequence[str], home: Surroundings, terminal: Terminal | None = None) -> int:
    """Run one command; the exit code. Nothing of Qt is imported, except by `demo` for its window."""
    terminal = terminal or this_terminal()
    code: int = ExitCode.DONE
    try:
        code = _run(list(argv), home, terminal)
        terminal.finish()
    except BrokenPipeError:
        _let_go_of(terminal)
    except OutputFailed as failure:
        terminal.say(f"The result could not be written: {failure}.")
        _let_go_of(terminal)
        return ExitCode.FAILED
    return code


def _run(argv: list[str], home: Surroundings, terminal: Terminal) -> int:
    try:
        if argv[:1] == ["demo"] and (_SERVE in argv or not {"-h", "--help"} & set(argv)):
            return _demo(argv[1:], home)
        args = parse(argv)
        return asyncio.run(_awaited(_command_of(args), args, home, terminal))
    except SystemExit as asked:  # --help and --version
        return int(asked.code or 0)
    except SessionConsoleError as problem:
        return _failed(problem, argv, terminal)
    except KeyboardInterrupt:
        terminal.say("Stopped. Orders that were given already are safe: see sessionconsole outbox.")
        return ExitCode.INTERRUPTED
    except (BrokenPipeError, OutputFailed):
        raise
    except Exception as bug:  # noqa: BLE001 - what is not of our tree is told once, and logged
        _log(home)
        return _failed(
            _Bug(
                f"Something happened that the program was not made for ({type(bug).__name__}).",
                "The log says more: sessionconsole doctor names its folder.",
            ),
            argv,
            terminal,
        )


def _demo(argv: list[str], home: Surroundings) -> int:
    """Its options are its own: the platform's with --serve, else the window's."""
    if _SERVE in argv:
        return home.serve_demo([argument for argument in argv if argument != _SERVE])
    return home.run_demo_window(argv)


def _command_of(args: argparse.Namespace) -> Command:
    tries = args.command == "connector" and args.action == "try"
    return connector_try.run if tries else _COMMANDS[args.command]


async def _awaited(command: Command, args: argparse.Namespace, home: Surroundings, terminal: Terminal) -> int:
    return await command(args, home, terminal)


def _log(home: Surroundings) -> None:
    """Write the bug that is being handled down, where that can be done; the log is opened for nothing else."""
    with suppress(OSError), home.logging():
        _LOG.exception("a command met what it was not made for")


def _failed(problem: SessionConsoleError, argv: Sequence[str], terminal: Terminal) -> int:
    if "--json" in argv:
        terminal.put_json(error_document(problem))
    terminal.say(sentence(problem))
    return exit_code_of(problem)


def _let_go_of(terminal: Terminal) -> None:
    """Whoever read our output has gone: let the rest go nowhere, so that Python is quiet at its end."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, terminal.out.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return
