"""The place for messages at the bottom: one sentence, and at most one thing to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from sessionconsole.ui.announcing import announce
from sessionconsole.ui.look.countdown import CountdownRing
from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import IconLabel, button, give_focus_on, label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QProgressBar


@dataclass(frozen=True, slots=True)
class Message:
    """`left` and `total` (seconds) show the ring; `action` stands on the button and is told with `order`.

    `spoken` is what is read out where it differs, so that a countdown is not read every second. `share` (0 to 1) shows
    how far a long work has come.
    """

    text: str
    icon: str = ""
    token: str = "text2"
    left: float | None = None
    total: float = 5.0
    action: str = ""
    order: str = ""
    spoken: str | None = None
    resting: bool = False
    share: float | None = None


class MessageBar(QFrame):
    """`pressed(action, order)` is told when the button is used."""

    pressed = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = self._px = theme.sizes.px
        set_role(self, "foot")
        self.setMinimumHeight(px(45))  # and as high as the sentence needs, for its end is the advice
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._message = Message("")
        self._spoken = ""
        self.heir: QWidget | None = None
        """Who has the focus once the button that had it is hidden."""
        self.ring = CountdownRing(theme)
        self.icon = IconLabel(theme, "outbox", "text2")
        self.words = label("", wrap=True)
        self.words.setAccessibleName("Status")
        self.button = button("Undo", "accent-outline")
        self.button.clicked.connect(self._press)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(4), px(16), px(4))
        row.setSpacing(px(10))
        row.addWidget(self.ring)
        row.addWidget(self.icon)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self._row = row
        self.tell(Message("", resting=True))

    @cached_property
    def progress(self) -> QProgressBar:
        """Made when a long work first needs it."""
        from PySide6.QtWidgets import QProgressBar

        made = QProgressBar()
        made.setRange(0, 100)
        made.setTextVisible(False)
        made.setFixedWidth(self._px(160))
        made.setAccessibleName("Progress")
        self._row.insertWidget(self._row.indexOf(self.button), made)
        return made

    def _show_share(self, share: float | None) -> None:
        if share is not None and self.progress.value() != int(100 * share):
            # Qt paints it at once, and with it all that waits to be painted
            self.progress.setUpdatesEnabled(False)
            self.progress.setValue(int(100 * share))
            self.progress.setUpdatesEnabled(True)
        if share is not None or "progress" in self.__dict__:
            self.progress.setVisible(share is not None)

    @property
    def message(self) -> Message:
        """What is shown now."""
        return self._message

    def tell(self, message: Message) -> None:
        """Show it, and have it read out where it is news."""
        self._message = message
        self.words.setText(message.text)
        self.words.setAccessibleName("Status")
        spoken = message.text if message.spoken is None else message.spoken
        self.words.setAccessibleDescription(spoken)  # it must not change with every second of a countdown
        set_role(self.words, "quiet" if message.resting else "", "tone")
        set_role(self, "" if message.resting else "busy", "level")
        self.ring.setVisible(message.left is not None)
        if message.left is not None:
            self.ring.set_left(message.left, message.total)
        self._show_share(message.share)
        self.icon.setVisible(bool(message.icon) and message.left is None)
        if message.icon:
            self.icon.set_icon(message.icon, message.token)
        if not message.action:
            give_focus_on(self.button, self.heir)
        self.button.setVisible(bool(message.action))
        if message.action:
            self.button.setText(message.action)
            self.button.setAccessibleName(message.action)
        if not message.resting and spoken != self._spoken:
            announce(self.words, spoken)
        self._spoken = spoken

    def _press(self) -> None:
        self.pressed.emit(self._message.action, self._message.order)
