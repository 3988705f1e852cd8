"""Which sessions a command means."""

from __future__ import annotations

from collections.abc import Sequence

from sessionconsole.domain.errors import WrongUse
from sessionconsole.domain.people import account_meant
from sessionconsole.services.states import Presence, Row


def listed(rows: Sequence[Row]) -> list[Row]:
    """Without the rows that are shown although they have gone from the list."""
    return [row for row in rows if row.presence is not Presence.DEPARTED]


def rows_of_person(rows: Sequence[Row], person: str) -> list[Row]:
    """The sessions of exactly that account, else of the one person of that name; raises `WrongUse` with candidates."""
    account = account_meant(person, {row.session.person for row in rows})
    return [row for row in rows if row.session.person.account == account]


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
