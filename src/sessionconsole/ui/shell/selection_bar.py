"""Below the list while several sessions are picked: how many, and what can be done with them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from sessionconsole.ui.announcing import announce
from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import button, give_focus_on, label


class SelectionBar(QFrame):
    """`end_asked` shows a preview first; `clear_asked` leaves only the current row picked."""

    end_asked = Signal()
    clear_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.sizes.px
        set_role(self, "foot")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.heir: QWidget | None = None
        """Who has the focus once the bar is hidden."""
        self.words = label("", "strong")
        self.end = button("", "accent-outline", name="End selected")
        self.clear = button("Clear", "", name="Clear selection")
        self.end.clicked.connect(self.end_asked)
        self.clear.clicked.connect(self.clear_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(6), px(16), px(6))
        row.setSpacing(px(10))
        row.addWidget(self.words)
        row.addStretch(1)
        row.addWidget(self.clear)
        row.addWidget(self.end)
        self.hide()

    def show_count(self, count: int) -> None:
        """So many are picked; there is nothing to say of one."""
        if count < 2:
            for leaving in (self.end, self.clear):
                give_focus_on(leaving, self.heir)
            self.hide()
            return
        words = f"{count:,} selected"
        if words != self.words.full_text or self.isHidden():
            announce(self, words)
        self.words.setText(words)
        self.end.setText(f"End {count:,} sessions…")
        self.show()
