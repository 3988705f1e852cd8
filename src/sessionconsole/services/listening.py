"""Hearing at once that the list has changed, where the platform says so; reading it stays the only proof."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

from sessionconsole.domain.errors import RateLimited, SessionConsoleError, SignInNeeded, TryLater
from sessionconsole.services.connection import Connection
from sessionconsole.services.ports import Clock

RETRY_SECONDS = (2.0, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Waits before the events are opened anew, each cut by up to a half at random; the last one repeats."""

LONGEST_WAIT = 900.0
"""Seconds: whatever a platform asks for, its events are tried again after that."""

LASTED = 60.0
"""Seconds after which events that end have ended as they do from time to time, and are no failure."""


class Listening:
    """Opens the live events of the platform whenever its list can be read, and tells `changed` what they say.

    It takes no turn at the platform, so that nobody waits for it. `quiet` is how many seconds it leaves at least
    between two tellings.
    """

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        changed: Callable[[], None],
        quiet: Callable[[], float],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._changed = changed
        self._quiet = quiet
        self._chance = chance
        self._readable = asyncio.Event()
        self._failures = 0
        self.is_live = False
        """Whether a change would be heard now."""

    def list_was_read(self) -> None:
        """The platform can be reached, and this console is signed in to it."""
        self._readable.set()

    def list_was_not_read(self) -> None:
        """Leave the platform alone until its list could be read again."""
        self._readable.clear()

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            await self._readable.wait()
            if not self._connection.has_live_events:
                self._readable.clear()  # the next list that is read may be of another platform
                continue
            began = self._clock.monotonic()
            problem = await self._listen()
            lasted = self._clock.monotonic() - began >= LASTED
            self._failures = 0 if lasted else self._failures + 1
            await self._clock.sleep(self._pause(problem))

    async def _listen(self) -> SessionConsoleError | None:
        """What went wrong, None where the platform ended the events as it may."""
        try:
            await self._connection.listen(self._heard)
        except SignInNeeded as problem:
            self._readable.clear()  # the list will say so, and nothing is heard until it is read again
            return problem
        except SessionConsoleError as problem:
            return problem
        finally:
            if self.is_live:
                self.is_live = False
                self._changed()  # whatever happens from now on is not told
        return None

    async def _heard(self) -> None:
        self.is_live = True
        self._changed()
        await self._clock.sleep(self._quiet())

    def _pause(self, problem: SessionConsoleError | None) -> float:
        if isinstance(problem, RateLimited) and problem.retry_after is not None:
            return min(max(1.0, problem.retry_after), LONGEST_WAIT)
        tried = min(self._failures, len(RETRY_SECONDS) - 1)
        if problem is not None and not isinstance(problem, TryLater | SignInNeeded):
            tried = len(RETRY_SECONDS) - 1  # such as a refusal: that does not mend itself
        return RETRY_SECONDS[tried] * (1 - self._chance() / 2)
