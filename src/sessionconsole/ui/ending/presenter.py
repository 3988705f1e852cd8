"""Carries the wish to end a session, and what takes it back, to the use case; asks the few questions."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.domain.orders import Order
from sessionconsole.domain.sessions import Handle
from sessionconsole.services.states import OrdersState, Row
from sessionconsole.ui.console import Console
from sessionconsole.ui.ending.several import SeveralPresenter
from sessionconsole.ui.look.plain import isolated
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.sessions.orders import Action, ShownOrder
from sessionconsole.ui.sessions.times import moment
from sessionconsole.ui.sessions.wording import device_in_words
from sessionconsole.ui.tasks import Tasks

if TYPE_CHECKING:
    from sessionconsole.ui.ending.question import Question

_OWN, _ASK, _PROVE = "end this console", "ask about old orders", "prove who it is"
_WISH = "wish "


def in_sentence(words: str) -> str:
    """ "today 14:00" within a sentence; a weekday or month keeps its capital."""
    return words[:1].lower() + words[1:] if words.startswith(("Today", "Tonight")) else words


class EndingPresenter(QObject):
    """One for the life of the window; `refused(error)` is told where an order could not be given."""

    refused = Signal(object)

    def __init__(self, console: Console, tasks: Tasks, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._console, self._tasks, self._theme, self._window = console, tasks, theme, window
        self._numbers = count(1)
        self._put_off: set[str] = set()
        self._proof_put_off: SessionConsoleError | None = None
        self.several = SeveralPresenter(console, tasks, theme, window)
        self.several.refused.connect(self.refused)
        self._stop = console.ending.state.subscribe(self._orders_changed)
        tasks.failed.connect(self._failed)
        tasks.changed.connect(self._task_changed)

    def close(self) -> None:
        """Hear nothing more."""
        self._stop()

    def act(self, action: Action, row: Row, order: ShownOrder | None) -> None:
        """Do what the button of a row says."""
        match action:
            case Action.END | Action.END_AGAIN:
                self._proof_put_off = None
                self._wish(partial(self._console.ending.order, [row.session.handle]))
            case Action.END_THIS_CONSOLE:
                self._tasks.start(_OWN, partial(self._end_own, row.session.handle), if_idle=True)
            case Action.UNDO if order is not None:
                self._wish(partial(self._console.ending.undo, order.order.id))
            case Action.WITHDRAW if order is not None:
                self._wish(partial(self._console.ending.withdraw, order.order.id))

    def undo(self, order_id: str) -> None:
        """Take a held order back."""
        self._wish(partial(self._console.ending.undo, order_id))

    def ask_again(self) -> None:
        """Put the questions once more that were put off."""
        self._put_off.clear()
        self._proof_put_off = None
        self._orders_changed(self._console.ending.state.value)

    def _wish(self, function: Callable[[], Coroutine[Any, Any, object]]) -> None:
        # Each click is an order of its own: none may replace another, and none is dropped at the end.
        self._tasks.start(f"{_WISH}{next(self._numbers)}", function, finish=True)

    async def _end_own(self, handle: Handle) -> None:
        from sessionconsole.ui.ending.question import Question, answered

        question = Question(
            self._theme,
            self._window,
            "End this console?",
            "You will be signed out here.",
            "End this console",
            "Cancel",
            alarming=True,
        )
        if await answered(question) == Question.DialogCode.Accepted:
            await self._console.ending.order([handle])

    def _orders_changed(self, state: OrdersState) -> None:
        if any(order.id not in self._put_off for order in state.asks):
            self._tasks.start(_ASK, self._ask_about_old, if_idle=True)
        asked = state.reauthentication
        if asked is not None and asked is not self._proof_put_off:
            self._tasks.start(_PROVE, partial(self._prove, asked), if_idle=True)

    async def _ask_about_old(self) -> None:
        from sessionconsole.ui.ending.question import Question, answered

        while True:
            waiting = [o for o in self._console.ending.state.value.asks if o.id not in self._put_off]
            if not waiting:
                return
            order = waiting[0]
            self._put_off.add(order.id)
            result = await answered(self._old_order_question(order))
            if result == Question.DialogCode.Accepted:
                await self._console.ending.confirm(order.id)
            elif result == Question.NO:
                await self._console.ending.withdraw(order.id)

    def _old_order_question(self, order: Order) -> Question:
        from sessionconsole.ui.ending.question import Question

        clock = self._console.clock
        since = in_sentence(moment(order.ordered_at, clock.now(), self._console.zone))
        who = f"End {isolated(order.facts.person.shown)}, {isolated(device_in_words(order.facts.device))}."
        return Question(
            self._theme,
            self._window,
            f"This order is from {since}. Send it now?",
            who,
            "Send",
            "Withdraw",
        )

    async def _prove(self, asked: SessionConsoleError) -> None:
        from sessionconsole.ui.ending.proof_dialog import ProofDialog

        dialog = ProofDialog(self._theme, self._window, asked)
        try:
            while (given := await dialog.given()) is not None:
                try:
                    await self._console.ending.reauthenticate(*given)
                except SessionConsoleError as error:
                    dialog.refuse(error)
                else:
                    return
            self._proof_put_off = asked
        finally:
            dialog.close()
            dialog.deleteLater()

    @Slot(str)
    def _task_changed(self, key: str) -> None:
        if key in (_ASK, _PROVE) and not self._tasks.is_running(key):
            self._orders_changed(self._console.ending.state.value)

    @Slot(str, object)
    def _failed(self, key: str, error: SessionConsoleError) -> None:
        if key.startswith(_WISH) or key in (_OWN, _ASK):
            self.refused.emit(error)
