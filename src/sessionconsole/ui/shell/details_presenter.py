"""Keeps the details of the picked row true, and carries what is wished there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.domain.sessions import Handle
from sessionconsole.services.states import ListState, Row
from sessionconsole.ui.console import Console
from sessionconsole.ui.sessions.orders import Action
from sessionconsole.ui.sessions.times import short_moment
from sessionconsole.ui.sessions.wording import Setting
from sessionconsole.ui.shell.list_page import ListPage
from sessionconsole.ui.shell.messages import (
    marked_as_ours,
    not_ours_after_all,
    not_spared_now,
    spared_now,
)
from sessionconsole.ui.tasks import Tasks

if TYPE_CHECKING:
    from sessionconsole.ui.details.pane import DetailsPane

_OURS, _SPARE = "say ours", "spare"


class DetailsPresenter(QObject):
    """One for the life of the window."""

    acted = Signal(str, object)
    """The handle, and the `Action` of the button that was pressed."""
    forget_asked = Signal(object)
    """The `Row` whose person is to be forgotten."""
    told = Signal(object)
    """What there is to say of a wish that was carried out, or could not be."""

    def __init__(self, console: Console, tasks: Tasks, page: ListPage) -> None:
        super().__init__(page)
        self._console, self._tasks, self._page = console, tasks, page
        self._state, self._offline = ListState(), False
        self.undo_seconds = console.settings_file.load().undo_seconds
        page.back_asked.connect(self.close_details)
        page.table.details_asked.connect(self._enter)
        page.details_made.connect(self._attend)
        page.table.forget_asked.connect(self._forget_at)
        page.table.spare_asked.connect(self._spare_at)
        tasks.failed.connect(self._failed)

    @Slot(object)
    def _attend(self, details: DetailsPane) -> None:
        details.close_asked.connect(self.close_details)
        details.foot.acted.connect(self._act)
        details.foot.ours_asked.connect(self._say_ours)
        details.forget_asked.connect(self._forget)
        details.spare_asked.connect(self._spare)

    @Slot()
    def close_details(self) -> None:
        """Pick nothing; who goes by keys stays at the row."""
        self._page.table.clearSelection()
        self._page.table.setFocus()

    def take(self, state: ListState, *, offline: bool) -> None:
        """Show rows of that list from now on; `offline` where it is an old one."""
        self._state, self._offline = state, offline

    def show_details(self) -> None:
        """Show the picked row as it is now, or nothing where none is."""
        page, state, clock = self._page, self._state, self._console.clock
        handle = page.table.current_handle()
        row = page.model.session_row(handle) if handle is not None else None
        there = row is not None and page.model.rowCount() > 0
        if not there and not page.has_details:
            return
        if not there and page.details.isAncestorOf(page.window().focusWidget()):
            page.take_focus()
        page.details.setVisible(there)
        if handle is None or row is None:
            return
        from sessionconsole.ui.details.pane import Detail

        now, zone = clock.now(), self._console.zone
        old = self._offline and state.taken_at is not None
        setting = Setting(now, zone, self._offline, state.taken_at)
        page.details.show_detail(
            Detail(
                row=row,
                setting=setting,
                order=page.model.order_shown(handle),
                about=state.about,
                link=state.link,
                problem=state.problem,
                may_end=state.may_end,
                undo_seconds=self.undo_seconds,
                as_of=short_moment(state.taken_at, now, zone) if old and state.taken_at else "",
            )
        )

    def review(self, row: Row, *, ours: bool) -> None:
        """Say that a session is ours, or take that back."""
        handle = row.session.handle
        self._tasks.start(f"{_OURS} {handle}", partial(self._reviewed, row, ours=ours), finish=True)

    async def _reviewed(self, row: Row, *, ours: bool) -> None:
        reviewing, handle = self._console.reviewing, row.session.handle
        await (reviewing.say_ours(handle) if ours else reviewing.take_back(handle))
        self.told.emit(marked_as_ours(row) if ours else not_ours_after_all(row))

    def spare(self, row: Row, *, spared: bool) -> None:
        """Never end its device in bulk, or take that back."""
        handle = row.session.handle
        self._tasks.start(f"{_SPARE} {handle}", partial(self._spared, row, spared=spared), finish=True)

    async def _spared(self, row: Row, *, spared: bool) -> None:
        sparing, handle = self._console.sparing, row.session.handle
        await (sparing.spare(handle) if spared else sparing.take_back(handle))
        self.told.emit(spared_now(row) if spared else not_spared_now(row))

    @Slot(bool)
    def _spare(self, spared: bool) -> None:
        detail = self._page.details.detail
        if detail is not None:
            self.spare(detail.row, spared=spared)

    @Slot(str, bool)
    def _spare_at(self, handle: str, spared: bool) -> None:
        row = self._page.model.session_row(Handle(handle))
        if row is not None:
            self.spare(row, spared=spared)

    @Slot()
    def _enter(self) -> None:
        if self._page.has_details and self._page.details.isVisible():
            self._page.details.take_focus()

    @Slot(object)
    def _act(self, action: Action) -> None:
        detail = self._page.details.detail
        if detail is not None:
            self.acted.emit(detail.row.session.handle, action)

    @Slot(bool)
    def _say_ours(self, ours: bool) -> None:
        detail = self._page.details.detail
        if detail is not None:
            self.review(detail.row, ours=ours)

    @Slot()
    def _forget(self) -> None:
        detail = self._page.details.detail
        if detail is not None:
            self.forget_asked.emit(detail.row)

    @Slot(str)
    def _forget_at(self, handle: str) -> None:
        row = self._page.model.session_row(Handle(handle))
        if row is not None:
            self.forget_asked.emit(row)

    @Slot(str, object)
    def _failed(self, key: str, error: SessionConsoleError) -> None:
        if key.startswith((_OURS, _SPARE)):
            self.told.emit(error)
