"""The table of the journal on screen: for reading only."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from sessionconsole.ui.journal.model import TONE, Index, JournalModel
from sessionconsole.ui.look.theme import Theme, set_role

ROW_HEIGHT, HEADER_HEIGHT = 36, 32

_SHARES = (18, 28, 20, 18, 22)
"""How the width is divided among the columns, in parts."""


class _Cells(QStyledItemDelegate):
    """One line per cell, in a colour of the theme."""

    def __init__(self, theme: Theme, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, self._theme.sizes.px(ROW_HEIGHT))

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        tone = index.data(TONE)
        tokens = self._theme.tokens
        words = QColor(
            getattr(tokens, tone) if tone else tokens.text if index.column() == 1 else tokens.text2
        )
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
            option.palette.setColor(role, words)
        option.palette.setColor(QPalette.ColorRole.Highlight, QColor(tokens.selected))
        option.state &= ~QStyle.StateFlag.State_HasFocus  # the view rings the whole row


class JournalTable(QTableView):
    """Arrow keys and Page Up and Down go through it."""

    def __init__(self, theme: Theme, model: JournalModel) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Journal entries")
        self.setModel(model)
        self.setItemDelegate(_Cells(theme, self))
        header = self.horizontalHeader()
        set_role(header, "quiet")
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width, parts = self.viewport().width(), sum(_SHARES)
        for column, share in enumerate(_SHARES):
            self.setColumnWidth(column, width * share // parts)

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

    @Slot()
    def _take_theme(self) -> None:
        sizes = self._theme.sizes
        self.verticalHeader().setDefaultSectionSize(sizes.px(ROW_HEIGHT))
        self.horizontalHeader().setFixedHeight(sizes.px(HEADER_HEIGHT))
        self.viewport().update()
