"""The ring around the button that has the focus: 2 px wide, 2 px away, which no style sheet can draw."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QMargins, QObject, QPoint, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from sessionconsole.ui.look.tokens import RADIUS, Sizes

LINE, GAP = 2, 2
_EDGES = (QAbstractScrollArea, QSplitter, QStackedWidget)
_MOVING = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ParentChange)


class FocusRing(QObject):
    """Follows the focus from button to button; one object for the application."""

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._colour = QColor()
        self._sizes = Sizes()
        self._ring: _Ring | None = None
        app.focusChanged.connect(self._follow)

    def wear(self, colour: str, sizes: Sizes) -> None:
        """The colour of the ring, `#RRGGBB`, and the text size that it grows with."""
        self._colour, self._sizes = QColor(colour), sizes
        if self._ring is not None and shiboken6.isValid(self._ring):
            self._ring.set_colour(self._colour)

    @Slot(QWidget, QWidget)
    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._ring is not None and shiboken6.isValid(self._ring):
            self._ring.leave()
        self._ring = None
        if not isinstance(now, QAbstractButton):
            return
        ground = _ground(now, self._sizes.px(LINE + GAP))
        if ground is not None:
            self._ring = _Ring(now, ground, self._colour, self._sizes)


def _ground(button: QAbstractButton, reach: int) -> QWidget | None:
    """The nearest widget around the button that has room for the whole ring, within what scrolls with it."""
    nearest = button.parentWidget()
    # a splitter would take the ring for a pane of its own
    if nearest is None or isinstance(nearest, QSplitter):
        return None
    ground = nearest
    while not ground.rect().contains(_around(button, ground, reach)):
        parent = ground.parentWidget()
        if ground.isWindow() or parent is None or isinstance(parent, _EDGES):
            return nearest
        ground = parent
    return ground


def _around(button: QWidget, ground: QWidget, reach: int) -> QRect:
    rect = QRect(button.mapTo(ground, QPoint(0, 0)), button.size())
    return rect.marginsAdded(QMargins(reach, reach, reach, reach))


class _Ring(QWidget):
    """Lies over the button on the same ground, so that it scrolls and hides with it; takes no click."""

    def __init__(self, button: QAbstractButton, parent: QWidget, colour: QColor, sizes: Sizes) -> None:
        super().__init__(parent)
        self._button = button
        self._colour, self._sizes = colour, sizes
        self.setObjectName("focus-ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._watched: list[QWidget] = [button]
        while (above := self._watched[-1].parentWidget()) is not None and above is not parent:
            self._watched.append(above)
        for widget in self._watched:
            widget.installEventFilter(self)
        self._lie_over()

    def set_colour(self, colour: QColor) -> None:
        self._colour = colour
        self.update()

    def leave(self) -> None:
        for widget in self._watched:
            if shiboken6.isValid(widget):
                widget.removeEventFilter(self)
        self.hide()
        self.deleteLater()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVING and shiboken6.isValid(self._button):
            self._lie_over()
        return False

    def _lie_over(self) -> None:
        parent = self.parentWidget()
        if parent is None or not parent.isAncestorOf(self._button) or not self._button.isVisibleTo(parent):
            self.hide()
            return
        self.setGeometry(_around(self._button, parent, self._sizes.px(LINE + GAP)))
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        line = self._sizes.px(LINE)
        half = line / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._colour, line))
        radius = self._sizes.px(RADIUS + GAP)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
        painter.end()
