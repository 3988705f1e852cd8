"""The ring around the button that has the focus: 2 px wide, 2 px away, which no style sheet can draw."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QMargins, QObject, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QSplitter, QWidget

from sessionconsole.ui.look.tokens import RADIUS

LINE, GAP = 2, 2
_REACH = LINE + GAP
_MOVING = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ParentChange)


class FocusRing(QObject):
    """Follows the focus from button to button; one object for the application."""

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._colour = QColor()
        self._ring: _Ring | None = None
        app.focusChanged.connect(self._follow)

    def set_colour(self, colour: str) -> None:
        """The colour of the ring, `#RRGGBB`."""
        self._colour = QColor(colour)
        if self._ring is not None and shiboken6.isValid(self._ring):
            self._ring.set_colour(self._colour)

    @Slot(QWidget, QWidget)
    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._ring is not None and shiboken6.isValid(self._ring):
            self._ring.leave()
        self._ring = None
        parent = now.parentWidget() if now is not None else None
        # a splitter would take the ring for a pane of its own; a check box shows its focus itself
        if not isinstance(now, QAbstractButton) or isinstance(now, QCheckBox):
            return
        if parent is None or isinstance(parent, QSplitter):
            return
        self._ring = _Ring(now, parent, self._colour)


class _Ring(QWidget):
    """Lies over the button as its sibling, so that it scrolls and hides with it; takes no click."""

    def __init__(self, button: QAbstractButton, parent: QWidget, colour: QColor) -> None:
        super().__init__(parent)
        self._button = button
        self._colour = colour
        self.setObjectName("focus-ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.installEventFilter(self)
        self._lie_over()

    def set_colour(self, colour: QColor) -> None:
        self._colour = colour
        self.update()

    def leave(self) -> None:
        if shiboken6.isValid(self._button):
            self._button.removeEventFilter(self)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._button and event.type() in _MOVING:
            self._lie_over()
        return False

    def _lie_over(self) -> None:
        parent = self.parentWidget()
        if (
            parent is None
            or self._button.parentWidget() is not parent
            or not self._button.isVisibleTo(parent)
        ):
            self.hide()
            return
        self.setGeometry(self._button.geometry().marginsAdded(QMargins(_REACH, _REACH, _REACH, _REACH)))
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        half = LINE / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._colour, LINE))
        radius = RADIUS + GAP
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
        painter.end()
