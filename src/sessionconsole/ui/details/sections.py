"""The parts of the details: the level panel, two lists of sentences, and the facts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from sessionconsole.domain.assessments import Level
from sessionconsole.ui.details.words import Fact
from sessionconsole.ui.look.labels import PlainLabel
from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import IconLabel, frame, label
from sessionconsole.ui.sessions.wording import NOT_PROVIDED, level_word

_ICONS = {
    Level.ALARM: ("alarm", "alarm_icon"),
    Level.CHECK: ("check", "check_icon"),
    Level.FAMILIAR: ("this-console", "accent"),
}


class LevelPanel(QWidget):
    """Icon, word, "Is this yours?", and the next step."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.sizes.px
        self._panel = frame("panel")
        self._icon = IconLabel(theme, "alarm", "alarm_icon")
        self.level = label("", "strong")
        self.question = label("Is this yours?", "strong")
        self.step = label("", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(px(8))
        head.addWidget(self._icon)
        head.addWidget(self.level)
        head.addWidget(self.question)
        head.addStretch(1)
        column = QVBoxLayout(self._panel)
        column.setContentsMargins(px(12), px(10), px(12), px(10))
        column.setSpacing(px(6))
        column.addLayout(head)
        column.addWidget(self.step)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, px(16))
        outer.addWidget(self._panel)

    def show_level(self, level: Level, step: str, *, question: bool) -> None:
        """A marked session; the question is left out once an order was given."""
        icon, token = _ICONS[level]
        self._icon.set_icon(icon, token)
        set_role(self._panel, str(level), "level")
        set_role(self.level, str(level), "tone")
        self.level.setText(level_word(level))
        self.question.setVisible(question)
        self.step.setText(step)
        self.step.setVisible(bool(step) and question)

    def show_ended(self, words: str) -> None:
        """A session that was ended: what was a mark is history."""
        self._icon.set_icon("done", "good")
        set_role(self._panel, "good", "level")
        set_role(self.level, "good", "tone")
        self.level.setText("Ended")
        self.question.hide()
        self.step.setText(words)
        self.step.show()

    def show_own(self, words: str) -> None:
        """This very console."""
        self._icon.set_icon("this-console", "accent")
        set_role(self._panel, "", "level")
        set_role(self.level, "accent", "tone")
        self.level.setText("This console")
        self.question.hide()
        self.step.setText(words)
        self.step.show()


class Sentences(QWidget):
    """A heading and sentences, each behind a dot or a tick."""

    def __init__(self, theme: Theme, heading: str) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[object, ...] = ()
        px = theme.sizes.px
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, px(12))
        self._column.setSpacing(px(6))
        self._column.addWidget(label(heading, "heading"))
        self._lines: list[QWidget] = []

    def show_sentences(
        self, sentences: Sequence[str], *, tone: str = "", icon: str = "", none: str = ""
    ) -> None:
        """Show them, or `none` where there are none; hidden where there is neither."""
        wanted = (tuple(sentences), tone, icon, none)
        if wanted == self._shown:
            return
        self._shown = wanted
        for line in self._lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        if sentences:
            self._lines = [self._line(text, tone, icon) for text in sentences]
        else:
            self._lines = [label(none, tone="quiet", wrap=True)] if none else []
        for line in self._lines:
            self._column.addWidget(line)
        self.setVisible(bool(self._lines))

    def _line(self, text: str, tone: str, icon: str) -> QWidget:
        px = self._theme.sizes.px
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(6))
        mark: QWidget = IconLabel(self._theme, icon, "good", 16) if icon else label("•", tone=tone)
        mark.setFixedWidth(px(20))
        if isinstance(mark, PlainLabel):
            mark.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(text, wrap=True), 1)
        return line


class Facts(QWidget):
    """Labels and values in two columns."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sizes = theme.sizes.body, theme.sizes.small
        px = theme.sizes.px
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, px(12), 0, px(12))
        self._grid.setHorizontalSpacing(px(12))
        self._grid.setVerticalSpacing(px(6))
        self._grid.setColumnMinimumWidth(0, px(84))
        self._grid.setColumnStretch(1, 1)
        self._values: dict[str, PlainLabel] = {}

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """The same labels each time; only values change."""
        for fact in facts:
            value = self._values.get(fact.label) or self._add(fact.label)
            value.setText(fact.value or NOT_PROVIDED)
            set_role(value, "" if fact.value else "quiet", "tone")

    def _add(self, words: str) -> PlainLabel:
        row = self._grid.rowCount()
        value = self._values[words] = label("", wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        top = Qt.AlignmentFlag.AlignTop
        name = label(words, "small")
        # Both on one base line, though the label's letters are smaller.
        body, small = (QFontMetrics(self._theme.font(size)) for size in self._sizes)
        name.setContentsMargins(0, body.ascent() - small.ascent(), 0, 0)
        self._grid.addWidget(name, row, 0, top)
        self._grid.addWidget(value, row, 1, top)
        return value
