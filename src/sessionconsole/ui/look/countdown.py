"""The ring that runs down while an order can still be undone: the only thing that moves."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sessionconsole.ui.look.theme import Theme

_FULL_TURN = 360 * 16
_TOP = 90 * 16


class CountdownRing(QWidget):
    """Shows how much of the time is left, stepped once a second by its owner; the words beside it tell the same."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._share = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def share(self) -> float:
        """What is left, 0 to 1."""
        return self._share

    def set_left(self, seconds: float, total: float) -> None:
        """Show `seconds` left of `total`; both in seconds."""
        self._share = min(1.0, max(0.0, seconds / total)) if total > 0 else 0.0
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.sizes.px(16)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        side = min(self.width(), self.height())
        line = max(2.0, side / 8)
        ring = QRectF(line / 2 + 1, line / 2 + 1, side - line - 2, side - line - 2)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, share in ((self._theme.tokens.edge, 1.0), (self._theme.tokens.accent, self._share)):
            painter.setPen(QPen(QColor(colour), line, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawArc(ring, _TOP, round(_FULL_TURN * share))
        painter.end()
