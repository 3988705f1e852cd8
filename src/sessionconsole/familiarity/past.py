"""What is known of earlier: which sessions may vouch for which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sessionconsole.domain.sessions import Handle, LoginSession, Snapshot
from sessionconsole.familiarity.interface import Evidence

VOUCHES_AFTER = timedelta(hours=24)
"""A session opened less than this before another one never vouches for it, or an intruder vouches for himself."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """One session as it was seen before, with the moment from which it is known."""

    session: LoginSession
    known_since: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """All earlier sessions of everybody, each handle and place once."""

    by_account: dict[str, list[Earlier]] = field(default_factory=dict)

    @classmethod
    def of(cls, evidence: Evidence) -> Past:
        """Gather history and current list; a session counts from its sign-in, else from when it was first seen."""
        past = cls()
        seen: set[tuple[Handle, str | None, str | None, str]] = set()
        for snapshot in (*evidence.history, evidence.current):
            for session in snapshot.sessions:
                key = (session.handle, session.ip, _country(session), session.device.family)
                if key in seen:
                    continue
                seen.add(key)
                past.by_account.setdefault(session.person.account, []).append(
                    Earlier(session, session.signed_in_at or snapshot.taken_at)
                )
        return past

    def vouchers(self, session: LoginSession, snapshot: Snapshot, account: str | None) -> Iterable[Earlier]:
        """What may vouch for the session: of that account, or of everybody with None."""
        since = session.signed_in_at or snapshot.taken_at
        accounts = self.by_account if account is None else (account,)
        for name in accounts:
            for earlier in self.by_account.get(name, ()):
                same = earlier.session.handle == session.handle
                if not same and earlier.known_since <= since - VOUCHES_AFTER:
                    yield earlier


def _country(session: LoginSession) -> str | None:
    return session.place.country if session.place else None
