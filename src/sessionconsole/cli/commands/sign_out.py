"""`sessionconsole sign-out`: revoke the sign-in on the platform and forget it here."""

from __future__ import annotations

import argparse

from sessionconsole.cli.exit_codes import ExitCode
from sessionconsole.cli.opening import check_platform, home_console
from sessionconsole.cli.surroundings import Surroundings
from sessionconsole.cli.terminal import Terminal
from sessionconsole.domain.errors import KeyringProblem, SignInNeeded
from sessionconsole.services.console import Console


async def run(args: argparse.Namespace, home: Surroundings, terminal: Terminal) -> int:
    """Sign out; without network the secret is kept to be revoked later, which is said."""
    async with home_console(home, terminal) as console:
        check_platform(console, args.platform)
        record = console.connection.record
        platform = record.platform if record else args.platform
        if record is None and not (args.forget and platform):
            raise SignInNeeded(advice="There is nothing to sign out of.")
        revoked = await console.signing_in.sign_out() if record is not None else True
        if args.forget and platform:
            await console.store.lists.forget(platform)
        if record is None:
            terminal.say(f"The stored lists of {platform} were removed.")
            return ExitCode.DONE
        return _said(console, record.title, terminal, revoked=revoked)


def _said(console: Console, title: str, terminal: Terminal, *, revoked: bool) -> int:
    problem = next((notice for notice in console.notices.value if isinstance(notice, KeyringProblem)), None)
    if problem is not None:
        end = (
            ""
            if revoked
            else f" {title} could not be reached either, and still lists this console's session."
        )
        raise type(problem)(
            f"{problem.message} What it keeps of this sign-in could not be removed.{end}",
            "Unlock it and sign out once more, or end this console's session on the platform.",
        )
    if revoked:
        terminal.say(f"Signed out of {title}.")
        return ExitCode.DONE
    terminal.say(
        f"Signed out here. {title} could not be reached, so it still lists this console's session; it is revoked "
        "as soon as the platform is reached again, within 7 days."
    )
    return ExitCode.UNREACHABLE
