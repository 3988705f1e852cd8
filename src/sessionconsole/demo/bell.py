"""A bell that whoever waits for news of the list can hear."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Bell:
    """Rings for everybody who listens; two rings before somebody looks are one."""

    def __init__(self) -> None:
        self._ears: set[asyncio.Event] = set()

    def ring(self) -> None:
        """Something changed."""
        for ear in self._ears:
            ear.set()

    @contextmanager
    def heard(self) -> Iterator[asyncio.Event]:
        """An event that is set at each ring while the block runs."""
        ear = asyncio.Event()
        self._ears.add(ear)
        try:
            yield ear
        finally:
            self._ears.discard(ear)
