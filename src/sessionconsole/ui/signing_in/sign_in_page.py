"""The first step: where, who, and the password."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from sessionconsole.domain.connectors import AboutConnector
from sessionconsole.domain.errors import (
    CertificateProblem,
    NotAPlatform,
    PlatformMisbehaved,
    SessionConsoleError,
    TryLater,
    WrongUse,
)
from sessionconsole.ui.connecting.asked import in_order
from sessionconsole.ui.connecting.dropping import FileDrop
from sessionconsole.ui.connecting.kinds import KindChooser
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.parts import IconLabel, button, give_focus_on, label
from sessionconsole.ui.signing_in.card import CardPage, Notes, mark_wrong
from sessionconsole.ui.signing_in.password import PasswordField
from sessionconsole.ui.signing_in.words import sentence

_PROMISE = "Your password is never stored."
_KEPT = (
    "This platform knows you by your password alone, so it is kept, in this computer's password store "
    "and nowhere else, until you sign out."
)


class SignInPage(CardPage):
    """Asks for address, user name and password, and where it is wished or needed for the kind of platform.

    `sign_in_asked(address, username, password, connector, variables)` is told once all is filled in, `kinds_asked`
    where the kinds are to be offered, `connect_asked` and `file_dropped(path)` where a file tells the kind.
    """

    sign_in_asked = Signal(str, str, str, object, object)
    kinds_asked = Signal()
    connect_asked = Signal()
    file_dropped = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Sign in", "Use your account on the booking platform.")
        self.address, self.username, self.password = QLineEdit(), QLineEdit(), PasswordField()
        self.address.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly)
        self.address.setPlaceholderText("booking.example.com")
        self.caps_hint = label("Caps Lock is on.", "small", "check")
        self.caps_hint.hide()
        self.notes = Notes(theme)
        self.kinds = KindChooser(theme)
        self.form.addWidget(self.notes)
        self.add_field("Address", self.address)
        self.form.addWidget(self.kinds)
        self.add_gap(16)
        self._username_label = self.add_field("User name", self.username)
        self.add_gap(16)
        self._password_label = self.add_field("Password", self.password)
        self.form.addWidget(self.caps_hint)
        self.add_error_and_button()
        self._add_links(theme)
        self._add_promise(theme)

        self.send.clicked.connect(self._send)
        self.password.caps_lock.connect(self.caps_hint.setVisible)
        self.other_kind.clicked.connect(self._choose_kind)
        self.connect_another.clicked.connect(self.connect_asked)
        self.kinds.chosen.connect(self._show_kind)
        self.kinds.asked.entered.connect(self._send)
        self.kinds.asked.edited.connect(self._mended)
        FileDrop(self).dropped.connect(self.file_dropped)
        for field in (self.address, self.username, self.password):
            field.returnPressed.connect(self._send)
            field.textEdited.connect(self._mended)
        self._show_kind()

    @property
    def _fields(self) -> tuple[QLineEdit, ...]:
        return self.address, *self.kinds.asked.fields, self.username, self.password

    def offer(
        self,
        address: str,
        username: str,
        connector: str | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        """Fill in what was used last, unless something is typed already."""
        if connector is not None and self.address.text() in ("", address) and self.kinds.wanted is None:
            self.kinds.want(connector, variables or {})
            self.kinds_asked.emit()
        if not self.address.text():
            self.address.setText(address)
        if not self.username.text():
            self.username.setText(username)
        self.focus_first_gap()

    def fill_in(self, address: str, username: str, connector: str, variables: Mapping[str, str]) -> None:
        """All of it but the password, whatever stood there."""
        self.address.setText(address)
        self.username.setText(username)
        self.forget_password()
        self.kinds.want(connector, variables)
        self.kinds.show()
        self.kinds_asked.emit()

    def take_kinds(self, kinds: Sequence[AboutConnector]) -> None:
        """These can be chosen; what is chosen and could not be found by the address is shown."""
        self.kinds.take(kinds)
        kind = self.kinds.kind
        if kind is not None and not kind.found_by_address:
            self.kinds.show()
        self._show_kind()
        if self.kinds.box.hasFocus():
            return
        if not self.error.isVisible():
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
        for control in (*self._fields, self.send, self.kinds.box, self.other_kind, self.connect_another):
            control.setEnabled(not busy)
        self.notes.again.setEnabled(not busy)
        self.send.setText("Signing in…" if busy else "Sign in")

    def show_error(self, error: SessionConsoleError) -> None:
        """Say what happened and what to do, with the cursor in the field to mend."""
        if isinstance(error, NotAPlatform):
            self._offer_kinds()
        self._complain(sentence(error), self._to_mend(error))

    def forget_password(self) -> None:
        """Keep no secret on a page that is left."""
        self.password.clear()
        self.kinds.asked.forget_secrets()
        self.error.clear()
        self._mended()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.focus_first_gap()

    def _to_mend(self, error: SessionConsoleError) -> QLineEdit:
        match error:
            case WrongUse():
                return self.kinds.asked.named_in(error.message) or self.address
            case TryLater() | NotAPlatform() | PlatformMisbehaved() | CertificateProblem():
                return self.address
            case _:
                return self.password

    @Slot()
    def _choose_kind(self) -> None:
        self._offer_kinds()
        self.kinds.box.setFocus(Qt.FocusReason.TabFocusReason)

    def _offer_kinds(self) -> None:
        self.kinds.show()
        self._show_kind()
        self.kinds_asked.emit()

    @Slot()
    def _show_kind(self) -> None:
        """The chosen kind may call things otherwise; their names for screen readers and scripts stay."""
        kind = self.kinds.kind if self.kinds.isVisibleTo(self) else None
        self._username_label.setText((kind and kind.username_label) or "User name")
        self._password_label.setText((kind and kind.password_label) or "Password")
        self._promise.setText(_KEPT if kind is not None and kind.keeps_password else _PROMISE)
        choosing = self.kinds.isVisibleTo(self)
        give_focus_on(self.other_kind, self.kinds.box if choosing else None)
        self.other_kind.setVisible(not choosing)
        self.connect_another.setVisible(choosing)
        stops: list[QWidget] = [self.notes.again, self.address, self.kinds.box, *self.kinds.asked.fields]
        in_order(
            [*stops, self.username, self.password, self.send, self.other_kind, self.connect_another],
        )

    @Slot()
    def _send(self) -> None:
        gap = self._gap()
        if gap is not None:
            self._complain(gap[1], gap[0])
            return
        self.error.clear()
        kind = self.kinds.kind if self.kinds.isVisibleTo(self) else None
        self.sign_in_asked.emit(
            self.address.text().strip(),
            self.username.text().strip(),
            self.password.text(),
            kind.name if kind is not None else None,
            self.kinds.asked.values if kind is not None else {},
        )

    def _gap(self) -> tuple[QLineEdit, str] | None:
        """The first field that is empty, and what to say of it."""
        if not self.address.text().strip():
            return self.address, "Enter the address of the booking platform."
        if (gap := self.kinds.asked.gap()) is not None:
            return gap
        for field, heading, words in (
            (self.username, self._username_label, "user name"),
            (self.password, self._password_label, "password"),
        ):
            if not field.text().strip():
                own = heading.full_text.casefold() != words
                return field, f"Enter {heading.full_text}." if own else f"Enter your {words}."
        return None

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

    def _add_links(self, theme: Theme) -> None:
        self.other_kind = button("Another kind of platform…", "link")
        self.connect_another = button("Connect another platform…", "link")
        self.form.addSpacing(theme.sizes.px(12))
        for link in (self.other_kind, self.connect_another):
            self.form.addWidget(link, 0, Qt.AlignmentFlag.AlignLeading)

    def _add_promise(self, theme: Theme) -> None:
        px = theme.sizes.px
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(IconLabel(theme, "lock", "text2", 16))
        self._promise = label(_PROMISE, "small", wrap=True)
        row.addWidget(self._promise, 1)
        self.form.addSpacing(px(16))
        self.form.addLayout(row)
