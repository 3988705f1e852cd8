"""The clock of the demo world: it starts where it is told, runs as fast as it is told, and can be moved on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime


class WorldClock:
    """World time in seconds since 1970; `scale` 0 holds it still, so that only `advance` moves it."""

    def __init__(
        self, start: float, scale: float = 1.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.start = start
        self.scale = scale
        self.advanced = 0.0
        self._monotonic = monotonic
        self._began = monotonic()

    def now(self) -> float:
        """World time, in seconds since 1970."""
        return self.start + self.advanced + (self._monotonic() - self._began) * self.scale

    def advance(self, seconds: float) -> None:
        """Move the world on by world seconds."""
        self.advanced += seconds

    def to_real(self, world_seconds: float) -> float:
        """How long a client really waits for so many seconds of the world; a still world counts as real time."""
        return world_seconds / self.scale if self.scale else world_seconds

    def to_world(self, real_seconds: float) -> float:
        """How far the world moves while a client waits for so many seconds."""
        return real_seconds * self.scale if self.scale else real_seconds


def iso(moment: float) -> str:
    """ISO 8601 in UTC, whole seconds, as the Console API wants it."""
    return datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_or_none(moment: float | None) -> str | None:
    """The same, where unknown stays unknown."""
    return None if moment is None else iso(moment)
