"""What is known of earlier: which sessions may vouch for which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nsmallest

from sessionconsole.domain.sessions import Handle, LoginSession, Place, Snapshot
from sessionconsole.familiarity.interface import Evidence

VOUCHES_AFTER = timedelta(hours=24)
"""A session opened less than this before another one never vouches for it, or an intruder vouches for himself."""


MOST_EARLIER = 200
"""Sessions of one account that are looked at, the oldest first: more would only cost time."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """One session as it was seen before, with the moment from which it is known so."""

    session: LoginSession
    known_since: datetime


@dataclass(frozen=True, slots=True)
class Sightings:
    """Who was seen at one place first: the two earliest sessions are enough, as one never vouches for itself."""

    place: Place
    earliest: tuple[tuple[datetime, Handle], ...]

    def vouch_for(self, session: LoginSession, before: datetime) -> bool:
        """Whether another session was known there at that moment."""
        return any(since <= before for since, handle in self.earliest if handle != session.handle)

    def others_than(self, session: LoginSession) -> bool:
        """Whether any other session was seen there at all."""
        return any(handle != session.handle for _, handle in self.earliest)


@dataclass(frozen=True, slots=True)
class _Firsts:
    """When each session was first seen at one place."""

    place: Place
    at: dict[Handle, datetime] = field(default_factory=dict)

    @property
    def sightings(self) -> Sightings:
        return Sightings(
            self.place, tuple(nsmallest(2, ((since, handle) for handle, since in self.at.items())))
        )


@dataclass(slots=True)
class Past:
    """All earlier sessions, each handle and place once; and where anybody was seen, by country and by city.

    `watched_since` is the moment of the first list: what had ended before it, nobody knows.
    """

    watched_since: datetime

    by_account: dict[str, list[Earlier]] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    """Accounts with more than `MOST_EARLIER`: of them nobody can say "first time"."""
    countries: Mapping[str, Sightings] = field(default_factory=dict)
    cities: Mapping[str, Sightings] = field(default_factory=dict)

    @classmethod
    def of(cls, evidence: Evidence) -> Past:
        """Gather history and current list.

        A session counts from its sign-in, else from when it was first seen. What changed of it later, its place or
        its kind of device, counts from when it was first seen so: a stolen session does not vouch for the thief.
        """
        past = cls(next((snapshot.taken_at for snapshot in evidence.history), evidence.current.taken_at))
        seen: dict[Handle, set[tuple[str | None, str | None, str | None, str]]] = {}
        countries: dict[str, _Firsts] = {}
        cities: dict[str, _Firsts] = {}
        for snapshot in (*evidence.history, evidence.current):
            for session in snapshot.sessions:
                place = session.place
                country, city = (place.country, place.city) if place else (None, None)
                key = (session.ip, country, city, session.device.family)
                known = seen.setdefault(session.handle, set())
                if key in known:
                    continue
                since = snapshot.taken_at if known else began(session, snapshot)
                known.add(key)
                past.by_account.setdefault(session.person.account, []).append(Earlier(session, since))
                if place and country:
                    countries.setdefault(country, _Firsts(place)).at.setdefault(session.handle, since)
                if place and city:
                    cities.setdefault(city, _Firsts(place)).at.setdefault(session.handle, since)
        while seen:  # freed one by one: 100,000 in one go let no other thread run
            seen.popitem()
        for account, earlier in past.by_account.items():
            if len(earlier) > MOST_EARLIER:
                earlier.sort(key=lambda each: each.known_since)
                del earlier[MOST_EARLIER:]
                past.cut.add(account)
        past.countries = {country: firsts.sightings for country, firsts in countries.items()}
        past.cities = {city: firsts.sightings for city, firsts in cities.items()}
        return past

    def others_of(self, session: LoginSession) -> Iterable[Earlier]:
        """All other sessions of the same account."""
        for earlier in self.by_account.get(session.person.account, ()):
            if earlier.session.handle != session.handle:
                yield earlier


def began(session: LoginSession, snapshot: Snapshot) -> datetime:
    """When a session began as far as that list tells."""
    return session.signed_in_at or snapshot.taken_at
