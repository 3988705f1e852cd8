"""The sessions of the lists that were read: what a platform calls them, and what else ending one needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sessionconsole.domain.errors import WrongUse
from sessionconsole.domain.sessions import Handle
from sessionconsole.platform.connectors.calling import Layer


@dataclass(frozen=True, slots=True)
class KnownSession:
    """One session in the platform's own words: `values` has its `id` in its own type, and what [list] names besides."""

    values: Mapping[str, Any] = field(repr=False)


class KnownSessions:
    """Remembers the two lists that were read last, since one may be read while an order of the other is carried out."""

    def __init__(self, secret: Collection[str]) -> None:
        self._secret = frozenset(secret)
        self._now: Mapping[Handle, KnownSession] = {}
        self._before: Mapping[Handle, KnownSession] = {}
        self.own: Handle | None = None
        """The console's own session, None where the list does not tell it."""
        self._complete = False

    def listed(
        self, sessions: Mapping[Handle, KnownSession], own: Handle | None, *, complete: bool = True
    ) -> None:
        """Take another list in place of the older one of both."""
        self._before, self._now, self.own, self._complete = self._now, sessions, own, complete

    def are_all(self, handles: Collection[Handle]) -> bool:
        """Whether these are the sessions of the newest list, and it is not cut: there may be more than it has."""
        return self._complete and self._now.keys() == set(handles)

    def find(self, handle: Handle) -> KnownSession:
        """The session of that handle; raises `WrongUse` where no list had it lately."""
        found = self._now.get(handle) or self._before.get(handle)
        if found is None:
            raise WrongUse("This session is not in the list that was read last.", "Read the list again.")
        return found

    def one(self, session: KnownSession) -> Layer:
        """Lets a call know it as `session.id` and so on."""
        return lambda variables: variables.with_session(session.values, self._secret)

    def several(self, sessions: Sequence[KnownSession]) -> Layer:
        """Lets a call know them as `sessions.id` and so on."""
        return lambda variables: variables.with_sessions(
            [session.values for session in sessions], self._secret
        )
