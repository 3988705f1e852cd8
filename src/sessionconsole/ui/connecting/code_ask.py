"""A code that is asked for in the middle of a dry run, in its place."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.ui.announcing import announce
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.parts import button, frame, label
from sessionconsole.ui.signing_in.card import mark_wrong
from sessionconsole.ui.signing_in.code_page import LEAD, SWITCH

Proof = tuple[FactorMethod, str]

_PASSWORD = "Enter your password on the booking platform once more."
_NEW = "Each code works once: wait for a new one where you were asked before."


class CodeAsk(QWidget):
    """Hidden until a code is wanted; one question at a time."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.sizes.px
        self._methods: list[FactorMethod] = []
        self._at = 0
        self._asked_before = False
        self._given: asyncio.Future[Proof | None] | None = None
        panel = frame("panel", "check")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, px(12))
        outer.addWidget(panel)
        column = QVBoxLayout(panel)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(px(8))
        self.lead = label("", "strong", wrap=True)
        self._again = label(_NEW, "small", wrap=True)
        self.code = QLineEdit()
        self.code.setMaxLength(128)
        self.code.setMinimumWidth(px(100))
        self.code.setMaximumWidth(px(240))
        self.go_on = button("Go on", "strong")
        self.without = button("Go on without", "plain")
        self.switch = button("", "link")
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.code, 1)
        for part in (self.go_on, self.without):
            row.addWidget(part)
        row.addStretch(0)
        for line in (self.lead, self._again):
            column.addWidget(line)
        column.addLayout(row)
        column.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignLeading)
        self.go_on.clicked.connect(self._give)
        self.code.returnPressed.connect(self._give)
        self.without.clicked.connect(self._give_nothing)
        self.switch.clicked.connect(self._other_method)
        self.hide()

    def begin(self) -> None:
        """A new trial: nothing was asked in it yet."""
        self._asked_before = False
        self.close_question()

    async def given(self, methods: Sequence[FactorMethod]) -> Proof | None:
        """What was entered; None where there is none."""
        # A code that has to be sent first was sent where no other is taken.
        self._methods = [method for method in methods if method != FactorMethod.MAILED_CODE] or [*methods]
        self._at = 0
        given: asyncio.Future[Proof | None] = asyncio.get_running_loop().create_future()
        self._given = given
        self._again.setVisible(self._asked_before)
        self._asked_before = True
        self._ask()
        self.show()
        self.code.setFocus()
        announce(self.code, self.lead.full_text, urgent=True)
        try:
            return await given
        finally:
            self.close_question()

    def close_question(self) -> None:
        """Nobody waits for it any more."""
        self._given = None
        self.code.clear()
        self.hide()

    @property
    def _method(self) -> FactorMethod:
        return self._methods[self._at]

    def _ask(self) -> None:
        hidden = self._method is FactorMethod.PASSWORD
        words = LEAD.get(self._method, _PASSWORD)
        self.lead.setText(words)
        self.code.setAccessibleName("Password" if hidden else "Code")
        self.code.setAccessibleDescription(words)
        self.code.setEchoMode(QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal)
        self.code.clear()
        mark_wrong(self.code, wrong=False)
        following = self._methods[(self._at + 1) % len(self._methods)]
        self.switch.setVisible(len(self._methods) > 1)
        self.switch.setText(SWITCH.get(following, "Use the password"))
        self.switch.setAccessibleName(self.switch.text())

    @Slot()
    def _other_method(self) -> None:
        self._at = (self._at + 1) % len(self._methods)
        self._ask()
        self.code.setFocus()

    @Slot()
    def _give(self) -> None:
        typed = self.code.text()
        code = typed if self._method is FactorMethod.PASSWORD else typed.strip()
        if self._method is FactorMethod.TOTP:
            code = "".join(typed.split())
        if not code:
            mark_wrong(self.code, wrong=True)
            self.code.setFocus()
            return
        self._settle((self._method, code))

    @Slot()
    def _give_nothing(self) -> None:
        self._settle(None)

    def _settle(self, proof: Proof | None) -> None:
        if self._given is not None and not self._given.done():
            self._given.set_result(proof)
