"""Which sessions a command means."""

from __future__ import annotations

from collections.abc import Sequence

from sessionconsole.domain.errors import WrongUse
from sessionconsole.services.states import Presence, Row

_NAMED = 12
"""Candidates that an error names at most."""


def listed(rows: Sequence[Row]) -> list[Row]:
    """Without the rows that are shown although they have gone from the list."""
    return [row for row in rows if row.presence is not Presence.DEPARTED]


def rows_of_person(rows: Sequence[Row], person: str) -> list[Row]:
    """The sessions of exactly that account, else of the one person of that name; raises `WrongUse` with candidates."""
    exact = [row for row in rows if row.session.person.account == person]
    if exact:
        return exact
    wanted = person.casefold()
    named = [row for row in rows if (row.session.person.name or "").casefold() == wanted]
    accounts = _accounts(named)
    if len(accounts) == 1:
        return named
    if accounts:
        raise WrongUse(
            f"Several people are called {person}: {', '.join(accounts)}.",
            "Give --person with the account name of the one you mean.",
        )
    near = [
        row for row in rows if wanted in f"{row.session.person.account} {row.session.person.name}".casefold()
    ]
    raise WrongUse(
        f"Nobody on the list has the account or name {person}.",
        f"Give one of: {_several(_accounts(near or rows)) or 'nobody is listed'}.",
    )


def without_this_console(rows: Sequence[Row], everyone: Sequence[Row], own_account: str) -> list[Row]:
    """These rows, never with this console's own session; raises `WrongUse` where it cannot be told apart.

    A platform that does not mark the session which asks leaves that unknown; only rows of the own account matter then.
    """
    known = any(row.session.is_current for row in everyone)
    unsure = [
        row for row in rows if row.session.is_current is None and row.session.person.account == own_account
    ]
    if unsure and not known:
        raise WrongUse(
            "The platform does not say which of these sessions is this console's own, so it might end itself.",
            "Give the handles of the sessions to end, as sessionconsole list shows them.",
        )
    return [row for row in rows if not row.session.is_current]


def _accounts(rows: Sequence[Row]) -> list[str]:
    return sorted({row.session.person.account for row in rows})


def _several(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
