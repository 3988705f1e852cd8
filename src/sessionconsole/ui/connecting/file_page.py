"""A connector file: chosen, with all its mistakes or with what it says of itself, and what is needed to try it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from sessionconsole.domain.connectors import AboutConnector, ConnectorMistakes
from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.domain.trials import TrialWish
from sessionconsole.ui.announcing import announce
from sessionconsole.ui.connecting.asked import AskedFields, in_order
from sessionconsole.ui.connecting.dropping import FileDrop
from sessionconsole.ui.connecting.sentences import Sentences
from sessionconsole.ui.connecting.words import (
    how_many_mistakes,
    limits_of_file,
    mistake_place,
    verified,
)
from sessionconsole.ui.look.plain import shown
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.parts import IconLabel, button, frame, label
from sessionconsole.ui.signing_in.card import CardPage, mark_wrong
from sessionconsole.ui.signing_in.password import PasswordField

_WIDTH = 600
_LEAD = (
    "A connector file tells this program how your booking platform is spoken to. "
    "You get it from the platform's support, or somebody writes it: it is one file without any code."
)
_DROP = "Or drop the file here. It is checked, and nothing is kept of it until you say so."


class FilePage(CardPage):
    """`file_asked` for the dialog, `file_given(path)`, `check_asked` once more, `try_asked(wish)` and `back_asked`."""

    file_asked = Signal()
    file_given = Signal(str)
    check_asked = Signal()
    try_asked = Signal(object)
    back_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Connect another platform", _LEAD, _WIDTH)
        self.about: AboutConnector | None = None
        self.choose = button("Choose a file…", "strong")
        self.drop_hint = label(_DROP, "small", wrap=True)
        self.mistakes = _Mistakes(theme)
        self.check = button("Check again", "strong")
        self.facts = Sentences(theme)
        self.entry = self._make_entry(theme)
        for part in (self.choose, self.drop_hint, self.mistakes, self.facts, self.entry):
            self.form.addWidget(part)
            if part is self.choose:
                self.add_gap(8)
        self.add_error_and_button("Try it")
        self.form.addWidget(self.check)
        self.other_file = button("Choose another file…", "link")
        self.back = button("Back", "link")
        self.add_gap(12)
        row = QHBoxLayout()
        row.addWidget(self.other_file)
        row.addStretch(1)
        row.addWidget(self.back)
        self.form.addLayout(row)

        for pressed in (self.choose, self.other_file):
            pressed.clicked.connect(self.file_asked)
        self.check.clicked.connect(self.check_asked)
        self.back.clicked.connect(self.back_asked)
        self.send.clicked.connect(self._try)
        self.asked.entered.connect(self._try)
        self.asked.edited.connect(self._mended)
        FileDrop(self).dropped.connect(self.file_given)
        for field in (self.address, self.username, self.password):
            field.returnPressed.connect(self._try)
            field.textEdited.connect(self._mended)
        self.ask_for_file()

    @property
    def _fields(self) -> tuple[QLineEdit, ...]:
        return self.address, *self.asked.fields, self.username, self.password

    def ask_for_file(self) -> None:
        """As at the beginning: no file is chosen."""
        self.about = None
        self.title.setText("Connect another platform")
        self.lead.setText(_LEAD)
        self._show(choosing=True)
        self.choose.setFocus()

    def show_mistakes(self, name: str, found: ConnectorMistakes) -> None:
        """Every mistake of the file, which can be mended meanwhile."""
        self.about = None
        heading = how_many_mistakes(name, found.mistakes)
        self.title.setText("This file has mistakes")
        self.lead.setText("Mend them in the file and check it again, or send this list to whoever wrote it.")
        self.mistakes.show_all(heading, [(mistake_place(each), each.text) for each in found.mistakes])
        self._show(mistakes=True)
        self.check.setFocus()
        first = found.mistakes[0]
        announce(self, f"{heading}. {mistake_place(first)}: {first.text}", urgent=True)

    def show_file(self, name: str, about: AboutConnector) -> None:
        """What the file says of itself, and the fields to try it."""
        before = self.about.name if self.about is not None else None
        self.about = about
        self.title.setText(about.title)
        self.lead.setText(f"{name} has no mistakes. Try it with an account of yours before you use it.")
        self.facts.show_sentences(verified(about), limits_of_file(about))
        self._username_label.setText(about.username_label or "User name")
        self._password_label.setText(about.password_label or "Password")
        self.help.setText(about.help or "")
        self.help.setVisible(bool(about.help))
        self.asked.ask(about.asks, self.asked.values if before == about.name else {})
        self.measure.setEnabled(bool(about.ends))
        if not about.ends:
            self.measure.setChecked(False)
        self._show(entry=True)
        in_order(
            [
                self.address,
                *self.asked.fields,
                self.username,
                self.password,
                self.measure,
                self.send,
                self.other_file,
                self.back,
            ]
        )
        next((field for field in self._fields if not field.text()), self.password).setFocus()

    def show_error(self, error: SessionConsoleError) -> None:
        """What keeps the file from being checked, tried or kept."""
        self.error.tell(error)

    def show_busy(self, *, busy: bool) -> None:
        """While a file is read."""
        for control in (self.choose, self.check, self.send, self.other_file):
            control.setEnabled(not busy)

    def forget(self) -> None:
        """Keep nothing that was typed on a page that is left."""
        for field in (self.address, self.username, self.password):
            field.clear()
        self.asked.ask(())
        self.measure.setChecked(False)
        self.ask_for_file()

    def _show(self, *, choosing: bool = False, mistakes: bool = False, entry: bool = False) -> None:
        self.error.clear()
        self._mended()
        for part in (self.choose, self.drop_hint):
            part.setVisible(choosing)
        self.mistakes.setVisible(mistakes)
        self.check.setVisible(mistakes)
        self.facts.setVisible(entry)
        self.entry.setVisible(entry)
        self.send.setVisible(entry)
        self.other_file.setVisible(not choosing)
        self.verticalScrollBar().setValue(0)

    def _make_entry(self, theme: Theme) -> QWidget:
        px = theme.sizes.px
        entry = QWidget()
        column = QVBoxLayout(entry)
        column.setContentsMargins(0, px(20), 0, 0)
        column.setSpacing(px(16))
        self.address, self.username, self.password = QLineEdit(), QLineEdit(), PasswordField()
        self.address.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly)
        self.address.setPlaceholderText("booking.example.com")
        self.help = label("", "small", wrap=True)
        self.asked = AskedFields(theme)
        column.addWidget(self.help)
        labels = {}
        for words, field in (
            ("Address", self.address),
            ("User name", self.username),
            ("Password", self.password),
        ):
            row = QVBoxLayout()
            row.setSpacing(px(4))
            labels[words] = heading = label(words, "heading", wrap=True)
            heading.setBuddy(field)
            field.setAccessibleName(words)
            row.addWidget(heading)
            row.addWidget(field)
            column.addLayout(row)
            if field is self.address:
                column.addWidget(self.asked)
        self._username_label, self._password_label = labels["User name"], labels["Password"]
        self.measure = QCheckBox("End a test session of my own to measure")
        self.measure.setAccessibleName(self.measure.text())
        note = "Signs in a second time, ends that session, and measures how long it really lives on."
        self.measure.setAccessibleDescription(note)
        measuring = QVBoxLayout()
        measuring.setSpacing(px(4))
        measuring.addWidget(self.measure, 0, Qt.AlignmentFlag.AlignLeading)
        measuring.addWidget(label(note, "small", wrap=True))
        column.addLayout(measuring)
        return entry

    @Slot()
    def _keep_in_sight(self) -> None:
        """What the file says, or what is wrong with it, is to be read before anything else is done."""
        at = self.window().focusWidget()
        if self.isAncestorOf(at) and at is not self.check:
            self.ensureWidgetVisible(at, 0, self._theme.sizes.px(16))

    @Slot()
    def _try(self) -> None:
        gap = self._gap()
        if gap is not None:
            self._complain(*gap)
            return
        self.error.clear()
        self.try_asked.emit(
            TrialWish(
                self.address.text().strip(),
                self.username.text().strip(),
                self.password.text(),
                self.asked.values,
                self.measure.isChecked(),
            )
        )

    def _gap(self) -> tuple[QLineEdit, str] | None:
        if not self.address.text().strip():
            return self.address, "Enter the address of the booking platform."
        if (gap := self.asked.gap()) is not None:
            return gap
        for field, heading in ((self.username, self._username_label), (self.password, self._password_label)):
            if not field.text().strip():
                return field, f"Enter {heading.full_text}."
        return None

    def _complain(self, field: QLineEdit, what: str) -> None:
        self._mended()
        self.error.tell(what)
        mark_wrong(field, wrong=True)
        field.setFocus()

    @Slot()
    def _mended(self) -> None:
        for field in self._fields:
            mark_wrong(field, wrong=False)


def file_name(path: Path) -> str:
    """How a file is called on the page."""
    return shown(path.name, 80)


class _Mistakes(QWidget):
    """All of them below each other: where, and what."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.sizes.px
        self._theme = theme
        panel = frame("panel", "alarm")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, px(16))
        outer.addWidget(panel)
        column = QVBoxLayout(panel)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(px(12))
        head = QHBoxLayout()
        head.setSpacing(px(8))
        self._heading = label("", "strong", "alarm", wrap=True)
        head.addWidget(IconLabel(theme, "error", "alarm"), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._heading, 1)
        column.addLayout(head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(px(10))
        column.addLayout(self._rows)

    def show_all(self, heading: str, mistakes: Sequence[tuple[str, str]]) -> None:
        """A heading, and each mistake."""
        self._heading.setText(heading)
        while (item := self._rows.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        for place, text in mistakes:
            row = QWidget()
            column = QVBoxLayout(row)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(self._theme.sizes.px(2))
            where, what = label(place, "strong", wrap=True), label(text, wrap=True)
            for words in (where, what):
                words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                column.addWidget(words)
            self._rows.addWidget(row)
