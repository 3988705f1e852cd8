"""What a dry run has seen, one thing below the other: calls, remarks, and the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from sessionconsole.domain.sessions import LoginSession
from sessionconsole.domain.trials import Remark, Trial, TrialRemark, TriedCall, TriedList
from sessionconsole.services.states import Row
from sessionconsole.ui.announcing import announce
from sessionconsole.ui.connecting import words
from sessionconsole.ui.look.labels import PlainLabel
from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import IconLabel, frame, label
from sessionconsole.ui.sessions import wording

_REMARKS = {
    Remark.GOOD: ("tick", "good", "good"),
    Remark.NOTE: ("warning", "check", "check"),
    Remark.WRONG: ("error", "alarm", "alarm"),
}
"""Icon, colour and panel of each."""

_COLUMNS = ("Person", "Device", "Place", "Last active", "Signed in")


class Seen(QScrollArea):
    """Grows at its end, and stays there unless somebody has scrolled up; calls that are alike are counted."""

    def __init__(self, theme: Theme, now: Callable[[], datetime], zone: tzinfo) -> None:
        super().__init__()
        self._theme, self._now, self._zone = theme, now, zone
        px = theme.sizes.px
        set_role(self, "details")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("What was seen")
        ground = frame("surface")
        self._column = QVBoxLayout(ground)
        self._column.setContentsMargins(px(20), px(16), px(20), px(16))
        self._column.setSpacing(px(12))
        self._column.addStretch(1)
        self.setWidget(ground)
        self._calls: dict[tuple[object, ...], _Call] = {}
        self._at_end = True
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._follow)
        bar.valueChanged.connect(self._remember)

    def clear(self) -> None:
        """Nothing was seen."""
        self._calls = {}
        while self._column.count() > 1:
            item = self._column.takeAt(0)
            if item is not None and (part := item.widget()) is not None:
                part.hide()
                part.deleteLater()
        self._at_end = True

    def add(self, trial: Trial) -> None:
        """One thing more."""
        match trial:
            case TriedCall():
                self._add_call(trial)
            case TrialRemark():
                self._put(_RemarkPanel(self._theme, trial))
                text = f"{words.MARKS[trial.remark]}: {trial.text} {trial.advice or ''}"
                announce(self, text, urgent=trial.remark is Remark.WRONG)
            case TriedList():
                self._put(self._table(trial))

    def _add_call(self, call: TriedCall) -> None:
        key = (call.call, call.status, call.word, call.row, call.problem)
        if key in self._calls:
            self._calls[key].again()
            return
        self._calls[key] = made = _Call(self._theme, call)
        self._put(made)

    def _put(self, part: QWidget) -> None:
        self._column.insertWidget(self._column.count() - 1, part)

    def _table(self, listed: TriedList) -> QWidget:
        px = self._theme.sizes.px
        panel = frame("panel")
        column = QVBoxLayout(panel)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(px(10))
        column.addWidget(label(words.told(listed.count, listed.told), "strong", wrap=True))
        if listed.first:
            grid = QGridLayout()
            grid.setHorizontalSpacing(px(16))
            grid.setVerticalSpacing(px(8))
            for at, title in enumerate(_COLUMNS):
                grid.addWidget(label(title, "heading"), 0, at)
                grid.setColumnStretch(at, 1)
            for line, session in enumerate(listed.first, 1):
                for at, cell in enumerate(self._cells(session)):
                    grid.addWidget(_two_lines(cell), line, at, Qt.AlignmentFlag.AlignTop)
            column.addLayout(grid)
        return panel

    def _cells(self, session: LoginSession) -> tuple[wording.Lines, ...]:
        setting = wording.Setting(self._now(), self._zone)
        return (
            wording.person(Row(session)),
            wording.device(session.device, session.user_agent),
            wording.place(session, None),
            wording.last_active(session.last_active_at, setting),
            wording.signed_in(session.signed_in_at, setting),
        )

    @Slot()
    def _follow(self) -> None:
        if self._at_end:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    @Slot(int)
    def _remember(self, value: int) -> None:
        self._at_end = value >= self.verticalScrollBar().maximum() - self._theme.sizes.px(24)


class _Call(QWidget):
    """One request and its answer."""

    def __init__(self, theme: Theme, call: TriedCall) -> None:
        super().__init__()
        px = theme.sizes.px
        failed = call.problem is not None or call.word is None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        icon, token = ("error", "alarm") if failed else ("tick", "text2")
        row.addWidget(IconLabel(theme, icon, token, 16), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(px(2))
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(label(call.call, "strong", elide=True), 1)
        self._times = label("", "small")
        self._count = 1
        head.addWidget(self._times)
        head.addWidget(label(words.answer(call), tone="alarm" if failed else ""))
        column.addLayout(head)
        for text, tone in (
            (call.request, "quiet"),
            (words.why(call), ""),
            (f"Took {words.taken(call.taken)}" if call.taken else "", ""),
            (f"Answered: {call.answer}" if call.answer else "", "quiet"),
            (call.problem or "", "alarm"),
        ):
            if text:
                column.addWidget(_selectable(label(text, tone=tone, wrap=True)))
        row.addLayout(column, 1)

    def again(self) -> None:
        """The same once more."""
        self._count += 1
        self._times.setText(f"{self._count} times")


class _RemarkPanel(QWidget):
    """Something that was found out, and what to change."""

    def __init__(self, theme: Theme, remark: TrialRemark) -> None:
        super().__init__()
        px = theme.sizes.px
        icon, token, level = _REMARKS[remark.remark]
        panel = frame("panel", level)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(panel)
        row = QHBoxLayout(panel)
        row.setContentsMargins(px(12), px(8), px(12), px(8))
        row.setSpacing(px(8))
        row.addWidget(IconLabel(theme, icon, token), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(px(2))
        said = f"{words.MARKS[remark.remark]}: {remark.text}"
        column.addWidget(_selectable(label(said, "strong", wrap=True)))
        if remark.advice:
            column.addWidget(_selectable(label(remark.advice, wrap=True)))
        row.addLayout(column, 1)


def _selectable(words_: PlainLabel) -> PlainLabel:
    words_.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return words_


def _two_lines(lines: wording.Lines) -> QWidget:
    cell = QWidget()
    column = QVBoxLayout(cell)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    tone = "quiet" if lines.first_tone is wording.Tone.QUIET else ""
    column.addWidget(label(lines.first, "strong" if lines.strong else "", tone, elide=True))
    if lines.second:
        second = {wording.Tone.ACCENT: "accent"}.get(lines.second_tone, "quiet")
        column.addWidget(label(lines.second, "small" if second == "quiet" else "", second, elide=True))
    return cell
