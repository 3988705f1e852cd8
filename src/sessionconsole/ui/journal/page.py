"""The page: what it is, whether it is sound, search, filters, and the entries."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from sessionconsole.ui.journal.model import JournalModel
from sessionconsole.ui.journal.view import JournalTable
from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import IconLabel, button, label
from sessionconsole.ui.shell.chips import ChipRow
from sessionconsole.ui.shell.empty import Empty
from sessionconsole.ui.shell.top import SearchField


class JournalPage(QWidget):
    """Only puts things in their places; what they show is the presenter's business."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.sizes.px
        self.title = label("Journal", "title")
        self.count = label("", tone="quiet")
        self.search = SearchField(theme)
        self.search.setPlaceholderText("Search person, device, what")
        self.search.setAccessibleDescription("Person, device, what was done, by whom")
        self.chips = ChipRow(theme)
        self.chips.comes_after = self.search
        self.export = button("Export…", "")
        self.sign = IconLabel(theme, "tick", "good", 16)
        self.proof = label("", "small", tone="quiet", wrap=True)
        self.accept = button("Go on…", "")
        self.accept.setAccessibleDescription("Go on with a journal whose end is missing")
        self.accept.hide()
        self.told = label("", "small", wrap=True)
        self.told.hide()
        self.model = JournalModel(self)
        self.table = JournalTable(theme, self.model)
        self.empty = Empty(theme)
        self.middle = QStackedWidget()
        self.middle.addWidget(self.table)
        self.middle.addWidget(self.empty)
        self.empty.heir = self.search

        first = QHBoxLayout()
        first.setSpacing(px(12))
        first.addWidget(self.title)
        first.addWidget(self.count)
        first.addStretch(1)
        first.addWidget(self.search)
        first.addStrut(px(32))
        second = QHBoxLayout()
        second.setSpacing(px(16))
        second.addWidget(self.chips, 1)
        second.addWidget(self.export)
        third = QHBoxLayout()
        third.setSpacing(px(8))
        third.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        third.addWidget(self.proof, 1)
        third.addWidget(self.accept, 0, Qt.AlignmentFlag.AlignTop)
        top = QVBoxLayout()
        top.setContentsMargins(px(16), px(12), px(16), px(8))
        top.setSpacing(px(8))
        for line in (first, second, third):
            top.addLayout(line)
        top.addWidget(self.told)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.middle, 1)

    def begin_search(self) -> None:
        """Go to the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def tell(self, sentence: str) -> None:
        """What became of the last wish; empty for nothing."""
        self.told.setText(sentence)
        self.told.setVisible(bool(sentence))

    def show_tools(self, *, visible: bool) -> None:
        """Search, filters, export and proof, where there is anything to look through."""
        for widget in (self.search, self.chips, self.export, self.sign, self.proof):
            widget.setVisible(visible)

    def show_proof(self, words: str, *, good: bool, may_go_on: bool) -> None:
        """Whether the journal is sound, and where its end is missing, the way on."""
        self.accept.setVisible(may_go_on)
        self.proof.setText(words)
        set_role(self.proof, "quiet" if good else "alarm", "tone")
        self.sign.set_icon(*(("tick", "good") if good else ("alarm", "alarm_icon")))

    def show_entries(self, *, there: bool) -> None:
        """The entries, or what stands in their place."""
        self.middle.setCurrentWidget(self.table if there else self.empty)
