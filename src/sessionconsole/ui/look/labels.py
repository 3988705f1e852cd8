"""Labels for text that came from elsewhere: never read as markup, on a fixed side, cut with an ellipsis."""

from __future__ import annotations

import html
from enum import Enum
from typing import NewType

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QToolTip, QWidget

from sessionconsole.ui.look.plain import breakable, shown, unbroken

Inert = NewType("Inert", str)
"""Markup in which only what we wrote ourselves is obeyed."""


def tooltip(text: str) -> Inert:
    """The text for setToolTip(): inert, escaped and wrapped, so that nothing in it is obeyed; empty stays empty.

    A line break in it is one of ours.
    """
    lines = (html.escape(shown(line)) for line in text.split("\n"))
    return Inert(f"<qt>{'<br>'.join(lines)}</qt>" if text else "")


def show_tooltip(at: QPoint, text: Inert, widget: QWidget) -> None:
    """Show it now, at a point of the screen."""
    QToolTip.showText(at, text, widget)


def hint(widget: QWidget, text: str) -> None:
    """Have the text as the widget's tooltip, and in plain words as its description.

    Without a description Qt reads the tooltip out, and with it the markup that keeps it inert.
    """
    widget.setToolTip(tooltip(text))
    widget.setAccessibleDescription(shown(text))


class Side(Enum):
    """Where a label's text stands, in the direction of reading of the window (not of the text)."""

    LEADING = "leading"
    CENTRE = "centre"
    TRAILING = "trailing"


class PlainLabel(QLabel):
    """A QLabel that shows plain text only.

    QLabel takes `&lt;x` for rich text and loads files for it, and it aligns by the direction of its text instead of
    the window's: both are switched off here. With `elide` the text is cut at the end of that many lines and stands in
    full in the tooltip; with `wrap` a word that is longer than a line is broken instead of widening everything.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        elide: bool | int = False,
        side: Side = Side.LEADING,
        wrap: bool = False,
    ) -> None:
        super().__init__(parent)
        self._full = ""
        self._named = False
        self._elide = int(elide)
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
        self._full = text = shown(text)
        if self._elide:
            self.setAccessibleName(text)
            self.setAccessibleDescription(text)  # else the markup of the tooltip is read out
            self._cut()
        elif self.wordWrap() and (broken := breakable(text)) != text:
            self.setAccessibleName(text)
            self._named = True
            super().setText(broken)
        else:
            if self._named:
                self.setAccessibleName("")  # else the text before is read out
            self._named = False
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.hasSelectedText():
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction("Copy", self._copy)
            menu.popup(event.globalPos())

    def _copy(self) -> None:
        if self.hasSelectedText():
            QGuiApplication.clipboard().setText(unbroken(self.selectedText()))

    def _cut(self) -> None:
        room = max(0, self.contentsRect().width())
        lines, rest = self._first_lines(room)
        lines.append(self.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, room))
        super().setText("\n".join(lines))
        self.setToolTip(tooltip(self._full) if lines[-1] != rest else "")

    def _first_lines(self, room: int) -> tuple[list[str], str]:
        """All lines but the last one as they break, and what is left for the last one."""
        lines: list[str] = []
        rest = self._full
        while len(lines) < self._elide - 1 and self.fontMetrics().horizontalAdvance(rest) > room > 0:
            layout = QTextLayout(rest, self.font())
            option = QTextOption()
            option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            layout.setTextOption(option)
            layout.beginLayout()
            line = layout.createLine()
            line.setLineWidth(room)
            layout.endLayout()
            lines.append(rest[: line.textLength()].rstrip())
            rest = rest[line.textLength() :]
        return lines, rest

    def _take_side(self) -> None:
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if self._side is Side.CENTRE:
            across = Qt.AlignmentFlag.AlignHCenter
        elif (self._side is Side.LEADING) != mirrored:
            across = Qt.AlignmentFlag.AlignLeft
        else:
            across = Qt.AlignmentFlag.AlignRight
        self.setAlignment(across | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
