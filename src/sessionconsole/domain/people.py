"""Which person is meant by what somebody typed, and what was forgotten of one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sessionconsole.domain.errors import WrongUse
from sessionconsole.domain.sessions import Person

_NAMED = 12
"""Candidates that an error names at most."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed of one person; `waiting` open orders were left, because a click is an order.

    Of so many `entries` in the journal the names were erased.
    """

    lists: int = 0
    orders: int = 0
    verdicts: int = 0
    waiting: int = 0
    entries: int = 0


def account_meant(typed: str, people: Collection[Person], where: str = "on the list") -> str:
    """Exactly that account, else the account of the one person of that name; raises `WrongUse` with candidates."""
    if any(person.account == typed for person in people):
        return typed
    wanted = typed.casefold()
    named = _accounts([person for person in people if (person.name or "").casefold() == wanted])
    if len(named) == 1:
        return named[0]
    if named:
        raise WrongUse(
            f"Several people are called {typed}: {', '.join(named)}.",
            "Give --person with the account name of the one you mean.",
        )
    near = [person for person in people if wanted in f"{person.account} {person.name}".casefold()]
    raise WrongUse(
        f"Nobody {where} has the account or name {typed}.",
        f"Give one of: {_several(_accounts(near or people)) or 'nobody is listed'}.",
    )


def _accounts(people: Collection[Person]) -> list[str]:
    return sorted({person.account for person in people})


def _several(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
