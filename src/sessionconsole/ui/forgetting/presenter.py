"""Carries the wish to forget a person to the use case, after a question that says what it means."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.domain.sessions import Person
from sessionconsole.services.states import Presence, Row
from sessionconsole.ui.console import Console
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.tasks import Tasks

_ASK, _FORGET = "ask about forgetting", "forget a person"


class ForgettingPresenter(QObject):
    """One for the life of the window; `told` has a message, or the error by which nothing was removed."""

    told = Signal(object)

    def __init__(self, console: Console, tasks: Tasks, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._console, self._tasks, self._theme, self._window = console, tasks, theme, window
        tasks.failed.connect(self._failed)

    @Slot(object)
    def ask(self, row: Row) -> None:
        """Ask whether the person of that row shall be forgotten."""
        self._tasks.start(_ASK, partial(self._ask, row.session.person), if_idle=True)

    async def _ask(self, person: Person) -> None:
        from sessionconsole.ui.ending.question import Question, answered
        from sessionconsole.ui.forgetting.words import title, what_happens

        first, *more = what_happens(person, listed=self._listed(person), is_me=self._is_me(person))
        question = Question(
            self._theme, self._window, title(person), first, "Forget", "Cancel", more=more, alarming=True
        )
        if await answered(question) == Question.DialogCode.Accepted:
            self._tasks.start(_FORGET, partial(self._forget, person), if_idle=True, finish=True)

    async def _forget(self, person: Person) -> None:
        from sessionconsole.services.forgetting import Stored
        from sessionconsole.ui.forgetting.words import forgotten

        record = self._console.signing_in.state.value.record
        if record is None:
            return
        removed = await self._console.forgetting.forget(Stored(record.platform, person))
        self.told.emit(forgotten(person, removed, listed=self._listed(person)))

    def _listed(self, person: Person) -> int:
        rows = self._console.watching.state.value.rows
        return sum(
            row.session.person.account == person.account and row.presence is not Presence.DEPARTED
            for row in rows
        )

    def _is_me(self, person: Person) -> bool:
        record = self._console.signing_in.state.value.record
        return record is not None and record.account == person.account

    @Slot(str, object)
    def _failed(self, key: str, error: SessionConsoleError) -> None:
        if key == _FORGET:
            self.told.emit(error)
