"""The session table's model: rows by handle, sorted and filtered here, changed by the narrowest signals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.sessions import Handle
from sessionconsole.services.states import Row
from sessionconsole.ui.look.labels import tooltip
from sessionconsole.ui.look.plain import shown
from sessionconsole.ui.sessions.columns import COLUMNS, Col, Column, Seen, group
from sessionconsole.ui.sessions.columns_build import Table
from sessionconsole.ui.sessions.orders import Action, ShownOrder, action_of, order_of
from sessionconsole.ui.sessions.transition import in_known_order, transition
from sessionconsole.ui.sessions.wording import THIS_CONSOLE, Lines, Setting, device_in_words, level_word

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Role(IntEnum):
    """What the model tells besides Qt's own roles."""

    HANDLE = Qt.ItemDataRole.UserRole + 1
    ROW = Qt.ItemDataRole.UserRole + 2
    LINES = Qt.ItemDataRole.UserRole + 3
    LEVEL = Qt.ItemDataRole.UserRole + 4
    ACTION = Qt.ItemDataRole.UserRole + 5
    ORDER = Qt.ItemDataRole.UserRole + 6


@dataclass(frozen=True, slots=True)
class RowLook:
    """What holds for a whole row when it is painted."""

    level: Level
    gone: bool
    dimmed: bool
    mark: str | None
    action: Action
    may_end: bool


class SessionTableModel(QAbstractTableModel):
    """Shows one prepared Table; all indexes are by row and column alone, so none can dangle."""

    def __init__(self, zone: tzinfo = UTC, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = Table(zone=zone)
        self._visible: list[Handle] = []
        self._orders: Mapping[Handle, ShownOrder] | None = None
        self._setting = Setting(datetime.fromtimestamp(0, UTC), zone)
        self._sort = (Col.MARK, Qt.SortOrder.AscendingOrder)
        self._text = ""
        self._predicate: Callable[[Row], bool] | None = None
        self._may_end = True
        self._held_still = False
        self._state_in_last_active = False
        self._lines: dict[tuple[Handle, int], Lines] = {}
        self._looks: dict[Handle, RowLook] = {}

    # ---------------------------------------------------------------------------------- what is shown

    def show(self, table: Table, now: datetime) -> None:
        """Show a newly prepared list; what is selected, current or scrolled to stays so."""
        before = self._table
        self._setting = Setting(now, table.zone or self._setting.zone, table.offline, table.as_of)
        self._become(self._held(self._wanted(table), table), table)
        self._tell_changed(before)

    def show_orders(self, orders: Mapping[Handle, ShownOrder]) -> None:
        """Show what became of the orders: only the rows that they touch are told changed."""
        before, self._orders = self._orders, dict(orders)
        touched = {
            handle
            for handle in {*(before or {}), *self._orders}
            if (before or {}).get(handle) != self._orders.get(handle)
        }
        if before is None:
            touched.update(row.session.handle for row in self._table.rows if row.order is not None)
        for handle in touched:
            self._forget_row(handle)
        self._rows_changed(touched)

    def tick(self, now: datetime) -> None:
        """Let time pass: the words that tell it are painted anew."""
        self._setting = Setting(now, self._setting.zone, self._setting.offline, self._setting.as_of)
        ticking = [column.id for column in COLUMNS if column.ticks]
        self._lines = {key: lines for key, lines in self._lines.items() if key[1] not in ticking}
        if self._visible:
            self.dataChanged.emit(
                self.index(0, min(ticking)), self.index(len(self._visible) - 1, max(ticking))
            )

    def set_may_end(self, may_end: bool) -> None:
        """Whether the person may end sessions at all."""
        if may_end != self._may_end:
            self._may_end = may_end
            self._looks.clear()
            self._column_changed(Col.END)

    @property
    def may_end(self) -> bool:
        """Whether the person may end sessions at all."""
        return self._may_end

    def set_state_in_last_active(self, there: bool) -> None:
        """Where the state column has no room, an order's words stand in "Last active"."""
        if there != self._state_in_last_active:
            self._state_in_last_active = there
            self._lines = {key: lines for key, lines in self._lines.items() if key[1] != Col.LAST_ACTIVE}
            self._column_changed(Col.LAST_ACTIVE)

    def hold_still(self, held: bool) -> None:
        """While the pointer is among the rows, a refresh must not move them under it; afterwards they are sorted."""
        if held == self._held_still:
            return
        self._held_still = held
        if not held:
            self._become(self._wanted(self._table), self._table)

    # ------------------------------------------------------------------------------ sorting, filtering

    @property
    def sort_column(self) -> tuple[Col, Qt.SortOrder]:
        """What the rows are sorted by."""
        return self._sort

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sort = (Col(column), order)
        self._become(self._wanted(self._table), self._table)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def set_filter(self, text: str = "", predicate: Callable[[Row], bool] | None = None) -> None:
        """Show only rows that hold every word of the text and of which the predicate is true."""
        self._text, self._predicate = text, predicate
        self._become(self._held(self._wanted(self._table), self._table), self._table)

    # ------------------------------------------------------------------------------------- looking up

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._visible)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def handle_at(self, row: int) -> Handle:
        """The session in a visible row; IndexError outside."""
        return self._visible[row]

    def row_of(self, handle: Handle) -> int | None:
        """Where a session is shown; None where it is not."""
        try:
            return self._visible.index(handle)
        except ValueError:
            return None

    def session_row(self, handle: Handle) -> Row | None:
        """All that is said of a session of the list, shown or filtered away."""
        place = self._table.place_of.get(handle)
        return None if place is None else self._table.rows[place]

    def order_shown(self, handle: Handle) -> ShownOrder | None:
        """The order that the row of that session tells."""
        row = self.session_row(handle)
        return None if row is None else order_of(row, self._orders)

    def lines(self, row: int, column: int) -> Lines:
        """The words of a cell."""
        handle = self._visible[row]
        key = (handle, column)
        kept = self._lines.get(key)
        if kept is None:
            kept = self._lines[key] = self._say(handle, Col(column))
        return kept

    def look(self, row: int) -> RowLook:
        """How a whole row is painted."""
        handle = self._visible[row]
        kept = self._looks.get(handle)
        if kept is None:
            kept = self._looks[handle] = self._look_of(handle)
        return kept

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return shown(self.lines(row, column).first) if column != Col.MARK else None
            case Role.LINES:
                return self.lines(row, column)
            case Role.HANDLE:
                return self._visible[row]
            case Role.ROW:
                return self.session_row(self._visible[row])
            case Role.LEVEL:
                return self.look(row).level
            case Role.ACTION:
                return self.look(row).action
            case Role.ORDER:
                return self.order_shown(self._visible[row])
            case Qt.ItemDataRole.ToolTipRole:
                return tooltip(self.lines(row, column).more)
            case Qt.ItemDataRole.AccessibleTextRole:
                return shown(self._spoken(row, Col(column)))
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return shown(self._described(row, Col(column)))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(COLUMNS):
            if role == Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section].title
            if role == Qt.ItemDataRole.AccessibleTextRole:
                title = COLUMNS[section].title or Action.END
                return f"{title}, sorted" if section == self._sort[0] else title
            if role == Qt.ItemDataRole.ToolTipRole:
                return tooltip(self._help_on(COLUMNS[section]))
        return None

    # ----------------------------------------------------------------------------------------- inside

    def _help_on(self, column: Column) -> str:
        """What there is to know of a column: its name where it shows none, and what this platform does not tell."""
        if column.id is Col.MARK:
            return column.title
        about = self._table.about
        if about is None or column.provides is None:
            return ""
        if column.provides not in about.capabilities.provides:
            return f"{about.title} does not tell this."
        return about.capabilities.last_active_note or "" if column.id is Col.LAST_ACTIVE else ""

    def _say(self, handle: Handle, column: Col) -> Lines:
        row = self._table.rows[self._table.place_of[handle]]
        order = order_of(row, self._orders)
        if column is Col.LAST_ACTIVE and self._state_in_last_active and order is not None:
            column = Col.STATE
        return COLUMNS[column].lines(Seen(row, order, self._table.about, self._setting))

    def _look_of(self, handle: Handle) -> RowLook:
        row = self._table.rows[self._table.place_of[handle]]
        order = order_of(row, self._orders)
        gone = order is not None and order.is_gone
        departed = order is None and row.presence == "departed"
        level = Level.FAMILIAR if gone else row.assessment.level
        marks = {Level.ALARM: "alarm", Level.CHECK: "check", Level.FAMILIAR: None}
        own = "this-console" if row.session.is_current else None
        return RowLook(
            level=level,
            gone=gone,
            dimmed=gone or departed,
            mark="done" if gone else marks[level] or own,
            action=action_of(row, order),
            may_end=self._may_end,
        )

    def _spoken(self, row: int, column: Col) -> str:
        if column is Col.END:
            action = self.look(row).action
            session = self._table.rows[self._table.place_of[self._visible[row]]].session
            return f"{action}, {session.person.shown}, {device_in_words(session.device)}" if action else ""
        return self.lines(row, column).spoken

    def _described(self, place: int, column: Col) -> str:
        """Of the cell where the cursor stands after Up and Down the whole row in a breath: level, reasons, state."""
        if column is not Col.PERSON:
            return self.lines(place, column).more
        handle = self._visible[place]
        row = self._table.rows[self._table.place_of[handle]]
        level, why = row.assessment.level, ", ".join(reason.short for reason in row.assessment.reasons)
        marked = f"{level_word(level)}: {why}" if why else level_word(level)
        parts = (
            "" if self.look(place).gone else marked,  # then it is no longer news
            THIS_CONSOLE if row.session.is_current else "",
            device_in_words(row.session.device),
            self._say(handle, Col.STATE).spoken,
            f"Account {row.session.person.account}",
        )
        return " ".join(f"{part}." for part in parts if part)

    def _wanted(self, table: Table) -> list[Handle]:
        column, order = self._sort
        rows: Iterable[int] = table.sorted(column, descending=order == Qt.SortOrder.DescendingOrder)
        matching = table.matching(self._text)
        if matching is not None:
            rows = [row for row in rows if row in matching]
        if self._predicate is not None:
            rows = [row for row in rows if self._predicate(table.rows[row])]
        return [table.handles[row] for row in rows]

    def _held(self, wanted: list[Handle], table: Table) -> list[Handle]:
        """While rows are held still: the known ones as they stand, but for what wants more or less of a look now."""
        if not self._held_still:
            return wanted
        before, after, was_at, is_at = self._table.rows, table.rows, self._table.place_of, table.place_of
        unmoved = [
            handle
            for handle in self._visible
            if (place := is_at.get(handle)) is not None
            and ((old := before[was_at[handle]]) is (new := after[place]) or group(old) == group(new))
        ]
        return in_known_order(wanted, unmoved)

    def _become(self, wanted: list[Handle], table: Table) -> None:
        """Go from what is visible to `wanted` of `table`; removed rows can be read until they are gone."""
        if wanted == self._visible:
            self._take(table)
            return
        if len(wanted) == len(self._visible) and set(wanted) == set(self._visible):
            self._take(table)
            self._arrange(wanted)
            return
        steps = transition(self._visible, wanted)
        self._arrange(steps.gathered)
        for first, last in reversed(steps.removed):
            self.beginRemoveRows(_NOWHERE, first, last)
            del self._visible[first : last + 1]
            self.endRemoveRows()
        self._take(table)
        self._arrange(steps.kept)
        for first, last in steps.inserted:
            self.beginInsertRows(_NOWHERE, first, last)
            self._visible[first:first] = steps.grown[first : last + 1]
            self.endInsertRows()
        self._arrange(steps.target)

    def _arrange(self, handles: Sequence[Handle]) -> None:
        """Put the same rows in another order."""
        if list(handles) == self._visible:
            return
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        asked = {self._visible[index.row()] for index in held}
        new_row = {handle: handles.index(handle) for handle in asked}
        moved = [self.createIndex(new_row[self._visible[index.row()]], index.column()) for index in held]
        self._visible = list(handles)
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _tell_changed(self, before: Table) -> None:
        """Tell which rows say something else than in the table before."""
        after = self._table
        if before.about != after.about or before.offline != after.offline or before.zone != after.zone:
            self._all_changed()
            return
        changed = {
            handle
            for handle, new in zip(after.handles, after.rows, strict=True)
            if (place := before.place_of.get(handle)) is not None
            and (old := before.rows[place]) is not new
            and old != new
        }
        self._rows_changed(changed)

    def _rows_changed(self, handles: set[Handle]) -> None:
        if not handles:
            return
        if len(handles) > _MANY_ROWS:
            self._all_changed()
            return
        last = len(COLUMNS) - 1
        for row, handle in enumerate(self._visible):
            if handle in handles:
                self.dataChanged.emit(self.index(row, 0), self.index(row, last))

    def _all_changed(self) -> None:
        if self._visible:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._visible) - 1, len(COLUMNS) - 1))

    def _column_changed(self, column: Col) -> None:
        if self._visible:
            self.dataChanged.emit(self.index(0, column), self.index(len(self._visible) - 1, column))

    def _take(self, table: Table) -> None:
        if table is not self._table:
            self._table = table
            self._lines.clear()
            self._looks.clear()

    def _forget_row(self, handle: Handle) -> None:
        self._looks.pop(handle, None)
        for column in COLUMNS:
            self._lines.pop((handle, column.id), None)


_MANY_ROWS = 200
"""More changed rows than this are told as one range."""
