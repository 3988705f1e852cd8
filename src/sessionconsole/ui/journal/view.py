"""The table of the journal on screen: for reading only."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from sessionconsole.ui.journal.model import TONE, Index, JournalModel
from sessionconsole.ui.look.tables import QuietHeader, make_plain
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.sessions.text_cache import TextCache

ROW_HEIGHT = 36
EDGE, PADDING = 16, 6

_SHARES = {1: 28, 2: 20, 3: 18, 4: 22}
"""How the width beside the time is divided among the other columns, in parts."""

_LEAST = {3: 660, 4: 480}
"""From which width on, in px, device and who did it are shown."""

_LONGEST_TIME = "28 Nov 2026"


def lead_in(column: int) -> int:
    """How far in the words of a column begin, in px."""
    return EDGE if column == 0 else PADDING


class _Cells(QStyledItemDelegate):
    """One line per cell, in a colour of the theme."""

    def __init__(self, theme: Theme, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view
        self.take_theme()

    def take_theme(self) -> None:
        """Measure and paint in the font of the theme."""
        self.texts = TextCache(self._theme.font(self._theme.sizes.body))

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, self._theme.sizes.px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens, rect, column = self._theme.tokens, option.rect, index.column()
        selected = self._view.selectionModel().isRowSelected(index.row())
        painter.fillRect(rect, QColor(tokens.selected if selected else tokens.surface))
        tone = index.data(TONE) or ("text" if column == 1 else "text2")
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        lead, trail = (self._theme.sizes.px(inset) for inset in (lead_in(column), PADDING))
        room = rect.adjusted(trail if mirrored else lead, 0, -(lead if mirrored else trail), 0)
        words = self.texts.cut(str(index.data()), max(0, room.width()))
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        across = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self.texts.font)
        painter.setPen(QColor(getattr(tokens, tone)))
        painter.setLayoutDirection(words.direction)
        painter.drawText(room, int(across | Qt.TextFlag.TextSingleLine), words.text)


class JournalTable(QTableView):
    """Arrow keys and Page Up and Down go through it."""

    def __init__(self, theme: Theme, model: JournalModel) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Journal entries")
        self.setModel(model)
        self._cells = _Cells(theme, self)
        self.setItemDelegate(self._cells)
        make_plain(self)
        self.setHorizontalHeader(QuietHeader(theme, lambda column: theme.sizes.px(lead_in(column))))
        self.horizontalHeader().setVisible(True)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        tokens, width = self._theme.tokens, self.viewport().width()
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first >= 0:
            last = last if last >= 0 else self.model().rowCount() - 1
            for row in range(first, last + 1):
                bottom = self.rowViewportPosition(row) + self.rowHeight(row) - 1
                painter.fillRect(0, bottom, width, 1, QColor(tokens.rowline))
        current = self.currentIndex()
        if self.hasFocus() and current.isValid():
            top = self.rowViewportPosition(current.row())
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.drawRect(1, top + 1, width - 2, self.rowHeight(current.row()) - 3)
        painter.end()

    def _share_width(self) -> None:
        """The time is always there whole; in a narrow window the device goes first, then who did it."""
        px, width = self._theme.sizes.px, self.viewport().width()
        hidden = {column for column, least in _LEAST.items() if width < px(least)}
        for column in _LEAST:
            self.setColumnHidden(column, column in hidden)
        when = self._cells.texts.metrics.horizontalAdvance(_LONGEST_TIME) + px(EDGE + 3 * PADDING)
        self.setColumnWidth(0, when)
        parts = sum(share for column, share in _SHARES.items() if column not in hidden)
        for column, share in _SHARES.items():
            self.setColumnWidth(column, (width - when) * share // parts)

    @Slot()
    def _take_theme(self) -> None:
        sizes = self._theme.sizes
        self._cells.take_theme()
        self.verticalHeader().setDefaultSectionSize(sizes.px(ROW_HEIGHT))
        self.viewport().update()
