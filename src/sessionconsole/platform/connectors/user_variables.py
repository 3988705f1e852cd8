"""What the user enters for a connector, such as the name of the organizer."""

from __future__ import annotations

from collections.abc import Mapping

from sessionconsole.domain.errors import WrongUse
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.patterns import bounded_pattern


def entered(connector: Connector, given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The open and the secret ones, with defaults for what was not given.

    A secret one may be missing: for somebody who has signed in before it is in the keyring. Raises `WrongUse`.
    """
    known = connector.variables
    for name in given:
        if name not in known:
            names = ", ".join(known) or "none"
            raise WrongUse(
                f"{connector.connector.title} has nothing to enter of the name {name!r}.",
                f"It has: {names}.",
            )
    shown: dict[str, str] = {}
    secret: dict[str, str] = {}
    for name, variable in known.items():
        value = given.get(name, "").strip() or variable.default
        if value is None:
            if variable.secret:
                continue
            raise WrongUse(*_missing(connector, name))
        if variable.pattern is not None and bounded_pattern(variable.pattern).fullmatch(value) is None:
            example = f" It looks like {variable.example}." if variable.example else ""
            raise WrongUse(
                f"{variable.label} is not as it should be.", f"{variable.help or 'Check it.'}{example}"
            )
        (secret if variable.secret else shown)[name] = value
    return shown, secret


def must_be_complete(connector: Connector, known: Mapping[str, object]) -> None:
    """Raises `WrongUse` where somebody signs in and a secret one is missing."""
    for name, variable in connector.variables.items():
        if variable.secret and name not in known:
            raise WrongUse(*_missing(connector, name))


def _missing(connector: Connector, name: str) -> tuple[str, str]:
    variable = connector.variables[name]
    example = f", such as {variable.example}" if variable.example else ""
    return (
        f"{connector.connector.title} needs one thing more: {variable.label}.",
        f"Enter it{example}. On the command line: --var {name}=...",
    )
