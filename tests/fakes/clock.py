"""A clock that stands still until a test moves it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

_TURNS = 20  # rounds of the loop that a woken task gets before time moves on


class FakeClock:
    """`ports.Clock` by hand: `advance` moves both clocks and wakes who slept long enough, `set_back` the wall only."""

    def __init__(self, start: datetime = START) -> None:
        self._wall = start
        self._seconds = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """The wall clock, aware, in UTC."""
        return self._wall

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        """Wait until a test has advanced that far; zero or less lets others run once."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        sleeper = (self._seconds + seconds, asyncio.get_running_loop().create_future())
        self._sleepers.append(sleeper)
        try:
            await sleeper[1]
        finally:
            if sleeper in self._sleepers:
                self._sleepers.remove(sleeper)

    @property
    def sleepers(self) -> int:
        """How many wait now; a test waits for this before it advances."""
        return sum(not future.done() for _, future in self._sleepers)

    def advance(self, seconds: float) -> None:
        """Move on in one leap; those who are due run as soon as the test awaits anything."""
        self._seconds += seconds
        self._wall += timedelta(seconds=seconds)
        for due, future in self._sleepers:
            if due <= self._seconds and not future.done():
                future.set_result(None)

    async def live(self, seconds: float) -> None:
        """Move on from sleeper to sleeper, each running at its own time, so that a loop turns as often as it would."""
        end = self._seconds + seconds
        await self._settle()
        while (due := min((at for at, f in self._sleepers if not f.done()), default=end)) <= end:
            if due > self._seconds:
                self.advance(due - self._seconds)
            await self._settle()
            if self._seconds >= end:
                return
            if not self.sleepers:
                break
        self.advance(max(0.0, end - self._seconds))
        await self._settle()

    def set_back(self, by: timedelta = timedelta(hours=1)) -> None:
        """Turn the wall clock back, as a user or a time server does; nobody wakes."""
        self._wall -= by

    @staticmethod
    async def _settle() -> None:
        for _ in range(_TURNS):
            await asyncio.sleep(0)
