"""The menu of the session table: all that the pointer can do with a row or with the header, without a pointer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from sessionconsole.ui.parts import dotted
from sessionconsole.ui.sessions.columns import COLUMNS, Col
from sessionconsole.ui.sessions.orders import Action


class SessionMenu(QMenu):
    """`act_asked` is the button of the row, `sort_asked(column)` a click on the header; the others are its own.

    `spare_asked(spared)`: whether the device is never to be ended in bulk. `several_asked`: end what is picked.
    """

    act_asked = Signal()
    forget_asked = Signal()
    sort_asked = Signal(int)
    spare_asked = Signal(bool)
    several_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ip = ""
        self._act = self.addAction("End")
        self._act.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        self._act.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # it only shows the table's key
        self._act.triggered.connect(self.act_asked)
        self._several = self.addAction("")
        self._several.triggered.connect(self.several_asked)
        self._several.setVisible(False)
        self._copy = self.addAction("Copy IP address")
        self._copy.triggered.connect(self._copy_ip)
        self.addSeparator()
        self._sorting = self.addMenu("Sort by")
        for column in COLUMNS:
            if column.id is not Col.END:
                choice = self._sorting.addAction(column.title)
                choice.setCheckable(True)
                choice.setData(int(column.id))
        self._sorting.triggered.connect(self._sort)
        self.addSeparator()
        self._spare = self.addAction("Never end in bulk")
        self._spare.setCheckable(True)
        self._spare.triggered.connect(self.spare_asked)
        self._forget = self.addAction(dotted("Forget this person…", self))
        self._forget.triggered.connect(self.forget_asked)

    def offer(self, action: Action, ip: str, sorted_by: Col, *, may_act: bool, on_row: bool) -> None:
        """Show what can be done with this row; without a row there is only the sorting."""
        self._forget.setVisible(on_row)
        self._ip = ip
        self._act.setVisible(action is not Action.NONE)
        self._act.setText(dotted(str(action), self))
        self._act.setEnabled(may_act)
        self._copy.setVisible(bool(ip))
        for choice in self._sorting.actions():
            choice.setChecked(choice.data() == sorted_by)

    def offer_bulk(self, *, spared: bool | None, picked: int) -> None:
        """Whether its device is never ended in bulk, None where there is no row; and how many rows are picked."""
        self._spare.setVisible(spared is not None)
        self._spare.setChecked(bool(spared))
        self._several.setVisible(picked > 1)
        self._several.setText(dotted(f"End {picked:,} selected sessions…", self))

    @Slot()
    def _copy_ip(self) -> None:
        QGuiApplication.clipboard().setText(self._ip)

    @Slot(QAction)
    def _sort(self, choice: QAction) -> None:
        self.sort_asked.emit(choice.data())
