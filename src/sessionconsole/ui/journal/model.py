"""The rows of the journal for the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from sessionconsole.ui.journal.words import Shown, told
from sessionconsole.ui.look.labels import tooltip
from sessionconsole.ui.look.plain import shown

COLUMNS = ("When", "What", "Person", "Device", "By")

TONE = Qt.ItemDataRole.UserRole
"""The name of a colour of the theme, None for the usual one."""

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_WHAT = 1


class JournalModel(QAbstractTableModel):
    """Whatever came from a platform is inert before it gets here into a cell."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Shown, ...] = ()

    def show_rows(self, rows: Sequence[Shown]) -> None:
        """Show these, where they are others; new ones on top leave the rest, and so the current row, where it is."""
        rows, before = tuple(rows), self._rows
        more = len(rows) - len(before)
        if rows == before:
            return
        if before and more > 0 and rows[more:] == before:
            self.beginInsertRows(QModelIndex(), 0, more - 1)
            self._rows = rows
            self.endInsertRows()
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(row.cells[column])
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(told(row) if column <= _WHAT else row.cells[column])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return shown(told(row) if column == 0 else row.cells[column])
        if role == TONE and column == _WHAT:
            return "good" if row.good else "alarm" if row.bad else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        across = orientation == Qt.Orientation.Horizontal
        return COLUMNS[section] if across and role == Qt.ItemDataRole.DisplayRole else None
