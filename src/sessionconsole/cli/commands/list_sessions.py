"""`sessionconsole list`: who is logged in."""

from __future__ import annotations

import argparse

from sessionconsole.cli.choosing import listed, rows_of_person
from sessionconsole.cli.csv_out import list_csv
from sessionconsole.cli.exit_codes import ExitCode
from sessionconsole.cli.json_out import list_document
from sessionconsole.cli.opening import chosen_console, signed_in_as
from sessionconsole.cli.prompts import Secrets
from sessionconsole.cli.surroundings import Surroundings
from sessionconsole.cli.table_out import ago, list_table, local
from sessionconsole.cli.terminal import Terminal
from sessionconsole.domain.assessments import Level
from sessionconsole.domain.errors import NothingStored, SessionConsoleError, TryLater, WrongUse
from sessionconsole.services.console import Console
from sessionconsole.services.states import Row


async def run(args: argparse.Namespace, home: Surroundings, terminal: Terminal) -> int:
    """Show the list as it is now, or the stored one where the platform cannot be reached."""
    if args.offline and args.url is not None:
        raise WrongUse("--offline shows the stored list, and --url stores none.", "Leave one of them out.")
    secrets = Secrets(terminal, otp=args.otp, from_stdin=args.password_stdin)
    async with chosen_console(args, home, terminal, secrets) as console:
        problem = None if args.offline else await _read(console)
        if args.offline:
            _check_stored(console)
        offline = args.offline or problem is not None
        if problem is not None:
            _warn(console, terminal, problem)
        elif not offline and not console.watching.complete:
            terminal.say("The platform lists more sessions than can be read, so this is not the whole list.")
        _show(args, console, terminal, offline=offline)
        return ExitCode.DONE if problem is None else ExitCode.UNREACHABLE


def _check_stored(console: Console) -> None:
    if console.watching.state.value.taken_at is None:
        console.check_kept()
        raise NothingStored


async def _read(console: Console) -> SessionConsoleError | None:
    """Why the list is only the stored one, None where it is fresh; raises where there is nothing to show."""
    signed_in_as(console)
    await console.watching.refresh()
    state = console.watching.state.value
    if state.problem is None:
        await console.signing_in.revoke_leftovers()
        return None
    if not isinstance(state.problem, TryLater) or state.taken_at is None:
        raise state.problem
    return state.problem


def _warn(console: Console, terminal: Terminal, problem: SessionConsoleError) -> None:
    as_of = console.watching.state.value.taken_at
    assert as_of is not None
    terminal.say(
        f"{problem.message} This is the stored list, as of {local(as_of, console.zone)} "
        f"({ago(console.clock.now(), as_of)})."
    )


def _show(args: argparse.Namespace, console: Console, terminal: Terminal, *, offline: bool) -> None:
    state = console.watching.state.value
    assert state.taken_at is not None
    rows = _wanted(args, listed(state.rows))
    if args.json:
        terminal.put_json(list_document(rows, state.taken_at, offline=offline))
    elif args.csv:
        terminal.put_raw(list_csv(rows, state.taken_at))
    else:
        terminal.put(list_table(rows, state.taken_at, console.clock.now(), console.zone, offline=offline))


def _wanted(args: argparse.Namespace, rows: list[Row]) -> list[Row]:
    if args.person is not None:
        rows = rows_of_person(rows, args.person)
    if args.unfamiliar:
        rows = [row for row in rows if row.assessment.level is not Level.FAMILIAR]
    return rows
