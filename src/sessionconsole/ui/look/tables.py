"""What the tables have in common: no grid, whole rows, and quiet words over the words of the cells."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from sessionconsole.ui.look.theme import Theme

HEADER_HEIGHT = 32


def make_plain(table: QTableView) -> None:
    """Rows of one height that are read and picked whole, without a grid, a frame or a bar below."""
    rows = table.verticalHeader()
    rows.setVisible(False)
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setCornerButtonEnabled(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


class QuietHeader(QHeaderView):
    """The titles of the model's columns; `lead` tells how far in the words of a column begin, in px of the screen."""

    def __init__(self, theme: Theme, lead: Callable[[int], int]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme, self._lead = theme, lead
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.changed.connect(self._take_theme)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.sizes.px(HEADER_HEIGHT))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        tokens, font = self._theme.tokens, self._theme.font(self._theme.sizes.small)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.fillRect(rect, QColor(tokens.surface))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(tokens.hair))
        lead = self._lead(section)
        room = rect.adjusted(0 if mirrored else lead, 0, -lead if mirrored else 0, 0)
        title = str(self.model().headerData(section, Qt.Orientation.Horizontal))
        words = QFontMetrics(font).elidedText(title, Qt.TextElideMode.ElideRight, room.width())
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        across = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font)
        painter.setPen(QColor(tokens.text2))
        painter.drawText(room, int(across | Qt.TextFlag.TextSingleLine), words)

    @Slot()
    def _take_theme(self) -> None:
        self.viewport().update()
