"""The header of the session table: quiet words, an eye for the mark, a chevron at what is sorted."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QHeaderView, QWidget

from sessionconsole.ui.announcing import announce
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.look.viewport import viewport
from sessionconsole.ui.sessions.columns import COLUMNS, Col
from sessionconsole.ui.sessions.delegate import CELL_PADDING, DEVICE_TEXT_AT, MARK_AT
from sessionconsole.ui.sessions.model import SessionTableModel
from sessionconsole.ui.sessions.text_cache import TextCache

HEIGHT = 32


class SessionHeader(QHeaderView):
    """Sorts by what is clicked: times newest first, again for the other way round."""

    def __init__(self, theme: Theme, model: SessionTableModel, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._model = model
        self.setViewport(viewport(QPalette.ColorRole.Button))
        self.viewport().setMouseTracking(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionsMovable(False)
        self.setMinimumSectionSize(1)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sectionClicked.connect(self.sort_by)
        self._take_theme()
        theme.changed.connect(self._take_theme)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.sizes.px(HEIGHT))

    @Slot()
    def _take_theme(self) -> None:
        self._words = TextCache(self._theme.font(self._theme.sizes.small))
        self.viewport().update()

    @Slot(int)
    def sort_by(self, section: int) -> None:
        """Sort by that column, or by the same one the other way round, and say so."""
        column = COLUMNS[section]
        if column.id is Col.END:
            return
        sorted_by, order = self._model.sort_column
        up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        first = down if column.newest_first else up
        if sorted_by is column.id:
            first = down if order == up else up
        self._model.sort(column.id, first)
        usual = first == (down if column.newest_first else up)
        announce(self, f"Sorted by {column.title}." if usual else f"Sorted by {column.title}, reversed.")

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        px, tokens = self._theme.sizes.px, self._theme.tokens
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.fillRect(rect, QColor(tokens.surface))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(tokens.hair))
        column = COLUMNS[section]
        sorted_by, order = self._model.sort_column
        is_sorted = sorted_by is column.id
        if column.id is Col.MARK:
            self._icon(painter, rect, "eye", px(MARK_AT + 1), 18, mirrored)
            if is_sorted:
                self._icon(
                    painter, rect, _chevron(column.newest_first, order), px(MARK_AT + 19), 11, mirrored
                )
            return
        lead = px(DEVICE_TEXT_AT if column.id is Col.DEVICE else CELL_PADDING)
        room = max(0, rect.width() - lead - px(CELL_PADDING + (14 if is_sorted else 0)))
        text = self._words.cut(column.title, room)
        left = rect.right() + 1 - lead - text.width if mirrored else rect.left() + lead
        metrics = self._words.metrics
        baseline = rect.top() + (rect.height() + metrics.ascent() - metrics.descent()) // 2
        painter.setFont(self._words.font)
        painter.setPen(QColor(tokens.text if is_sorted else tokens.text2))
        painter.setLayoutDirection(text.direction)
        painter.drawText(QPointF(left, baseline), text.text)
        if is_sorted:
            at = lead + text.width + px(3)
            self._icon(painter, rect, _chevron(column.newest_first, order), at, 11, mirrored)

    def _icon(self, painter: QPainter, rect: QRect, name: str, at: int, size: int, mirrored: bool) -> None:
        pixmap = self._theme.pixmap(name, "text", size, painter.device().devicePixelRatioF())
        side = self._theme.sizes.px(size)
        left = rect.right() + 1 - at - side if mirrored else rect.left() + at
        painter.drawPixmap(QPoint(left, rect.top() + (rect.height() - side) // 2), pixmap)


def _chevron(newest_first: bool, order: Qt.SortOrder) -> str:
    """Down where the usual first click of the column is shown, up for the other way round."""
    usual = Qt.SortOrder.DescendingOrder if newest_first else Qt.SortOrder.AscendingOrder
    return "chevron-down" if order == usual else "chevron-up"
