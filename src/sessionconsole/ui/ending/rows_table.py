"""A plain table of words for dialogs: as many rows as there are, made only when they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStyle, QTableView

from sessionconsole.ui.look.labels import tooltip
from sessionconsole.ui.look.plain import shown
from sessionconsole.ui.look.tables import QuietHeader, make_plain
from sessionconsole.ui.look.theme import Theme

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class WordColumn(Generic[T]):
    """One column: its title, and what it says of an item; `parts` is its share of the width."""

    title: str
    words: Callable[[T], str]
    parts: int = 2


class RowsModel(QAbstractTableModel):
    """Items and columns that say something of each."""

    def __init__(self) -> None:
        super().__init__()
        self._items: Sequence[Any] = ()
        self._columns: Sequence[WordColumn[Any]] = ()

    def show(self, items: Sequence[T], columns: Sequence[WordColumn[T]]) -> None:
        """Show these instead of what was shown."""
        self.beginResetModel()
        self._items, self._columns = items, columns
        self.endResetModel()

    @property
    def columns(self) -> Sequence[WordColumn[Any]]:
        """What is said of each item."""
        return self._columns

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        words = self._columns[index.column()].words(self._items[index.row()])
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _as_one(shown(words))
            case Qt.ItemDataRole.AccessibleTextRole:
                return shown(words)
            case Qt.ItemDataRole.ToolTipRole:
                return tooltip(words)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        told = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._columns[section].title if told and section < len(self._columns) else None


def _as_one(words: str) -> str:
    """In a mirrored window "3 min ago" would read "min ago 3": words keep the direction that they begin with."""
    mirrored = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    return f"\u2068{words}\u2069" if mirrored else words


class RowsTable(QTableView):
    """Shows them; nothing in it can be changed or chosen."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._rows = RowsModel()
        self.setModel(self._rows)
        self.setAccessibleName(name)
        make_plain(self)
        self._row_height = theme.sizes.px(26)
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(self._row_height)
        rows.setDefaultSectionSize(self._row_height)
        self.setHorizontalHeader(QuietHeader(theme, self._lead))
        self.horizontalHeader().setVisible(True)

    def show_rows(self, items: Sequence[T], columns: Sequence[WordColumn[T]]) -> None:
        """Show these, from the top."""
        self._rows.show(items, columns)
        self._lay_out()
        self.scrollToTop()

    def height_for(self, rows: int) -> int:
        """What so many rows need, in px, with the header."""
        return self.horizontalHeader().sizeHint().height() + rows * self._row_height + 2

    def _lead(self, _column: int) -> int:
        # where the style begins the words of a cell
        return self.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, self) + 1

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        columns = self._rows.columns
        total = sum(column.parts for column in columns) or 1
        width = self.viewport().width()
        for number, column in enumerate(columns):
            self.setColumnWidth(number, width * column.parts // total)
