"""The one line that says that the list is not of now, and why."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QWidget

from sessionconsole.ui.announcing import announce
from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import IconLabel, button, give_focus_on, label

_ON_ONE_LINE = 560
"""From this width on, in px, the reason stands beside the time, else below it."""


class Banner(QFrame):
    """Bold since when, plain why, and the button that mends it: `pressed(action)`."""

    pressed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        px = theme.sizes.px
        set_role(self, "banner")
        # as high as the words need, for their end is the advice
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._action = ""
        self._spoken = ""
        self.heir: QWidget | None = None
        """Who has the focus once the button that had it is hidden."""
        self.since = label("", "strong", "check")
        self.why = label("", wrap=True)
        self.button = button("Try now", "")
        self.button.clicked.connect(self._press)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(6), px(16), px(6))
        row.setSpacing(px(8))
        row.addWidget(IconLabel(theme, "cloud-off", "check"))
        self._words = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._words.addWidget(self.since)
        self._words.addWidget(self.why, 1)
        row.addLayout(self._words, 1)
        row.addWidget(self.button)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        px = self._theme.sizes.px
        beside = self.width() >= px(_ON_ONE_LINE)
        down, along = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._words.setDirection(along if beside else down)
        self._words.setSpacing(px(12) if beside else 0)

    def tell(self, since: str, why: str, action: str) -> None:
        """Show it; `action` stands on the button and is told when it is pressed, without one there is none."""
        self.since.setText(since)
        self.since.setVisible(bool(since))
        self.why.setText(why)
        self._action = action
        if not action:
            give_focus_on(self.button, self.heir)
        self.button.setVisible(bool(action))
        self.button.setText(action)
        self.button.setAccessibleName(action)
        self.show()
        if why != self._spoken:
            self._spoken = why
            announce(self.why, f"{since} {why}".strip())

    def put_away(self) -> None:
        """The list is of now again."""
        give_focus_on(self.button, self.heir)
        self._spoken = ""
        self.hide()

    def _press(self) -> None:
        self.pressed.emit(self._action)
