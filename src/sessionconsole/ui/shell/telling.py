"""What is still to be said at the bottom: the answer to a click, sessions that need a look now, notices."""

from __future__ import annotations

import math
from collections.abc import Collection, Container, Iterable, Sequence

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.domain.sessions import Handle
from sessionconsole.services.ports import Clock
from sessionconsole.services.states import Row
from sessionconsole.ui.shell.message_bar import Message

Answer = Message | SessionConsoleError | str

TOLD_SECONDS = 10.0
"""How long it is said what a click did, with the way back."""


class Telling:
    """Remembers it until it was seen, has passed, or the user did something else."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told: Answer | None = None
        self._until = math.inf
        self._news: list[Handle] = []
        self._risen: set[Handle] = set()
        self._hidden: set[type[SessionConsoleError]] = set()

    @property
    def told(self) -> Answer | None:
        """The answer to the last click."""
        if self._clock.monotonic() >= self._until:
            self._told, self._until = None, math.inf
        return self._told

    @property
    def news(self) -> Sequence[Handle]:
        """The sessions that need a look since a while ago and were not shown yet, the first one first."""
        return tuple(self._news)

    @property
    def risen(self) -> Collection[Handle]:
        """Those of them that were on the list before, and are an alarm now."""
        return tuple(self._risen.intersection(self._news))

    def answer(self, what: Answer | None) -> None:
        """Whatever the user does takes the place of what was said before; a Message passes by itself."""
        self._told = what
        passes = isinstance(what, Message)
        self._until = self._clock.monotonic() + TOLD_SECONDS if passes else math.inf
        self._news.clear()

    def hear(
        self, marked: Iterable[Row], known: Container[Handle] | None, alarms: Container[Handle] = ()
    ) -> None:
        """Of the rows that need a look now, keep those that were not `known` before, or not among the `alarms`.

        `known` is None where there was no list.
        """
        waiting = {*self._news}
        self._news = []
        for row in marked:
            handle = row.session.handle
            if known is not None and handle in known and handle not in waiting:
                if row.assessment.level is not Level.ALARM or handle in alarms or self._is_answered(handle):
                    continue
                self._risen.add(handle)
            if known is not None or handle in waiting:
                self._news.append(handle)
        self._risen.intersection_update(self._news)

    def _is_answered(self, handle: Handle) -> bool:
        """Whether the user has just said something of that session: what follows from it is no news."""
        return isinstance(self._told, Message) and self._told.order == handle

    def seen(self, handle: Handle) -> bool:
        """That session was picked; whether it was news."""
        if handle not in self._news:
            return False
        self._news.remove(handle)
        return True

    def first_news(self) -> Handle | None:
        """The one to show; with it all are told."""
        first = self._news[0] if self._news else None
        self._news.clear()
        return first

    def hide(self, notices: Iterable[SessionConsoleError]) -> None:
        """The answer is read; where there is none, the notices are."""
        if self.told is None:
            self._hidden.update(type(notice) for notice in notices)
        self.answer(None)

    def unread(self, notices: Iterable[SessionConsoleError]) -> Sequence[SessionConsoleError]:
        """The notices that nobody has hidden."""
        return [notice for notice in notices if type(notice) not in self._hidden]
