"""Forgetting one person: everything that is stored of them, and nothing that the platform has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from sessionconsole.domain.errors import WrongUse
from sessionconsole.domain.people import Forgotten, account_meant
from sessionconsole.domain.sessions import Person
from sessionconsole.services.connection import Connection
from sessionconsole.services.journaling import Journaling
from sessionconsole.services.ports import People
from sessionconsole.services.watching import Watching


@dataclass(frozen=True, slots=True)
class Stored:
    """One person of whom something is stored."""

    platform: str
    person: Person


class Forgetting:
    """Finds the person who is meant among all that is stored, and removes what is stored of them."""

    def __init__(
        self,
        people: People,
        connection: Connection,
        watching: Watching,
        journaling: Journaling,
        check_kept: Callable[[], None],
    ) -> None:
        self._people = people
        self._connection = connection
        self._watching = watching
        self._journaling = journaling
        self._check_kept = check_kept

    async def find(self, typed: str, platform: str | None = None) -> Stored:
        """Whom an account or a name means; raises `WrongUse` with candidates, as `end --person` does."""
        stored = _together(await self._people.stored(), await self._journaling.people())
        if platform is not None:
            stored = {name: people for name, people in stored.items() if name == platform}
        everybody = {person for people in stored.values() for person in people}
        account = account_meant(typed, everybody, where="in what is stored here")
        return _the_one(account, stored)

    async def forget(self, stored: Stored) -> Forgotten:
        """Remove it. Orders that wait are kept, because a click is an order.

        Raises `StoreNotWritable`, and what keeps the store of this home from being reached; nothing was removed then.
        """
        self._check_kept()
        record = self._connection.record
        account = stored.person.account
        signed_in = record is not None and (record.platform, record.account) == (stored.platform, account)
        # The journal first: broken off in between, the person is still found in what is left, and forgotten again.
        entries = await self._journaling.forget(stored.platform, account, signed_in=signed_in)
        forgotten = await self._people.forget(stored.platform, account, signed_in=signed_in)
        if record is not None and record.platform == stored.platform:
            await self._watching.forget_person(account)
        return replace(forgotten, entries=entries)


def _together(
    stored: Mapping[str, Collection[Person]], journal: Mapping[str, frozenset[str]]
) -> Mapping[str, Collection[Person]]:
    people = {platform: set(persons) for platform, persons in stored.items()}
    for platform, accounts in journal.items():
        known = people.setdefault(platform, set())
        known |= {Person(account) for account in accounts - {person.account for person in known}}
    return people


def _the_one(account: str, stored: Mapping[str, Collection[Person]]) -> Stored:
    found = [
        Stored(platform, person)
        for platform, people in sorted(stored.items())
        for person in sorted(people, key=lambda person: person.name or "", reverse=True)
        if person.account == account
    ]
    platforms = list(dict.fromkeys(each.platform for each in found))
    if len(platforms) > 1:
        raise WrongUse(
            f"{account} is stored of several platforms: {', '.join(platforms)}.",
            "Give --platform with the one that is meant.",
        )
    return found[0]
