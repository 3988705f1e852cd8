"""Ending sessions by the calls of a connector file."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Final

from sessionconsole.domain.errors import (
    AnswerLost,
    NotAllowed,
    PlatformMisbehaved,
    RateLimited,
    SessionConsoleError,
)
from sessionconsole.domain.platforms import EndAnswer, EndStatus
from sessionconsole.domain.sessions import Handle
from sessionconsole.platform.connectors.batches import BatchResults
from sessionconsole.platform.connectors.calling import Caller, Done
from sessionconsole.platform.connectors.credential import uses_cookies
from sessionconsole.platform.connectors.errors import code_of, said_by
from sessionconsole.platform.connectors.format.listing import End
from sessionconsole.platform.connectors.format.parts import Word
from sessionconsole.platform.connectors.known import KnownSession, KnownSessions

CONCURRENT: Final = 10
"""Requests under way at once; more gain nothing on the connections that there are."""

LONGEST_WAIT: Final = 900.0
"""Seconds: no longer is a platform left in peace on its own word."""

UNDISTURBED: Final = 30.0
"""Seconds after the last end for which no question is expected."""

_ANSWERS: Final[Mapping[Word, EndStatus]] = {
    "ok": EndStatus.ACCEPTED,
    "gone": EndStatus.ALREADY_GONE,
    "refused": EndStatus.REFUSED,
}
_TOLD: Final = frozenset(_ANSWERS)

_Wanted = Mapping[Handle, KnownSession]


class Ender:
    """Ends sessions one by one, several at once, or all others, as far as the platform can."""

    def __init__(self, caller: Caller, end: End | None, known: KnownSessions) -> None:
        self._caller = caller
        self._known = known
        end = end or End()
        self._one = caller.compiled(end.one, "end.one") if end.one else None
        self._many = caller.compiled(end.many, "end.many") if end.many else None
        self._others = caller.compiled(end.others, "end.others") if end.others else None
        self._own = caller.compiled(end.own, "end.own") if end.own else None
        self._most = end.many.most if end.many else 1
        self._results = BatchResults(end.many.results) if end.many and end.many.results else None
        self._many_failed = False
        self._ended_at = float("-inf")
        self._busy_until = float("-inf")
        # Cookies that change with each answer cannot be sent by two requests at once.
        self._concurrent = 1 if uses_cookies(caller.connector) else CONCURRENT

    async def end(self, handles: Sequence[Handle]) -> Mapping[Handle, EndAnswer]:
        """The answers, as `ports.Platform.end` gives them; the console's own session comes last.

        Where it asked to wait in the midst of many, a call before that time raises `RateLimited` without asking it.
        """
        if (left := self._busy_until - time.monotonic()) > 0:
            raise RateLimited(retry_after=left)
        wanted = {handle: self._known.find(handle) for handle in handles}
        own = self._known.own
        others = {handle: session for handle, session in wanted.items() if handle != own}
        work = _Work()
        if self._many is not None and (self._one is None or (len(others) > 1 and not self._many_failed)):
            for at in range(0, len(others), self._most):
                await self._end_many({h: others[h] for h in list(others)[at : at + self._most]}, work)
        elif self._one is None and self._are_all_others(others):
            await self._end_others(others, work)
        else:
            await self._end_each(others, work)
        if own is not None and own in wanted and not work.stopped:
            await self._end_own(own, wanted[own], work)
        answers = work.result()
        self._busy_until = time.monotonic() + work.wait
        return answers

    async def _end_each(self, wanted: _Wanted, work: _Work) -> None:
        """One request for each; the first of a long while goes alone, since a question that it meets is all's."""
        waiting = iter(wanted.items())
        alone = time.monotonic() - self._ended_at > UNDISTURBED

        async def take_turns() -> None:
            for handle, session in waiting:
                await self._end_one(handle, session, work)
                if work.stopped:
                    return

        for handle, session in islice(waiting, 1 if alone else 0):
            await self._end_one(handle, session, work)
        if not work.stopped:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self._concurrent, len(wanted))):
                    group.create_task(take_turns())
        if not work.stopped:
            self._ended_at = time.monotonic()

    async def _end_one(self, handle: Handle, session: KnownSession, work: _Work) -> None:
        if self._one is None:
            work.stop(
                NotAllowed(
                    "This platform lets nobody end this session by itself.",
                    "End it on the platform's own page, or change the password of the account there.",
                )
            )
            return
        with work.trying([handle]):
            done = await self._caller.send(self._one, self._known.one(session), wanted=_TOLD)
            work.answers[handle] = self._answer(handle, done)

    async def _end_own(self, handle: Handle, session: KnownSession, work: _Work) -> None:
        if self._own is not None:
            with work.trying([handle]):
                done = await self._caller.send(self._own, self._known.one(session), wanted=_TOLD)
                work.answers[handle] = self._answer(handle, done)
        elif self._one is None and self._many is not None:
            await self._end_many({handle: session}, work)
        else:
            await self._end_one(handle, session, work)

    async def _end_many(self, wanted: _Wanted, work: _Work) -> None:
        if self._many is None or not wanted or work.stopped:
            return
        with work.trying(wanted):
            sessions = list(wanted.values())
            done = await self._caller.send(self._many, self._known.several(sessions), wanted=_TOLD)
            if done.word == "ok" and self._results is None:
                work.answers.update((handle, EndAnswer(handle, EndStatus.ACCEPTED)) for handle in wanted)
                return
            if done.word == "ok" and self._results is not None:
                work.answers.update(self._results.read(done, wanted))
                return
            if len(wanted) == 1:
                work.answers.update((handle, self._answer(handle, done)) for handle in wanted)
                return
        if work.is_over(wanted):
            # A batch that the platform cannot answer is not sent again where it can end them one by one.
            self._many_failed = not work.stopped
            return
        # One that has gone meanwhile spoils the whole batch of some platforms, and nothing of it was ended.
        if self._one is not None:
            await self._end_each(wanted, work)
            return
        for handle, session in wanted.items():
            await self._end_many({handle: session}, work)

    def _are_all_others(self, wanted: _Wanted) -> bool:
        own = self._known.own
        if self._others is None or own is None or not wanted:
            return False
        return self._known.are_all({*wanted, own})

    async def _end_others(self, wanted: _Wanted, work: _Work) -> None:
        if self._others is not None:
            with work.trying(wanted):
                await self._caller.send(self._others)
                work.answers.update((handle, EndAnswer(handle, EndStatus.ACCEPTED)) for handle in wanted)

    def _answer(self, handle: Handle, done: Done) -> EndAnswer:
        if done.word == "ok":
            return EndAnswer(handle, EndStatus.ACCEPTED)
        row = done.row.outcome if done.row is not None else None
        connector = self._caller.connector
        return EndAnswer(
            handle,
            _ANSWERS[done.word],
            code_of(done.reply, done.variables, connector),
            (row.message if row else None) or said_by(done.reply, done.variables, connector),
        )


class _Work:
    """The answers so far, and what stopped the work."""

    def __init__(self) -> None:
        self.answers: dict[Handle, EndAnswer] = {}
        self._lost: SessionConsoleError | None = None
        self._stop: SessionConsoleError | None = None

    @property
    def stopped(self) -> bool:
        """Whether nothing more is to be sent."""
        return self._stop is not None

    @property
    def wait(self) -> float:
        """Seconds for which the platform asked to be left in peace."""
        asked = self._stop.retry_after if isinstance(self._stop, RateLimited) else None
        return min(asked or 0.0, LONGEST_WAIT)

    def stop(self, problem: SessionConsoleError) -> None:
        """Send nothing more; the first problem counts."""
        self._stop = self._stop or problem

    def is_over(self, handles: Iterable[Handle]) -> bool:
        """Whether there is nothing left to try for these."""
        return self.stopped or any(handle in self.answers for handle in handles)

    @contextmanager
    def trying(self, handles: Iterable[Handle]) -> Iterator[None]:
        """Take down what becomes of a request about these sessions."""
        try:
            yield
        except (AnswerLost, PlatformMisbehaved) as problem:
            self._lost = self._lost or problem
            self.answers.update((handle, EndAnswer(handle, EndStatus.LOST)) for handle in handles)
        except SessionConsoleError as problem:
            self.stop(problem)

    def result(self) -> Mapping[Handle, EndAnswer]:
        """The answers; raises what stopped the work before the first, and the trouble where all were lost."""
        if self._stop is not None:
            # Where some were lost before it, the others must not count as sent.
            if not self.answers:
                raise self._stop
            return self.answers
        told = any(answer.status is not EndStatus.LOST for answer in self.answers.values())
        if not told and self._lost is not None:
            raise self._lost
        return self.answers
