"""How often a client may ask: a bucket for each that fills by the minute."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from sessionconsole.demo import problems

_MOST_BUCKETS = 10_000


class RateLimit:
    """`per_minute` requests for each client, all at once or one by one; 0 is no limit. It counts in real time."""

    def __init__(self, per_minute: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._monotonic = monotonic
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, client: str) -> int:
        """0 where this client may ask now, which is counted; else whole seconds until it may."""
        if not self._per_minute:
            return 0
        now = self._monotonic()
        left, at = self._left.get(client, (float(self._per_minute), now))
        left = min(float(self._per_minute), left + (now - at) * self._per_minute / 60)
        if left < 1:
            self._left[client] = (left, now)
            return math.ceil((1 - left) * 60 / self._per_minute)
        if len(self._left) >= _MOST_BUCKETS:
            self._forget_rested(now)
        self._left[client] = (left - 1, now)
        return 0

    def _forget_rested(self, now: float) -> None:
        """A bucket that was left alone for a minute is full, and so is a new one."""
        self._left = {client: held for client, held in self._left.items() if now - held[1] < 60}


class Limited:
    """The application for those who do not ask too often; `who` names the client of a request."""

    def __init__(self, app: ASGIApp, limit: RateLimit, who: Callable[[Scope], str]) -> None:
        self._app = app
        self._limit = limit
        self._who = who

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; the doors for tests are open to everybody."""
        if scope["type"] == "http" and not scope["path"].startswith("/demo/"):
            seconds = self._limit.wait(self._who(scope))
            if seconds:
                await problems.rate_limited(seconds).response()(scope, receive, send)
                return
        await self._app(scope, receive, send)
