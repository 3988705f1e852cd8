"""A box that is ticked or not; apart from the other parts, because Qt's styles take their time at a start."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton

from sessionconsole.ui.look.theme import Theme


class Toggle(QCheckBox):
    """A box with a tick and its words; Qt's own box can hardly be seen on a dark ground."""

    def __init__(self, theme: Theme, words: str) -> None:
        super().__init__(words)
        self._theme = theme
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(box, theme.colour("surface"))
        painter.setPen(QPen(theme.colour("accent_fill" if self.isChecked() else "control"), 1))
        painter.setBrush(theme.colour("accent_fill" if self.isChecked() else "surface"))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if self.isChecked():
            side = min(box.width(), box.height()) - 2
            tick = theme.icons.pixmap(
                "tick", theme.tokens.on_accent, side, self.devicePixelRatioF(), line=2.5
            )
            painter.drawPixmap(box.left() + 1, box.top() + 1, tick)
        painter.end()
