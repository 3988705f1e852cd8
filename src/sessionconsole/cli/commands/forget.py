"""`sessionconsole forget`: remove what is stored of one person, or everything that this home ever kept."""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path

from sessionconsole.cli.exit_codes import ExitCode
from sessionconsole.cli.opening import home_console
from sessionconsole.cli.surroundings import Surroundings
from sessionconsole.cli.terminal import Terminal
from sessionconsole.domain.errors import SessionConsoleError, WrongUse
from sessionconsole.domain.people import Forgotten

_ADVICE = (
    "Nothing of it can be brought back, and orders that wait are lost. Give --all --yes if that is meant."
)


async def run(args: argparse.Namespace, home: Surroundings, terminal: Terminal) -> int:
    """Forget a person, or the whole home; asks, or wants --yes."""
    if args.person is not None:
        return await _forget_person(args, home, terminal)
    if not args.all:
        raise WrongUse("It is not clear what to forget.", "Give --person with an account or name, or --all.")
    if not args.yes:
        if not terminal.interactive:
            raise WrongUse("forget asks first, and there is no terminal to ask in.", _ADVICE)
        if not terminal.ask_yes("Remove the sign-in, all stored lists, orders, settings and logs?"):
            terminal.say("Nothing was removed.")
            return ExitCode.FAILED
    await _sign_out(home)
    await home.forget_home()
    terminal.say("Everything of this home was removed, its entries in the password store included.")
    return ExitCode.DONE


async def _forget_person(args: argparse.Namespace, home: Surroundings, terminal: Terminal) -> int:
    if not args.yes and not terminal.interactive:
        raise WrongUse("forget asks first, and there is no terminal to ask in.", "Give --yes.")
    async with home_console(home, terminal) as console:
        console.check_kept()
        stored = await console.forgetting.find(args.person, args.platform)
        name = stored.person.shown
        if not args.yes and not terminal.ask_yes(
            f"Remove what is stored of {name} ({stored.person.account}, {stored.platform})?"
        ):
            terminal.say("Nothing was removed.")
            return ExitCode.FAILED
        forgotten = await console.forgetting.forget(stored)
    terminal.say(_told(name, forgotten))
    if aside := _set_aside(home.places["store"]):
        terminal.say(
            f"Files that were set aside as damaged are not searched, delete them if they should not be kept: "
            f"{', '.join(aside)}."
        )
    return ExitCode.DONE


def _told(name: str, forgotten: Forgotten) -> str:
    parts = [
        _number(forgotten.lists, "list", "lists"),
        _number(forgotten.orders, "order", "orders"),
        _number(forgotten.verdicts, "answer", "answers"),
    ]
    sentences = [f"What was stored of {name} was removed: from {parts[0]}, with {parts[1]} and {parts[2]}."]
    if forgotten.entries:
        entries = _number(forgotten.entries, "entry", "entries")
        sentences.append(f"The names in {entries} of the journal were erased; what was done stays.")
    if forgotten.waiting:
        wait = (
            "1 order that waits is" if forgotten.waiting == 1 else f"{forgotten.waiting} orders that wait are"
        )
        sentences.append(f"{wait} kept until sent or withdrawn: see sessionconsole outbox.")
    sentences.append(
        "A list that is read from the platform again shows whoever is logged in there, and is stored."
    )
    return " ".join(sentences)


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _set_aside(store: Path) -> list[str]:
    return sorted(str(path) for path in store.parent.glob(f"{store.stem}-damaged-*{store.suffix}"))


async def _sign_out(home: Surroundings) -> None:
    """Revoke what is signed in while its secret is still there; where the platform does not answer, it expires."""
    console = await home.open_console()
    try:
        await console.start(hold_again=False)
        await console.signing_in.revoke_leftovers()
        with suppress(SessionConsoleError):
            await console.signing_in.sign_out()
    finally:
        await console.close()
