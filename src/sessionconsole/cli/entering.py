"""Which connector a command means, and what is entered for it besides user name and password."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sessionconsole.cli.prompts import Secrets
from sessionconsole.cli.surroundings import Connectors
from sessionconsole.cli.terminal import Terminal
from sessionconsole.domain.connectors import AskedVariable, is_file
from sessionconsole.domain.errors import WrongUse


def kept(source: str | None, connectors: Connectors) -> str | None:
    """The connector's name; a file is checked and kept for later starts. Raises `ConnectorMistakes`, `WrongUse`."""
    if source is None or not is_file(source):
        return source
    return connectors.add(Path(source))


def entered(
    given: Sequence[str], asked: Sequence[AskedVariable], terminal: Terminal, secrets: Secrets
) -> dict[str, str]:
    """The values by name: from `--var K=V`, and what is missing by asking, secret ones as a password is asked for.

    Raises `WrongUse` for what cannot be understood, and for a secret on the command line.
    """
    values = dict(_pair(text) for text in given)
    secret = {variable.name for variable in asked if variable.secret}
    if shown := sorted(values.keys() & secret):
        raise WrongUse(
            f"{shown[0]} is secret, and everybody on this computer can read a command line.",
            "Leave it out: it is asked for, or read as a line of standard input after the password.",
        )
    for variable in asked:
        if variable.name in values or (variable.default is not None and not variable.secret):
            continue
        if variable.secret:
            values[variable.name] = secrets.password(f"{variable.label}:")
        elif terminal.interactive:
            values[variable.name] = terminal.ask(f"{variable.label}:")
    return values


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise WrongUse(f"--var {text!r} has no name and value.", "Write it as --var realm=bookings.")
    return name.strip(), value
