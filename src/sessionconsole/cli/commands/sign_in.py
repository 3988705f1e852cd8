"""`sessionconsole sign-in`: be known to the platform from now on, also at the next start."""

from __future__ import annotations

import argparse
from contextlib import suppress

from sessionconsole.cli.exit_codes import ExitCode
from sessionconsole.cli.opening import home_console, sign_in
from sessionconsole.cli.prompts import Secrets
from sessionconsole.cli.surroundings import Surroundings
from sessionconsole.cli.terminal import Terminal
from sessionconsole.domain.errors import KeyringMissing, KeyringProblem, SessionConsoleError
from sessionconsole.services.console import Console


async def run(args: argparse.Namespace, home: Surroundings, terminal: Terminal) -> int:
    """Sign in and keep it in the keyring; without a usable keyring nothing is sent at all."""
    secrets = Secrets(terminal, otp=args.otp, from_stdin=args.password_stdin)
    async with home_console(home, terminal) as console:
        if not console.vault.kept:
            raise _why_not_kept(console)
        record = await sign_in(console, args, home, terminal, secrets)
        if problem := _keyring_problem(console):
            # Nobody could use this sign-in again, and nobody would end it.
            with suppress(SessionConsoleError):
                await console.signing_in.sign_out()
            raise _in_a_command(problem)
        await console.signing_in.revoke_leftovers()
        who = record.name or record.username
        terminal.say(f"Signed in to {record.title} as {who}. Next: sessionconsole list")
        return ExitCode.DONE


def _why_not_kept(console: Console) -> SessionConsoleError:
    problem = next(iter(console.notices.value), None)
    return problem if problem and not isinstance(problem, KeyringProblem) else _in_a_command(problem)


def _keyring_problem(console: Console) -> KeyringProblem | None:
    return next((notice for notice in console.notices.value if isinstance(notice, KeyringProblem)), None)


def _in_a_command(problem: SessionConsoleError | None) -> KeyringProblem:
    """The same problem with the advice that helps in a terminal, where nothing outlives the command."""
    kind = type(problem) if isinstance(problem, KeyringProblem) else KeyringMissing
    return kind(
        f"{problem.message if problem else KeyringMissing.default_message} A sign-in could not be kept, so you "
        "were not signed in.",
        "Give --url, --username and --password-stdin with list or end instead: they sign in for that one call.",
    )
