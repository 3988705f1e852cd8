"""Ending sessions by the calls of a connector file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sessionconsole.domain.errors import AnswerLost, NotAllowed, SessionConsoleError
from sessionconsole.domain.platforms import EndAnswer, EndStatus
from sessionconsole.domain.sessions import Handle
from sessionconsole.platform.connectors.batches import BatchResults
from sessionconsole.platform.connectors.calling import Caller, Done
from sessionconsole.platform.connectors.errors import code_of, said_by
from sessionconsole.platform.connectors.format.listing import End
from sessionconsole.platform.connectors.format.parts import Word
from sessionconsole.platform.connectors.known import KnownSession, KnownSessions

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

    async def end(self, handles: Sequence[Handle]) -> Mapping[Handle, EndAnswer]:
        """One answer for each; the console's own session comes last, for nothing works after it.

        Raises as `ports.Platform.end` does.
        """
        wanted = {handle: self._known.find(handle) for handle in handles}
        own = self._known.own
        others = {handle: session for handle, session in wanted.items() if handle != own}
        answers: dict[Handle, EndAnswer] = {}
        try:
            if self._many is not None and (len(others) > 1 or self._one is None):
                for at in range(0, len(others), self._most):
                    batch = {handle: others[handle] for handle in list(others)[at : at + self._most]}
                    await self._end_many(batch, answers)
            elif self._one is None and self._are_all_others(others):
                await self._end_others(others, answers)
            else:
                for handle, session in others.items():
                    answers[handle] = await self._end_one(handle, session)
            if own is not None and own in wanted:
                answers[own] = await self._end_own(own, wanted[own])
        except SessionConsoleError as error:
            # "Nothing was ended" would be untrue by now: only the list can tell.
            raise AnswerLost if answers else error from None
        return answers

    async def _end_one(self, handle: Handle, session: KnownSession) -> EndAnswer:
        if self._one is None:
            raise NotAllowed(
                "This platform lets nobody end this session by itself.",
                "End it on the platform's own page, or change the password of the account there.",
            )
        done = await self._caller.send(self._one, self._known.one(session), wanted=_TOLD)
        return self._answer(handle, done)

    async def _end_own(self, handle: Handle, session: KnownSession) -> EndAnswer:
        if self._own is not None:
            done = await self._caller.send(self._own, self._known.one(session), wanted=_TOLD)
            return self._answer(handle, done)
        if self._one is None and self._many is not None:
            answers: dict[Handle, EndAnswer] = {}
            await self._end_many({handle: session}, answers)
            return answers[handle]
        return await self._end_one(handle, session)

    async def _end_many(self, wanted: _Wanted, answers: dict[Handle, EndAnswer]) -> None:
        if self._many is None or not wanted:
            return
        sessions = list(wanted.values())
        done = await self._caller.send(self._many, self._known.several(sessions), wanted=_TOLD)
        if done.word == "ok" and self._results is None:
            answers.update((handle, EndAnswer(handle, EndStatus.ACCEPTED)) for handle in wanted)
        elif done.word == "ok" and self._results is not None:
            answers.update(self._results.read(done, wanted))
        elif len(wanted) == 1:
            answers.update((handle, self._answer(handle, done)) for handle in wanted)
        else:
            # One that has gone meanwhile spoils the whole batch of some platforms, and nothing of it was ended.
            for handle, session in wanted.items():
                if self._one is not None:
                    answers[handle] = await self._end_one(handle, session)
                else:
                    await self._end_many({handle: session}, answers)

    def _are_all_others(self, wanted: _Wanted) -> bool:
        own = self._known.own
        if self._others is None or own is None or not wanted:
            return False
        return {*wanted, own} == set(self._known.handles)

    async def _end_others(self, wanted: _Wanted, answers: dict[Handle, EndAnswer]) -> None:
        if self._others is not None:
            await self._caller.send(self._others)
            answers.update((handle, EndAnswer(handle, EndStatus.ACCEPTED)) for handle in wanted)

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
