"""Texts cut to their width, measured once: most of what painting a table costs."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics

from sessionconsole.ui.look.plain import shown

_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class CutText:
    """A text as it is drawn: its width in px, whether it was cut, and its own direction."""

    text: str
    width: int
    is_cut: bool
    direction: Qt.LayoutDirection


class TextCache:
    """Cuts texts of one font at the end; forgets everything when it has grown large."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetrics(font)
        self._kept: dict[tuple[str, int], CutText] = {}

    def cut(self, text: str, width: int) -> CutText:
        """The text within `width` px."""
        key = (text, width)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) > _KEPT:
                self._kept.clear()
            found = self._kept[key] = self._cut(text, width)
        return found

    def _cut(self, text: str, width: int) -> CutText:
        text = shown(text)
        whole = self.metrics.horizontalAdvance(text)
        if whole <= width:
            return CutText(text, whole, False, direction_of(text))
        cut = self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        return CutText(cut, self.metrics.horizontalAdvance(cut), True, direction_of(text))


def direction_of(text: str) -> Qt.LayoutDirection:
    """The direction of the first strong letter (UAX #9, P2); so "3 min ago" stays itself in a mirrored window."""
    for char in text:
        strong = unicodedata.bidirectional(char)
        if strong == "L":
            return Qt.LayoutDirection.LeftToRight
        if strong in ("R", "AL"):
            return Qt.LayoutDirection.RightToLeft
    return Qt.LayoutDirection.LeftToRight
