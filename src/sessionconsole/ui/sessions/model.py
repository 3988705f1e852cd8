"""The session table's model: rows by handle, sorted and filtered here, changed by the narrowest signals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.sessions import Handle
from sessionconsole.domain.sparing import Spared
from sessionconsole.services.states import Row
from sessionconsole.ui.look.labels import tooltip
from sessionconsole.ui.look.plain import shown
from sessionconsole.ui.sessions.columns import COLUMNS, Col, Column, Seen
from sessionconsole.ui.sessions.columns_build import Table
from sessionconsole.ui.sessions.orders import Action, ShownOrder, action_of, order_of
from sessionconsole.ui.sessions.passage import Passage, Showing, passage
from sessionconsole.ui.sessions.transition import Transition
from sessionconsole.ui.sessions.wording import (
    NEVER_IN_BULK,
    THIS_CONSOLE,
    Lines,
    Setting,
    device_in_words,
    level_word,
)

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

    about_to_arrange = Signal()
    arranged = Signal()
    """Before and after the same rows change places."""

    def __init__(self, zone: tzinfo = UTC, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._showing = Showing(Table(zone=zone))
        self._table = self._showing.table
        self._visible: Sequence[Handle] = self._showing.visible
        self._orders: Mapping[Handle, ShownOrder] | None = None
        self._setting = Setting(datetime.fromtimestamp(0, UTC), zone)
        self._may_end = True
        self._state_in_last_active = False
        self._lines: dict[tuple[Handle, int], Lines] = {}
        self._looks: dict[Handle, RowLook] = {}

    # ---------------------------------------------------------------------------------- what is shown

    @property
    def showing(self) -> Showing:
        """What is shown now; a way from here to another table can be prepared off the GUI thread."""
        return self._showing

    def show(self, table: Table, now: datetime) -> None:
        """Show a newly prepared list; what is selected, current or scrolled to stays so."""
        self.follow(passage(self._showing, table), now)

    def follow(self, way: Passage, now: datetime) -> None:
        """Show the list that the way leads to; if something else is shown by now than when it was prepared, another
        way is taken to it.
        """
        table = way.end.table
        if way.start is not self._showing:
            way = passage(self._showing, table)
        self._setting = Setting(now, table.zone or self._setting.zone, table.offline, table.as_of)
        self._go(way)

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
        if held == self._showing.wish.held_still:
            return
        wish = replace(self._showing.wish, held_still=held)
        if held:
            self._showing = replace(self._showing, wish=wish)
        else:
            self._go(passage(self._showing, wish=wish))

    # ------------------------------------------------------------------------------ sorting, filtering

    @property
    def sort_column(self) -> tuple[Col, Qt.SortOrder]:
        """What the rows are sorted by."""
        wish = self._showing.wish
        return wish.column, Qt.SortOrder.DescendingOrder if wish.descending else Qt.SortOrder.AscendingOrder

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        descending = order == Qt.SortOrder.DescendingOrder
        wish = replace(self._showing.wish, column=Col(column), descending=descending)
        self._go(passage(self._showing, wish=wish, held=False))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def set_filter(self, text: str = "", filters: frozenset[str] = frozenset()) -> None:
        """Show only rows that hold every word of the text and pass all of the filters, which the table names."""
        wish = replace(self._showing.wish, text=text, filters=filters)
        if wish != self._showing.wish:
            self._go(passage(self._showing, wish=wish))

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

    def runs_of(self, handles: Collection[Handle]) -> list[tuple[int, int]]:
        """Where these sessions are shown, as (first, last) of rows that follow each other."""
        return _runs(row for row, handle in enumerate(self._visible) if handle in handles)

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
                return f"{title}, sorted" if section == self._showing.wish.column else title
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
        own = "this-console" if row.session.is_current and not departed else None
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
            NEVER_IN_BULK if row.spared is Spared.YES else "",
            self._say(handle, Col.STATE).spoken,
            f"Account {row.session.person.account}",
        )
        return " ".join(f"{part}." for part in parts if part)

    def _go(self, way: Passage) -> None:
        """Follow a way that starts here; removed rows can be read until they are gone."""
        if way.steps is not None:
            self._walk(way.steps, way.end.table)
        self._take(way.end.table)
        # After the last step the rows are those of the end; as its own they can be compared in no time.
        self._showing, self._visible = way.end, way.end.visible
        self._places_changed(way.changed)

    def _walk(self, steps: Transition, table: Table) -> None:
        self._arrange(steps.gathered)
        shown = list(self._visible)
        for first, last in reversed(steps.removed):
            self.beginRemoveRows(_NOWHERE, first, last)
            del shown[first : last + 1]
            self._visible = shown
            self.endRemoveRows()
        self._take(table)
        self._arrange(steps.kept)
        shown = list(self._visible)
        for first, last in steps.inserted:
            self.beginInsertRows(_NOWHERE, first, last)
            shown[first:first] = steps.grown[first : last + 1]
            self._visible = shown
            self.endInsertRows()
        self._arrange(steps.target)

    def _arrange(self, handles: Sequence[Handle]) -> None:
        """Put the same rows in another order."""
        if tuple(self._visible) == handles:
            return
        self.about_to_arrange.emit()
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        asked = {self._visible[index.row()] for index in held}
        new_row = {handle: row for row, handle in enumerate(handles) if handle in asked}
        moved = [self.createIndex(new_row[self._visible[index.row()]], index.column()) for index in held]
        self._visible = handles
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()
        self.arranged.emit()

    def _rows_changed(self, handles: set[Handle]) -> None:
        if handles:
            self._places_changed([row for row, handle in enumerate(self._visible) if handle in handles])

    def _places_changed(self, rows: Sequence[int] | None) -> None:
        """Tell that these rows say something else; None are all."""
        if rows is None or len(rows) > _MANY_ROWS:
            self._all_changed()
            return
        last = len(COLUMNS) - 1
        for first, final in _runs(rows):
            self.dataChanged.emit(self.index(first, 0), self.index(final, last))

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


def _runs(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending rows as (first, last) of those that follow each other."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


_MANY_ROWS = 200
"""More changed rows than this are told as one range."""
