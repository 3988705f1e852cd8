"""What stands in the window while there is no page yet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout

from sessionconsole.ui.look.labels import Side
from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import IconLabel, label


class OpeningPage(QFrame):
    """The program's mark, and one sentence below it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        set_role(self, "rail")
        px = theme.sizes.px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(32), px(32), px(32), px(32))
        column.setSpacing(px(12))
        column.addStretch(1)
        mark = IconLabel(theme, "app-mark", "accent_fill", 40)
        column.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        self.words = label("Opening…", tone="quiet", wrap=True, side=Side.CENTRE)
        column.addWidget(self.words)
        column.addStretch(1)

    def tell(self, words: str) -> None:
        """Say something else."""
        self.words.setText(words)
