"""Labels for text that came from elsewhere: never read as markup, on a fixed side, cut with an ellipsis."""

from __future__ import annotations

import html
from enum import Enum

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


def tooltip(text: str) -> str:
    """The text for setToolTip(): escaped and wrapped, so that nothing in it is taken for markup; empty stays empty."""
    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>" if text else ""


def hint(widget: QWidget, text: str) -> None:
    """Have the text as the widget's tooltip, and in plain words as its description.

    Without a description Qt reads the tooltip out, and with it the markup that keeps it inert.
    """
    widget.setToolTip(tooltip(text))
    widget.setAccessibleDescription(text)


class Side(Enum):
    """Where a label's text stands, in the direction of reading of the window (not of the text)."""

    LEADING = "leading"
    CENTRE = "centre"
    TRAILING = "trailing"


class PlainLabel(QLabel):
    """A QLabel that shows plain text only.

    QLabel takes `&lt;x` for rich text and loads files for it, and it aligns by the direction of its text instead of
    the window's: both are switched off here. With `elide` the text is cut at the end and stands in full in the tooltip.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        elide: bool = False,
        side: Side = Side.LEADING,
        wrap: bool = False,
    ) -> None:
        super().__init__(parent)
        self._full = ""
        self._elide = elide
        self._side = side
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._take_side()
        self.setText(text)

    @property
    def full_text(self) -> str:
        """The text before it was cut."""
        return self._full

    def setText(self, text: str) -> None:
        self._full = text
        if self._elide:
            self.setAccessibleName(text)
            self.setAccessibleDescription(text)  # else the markup of the tooltip is read out
            self._cut()
        else:
            super().setText(text)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(0, hint.height()) if self._elide else hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._elide:
            self._cut()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._take_side()
        elif event.type() == QEvent.Type.FontChange and self._elide:
            self._cut()

    def _cut(self) -> None:
        shown = self.fontMetrics().elidedText(
            self._full, Qt.TextElideMode.ElideRight, max(0, self.contentsRect().width())
        )
        super().setText(shown)
        self.setToolTip(tooltip(self._full) if shown != self._full else "")

    def _take_side(self) -> None:
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if self._side is Side.CENTRE:
            across = Qt.AlignmentFlag.AlignHCenter
        elif (self._side is Side.LEADING) != mirrored:
            across = Qt.AlignmentFlag.AlignLeft
        else:
            across = Qt.AlignmentFlag.AlignRight
        self.setAlignment(across | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
