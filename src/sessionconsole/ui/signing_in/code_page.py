"""The second step: a code from the app, a recovery code, or one that the platform sends."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.ui.announcing import announce
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.parts import button, label
from sessionconsole.ui.signing_in.card import CardPage, mark_wrong
from sessionconsole.ui.signing_in.words import sentence

LEAD = {
    FactorMethod.TOTP: "Enter the 6-digit code from your authenticator app.",
    FactorMethod.RECOVERY_CODE: "Enter one of your recovery codes. Each works once.",
    FactorMethod.MAILED_CODE: "Enter the code that the booking platform has sent you.",
}
SWITCH = {
    FactorMethod.TOTP: "Use the authenticator app",
    FactorMethod.RECOVERY_CODE: "Use a recovery code",
    FactorMethod.MAILED_CODE: "Have a code sent",
}
"""The ways in the order in which they are offered."""

_SENT_AGAIN = "Enter the code that comes now; one that was sent before may not work any more."


class CodePage(CardPage):
    """`code_given(method, code)`, `code_wanted(method)` of one that has to be sent, and `back_asked`."""

    code_given = Signal(object, str)
    code_wanted = Signal(object)
    back_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "One more step", LEAD[FactorMethod.TOTP])
        self._method = FactorMethod.TOTP
        self._methods = [FactorMethod.TOTP]
        self.code = QLineEdit()
        self.code.setProperty("role", "code")
        self.code.setMaxLength(64)
        self.add_field("Code", self.code)
        self.add_error_and_button()
        self.hint = label("No phone at hand? A recovery code works once.", "small")
        self.resend = button("Send it again", "link")
        self.switch = button("Use a recovery code", "link")
        self.back = button("Back", "link")
        self.add_gap(12)
        self.form.addWidget(self.hint)
        self.add_gap(4)
        row = QHBoxLayout()
        row.setSpacing(theme.sizes.px(16))
        row.addWidget(self.resend)
        row.addWidget(self.switch)
        row.addStretch(1)
        row.addWidget(self.back)
        self.form.addLayout(row)

        self.send.clicked.connect(self._send)
        self.code.returnPressed.connect(self._send)
        self.code.textEdited.connect(self._mended)
        self.switch.clicked.connect(self._other_method)
        self.resend.clicked.connect(self._send_again)
        self.back.clicked.connect(self.back_asked)

    def offer(self, methods: tuple[FactorMethod, ...]) -> None:
        """Ask for what the platform takes, the app's code first."""
        self._methods = [method for method in SWITCH if method in methods] or [FactorMethod.TOTP]
        self.switch.setVisible(len(self._methods) > 1)
        self._ask_for(self._methods[0])

    def show_busy(self, *, busy: bool) -> None:
        """Say that it is under way; nothing can be pressed twice."""
        for control in (self.code, self.send, self.resend, self.switch, self.back):
            control.setEnabled(not busy)
        self.send.setText("Signing in…" if busy else "Sign in")

    def show_error(self, error: SessionConsoleError) -> None:
        """Say what happened and what to do, with the cursor on the code."""
        self._complain(sentence(error))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.code.clear()
        self._forgive()
        self.code.setFocus()

    def _ask_for(self, method: FactorMethod) -> None:
        self._method = method
        app = method is FactorMethod.TOTP
        self.lead.setText(LEAD[method])
        self.code.setAccessibleDescription(LEAD[method])
        self.resend.setVisible(method is FactorMethod.MAILED_CODE)
        self.hint.setVisible(app and FactorMethod.RECOVERY_CODE in self._methods)
        self.switch.setText(SWITCH[self._following()])
        self.switch.setAccessibleName(self.switch.text())
        self.code.setInputMethodHints(
            Qt.InputMethodHint.ImhDigitsOnly if app else Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.code.clear()
        self._forgive()
        self.code.setFocus()

    @Slot()
    def _other_method(self) -> None:
        self._ask_for(self._following())
        if self._method is FactorMethod.MAILED_CODE:
            self.code_wanted.emit(self._method)

    @Slot()
    def _send_again(self) -> None:
        self._ask_for(FactorMethod.MAILED_CODE)
        self.lead.setText(_SENT_AGAIN)
        announce(self.lead, _SENT_AGAIN)
        self.code_wanted.emit(FactorMethod.MAILED_CODE)

    def _following(self) -> FactorMethod:
        return self._methods[(self._methods.index(self._method) + 1) % len(self._methods)]

    @Slot()
    def _send(self) -> None:
        typed = self.code.text().strip()
        code = "".join(typed.split()) if self._method is FactorMethod.TOTP else typed
        if not code:
            self._complain("Enter the code first.")
        elif self._method is FactorMethod.TOTP and not (code.isascii() and code.isdigit() and len(code) == 6):
            self._complain("The code has 6 digits. Enter the one that your authenticator app shows now.")
        else:
            self._forgive()
            self.code_given.emit(self._method, code)

    def _forgive(self) -> None:
        self.error.clear()
        self._mended()

    def _complain(self, what: str) -> None:
        self.error.tell(what)
        mark_wrong(self.code, wrong=True)
        self.code.setFocus()
        self.code.selectAll()

    @Slot()
    def _mended(self) -> None:
        mark_wrong(self.code, wrong=False)
