"""The page of the list: rail, top, banner, table or what stands in its place, messages, details."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from sessionconsole.ui.details.pane import DetailsPane
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.parts import frame
from sessionconsole.ui.sessions.model import SessionTableModel
from sessionconsole.ui.sessions.view import SessionTable
from sessionconsole.ui.shell.banner import Banner
from sessionconsole.ui.shell.empty import Empty
from sessionconsole.ui.shell.message_bar import MessageBar
from sessionconsole.ui.shell.rail import Rail
from sessionconsole.ui.shell.top import Top


class ListPage(QWidget):
    """Only puts things in their places; what they show is the presenters' business."""

    refresh_asked = Signal()
    back_asked = Signal()

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
        self.details = DetailsPane(theme)
        self.details.hide()

        self.middle = QStackedWidget()
        self.middle.addWidget(self.table)
        self.middle.addWidget(self.empty)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.banner)
        column.addWidget(self.middle, 1)
        column.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(frame("line", "upright"))
        row.addLayout(column, 1)
        row.addWidget(self.details)
        self.bar.heir = self.banner.heir = self.details.foot.heir = self.table
        self.empty.heir = self.top.search
        self._add_shortcuts()

    @property
    def is_narrow(self) -> bool:
        """Whether the details would take room that the list needs, so that they come only when asked for."""
        return self.width() < self._theme.sizes.px(1200)

    def take_focus(self) -> None:
        """The list, or where it is empty the way to another page."""
        shown = self.middle.currentWidget() is self.table
        (self.table if shown else self.rail.all_sessions).setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rail.fit(self.width())
        self.details.fit(self.width())

    def _add_shortcuts(self) -> None:
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._find)
        refresh = QShortcut(QKeySequence(Qt.Key.Key_F5), self)
        refresh.activated.connect(self.refresh_asked)
        back = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        back.activated.connect(self.back_asked)

    def _find(self) -> None:
        self.top.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top.search.selectAll()
