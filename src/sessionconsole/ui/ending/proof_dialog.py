"""Proving once more that it is you, where the platform wants that before it ends anything."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import ReauthenticationNeeded, SessionConsoleError
from sessionconsole.ui.ending.question import FramedDialog, take_size
from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import button, label
from sessionconsole.ui.signing_in.card import ErrorPanel, mark_wrong

_FIELD = {
    FactorMethod.TOTP: ("Code", "The 6-digit code from your authenticator app", "Use the code instead"),
    FactorMethod.RECOVERY_CODE: ("Code", "One of your recovery codes", "Use a recovery code instead"),
    FactorMethod.MAILED_CODE: (
        "Code",
        "The code that the booking platform has sent you",
        "Use the sent code instead",
    ),
    FactorMethod.PASSWORD: ("Password", "Your password on the booking platform", "Use the password instead"),
}


class ProofDialog(FramedDialog):
    """Asks for a code or the password until one is accepted or the dialog is closed."""

    def __init__(self, theme: Theme, parent: QWidget, asked: SessionConsoleError) -> None:
        super().__init__(theme, parent)
        px = theme.sizes.px
        methods = asked.methods if isinstance(asked, ReauthenticationNeeded) else ()
        self._methods = methods or (FactorMethod.PASSWORD,)
        self._at = 0
        self._given: asyncio.Future[tuple[FactorMethod, str] | None] | None = None
        self.setWindowTitle("Is it you?")
        self.setAccessibleDescription(asked.message)
        self.setWindowModality(Qt.WindowModality.WindowModal)

        self._heading = label("", "heading")
        self.secret = QLineEdit()
        self._hint = label("", "small", wrap=True)
        self.error = ErrorPanel(theme)
        self.go_on = button("Go on", "strong")
        self.go_on.setDefault(True)
        self.later = button("Not now", "plain")
        self.switch = button("", "link")
        self.go_on.clicked.connect(self._give)
        self.secret.returnPressed.connect(self._give)
        self.secret.textEdited.connect(self._mended)
        self.later.clicked.connect(self.reject)
        self.switch.clicked.connect(self._other_method)
        self.finished.connect(self._closed)

        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(20))
        column.setSpacing(px(8))
        column.addWidget(label(asked.message, "strong", wrap=True))
        column.addSpacing(px(4))
        for part in (self._heading, self.secret, self._hint, self.error):
            column.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.switch)
        row.addStretch(1)
        row.addWidget(self.later)
        row.addWidget(self.go_on)
        column.addSpacing(px(8))
        column.addLayout(row)
        if (around := self.error.layout()) is not None:
            around.setContentsMargins(0, px(8), 0, 0)  # with the spacing as much as between all parts
        self._ask()

    async def given(self) -> tuple[FactorMethod, str] | None:
        """What was entered; None where the dialog was closed."""
        self._given = asyncio.get_running_loop().create_future()
        self._show_busy(busy=False)
        if not self.isVisible():
            self.open()
        self.secret.setFocus()
        return await self._given

    def refuse(self, error: SessionConsoleError) -> None:
        """Say why it was not accepted, or what is wanted besides; `given` waits for the next one."""
        if isinstance(error, ReauthenticationNeeded):
            self._methods, self._at = error.methods, 0
            self._ask()
            self._say(error)
            self.secret.setEnabled(True)
            return
        self._say(error)
        mark_wrong(self.secret, wrong=True)
        self.secret.setEnabled(True)
        self.secret.selectAll()

    def _ask(self) -> None:
        method = self._methods[self._at]
        name, hint, _ = _FIELD[method]
        self._heading.setText(name)
        self.secret.setAccessibleName(name)
        self._hint.setText(hint + ".")
        self.secret.setAccessibleDescription(hint + ".")
        hidden = method is FactorMethod.PASSWORD
        self.secret.setEchoMode(QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal)
        set_role(self.secret, "" if hidden else "code")
        self.secret.clear()
        self._mended()
        self._say("")
        following = self._methods[(self._at + 1) % len(self._methods)]
        self.switch.setVisible(len(self._methods) > 1)
        self.switch.setText(_FIELD[following][2])
        self.switch.setAccessibleName(_FIELD[following][2])

    def _other_method(self) -> None:
        self._at = (self._at + 1) % len(self._methods)
        self._ask()
        self.secret.setFocus()

    def _give(self) -> None:
        method, typed = self._methods[self._at], self.secret.text()
        secret = typed if method is FactorMethod.PASSWORD else "".join(typed.split())
        if not secret:
            self._say(f"Enter the {_FIELD[method][0].lower()} first.")
            self.secret.setFocus()
            return
        self._say("")
        self._show_busy(busy=True)
        self._settle((method, secret))

    def _say(self, what: SessionConsoleError | str) -> None:
        if what:
            self.error.tell(what)
        else:
            self.error.clear()
        take_size(self, self._theme.sizes.px(440))

    def _mended(self) -> None:
        mark_wrong(self.secret, wrong=False)

    def _show_busy(self, *, busy: bool) -> None:
        for control in (self.secret, self.go_on, self.switch):
            control.setEnabled(not busy)
        self.go_on.setText("Checking…" if busy else "Go on")

    def _closed(self, _result: int) -> None:
        self._settle(None)

    def _settle(self, given: tuple[FactorMethod, str] | None) -> None:
        if self._given is not None and not self._given.done():
            self._given.set_result(given)
