"""Access and refresh tokens: short, opaque, rotated, and dead with their session."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from sessionconsole.demo import problems
from sessionconsole.demo.clock import WorldClock

ACCESS_LIFETIME = 300.0
"""World seconds."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What a client is given; `expires_in` is in seconds that the client itself will count."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_in: float = ACCESS_LIFETIME


@dataclass(frozen=True, slots=True)
class _Access:
    session: str
    expires: float


class Tokens:
    """Every token that was given out, by session."""

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock
        self._access: dict[str, _Access] = {}
        self._refresh: dict[str, str] = {}
        self._current: dict[str, str] = {}

    def issue(self, session: str) -> Pair:
        """A first or next pair of a session; the refresh token before it is dead from now on."""
        now = self._clock.now()
        self._access = {token: held for token, held in self._access.items() if held.expires + 3600 > now}
        pair = Pair(
            f"at_{secrets.token_urlsafe(32)}",
            f"rt_{secrets.token_urlsafe(32)}",
            round(self._clock.to_real(ACCESS_LIFETIME), 3),
        )
        self._access[pair.access] = _Access(session, now + ACCESS_LIFETIME)
        self._refresh[pair.refresh] = session
        self._current[session] = pair.refresh
        return pair

    def session_of_access(self, token: str) -> str:
        """Whose access token this is; raises Problem where it is unknown or too old."""
        held = self._access.get(token)
        if held is None:
            raise problems.token_invalid()
        if held.expires <= self._clock.now():
            raise problems.token_expired()
        return held.session

    def holder(self, token: str) -> str | None:
        """Whose access token this is or was; None where it is unknown."""
        held = self._access.get(token)
        return None if held is None else held.session

    def session_of_refresh(self, token: str) -> tuple[str, bool]:
        """Whose refresh token this is, and whether it is the current one; raises Problem where it is unknown."""
        session = self._refresh.get(token)
        if session is None:
            raise problems.token_invalid()
        return session, self._current.get(session) == token
