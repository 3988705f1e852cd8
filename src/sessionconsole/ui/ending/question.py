"""A question with two answers, awaited instead of run in a loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sessionconsole.ui.look.plain import shown
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.parts import button, label


class FramedDialog(QDialog):
    """With a line around it: not every system gives a dialog a frame, and without one it melts into the window."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self._theme.colour("control"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class Question(FramedDialog):
    """One bold sentence, one quiet one or more of them below each other, and two buttons that say what they do."""

    NO = 2
    """The second answer, told apart from closing the window, which answers nothing."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        title: str,
        line: str,
        yes: str,
        no: str,
        *,
        more: Sequence[str] = (),
        alarming: bool = False,
    ) -> None:
        super().__init__(theme, parent)
        px = theme.sizes.px
        self.setWindowTitle(shown(title))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAccessibleDescription(" ".join(shown(each) for each in (line, *more)))
        self.yes = button(yes, "alarm" if alarming else "strong")
        self.no = button(no, "plain")
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self._say_no)
        self.title = label(title, "strong", wrap=True)
        self.line = label(line, tone="quiet", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(20))
        column.setSpacing(px(8))
        column.addWidget(self.title)
        column.addWidget(self.line)
        for each in more:
            column.addWidget(label(each, tone="quiet", wrap=True))
        column.addSpacing(px(12))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addStretch(1)
        row.addWidget(self.no)
        row.addWidget(self.yes)
        column.addLayout(row)
        take_size(self, px(400))
        self.no.setFocus()

    def _say_no(self) -> None:
        self.done(self.NO)


def take_size(dialog: QDialog, width: int) -> None:
    """Be that wide, and just as high as the words then need."""
    layout = dialog.layout()
    if layout is not None:
        dialog.setFixedSize(width, layout.totalHeightForWidth(width))


async def answered(dialog: QDialog) -> int:
    """Show the dialog and return its result once it is closed; it is closed too when nobody waits any more."""
    result: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def take(code: int) -> None:
        if not result.done():
            result.set_result(code)

    dialog.finished.connect(take)
    dialog.open()
    try:
        return await result
    finally:
        dialog.close()
        dialog.deleteLater()
