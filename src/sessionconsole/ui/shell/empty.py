"""What stands in place of the list where there is nothing to list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sessionconsole.ui.look.labels import Side
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.parts import IconLabel, button, give_focus_on, label


class Empty(QWidget):
    """An icon where it is good news, a title, a line, and at most one thing to do."""

    pressed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.sizes.px
        self.heir: QWidget | None = None
        """Who has the focus once the button that had it is hidden."""
        self._icon = IconLabel(theme, "done", "good", 44)
        self.title = label("", "title", wrap=True, side=Side.CENTRE)
        self.line = label("", tone="quiet", wrap=True, side=Side.CENTRE)
        self.button = button("Clear search", "")
        self.button.clicked.connect(self.pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(32), px(32), px(32), px(32))
        column.setSpacing(px(8))
        column.addStretch(2)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(px(8))
        column.addWidget(self.title)
        column.addWidget(self.line)
        column.addSpacing(px(8))
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(5)

    def tell(self, title: str, line: str = "", *, icon: str = "", action: str = "") -> None:
        """Show these words; `icon` is a good sign, `action` stands on the button."""
        self._icon.setVisible(bool(icon))
        if icon:
            self._icon.set_icon(icon, "good")
        self.title.setText(title)
        self.line.setText(line)
        self.line.setVisible(bool(line))
        if not action:
            give_focus_on(self.button, self.heir)
        self.button.setVisible(bool(action))
        self.button.setText(action)
        self.button.setAccessibleName(action or "Clear search")
