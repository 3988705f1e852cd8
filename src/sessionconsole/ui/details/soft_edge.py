"""A soft edge where more follows below, so that half a line does not look like a fault."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from sessionconsole.ui.look.theme import Theme

HEIGHT = 28


class SoftEdge(QWidget):
    """Lies over the foot of what is seen of a scroll area, until its end is reached; takes no click."""

    def __init__(self, theme: Theme, area: QScrollArea) -> None:
        super().__init__(area)
        self._theme, self._area = theme, area
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bar = area.verticalScrollBar()
        bar.valueChanged.connect(self._follow)
        bar.rangeChanged.connect(self._follow)
        theme.changed.connect(self._follow)
        area.viewport().installEventFilter(self)
        self._follow()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._follow()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        ground = self._theme.colour("surface")
        nothing = QColor(ground)
        nothing.setAlpha(0)
        fade = QLinearGradient(0, 0, 0, self.height())
        fade.setColorAt(0, nothing)
        fade.setColorAt(1, ground)
        painter = QPainter(self)
        painter.fillRect(self.rect(), fade)
        painter.end()

    @Slot()
    def _follow(self) -> None:
        bar, seen = self._area.verticalScrollBar(), self._area.viewport().geometry()
        height = self._theme.sizes.px(HEIGHT)
        self.setGeometry(seen.x(), seen.bottom() + 1 - height, seen.width(), height)
        # grey words would be no high contrast
        self.setVisible(bar.value() < bar.maximum() and self._theme.tokens.tints)
        self.raise_()
