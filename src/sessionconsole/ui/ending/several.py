"""Ending many at once: the preview that is agreed to, and how far its orders have come."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.domain.sessions import Handle
from sessionconsole.services.states import Link, OrdersState
from sessionconsole.ui.console import Console
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.sessions.times import short_moment
from sessionconsole.ui.sessions.wording import Setting
from sessionconsole.ui.tasks import Tasks

if TYPE_CHECKING:
    from sessionconsole.domain.bulk import Bulk, Wish
    from sessionconsole.ui.ending.preview import Preview
    from sessionconsole.ui.ending.progress import Progress

IDLE_DAYS = 30
"""What the preview for idle sessions begins with."""

MANY = 20
"""So many open orders, of an earlier run or a command, are shown as one work."""

_PREVIEW, _CHOOSE, _ORDER, _TAKE_BACK, _NOT_GONE = (
    "preview of many",
    "choose many",
    "wish to end many",
    "wish to take many back",
    "what did not go",
)


class SeveralPresenter(QObject):
    """One for the life of the window; `refused(error)` where nothing was ordered, `changed` when more is known."""

    refused = Signal(object)
    changed = Signal()

    def __init__(self, console: Console, tasks: Tasks, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._console, self._tasks, self._theme, self._window = console, tasks, theme, window
        self._ids: Collection[str] = ()
        self._known = 0
        self._expected: frozenset[Handle] = frozenset()
        self._orders: OrdersState | None = None
        self._progress: Progress | None = None
        self._days = IDLE_DAYS
        tasks.failed.connect(self._failed)

    # ---------------------------------------------------------------------------------------- wishes

    @Slot()
    def ask_others(self) -> None:
        """Show what ending all others would do."""
        from sessionconsole.domain.bulk import Others

        self.ask(Others())

    @Slot()
    def ask_idle(self) -> None:
        """Show what ending those that were not used for long would do; how long is chosen there."""
        from sessionconsole.domain.bulk import IdleLonger

        self.ask(IdleLonger(self._days))

    def ask_picked(self, handles: Collection[Handle]) -> None:
        """Show what ending these would do."""
        from sessionconsole.domain.bulk import Picked

        self.ask(Picked(frozenset(handles)))

    def ask(self, wish: Wish) -> None:
        """Show what the wish comes to; nothing is ordered without a yes to that."""
        self._tasks.start(_PREVIEW, partial(self._ask, wish), if_idle=True)

    def take_back(self) -> None:
        """Take back whatever was not sent yet."""
        from sessionconsole.ui.ending.progress import may_be_taken_back

        ids = may_be_taken_back(self._ids, self._console.ending.state.value)
        self._tasks.start(_TAKE_BACK, partial(self._console.ending.take_back, ids), if_idle=True, finish=True)

    def show_not_gone(self) -> None:
        """Show which sessions did not go; after that there is nothing more to say of this work."""
        self._tasks.start(_NOT_GONE, self._show_not_gone, if_idle=True)

    def put_away(self) -> None:
        """The summary was read."""
        if self._progress is not None and self._progress.is_over:
            self._ids, self._progress = (), None
            self.changed.emit()

    # ---------------------------------------------------------------------------------------- states

    def progress(self, orders: OrdersState) -> Progress | None:
        """How far the work has come by this state; None where there is none, or its summary was put away."""
        if orders is not self._orders:
            self._orders = orders
            self._adopt(orders)
        elif self._progress is None or not self._progress.held:
            return self._progress
        self._progress = self._count(orders) if self._ids else None
        return self._progress

    def _adopt(self, orders: OrdersState) -> None:
        """Many open orders that nobody here has given are a work all the same, which can be watched and stopped."""
        came, self._known = len(orders.orders) - self._known, len(orders.orders)
        if came > 0 and self._expected:
            given = [order for order in orders.orders.values() if order.handle in self._expected]
            self._take(order.id for order in given if order.is_open)
            return
        if came <= 0 or self._ids:
            return
        still_open = frozenset(order.id for order in orders.orders.values() if order.is_open)
        if len(still_open) >= MANY:
            self._ids = still_open

    # ---------------------------------------------------------------------------------------- inside

    async def _ask(self, wish: Wish) -> None:
        from sessionconsole.ui.ending.question import answered

        bulk = await self._choose(wish)
        preview = self._preview(wish)
        preview.show_bulk(wish, bulk)
        preview.days_changed.connect(self._days_asked)
        self._open = preview
        if await answered(preview) == preview.DialogCode.Accepted:
            order = partial(self._order, preview.wish, preview.bulk)
            self._tasks.start(_ORDER, order, if_idle=True, finish=True)

    def _preview(self, wish: Wish) -> Preview:
        from sessionconsole.ui.ending.bulk_words import age_of_the_list
        from sessionconsole.ui.ending.preview import Preview

        state, now, zone = self._console.watching.state.value, self._console.clock.now(), self._console.zone
        old = state.link is not Link.LIVE and state.taken_at is not None
        since = short_moment(state.taken_at, now, zone) if old and state.taken_at is not None else ""
        setting = Setting(now, zone, old, state.taken_at)
        age = age_of_the_list(since, wish) if since else ""
        return Preview(self._theme, self._window, wish, setting, state.about, age)

    @Slot(int)
    def _days_asked(self, days: int) -> None:
        from sessionconsole.domain.bulk import IdleLonger

        self._days = days
        self._tasks.start(_CHOOSE, partial(self._choose_again, self._open, IdleLonger(days)))

    async def _choose_again(self, preview: Preview, wish: Wish) -> None:
        bulk = await self._choose(wish)
        if preview.isVisible():
            preview.show_bulk(wish, bulk)

    async def _choose(self, wish: Wish) -> Bulk:
        from sessionconsole.services.bulk import chosen

        console = self._console
        state, orders = console.watching.state.value, console.ending.state.value
        return await asyncio.to_thread(chosen, state, orders, wish, self._own_account)

    async def _order(self, wish: Wish, seen: Bulk) -> None:
        from sessionconsole.services.bulk import agreed

        console = self._console
        state, orders = console.watching.state.value, console.ending.state.value
        handles: Sequence[Handle] = await asyncio.to_thread(
            agreed, seen, state, orders, wish, self._own_account
        )
        # Known before they are there, so that the first word about them is about all of them.
        self._expected = frozenset(handles)
        try:
            given = await console.ending.order(handles, pass_over_gone=True)
        finally:
            self._expected = frozenset()
        self._take(order.id for order in given)
        self._orders = None
        self.changed.emit()

    def _take(self, ids: Iterable[str]) -> None:
        """These belong to the work; what an earlier one has left to do goes on with them."""
        going_on = self._progress is not None and not self._progress.is_over
        self._ids = frozenset(ids).union(self._ids if going_on else ())
        if self._ids:
            self._progress = self._count(self._console.ending.state.value)

    def _count(self, orders: OrdersState) -> Progress:
        from sessionconsole.ui.ending.progress import progress

        return progress(self._ids, orders, self._console.clock.monotonic())

    async def _show_not_gone(self) -> None:
        from sessionconsole.ui.ending.preview import NotGone
        from sessionconsole.ui.ending.progress import did_not_go, summary
        from sessionconsole.ui.ending.question import answered

        orders = self._console.ending.state.value
        line = summary(self._count(orders))
        await answered(NotGone(self._theme, self._window, did_not_go(self._ids, orders), line))
        self.put_away()

    @property
    def _own_account(self) -> str:
        record = self._console.signing_in.state.value.record
        return record.account if record is not None else ""

    @Slot(str, object)
    def _failed(self, key: str, error: SessionConsoleError) -> None:
        if key in (_ORDER, _TAKE_BACK, _PREVIEW):
            self.refused.emit(error)
