"""The console of one command: signed in as the home is, or for this one call only."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sessionconsole.cli.entering import entered, kept
from sessionconsole.cli.prompts import Secrets
from sessionconsole.cli.surroundings import Surroundings
from sessionconsole.cli.telling import sentence
from sessionconsole.cli.terminal import Terminal
from sessionconsole.domain.connectors import is_file
from sessionconsole.domain.credentials import FactorMethod, SecondFactorAsked, SignInRecord
from sessionconsole.domain.errors import (
    SignInNeeded,
    WrongUse,
)
from sessionconsole.services.console import Console


@asynccontextmanager
async def home_console(home: Surroundings, terminal: Terminal) -> AsyncIterator[Console]:
    """The services of the home, started; what is amiss with this computer is said first."""
    console = await home.open_console()
    try:
        await console.start(hold_again=False)
        for notice in console.notices.value:
            terminal.say(sentence(notice))
        yield console
    finally:
        await console.close()


@asynccontextmanager
async def chosen_console(
    args: argparse.Namespace, home: Surroundings, terminal: Terminal, secrets: Secrets
) -> AsyncIterator[Console]:
    """The console of `list` and `end`: with --url it signs in for this call, keeps nothing and signs out again."""
    if args.url is None:
        async with home_console(home, terminal) as console:
            check_platform(console, args.platform)
            yield console
        return
    console = await home.open_unkept()
    try:
        await console.start(hold_again=False)
        await sign_in(console, args, home, terminal, secrets)
        try:
            check_platform(console, args.platform)
            yield console
        finally:
            await _sign_out_again(console, terminal)
    finally:
        await console.close()


async def sign_in(
    console: Console, args: argparse.Namespace, home: Surroundings, terminal: Terminal, secrets: Secrets
) -> SignInRecord:
    """Sign in with what the command line and its secrets say; raises what `SigningIn.begin` and `answer` raise."""
    username = args.username or ask_username(terminal)
    password = secrets.password(f"Password for {username}:")
    connector = kept(args.connector, home.connectors)
    if connector is not None and is_file(args.connector):
        await console.journaling.connector_added(connector)
    asked = home.connectors.about(connector).asks if connector is not None else ()
    variables = entered(args.var, asked, terminal, secrets)
    answer = await console.signing_in.begin(args.url, username, password, connector, variables)
    while isinstance(answer, SecondFactorAsked):
        proof = await _code(console, answer.methods, terminal, secrets)
        if proof is None:
            raise SignInNeeded(
                "The booking platform asks for a code as well.",
                "Give the code of your authenticator app, or a recovery code, with --otp.",
            )
        answer = await console.signing_in.answer(*proof)
    return answer


def signed_in_as(console: Console) -> SignInRecord:
    """Whom the home is signed in as; raises `SignInNeeded` and says what to type."""
    record = console.connection.record
    if record is None:
        raise SignInNeeded
    return record


def check_platform(console: Console, name: str | None) -> None:
    """Raises `WrongUse` where the home is signed in to another platform than the named one."""
    record = console.connection.record
    if name is not None and record is not None and record.platform != name:
        raise WrongUse(
            f"This computer is signed in to {record.platform}, not to {name}.",
            f"Give --platform {record.platform}, or leave it out.",
        )


async def _code(
    console: Console, methods: Sequence[FactorMethod], terminal: Terminal, secrets: Secrets
) -> tuple[FactorMethod, str] | None:
    """A code of one of these kinds; a person may have one sent, where the platform offers that beside others."""
    sends = terminal.interactive and len(methods) > 1 and FactorMethod.MAILED_CODE in methods
    if sends:
        terminal.say("To have a code sent to you, press Enter without one.")
    proof = secrets.proof(methods)
    if proof is not None or not sends:
        return proof
    await console.signing_in.send_code(FactorMethod.MAILED_CODE)
    terminal.say("A code was sent to you.")
    return secrets.proof((FactorMethod.MAILED_CODE,))


async def _sign_out_again(console: Console, terminal: Terminal) -> None:
    if console.connection.record is None:
        return
    if not await console.signing_in.sign_out():
        terminal.say(
            "The platform could not be told that this call is over. Its session is listed there until it expires."
        )


def ask_username(terminal: Terminal) -> str:
    username = terminal.ask("User name:") if terminal.interactive else ""
    if not username:
        raise WrongUse("A user name is needed.", "Give it with --username.")
    return username
