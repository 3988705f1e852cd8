"""The two tables of table.py: the real one, and what Qt offers ready-made."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from homes import sessions_of
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QApplication, QTableView

from sessionconsole.domain.assessments import Assessment
from sessionconsole.domain.platforms import PlatformAbout
from sessionconsole.domain.sessions import LoginSession
from sessionconsole.domain.settings import Appearance
from sessionconsole.services.states import Row
from sessionconsole.ui.look.theme import apply
from sessionconsole.ui.sessions.columns import COLUMNS, Col, Seen, fold
from sessionconsole.ui.sessions.columns_build import Table, build
from sessionconsole.ui.sessions.letting_go import let_go
from sessionconsole.ui.sessions.model import SessionTableModel
from sessionconsole.ui.sessions.passage import passage
from sessionconsole.ui.sessions.view import SessionTable
from sessionconsole.ui.sessions.wording import Setting

NOW = datetime.now(UTC)
ABOUT = PlatformAbout("bench", "Bench", "http://127.0.0.1:9", "console-api")
SETTING = Setting(NOW, UTC)
SIZE = (1366, 768)
_COLUMN = {"person": Col.PERSON, "last active": Col.LAST_ACTIVE}


class Contestant(Protocol):
    """A table on screen; `not_counted` are the seconds of the last wish that the GUI thread did not spend."""

    first: float
    not_counted: float

    def sort(self, column: str, *, descending: bool) -> None: ...
    def search(self, text: str) -> None: ...
    def refresh(self, *, turn: int, changed: int = 0, moved: int = 0) -> None: ...
    def get_ready(self, name: str) -> None: ...
    def paint(self) -> None: ...
    def close(self) -> None: ...


class People:
    """Who is logged in, as time passes: both contestants see the same."""

    def __init__(self, count: int) -> None:
        self.sessions = list(sessions_of(count, NOW))
        self._next = count

    def pass_by(self, turn: int, changed: int, moved: int) -> tuple[list[int], Sequence[LoginSession]]:
        """Some were active again, at the places that are told; the first so many go and as many come."""
        every = max(1, len(self.sessions) // max(1, changed))
        places = list(range(turn % every, len(self.sessions), every))[:changed] if changed else []
        for place in places:
            at = NOW + timedelta(seconds=turn * 60 + place % 60)
            self.sessions[place] = replace(self.sessions[place], last_active_at=at)
        coming = sessions_of(moved, NOW, self._next) if moved else ()
        self._next += moved
        if moved:
            step = len(self.sessions) // moved
            going = {number * step for number in range(moved)}
            self.sessions = [each for place, each in enumerate(self.sessions) if place not in going]
            self.sessions.extend(coming)
        return places, coming


class Ours:
    """The session table of the program; a list is prepared as `asyncio.to_thread` does it, and handed over whole."""

    def __init__(self, count: int) -> None:
        self.behind: list[float] = []
        self.not_counted = 0.0
        self._people = People(count)
        self._rows: dict[str, Row] = {}
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._theme = apply(app, Appearance.LIGHT)
        self._model = SessionTableModel(UTC)
        self._view = SessionTable(self._theme, self._model)
        self._view.resize(*SIZE)
        self._view.show()
        _paint(self._view)
        self._table = self._prepare(None)
        started = time.perf_counter()
        self._view.show_table(self._table, NOW)
        self.paint()
        self.first = (time.perf_counter() - started) * 1000

    def sort(self, column: str, *, descending: bool) -> None:
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self._model.sort(_COLUMN[column], order)

    def search(self, text: str) -> None:
        self._model.set_filter(text)

    def refresh(self, *, turn: int, changed: int = 0, moved: int = 0) -> None:
        started = time.perf_counter()
        self._people.pass_by(turn, changed, moved)
        table = self._prepare(self._table)
        way = passage(self._model.showing, table)
        self.behind[-1] = time.perf_counter() - started
        self.not_counted = time.perf_counter() - started
        self._view.follow(way, NOW)
        leaving: list[Table | Sequence[Row]] = [self._table]
        self._table = table
        del way
        started = time.perf_counter()
        let_go(leaving)
        self.not_counted += time.perf_counter() - started

    def get_ready(self, name: str) -> None:
        self.not_counted = 0.0
        if "row" in name or "new" in name:
            self.search("")
        if "sort" in name:
            self._table.orders.clear()  # as if nobody had sorted by that before

    def paint(self) -> None:
        _paint(self._view)

    def close(self) -> None:
        self._view.close()

    def _prepare(self, before: Table | None) -> Table:
        started = time.perf_counter()
        rows = []
        for session in self._people.sessions:
            row = self._rows.get(session.handle)
            if row is None or row.session is not session:
                row = self._rows[session.handle] = Row(session, Assessment())
            rows.append(row)
        column, order = self._model.sort_column
        descending = order == Qt.SortOrder.DescendingOrder
        table = build(rows, ABOUT, UTC, before=before, order=(column, descending))
        self.behind.append(time.perf_counter() - started)
        return table


class Rival:
    """A proxy model on a Python model whose texts, sort values and search texts are all prepared."""

    def __init__(self, count: int) -> None:
        self.not_counted = 0.0
        self._people = People(count)
        self._source = _Prepared([_cells(each) for each in self._people.sessions])
        started = time.perf_counter()
        self._proxy = QSortFilterProxyModel()
        self._proxy.setSortRole(_SORT)
        self._proxy.setFilterRole(_SEARCH)
        self._proxy.setFilterKeyColumn(0)
        self._proxy.setDynamicSortFilter(True)
        self._proxy.setSourceModel(self._source)
        self._view = QTableView()
        self._view.setModel(self._proxy)
        self._view.verticalHeader().setDefaultSectionSize(48)
        self._view.resize(*SIZE)
        self._view.show()
        self.paint()
        self.first = (time.perf_counter() - started) * 1000

    def sort(self, column: str, *, descending: bool) -> None:
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self._proxy.sort(_COLUMN[column], order)

    def search(self, text: str) -> None:
        self._proxy.setFilterFixedString(fold(text))

    def refresh(self, *, turn: int, changed: int = 0, moved: int = 0) -> None:
        started = time.perf_counter()
        handles = {each.handle for each in self._people.sessions}
        places, coming = self._people.pass_by(turn, changed, moved)
        cells = {place: _cells(self._people.sessions[place]) for place in places}
        fresh = [_cells(each) for each in coming]
        gone = handles - {each.handle for each in self._people.sessions}
        self.not_counted = time.perf_counter() - started
        self._source.take(cells, fresh, gone)

    def get_ready(self, name: str) -> None:
        self.not_counted = 0.0
        if "row" in name or "new" in name:
            self.search("")

    def paint(self) -> None:
        _paint(self._view)

    def close(self) -> None:
        self._view.close()


def _paint(view: QTableView) -> None:
    """Let the view do what it has put off, and paint it whole."""
    QApplication.processEvents()
    view.viewport().repaint()


_SORT, _SEARCH = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
_Cells = tuple[str, list[str], list[Any], str]


def _cells(session: LoginSession) -> _Cells:
    """The handle, what is shown and what is sorted by column, and the search text."""
    seen = Seen(Row(session, Assessment()), None, ABOUT, SETTING)
    shown = [column.lines(seen).first for column in COLUMNS]
    keys: list[Any] = [fold(text) for text in shown]
    keys[Col.LAST_ACTIVE] = session.last_active_at.timestamp() if session.last_active_at else 0.0
    return session.handle, shown, keys, " ".join(keys[:5])


class _Prepared(QAbstractTableModel):
    def __init__(self, rows: list[_Cells]) -> None:
        super().__init__()
        self._rows = rows

    def take(self, changed: dict[int, _Cells], coming: list[_Cells], gone: set[str]) -> None:
        """Change, remove and append with the signals that Qt asks for."""
        places = sorted(changed)
        for place in places:
            self._rows[place] = changed[place]
        if len(places) > 200:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))
        else:
            for place in places:
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(COLUMNS) - 1))
        if gone:
            leaving = [place for place, row in enumerate(self._rows) if row[0] in gone]
            for place in reversed(leaving):
                self.beginRemoveRows(QModelIndex(), place, place)
                del self._rows[place]
                self.endRemoveRows()
        if coming:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(coming) - 1)
            self._rows.extend(coming)
            self.endInsertRows()

    def rowCount(self, parent: Any = QModelIndex()) -> int:  # noqa: N802 - Qt's way
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Any = QModelIndex()) -> int:  # noqa: N802 - Qt's way
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == _SORT:
            return row[2][index.column()]
        if role == _SEARCH:
            return row[3]
        if role == Qt.ItemDataRole.DisplayRole:
            return row[1][index.column()]
        return None
