"""`sessionconsole journal`: who did what, and whether all of it is still there."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime, tzinfo

from sessionconsole.cli.exit_codes import ExitCode
from sessionconsole.cli.opening import home_console
from sessionconsole.cli.surroundings import Surroundings
from sessionconsole.cli.table_out import columns, local
from sessionconsole.cli.telling import sentence
from sessionconsole.cli.terminal import Terminal
from sessionconsole.domain.errors import WrongUse
from sessionconsole.domain.journal import Entry, Head
from sessionconsole.domain.journal_export import journal_csv, journal_document
from sessionconsole.domain.people import account_meant
from sessionconsole.domain.sessions import Person
from sessionconsole.services.console import Console
from sessionconsole.services.journaling import Checked


async def run(args: argparse.Namespace, home: Surroundings, terminal: Terminal) -> int:
    """Show the journal, prove it, or go on after a gap in it."""
    if args.action == "accept" and not args.yes and not terminal.interactive:
        raise WrongUse("Accepting asks first, and there is no terminal to ask in.", "Give --yes.")
    since = _moment(args.since, home.zone) if args.action is None and args.since else None
    async with home_console(home, terminal) as console:
        console.check_kept()
        match args.action:
            case "verify":
                return _tell(await console.journaling.check(), console, terminal)
            case "accept":
                return await _accept(args, console, terminal)
            case _:
                _show(args, await console.journaling.check(), since, console, terminal)
                return ExitCode.DONE


def _tell(checked: Checked, console: Console, terminal: Terminal) -> int:
    proof = checked.proof
    if not proof.is_sound:
        terminal.say(proof.text)
        return ExitCode.FAILED
    since = f" The first is of {local(proof.since, console.zone)}." if proof.since else ""
    terminal.put(f"{proof.text}{since}")
    if checked.unasked is not None:
        terminal.say(f"Whether the last entries are missing cannot be told. {sentence(checked.unasked)}")
    elif proof.head is None and proof.count:
        terminal.say("Whether the last entries are missing cannot be told: the password store knows of none.")
    return ExitCode.DONE


async def _accept(args: argparse.Namespace, console: Console, terminal: Terminal) -> int:
    checked = await console.journaling.check()
    if not checked.proof.is_sound:
        terminal.say(checked.proof.text)
    if not args.yes and not terminal.ask_yes("Go on with the journal as it is, and write that down?"):
        terminal.say("Nothing was changed.")
        return ExitCode.FAILED
    await console.journaling.accept_gap()
    terminal.say("The journal goes on, and an entry in it says that earlier ones are missing.")
    return ExitCode.DONE


def _show(
    args: argparse.Namespace, checked: Checked, since: datetime | None, console: Console, terminal: Terminal
) -> None:
    entries = _wanted(checked.entries, since, args.person)
    if args.json:
        last = checked.entries[-1].line if checked.entries else None
        terminal.put_json(journal_document(entries, Head(last.number, last.hash) if last else None))
    elif args.csv:
        terminal.put_raw(journal_csv(entries))
    else:
        terminal.put(_table(entries, console.zone))
    if not checked.proof.is_sound:
        terminal.say(f"{checked.proof.text} See: sessionconsole journal verify.")


def _wanted(entries: Sequence[Entry], since: datetime | None, typed: str | None) -> list[Entry]:
    wanted = [entry for entry in entries if since is None or entry.act.at >= since]
    if typed is None:
        return wanted
    people = {Person(account) for entry in entries for account in _accounts(entry)}
    account = account_meant(typed, people, where="in the journal")
    return [entry for entry in wanted if account in _accounts(entry)]


def _accounts(entry: Entry) -> set[str]:
    by, about = entry.act.by, entry.act.about
    named = (by.account if by else None, about.account if about else None)
    return {account for account in named if account}


def _table(entries: Sequence[Entry], zone: tzinfo) -> str:
    if not entries:
        return "No entries."
    header = ("NO", "AT", "WHAT", "OUTCOME", "PERSON", "DEVICE", "BY", "USER")
    return columns([header, *(_row(entry, zone) for entry in entries)])


def _row(entry: Entry, zone: tzinfo) -> tuple[str, ...]:
    act = entry.act
    forgotten = "(forgotten)" if entry.nameless else ""
    return (
        str(entry.number),
        local(act.at, zone) + (" (late)" if act.late else ""),
        act.kind.value,
        (act.outcome.value if act.outcome else act.code) or "",
        act.about.account if act.about else forgotten,
        (act.about.device or "") if act.about else "",
        (act.by.account or "") if act.by else forgotten,
        (act.by.user or "") if act.by else "",
    )


def _moment(text: str, zone: tzinfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise WrongUse(f"--since {text!r} is no date.", "Write it as 2026-11-24.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
