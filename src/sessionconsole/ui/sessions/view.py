"""The session table on screen."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from sessionconsole.domain.sessions import Handle
from sessionconsole.domain.sparing import Spared
from sessionconsole.ui.look.tables import make_plain
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.look.viewport import viewport
from sessionconsole.ui.sessions.columns import COLUMNS, Col, layout
from sessionconsole.ui.sessions.columns_build import Table
from sessionconsole.ui.sessions.delegate import ACCENT_BAR, SessionDelegate
from sessionconsole.ui.sessions.header import SessionHeader
from sessionconsole.ui.sessions.menu import SessionMenu
from sessionconsole.ui.sessions.model import Index, SessionTableModel
from sessionconsole.ui.sessions.orders import Action
from sessionconsole.ui.sessions.passage import Passage, passage

_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SessionTable(QTableView):
    """Tells wishes by signals: `action_asked(handle, action)` with the action that the user saw, `current_changed`.

    Several rows may be picked; the details follow the current one of them, and the button of a row ends that one only.
    """

    action_asked = Signal(str, object)
    forget_asked = Signal(str)
    """The handle of a session whose person is to be forgotten."""
    spare_asked = Signal(str, bool)
    """The handle of a session, and whether its device is never to be ended in bulk."""
    several_asked = Signal()
    """The picked sessions are to be ended."""
    selection_changed = Signal(int)
    """How many sessions are picked."""
    details_asked = Signal()
    """Enter: who goes by keys wants to go into the details of the current row."""
    current_changed = Signal(object)
    """The handle of the current session, or None."""
    painted = Signal()
    """Told once: sessions are on the screen."""

    def __init__(self, theme: Theme, model: SessionTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sessions = model
        self._delegate = SessionDelegate(theme, model, self)
        self._pressed: tuple[Handle, Action] | None = None
        self._told: Handle | None = None
        self._picked = 0
        self._aside: tuple[frozenset[Handle], Handle | None] | None = None
        self._by_keyboard = True
        self._was_painted = False
        self.setAccessibleName("Sessions")
        self.setViewport(viewport(QPalette.ColorRole.Base))
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self._set_up()
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def _set_up(self) -> None:
        header = SessionHeader(self._theme, self._sessions, self)
        self.setHorizontalHeader(header)
        header.setVisible(True)
        self.menu = SessionMenu(self)
        self.menu.act_asked.connect(self._press_current)
        self.menu.sort_asked.connect(header.sort_by)
        self.menu.forget_asked.connect(self._forget_current)
        self.menu.spare_asked.connect(self._spare_current)
        self.menu.several_asked.connect(self.several_asked)
        self._sessions.about_to_arrange.connect(self._put_selection_aside)
        self._sessions.arranged.connect(self._take_selection_back)
        make_plain(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().rangeChanged.connect(self._scrolling_changed)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)

    # ------------------------------------------------------------------------------- what is shown

    @property
    def sessions(self) -> SessionTableModel:
        """The model, under its own type."""
        return self._sessions

    def show_table(self, table: Table, now: datetime) -> None:
        """Show a refreshed list; the row under the pointer, or the topmost one, stays where it is."""
        self.follow(passage(self._sessions.showing, table), now)

    def follow(self, way: Passage, now: datetime) -> None:
        """The same by a way that was prepared off the GUI thread."""
        anchor = self._anchor()
        self._sessions.follow(way, now)
        self._back_to(anchor)

    def current_handle(self) -> Handle | None:
        """The current session, as long as any is picked, for the focus alone makes the first row current."""
        index = self.currentIndex()
        if not index.isValid() or not self.selectionModel().hasSelection():
            return None
        return self._sessions.handle_at(index.row())

    def picked(self) -> list[Handle]:
        """All picked sessions, from the top."""
        return [self._sessions.handle_at(row) for row in sorted(self._picked_rows())]

    def _picked_rows(self) -> set[int]:
        rows: set[int] = set()
        for part in self.selectionModel().selection().toList():
            rows.update(range(part.top(), part.bottom() + 1))
        return rows

    @Slot()
    def pick_current_only(self) -> None:
        """Of several picked sessions only the current one stays picked."""
        index = self.currentIndex()
        if index.isValid():
            self.selectRow(index.row())
        else:
            self.clearSelection()

    def pick(self, handle: Handle) -> None:
        """Make a session the current and selected one, where it is shown."""
        row = self._sessions.row_of(handle)
        if row is not None:
            self.selectRow(row)

    def selectRow(self, row: int) -> None:
        # Qt's own looks for the first column beside the last one in a mirrored window, and selects nothing
        self.selectionModel().setCurrentIndex(
            self._sessions.index(row, Col.PERSON),
            QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
        )

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._tell_current()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self._tell_current()

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        # Qt would pick the neighbour instead, and the next press of End would hit someone else
        if start <= self.currentIndex().row() <= end:
            if self._picked > 1:
                self.selectionModel().setCurrentIndex(
                    QModelIndex(), QItemSelectionModel.SelectionFlag.NoUpdate
                )
            else:
                self.selectionModel().clear()
        super().rowsAboutToBeRemoved(parent, start, end)

    @Slot()
    def _put_selection_aside(self) -> None:
        """While rows change places Qt keeps a place for each cell of each picked row: with thousands, for seconds."""
        if self._picked > 1:
            index = self.currentIndex()
            current = self._sessions.handle_at(index.row()) if index.isValid() else None
            self._aside = frozenset(self.picked()), current
            self.selectionModel().blockSignals(True)
            self.selectionModel().clear()
            self.selectionModel().blockSignals(False)

    @Slot()
    def _take_selection_back(self) -> None:
        if self._aside is None:
            return
        picked, current = self._aside
        selection = QItemSelection()
        last = len(COLUMNS) - 1
        for first, final in self._sessions.runs_of(picked):
            selection.select(self._sessions.index(first, 0), self._sessions.index(final, last))
        row = None if current is None else self._sessions.row_of(current)
        flags = QItemSelectionModel.SelectionFlag
        self.setAutoScroll(False)  # what stays picked is no reason to go there
        if row is not None:
            self.selectionModel().setCurrentIndex(self._sessions.index(row, Col.PERSON), flags.NoUpdate)
        self.selectionModel().select(selection, flags.ClearAndSelect)
        self.setAutoScroll(True)
        self._aside = None
        self._tell_current()

    def _tell_current(self) -> None:
        self.viewport().update()
        if self._aside is not None:
            return
        picked = len(self._picked_rows())
        if picked != self._picked:
            self._picked = picked
            self.selection_changed.emit(picked)
        current = self.current_handle()
        if current != self._told:
            self._told = current
            self.current_changed.emit(current)

    @Slot(int, int)
    def _scrolling_changed(self, least: int, most: int) -> None:
        # the bar keeps its room, so that columns do not jump, but shows nothing where there is nothing to scroll
        self.verticalScrollBar().setEnabled(most > least)

    @Slot()
    def _take_theme(self) -> None:
        self.verticalHeader().setMinimumSectionSize(self._delegate.row_height)
        self.verticalHeader().setDefaultSectionSize(self._delegate.row_height)
        self._lay_out()
        self.viewport().update()

    # ------------------------------------------------------------------------------------- columns

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        px = self._theme.sizes.px
        least = {column.id: px(column.least) for column in COLUMNS}
        least[Col.STATE] = max(least[Col.STATE], self._delegate.state_width())
        least[Col.END] = max(least[Col.END], self._delegate.end_width())
        widths = layout(self.viewport().width(), least)
        for column in COLUMNS:
            self.setColumnHidden(column.id, column.id not in widths)
            if column.id in widths:
                self.setColumnWidth(column.id, widths[column.id])
        self._sessions.set_state_in_last_active(Col.STATE not in widths)

    # ------------------------------------------------------------------------------------- pressing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_keyboard = True
        if event.key() in _KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            # a key that is held down must not press the Undo that its own first press brought
            if not event.isAutoRepeat():
                self._take_key(event.key())
            event.accept()
            return
        super().keyPressEvent(event)

    def _take_key(self, key: int) -> None:
        if key == Qt.Key.Key_Delete:
            if self._picked > 1:
                self.several_asked.emit()
            else:
                self._press_current()
            return
        index = self.currentIndex()
        if index.isValid():
            if self.current_handle() is None:
                self.selectRow(index.row())
            self.details_asked.emit()

    @Slot()
    def _press_current(self) -> None:
        handle = self.current_handle()
        row = None if handle is None else self._sessions.row_of(handle)
        if handle is not None and row is not None:
            self._ask(handle, self._sessions.look(row).action)

    @Slot()
    def _forget_current(self) -> None:
        handle = self.current_handle()
        if handle is not None:
            self.forget_asked.emit(handle)

    @Slot(bool)
    def _spare_current(self, spared: bool) -> None:
        handle = self.current_handle()
        if handle is not None:
            self.spare_asked.emit(handle, spared)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        action, ip = Action.NONE, ""
        spared: bool | None = None
        if index.isValid():
            self._pick_for_menu(index)
            action = self._sessions.look(index.row()).action
            row = self._sessions.session_row(self._sessions.handle_at(index.row()))
            if row is not None:
                ip, spared = row.session.ip or "", row.spared is Spared.YES
        sorted_by, on_row = self._sessions.sort_column[0], index.isValid()
        self.menu.offer(action, ip, sorted_by, may_act=self._may(action), on_row=on_row)
        self.menu.offer_bulk(spared=spared, picked=self._picked if on_row else 0)
        cell = self.visualRect(index).bottomLeft()
        self.menu.popup(self.viewport().mapToGlobal(cell) if by_key else event.globalPos())
        event.accept()

    def _pick_for_menu(self, index: Index) -> None:
        """The row that the menu is about; several picked ones stay so where it is one of them."""
        if self._picked > 1 and self.selectionModel().isRowSelected(index.row()):
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        else:
            self.selectRow(index.row())

    def focusInEvent(self, event: QFocusEvent) -> None:
        # who clicks knows where; the ring is for who goes by keys
        self._by_keyboard = event.reason() != Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)
        self.viewport().update()  # Qt paints the current cell only, and the ring goes round the row

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_keyboard = False
        self._pressed = None
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._button_at(event.position().toPoint())
            self._delegate.pressed_button = self._pressed[0] if self._pressed else None
        super().mousePressEvent(event)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        self._delegate.pressed_button = None
        super().mouseReleaseEvent(event)
        self.viewport().update()
        if pressed is not None and self._button_at(event.position().toPoint()) == pressed:
            self._ask(*pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # the second press of a double click on End would hit the Undo that the first one brought
        event.accept()

    def _ask(self, handle: Handle, action: Action) -> None:
        if self._may(action):
            self.action_asked.emit(handle, action)

    def _may(self, action: Action) -> bool:
        takes_back = action in (Action.UNDO, Action.WITHDRAW)
        return action is not Action.NONE and (self._sessions.may_end or takes_back)

    def button_rect(self, row: int) -> QRect:
        """Where the button of a visible row is, in the viewport; empty where there is none."""
        cell = self.visualRect(self._sessions.index(row, Col.END))
        return self._delegate.button_rect(cell, self._sessions.look(row).action, self.isRightToLeft())

    def _button_at(self, point: QPoint) -> tuple[Handle, Action] | None:
        index = self.indexAt(point)
        if not index.isValid() or not self.button_rect(index.row()).contains(point):
            return None
        return self._sessions.handle_at(index.row()), self._sessions.look(index.row()).action

    # ------------------------------------------------------------------------------------- hovering

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(event.position().toPoint())

    def enterEvent(self, event: QEvent) -> None:
        super().enterEvent(event)  # type: ignore[arg-type]
        self._sessions.hold_still(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)
        self._sessions.hold_still(False)

    def _hover(self, point: QPoint | None) -> None:
        index = self.indexAt(point) if point is not None else QModelIndex()
        hovered = self._sessions.handle_at(index.row()) if index.isValid() else None
        button = self._button_at(point) if point is not None else None
        over = button[0] if button else None
        if (hovered, over) == (self._delegate.hovered, self._delegate.hovered_button):
            return
        self._delegate.hovered, self._delegate.hovered_button = hovered, over
        if over is not None and self._sessions.may_end:
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.viewport().unsetCursor()
        self.viewport().update()

    # ------------------------------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        self._paint_row_lines(painter)
        self._paint_bars(painter)
        self._paint_current(painter)
        painter.end()
        if not self._was_painted and self._sessions.rowCount():
            self._was_painted = True
            self.painted.emit()

    def _paint_row_lines(self, painter: QPainter) -> None:
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first < 0:
            return
        last = last if last >= 0 else self._sessions.rowCount() - 1
        colour, width = QColor(self._theme.tokens.rowline), self.viewport().width()
        for row in range(first, last + 1):
            bottom = self.rowViewportPosition(row) + self.rowHeight(row) - 1
            painter.fillRect(0, bottom, width, 1, colour)

    def _paint_bars(self, painter: QPainter) -> None:
        """At the leading edge of each picked row, so that not only its ground tells."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first < 0 or not self._picked:
            return
        last = last if last >= 0 else self._sessions.rowCount() - 1
        bar, colour = self._theme.sizes.px(ACCENT_BAR), self._theme.colour("accent")
        left = self.viewport().width() - bar if self.isRightToLeft() else 0
        for row in range(first, last + 1):
            if self.selectionModel().isRowSelected(row):
                # not over the line below, where the ring ends too
                painter.fillRect(left, self.rowViewportPosition(row), bar, self.rowHeight(row) - 1, colour)

    def _paint_current(self, painter: QPainter) -> None:
        index = self.currentIndex()
        if not index.isValid():
            return
        top, height = self.rowViewportPosition(index.row()), self.rowHeight(index.row())
        width = self.viewport().width()
        if self.hasFocus() and self._by_keyboard:
            line = self._theme.sizes.px(2)
            pen = QPen(self._theme.colour("focus"), line)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(line // 2, top + line // 2, width - line, height - 1 - line)

    # ------------------------------------------------------------------------------------ staying put

    def _anchor(self) -> tuple[Handle, int] | None:
        """The row that must not move, and where it is; None at the very top, where new rows are welcome.

        Also there no other button may slip under a pointer that is about to press one.
        """
        at_top = self.verticalScrollBar().value() == 0
        pointed = self._delegate.hovered_button if at_top else self._delegate.hovered
        if pointed is not None:
            row = self._sessions.row_of(pointed)
            if row is not None:
                return pointed, self.rowViewportPosition(row)
        row = self.rowAt(0)
        if row < 0 or at_top:
            return None
        return self._sessions.handle_at(row), self.rowViewportPosition(row)

    def _back_to(self, anchor: tuple[Handle, int] | None) -> None:
        row = self._sessions.row_of(anchor[0]) if anchor else None
        if anchor is None or row is None:
            return
        self.updateGeometries()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.rowViewportPosition(row) - anchor[1])
