"""The page of the list: rail, top, banner, table or what stands in its place, messages, details."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from sessionconsole.ui.details.room import width_in
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.parts import frame
from sessionconsole.ui.sessions.columns import Col
from sessionconsole.ui.sessions.model import SessionTableModel
from sessionconsole.ui.sessions.view import SessionTable
from sessionconsole.ui.shell.banner import Banner
from sessionconsole.ui.shell.empty import Empty
from sessionconsole.ui.shell.message_bar import MessageBar
from sessionconsole.ui.shell.rail import Rail
from sessionconsole.ui.shell.top import Top

if TYPE_CHECKING:
    from sessionconsole.ui.details.pane import DetailsPane
    from sessionconsole.ui.journal.page import JournalPage
    from sessionconsole.ui.shell.selection_bar import SelectionBar

_SIDE_BY_SIDE = 748
"""From this width on, in px, list and details find room beside each other."""


class ListPage(QWidget):
    """Only puts things in their places; what they show is the presenters' business.

    In a very narrow window the details take the place of the list: Enter or a click on the row brings them, Escape the
    list again, and the arrow keys go through the list as everywhere.
    """

    refresh_asked = Signal()
    back_asked = Signal()
    selection_made = Signal(object)
    """The `SelectionBar`, before it shows anything."""
    details_made = Signal(object)
    """The `DetailsPane`, before it shows anything."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rail = Rail(theme)
        self.top = Top(theme)
        self.banner = Banner(theme)
        self.model = SessionTableModel(parent=self)
        self.table = SessionTable(theme, self.model)
        self.empty = Empty(theme)
        self.bar = MessageBar(theme)
        self._entered = False
        self._instead: JournalPage | None = None

        self.middle = QStackedWidget()
        self.middle.addWidget(self.table)
        self.middle.addWidget(self.empty)
        self._over = QWidget()
        over = self._over_bar = QVBoxLayout(self._over)
        over.setContentsMargins(0, 0, 0, 0)
        over.setSpacing(0)
        over.addWidget(self.top)
        over.addWidget(self.banner)
        over.addWidget(self.middle, 1)
        self._list = QWidget()
        column = self._column = QVBoxLayout(self._list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._over, 1)
        column.addWidget(self.bar)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(frame("line", "upright"))
        row.addWidget(self._list, 1)
        row.addWidget(self._side)
        self.bar.heir = self.banner.heir = self.table
        self.empty.heir = self.top.search
        self.table.details_asked.connect(self._enter)
        self.table.clicked.connect(self._clicked)
        self.rail.page_asked.connect(self._leave)
        self._add_shortcuts()

    @cached_property
    def details(self) -> DetailsPane:
        """Made when they are first needed: the list is on the screen sooner without them."""
        from sessionconsole.ui.details.pane import DetailsPane

        details = DetailsPane(self._theme)
        details.hide()
        details.fit(self.width(), alone=self.is_very_narrow)
        details.foot.heir = self.table
        details.installEventFilter(self)
        layout = self._side.layout()
        assert layout is not None
        layout.addWidget(details)
        self._side.setMinimumWidth(0)
        self.details_made.emit(details)
        return details

    @property
    def has_details(self) -> bool:
        """Whether the details were needed yet."""
        return "details" in self.__dict__

    @cached_property
    def selection(self) -> SelectionBar:
        """Made when several sessions are first picked."""
        from sessionconsole.ui.shell.selection_bar import SelectionBar

        bar = SelectionBar(self._theme)
        bar.heir = self.table
        self._over_bar.addWidget(bar)
        QWidget.setTabOrder(self.table, bar.clear)
        QWidget.setTabOrder(bar.clear, bar.end)
        self.selection_made.emit(bar)
        return bar

    def show_selection(self, count: int) -> None:
        """Offer what can be done with several picked sessions; below the list, so that no row moves."""
        if count > 1 or "selection" in self.__dict__:
            self.selection.show_count(count)

    def keep_room(self) -> None:
        """Leave free what the details will take beside the list, so that nothing moves when they come."""
        if not self.has_details and not self.is_narrow:
            self._side.setMinimumWidth(width_in(self.width(), self._theme.sizes))

    @property
    def is_narrow(self) -> bool:
        """Whether the details would take room that the list needs, so that they come only when asked for."""
        return self.width() < self._theme.sizes.px(1200)

    @property
    def is_very_narrow(self) -> bool:
        """Whether the details take the place of the list."""
        return self.width() < self._theme.sizes.px(_SIDE_BY_SIDE)

    def show_instead(self, page: JournalPage | None) -> None:
        """Show that page beside the rail, with the messages below it; None for list and details again."""
        if self._instead is not None and self._instead is not page:
            self._instead.hide()
        self._instead = page
        if page is not None:
            if self._column.indexOf(page) < 0:
                self._column.insertWidget(0, page, 1)
            page.show()
        self.bar.heir = page.table if page is not None else self.table
        self._arrange()

    @property
    def is_elsewhere(self) -> bool:
        """Whether another page stands in the place of the list."""
        return self._instead is not None

    def take_focus(self) -> None:
        """The list, or where it is empty the way to another page."""
        self._leave()
        shown = self.middle.currentWidget() is self.table
        (self.table if shown else self.rail.current).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_list(self, *, there: bool) -> None:
        """Show the list or what stands in its place; whoever stood on the one goes on at the other."""
        stood_on = self.window().focusWidget()
        self.middle.setCurrentWidget(self.table if there else self.empty)
        if not there and stood_on is self.table:
            heir = self.rail.current if self.empty.button.isHidden() else self.empty.button
            heir.setFocus(Qt.FocusReason.OtherFocusReason)
        elif there and stood_on is self.empty.button:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rail.fit(self.width())
        if self.has_details:
            self.details.fit(self.width(), alone=self.is_very_narrow)
        self._arrange()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.HideToParent:
            self._leave()
        return False

    @Slot()
    def _enter(self) -> None:
        self._entered = True
        self._arrange()

    @Slot()
    def _leave(self) -> None:
        self._entered = False
        self._arrange()

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex | QPersistentModelIndex) -> None:
        # End is pressed from the list without leaving it
        if self.is_very_narrow and index.column() != Col.END:
            self._enter()
            self.details.take_focus()

    def _arrange(self) -> None:
        there = self.has_details and self.details.isVisibleTo(self._side)
        elsewhere = self._instead is not None
        instead = self.is_very_narrow and self._entered and there and not elsewhere
        stands_inside = there and self.details.isAncestorOf(self.window().focusWidget())
        self._side.setVisible((instead or not self.is_very_narrow) and not elsewhere)
        self._over.setVisible(not elsewhere)
        self._list.setVisible(not instead)
        if stands_inside and self._side.isHidden():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.has_details:
            self.details.foot.heir = self.details.close_button if instead else self.table

    def _add_shortcuts(self) -> None:
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._find)
        refresh = QShortcut(QKeySequence(Qt.Key.Key_F5), self)
        refresh.activated.connect(self.refresh_asked)
        back = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        back.activated.connect(self.back_asked)

    def _find(self) -> None:
        if self._instead is not None:
            self._instead.begin_search()
            return
        self._leave()
        self.top.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top.search.selectAll()
