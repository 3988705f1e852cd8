"""`sessionconsole forget`: remove everything that this home ever kept."""

from __future__ import annotations

import argparse
from contextlib import suppress

from sessionconsole.cli.exit_codes import ExitCode
from sessionconsole.cli.surroundings import Surroundings
from sessionconsole.cli.terminal import Terminal
from sessionconsole.domain.errors import SessionConsoleError, WrongUse

_ADVICE = (
    "Nothing of it can be brought back, and orders that wait are lost. Give --all --yes if that is meant."
)


async def run(args: argparse.Namespace, home: Surroundings, terminal: Terminal) -> int:
    """Forget the whole home; asks, or wants --yes."""
    if not args.all:
        raise WrongUse("forget removes everything of this home.", _ADVICE)
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


async def _sign_out(home: Surroundings) -> None:
    """Revoke what is signed in while its secret is still there; where the platform does not answer, it expires."""
    console = await home.open_console()
    try:
        await console.start(hold_again=False)
        await console.signing_in.revoke_leftover()
        with suppress(SessionConsoleError):
            await console.signing_in.sign_out()
    finally:
        await console.close()
