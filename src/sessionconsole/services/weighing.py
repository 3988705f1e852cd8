"""Holding the list against all that is known of earlier lists, and of what the manager said."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import tzinfo
from typing import TYPE_CHECKING

from sessionconsole.domain.assessments import Assessment
from sessionconsole.domain.errors import StoreProblem
from sessionconsole.domain.sessions import Handle
from sessionconsole.services.ports import Clock, Lists, Verdicts
from sessionconsole.services.seen import Seen
from sessionconsole.services.sparing import SparedSessions

if TYPE_CHECKING:
    from sessionconsole.familiarity.interface import Assessor

HISTORY_AGE = 3600.0
"""Seconds after which the earlier lists are read from the store again."""


class Weighing:
    """Fills in what is thought of the sessions, one list at a time.

    Each begins with what is known then, so that an older judgement can never replace a newer one.
    """

    def __init__(
        self,
        lists: Lists,
        verdicts: Verdicts,
        spared: SparedSessions,
        assessor: Assessor,
        clock: Clock,
        zone: tzinfo,
    ) -> None:
        self._lists = lists
        self._verdicts = verdicts
        self._spared = spared
        self._assessor = assessor
        self._clock = clock
        self._zone = zone
        self._turn = asyncio.Lock()

    async def recall(self, seen: Seen) -> None:
        """Take over what was thought of the stored list; a session of which nothing was thought is weighed now."""
        assert seen.snapshot is not None
        with suppress(StoreProblem):
            seen.assessments = await self._lists.judged(seen.snapshot.platform)
        if all(session.handle in seen.assessments for session in seen.snapshot.sessions):
            await self._recognise(seen)
        else:
            await self.weigh(seen)

    async def weigh(self, seen: Seen) -> None:
        """Weigh the list that is seen now."""
        async with self._turn:
            await self._read_what_is_known(seen)
            if seen.snapshot is None:
                return
            await self._recognise(seen)
            from sessionconsole.familiarity.interface import Evidence

            evidence = Evidence(seen.snapshot, self._zone, seen.about, seen.history or (), seen.verdicts)
            found: Mapping[Handle, Assessment] = await asyncio.to_thread(self._assessor.assess, evidence)
            earlier = seen.assessments
            gone = {handle: earlier[handle] for handle in seen.movements.departed if handle in earlier}
            seen.assessments = {**gone, **found}
            seen.weighed = True

    async def recognise(self, seen: Seen) -> None:
        """Look again which devices are never ended in bulk."""
        async with self._turn:
            await self._recognise(seen)

    async def keep(self, seen: Seen) -> None:
        """Store what is thought of the list."""
        if seen.snapshot is not None and seen.weighed:
            with suppress(StoreProblem):
                await self._lists.judge(seen.snapshot.platform, seen.assessments)

    async def _recognise(self, seen: Seen) -> None:
        if seen.snapshot is not None:
            # Of a list that was not read in this run nobody knows what has come since.
            complete = seen.complete and seen.me is not None
            seen.spared = await self._spared.among(seen.snapshot, seen.about, complete=complete)

    async def _read_what_is_known(self, seen: Seen) -> None:
        """History and verdicts; while the store cannot be read, what was read of it before."""
        now = self._clock.monotonic()
        with suppress(StoreProblem):
            seen.verdicts = await self._verdicts.verdicts()
            if seen.snapshot is not None and (
                seen.history is None or now - seen.history_read_at > HISTORY_AGE
            ):
                seen.history = await self._lists.history(seen.snapshot.platform)
                seen.history_read_at = now
