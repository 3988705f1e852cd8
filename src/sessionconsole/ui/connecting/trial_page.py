"""The dry run of a connector file, live, and what may be done at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, tzinfo

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sessionconsole.domain.trials import Remark, Trial, TrialRemark, TrialWish, TriedCall, TriedList
from sessionconsole.ui.announcing import announce
from sessionconsole.ui.connecting.code_ask import CodeAsk
from sessionconsole.ui.connecting.seen import Seen
from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import IconLabel, button, frame, label
from sessionconsole.ui.signing_in.card import ErrorPanel

GOOD = "Nothing is wrong with it, as far as this run can tell."
WRONG = "Something is wrong: see what is marked as wrong, mend the file, and try again."
_BUSY = "Trying: it signs in, reads the list, and signs out. No session of anybody else is touched."
_MEASURING = (
    "Trying, with a second sign-in of your own that is ended to measure. "
    "It may take some minutes until that session is refused."
)


class TrialPage(QWidget):
    """`cancel_asked` while it runs; `use_asked`, `again_asked` and `back_asked` at its end."""

    cancel_asked = Signal()
    use_asked = Signal()
    again_asked = Signal()
    back_asked = Signal()

    def __init__(self, theme: Theme, now: Callable[[], datetime], zone: tzinfo) -> None:
        super().__init__()
        px = theme.sizes.px
        self._marks: Counter[Remark] = Counter()
        self._has_list = False
        self._where, self._calls = "", 0
        ground = frame("surface")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(ground)
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)

        head = QHBoxLayout()
        head.setContentsMargins(px(20), px(16), px(20), px(12))
        titles = QVBoxLayout()
        titles.setSpacing(px(2))
        self.title = label("", "title", elide=True)
        self.where = label("", tone="quiet", elide=True)
        titles.addWidget(self.title)
        titles.addWidget(self.where)
        self.cancel = button("Cancel", "plain")
        head.addLayout(titles, 1)
        head.addWidget(self.cancel)
        column.addLayout(head)
        column.addWidget(frame("line"))

        self.seen = Seen(theme, now, zone)
        column.addWidget(self.seen, 1)

        foot = frame("foot")
        below = QVBoxLayout(foot)
        below.setContentsMargins(px(20), px(12), px(20), px(16))
        below.setSpacing(0)
        self.code = CodeAsk(theme)
        self.error = ErrorPanel(theme)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self._icon = IconLabel(theme, "clock", "text2")
        self.verdict = label("", "strong", wrap=True)
        self.back = button("Back", "plain")
        self.again = button("Try again", "plain")
        self.use = button("Use this platform", "plain")
        row.addWidget(self._icon)
        row.addWidget(self.verdict, 1)
        for pressed in (self.back, self.again, self.use):
            row.addWidget(pressed)
        below.addWidget(self.code)
        below.addLayout(row)
        below.addWidget(self.error)
        column.addWidget(foot)

        self.cancel.clicked.connect(self.cancel_asked)
        self.back.clicked.connect(self.back_asked)
        self.again.clicked.connect(self.again_asked)
        self.use.clicked.connect(self.use_asked)

    def begin(self, title: str, wish: TrialWish) -> None:
        """A new run."""
        self._marks, self._has_list = Counter(), False
        self.title.setText(f"Trying {title}")
        self._where, self._calls = f"{wish.address}, as {wish.username}", 0
        self.where.setText(self._where)
        self.seen.clear()
        self.code.begin()
        self.error.clear()
        self._icon.set_icon("clock", "text2")
        self.verdict.setText(_MEASURING if wish.end_own_test_session else _BUSY)
        self._show_buttons(running=True)
        self.cancel.setFocus()
        announce(self, self.verdict.full_text)

    @Slot(object)
    def add(self, trial: Trial) -> None:
        """One thing more was seen."""
        if isinstance(trial, TrialRemark):
            self._marks[trial.remark] += 1
        elif isinstance(trial, TriedList):
            self._has_list = True
        elif isinstance(trial, TriedCall):
            self._calls += 1
            count = "1 call" if self._calls == 1 else f"{self._calls} calls"
            self.where.setText(f"{self._where}: {count}, the last: {trial.call}")
        self.seen.add(trial)

    def finish(self, *, good: bool) -> None:
        """It is over."""
        self._icon.set_icon("tick" if good else "error", "good" if good else "alarm")
        self.verdict.setText(f"{GOOD if good else WRONG} {self._counts()}".strip())
        set_role(self.use, "strong" if good else "plain")
        set_role(self.again, "plain" if good else "strong")
        self._show_buttons(running=False)
        (self.use if good else self.again).setFocus()
        announce(self, self.verdict.full_text, urgent=not good)

    def show_keeping(self, *, busy: bool) -> None:
        """While the file is kept."""
        for pressed in (self.use, self.again, self.back):
            pressed.setEnabled(not busy)

    def _counts(self) -> str:
        notes = self._marks[Remark.NOTE]
        return f"{notes} note{'' if notes == 1 else 's'}." if notes else ""

    def _show_buttons(self, *, running: bool) -> None:
        self.cancel.setVisible(running)
        self.back.setVisible(not running)
        self.again.setVisible(not running)
        # What could not even be listed is of no use.
        self.use.setVisible(not running and self._has_list)
