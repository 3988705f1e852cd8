"""A quiet panel of sentences, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.parts import frame, label


class Sentences(QWidget):
    """A first sentence, and a list of more below it, each with a dot."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.sizes.px
        self._theme = theme
        panel = frame("panel")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(panel)
        column = QVBoxLayout(panel)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(px(8))
        self._first = label("", wrap=True)
        column.addWidget(self._first)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(px(6))
        column.addLayout(self._rows)

    def show_sentences(self, first: str, more: Sequence[str]) -> None:
        """Say these instead."""
        self._first.setText(first)
        self._first.setVisible(bool(first))
        while (item := self._rows.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        for sentence in more:
            self._rows.addWidget(self._row(sentence))

    def _row(self, sentence: str) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(self._theme.sizes.px(8))
        line.addWidget(label("•", tone="quiet"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(label(sentence, wrap=True), 1)
        return row
