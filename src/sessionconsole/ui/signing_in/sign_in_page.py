"""The first step: where, who, and the password."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from sessionconsole.domain.errors import (
    CertificateProblem,
    NotAPlatform,
    PlatformMisbehaved,
    SessionConsoleError,
    TryLater,
    WrongUse,
)
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.parts import IconLabel, label
from sessionconsole.ui.signing_in.card import CardPage, Notes, mark_wrong
from sessionconsole.ui.signing_in.password import PasswordField
from sessionconsole.ui.signing_in.words import sentence


class SignInPage(CardPage):
    """`sign_in_asked(address, username, password)` is told once all three are filled in."""

    sign_in_asked = Signal(str, str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Sign in", "Use your account on the booking platform.")
        self.address, self.username, self.password = QLineEdit(), QLineEdit(), PasswordField()
        self.address.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly)
        self.address.setPlaceholderText("booking.example.com")
        self.caps_hint = label("Caps Lock is on.", "small", "check")
        self.caps_hint.hide()
        self.notes = Notes(theme)
        self.form.addWidget(self.notes)
        self.add_field("Address", self.address)
        self.add_gap(16)
        self.add_field("User name", self.username)
        self.add_gap(16)
        self.add_field("Password", self.password)
        self.form.addWidget(self.caps_hint)
        self.add_error_and_button()
        self._add_promise(theme)

        self.send.clicked.connect(self._send)
        self.password.caps_lock.connect(self.caps_hint.setVisible)
        for field in self._fields:
            field.returnPressed.connect(self._send)
            field.textEdited.connect(self._mended)

    @property
    def _fields(self) -> tuple[QLineEdit, ...]:
        return self.address, self.username, self.password

    def offer(self, address: str, username: str) -> None:
        """Fill in what was used last, unless something is typed already."""
        if not self.address.text():
            self.address.setText(address)
        if not self.username.text():
            self.username.setText(username)
        self.focus_first_gap()

    @property
    def typed(self) -> tuple[str, str]:
        """Address and user name as they stand there."""
        return self.address.text(), self.username.text()

    def focus_first_gap(self) -> None:
        """The cursor goes where something is missing."""
        gap = next((field for field in self._fields if not field.text()), self.password)
        gap.setFocus()

    def show_busy(self, *, busy: bool) -> None:
        """Say that it is under way; nothing can be pressed twice."""
        for field in self._fields:
            field.setEnabled(not busy)
        self.send.setEnabled(not busy)
        self.notes.again.setEnabled(not busy)
        self.send.setText("Signing in…" if busy else "Sign in")

    def show_error(self, error: SessionConsoleError) -> None:
        """Say what happened and what to do, with the cursor in the field to mend."""
        self._complain(sentence(error), self._to_mend(error))

    def forget_password(self) -> None:
        """Keep no password on a page that is left."""
        self.password.clear()
        self.error.clear()
        self._mended()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.focus_first_gap()

    def _to_mend(self, error: SessionConsoleError) -> QLineEdit:
        match error:
            case TryLater() | NotAPlatform() | PlatformMisbehaved() | CertificateProblem() | WrongUse():
                return self.address
            case _:
                return self.password

    @Slot()
    def _send(self) -> None:
        asked = {
            self.address: "Enter the address of the booking platform.",
            self.username: "Enter your user name.",
            self.password: "Enter your password.",
        }
        gap = next((field for field in self._fields if not field.text().strip()), None)
        if gap is not None:
            self._complain(asked[gap], gap)
            return
        self.error.clear()
        self.sign_in_asked.emit(
            self.address.text().strip(), self.username.text().strip(), self.password.text()
        )

    def _complain(self, what: str, field: QLineEdit) -> None:
        self._mended()
        self.error.tell(what)
        mark_wrong(field, wrong=True)
        field.setFocus()
        field.selectAll()

    @Slot()
    def _mended(self) -> None:
        for field in self._fields:
            mark_wrong(field, wrong=False)

    def _add_promise(self, theme: Theme) -> None:
        px = theme.sizes.px
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(IconLabel(theme, "lock", "text2", 16))
        row.addWidget(label("Your password is never stored.", "small"), 1)
        self.form.addSpacing(px(16))
        self.form.addLayout(row)
