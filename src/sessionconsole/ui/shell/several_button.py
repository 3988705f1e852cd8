"""The button above the list that offers to end many at once."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import PushButton, dotted


class SeveralAction(StrEnum):
    """What can be ended at once; the value is what the menu says."""

    SELECTED = "End selected…"
    OTHERS = "End all others…"
    IDLE = "End idle longer than…"


class SeveralButton(PushButton):
    """`asked(action)` tells what was chosen; each asks in a preview before anything is ordered."""

    asked = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._picked = 0
        set_role(self, "top")
        self.setText("End several…")
        self.setAccessibleName("End several")
        self.setAccessibleDescription("Menu")
        self.setAutoDefault(False)
        self.clicked.connect(self._open)

    @cached_property
    def menu_of_many(self) -> QMenu:
        """Made when it is first opened."""
        made = QMenu(self)
        for action in SeveralAction:
            made.addAction(dotted(action, self)).setData(action)
        made.triggered.connect(self._chosen)
        return made

    def show_picked(self, count: int) -> None:
        """How many sessions are picked in the list."""
        self._picked = count

    @Slot()
    def _open(self) -> None:
        menu = self.menu_of_many
        for action in menu.actions():
            if action.data() == SeveralAction.SELECTED:
                action.setEnabled(self._picked > 0)
                words = f"End selected ({self._picked:,})…" if self._picked else SeveralAction.SELECTED
                action.setText(dotted(words, self))
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + self._theme.sizes.px(4))))

    @Slot(QAction)
    def _chosen(self, action: QAction) -> None:
        self.asked.emit(SeveralAction(action.data()))
