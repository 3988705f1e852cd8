"""The fields for what a kind of platform asks for besides address, user name and password."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from sessionconsole.domain.connectors import AskedVariable
from sessionconsole.ui.look.plain import shown
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.parts import label
from sessionconsole.ui.signing_in.password import PasswordField

_TAKEN = frozenset({"Address", "User name", "Password", "Code"})
"""Names that stand for other fields."""


class AskedFields(QWidget):
    """One labelled field below the other; `entered` when Enter is pressed in one, `edited` when something is typed."""

    entered = Signal()
    edited = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._asked: tuple[AskedVariable, ...] = ()
        self._rows: list[QWidget] = []
        self.fields: list[QLineEdit] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.sizes.px(16))
        self.hide()

    def ask(self, asked: Sequence[AskedVariable], known: Mapping[str, str] | None = None) -> None:
        """Show a field for each, filled with what is known of it."""
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._asked, self._rows, self.fields = tuple(asked), [], []
        for variable in asked:
            self._add(variable, (known or {}).get(variable.name) or variable.default or "")
        self.setVisible(bool(asked))

    @property
    def values(self) -> dict[str, str]:
        """What was entered, by name; what was left empty is left out."""
        pairs = zip(self._asked, self.fields, strict=True)
        return {asked.name: typed for asked, field in pairs if (typed := field.text().strip())}

    def gap(self) -> tuple[QLineEdit, str] | None:
        """The first field that must not be empty, and what to say of it."""
        for asked, field in zip(self._asked, self.fields, strict=True):
            if not field.text().strip() and asked.default is None:
                example = f", such as {asked.example}" if asked.example else ""
                return field, f"Enter {asked.label}{example}."
        return None

    def named_in(self, sentence: str) -> QLineEdit | None:
        """The field whose label is in the sentence that says what is wrong."""
        pairs = zip(self._asked, self.fields, strict=True)
        return next((field for asked, field in pairs if asked.label in sentence), None)

    def forget_secrets(self) -> None:
        """Empty those that show dots."""
        for asked, field in zip(self._asked, self.fields, strict=True):
            if asked.secret:
                field.clear()

    def _add(self, asked: AskedVariable, value: str) -> None:
        px = self._theme.sizes.px
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        field = PasswordField() if asked.secret else QLineEdit()
        heading = label(asked.label, "heading", wrap=True)
        heading.setBuddy(field)
        words = shown(asked.label)
        field.setAccessibleName(f"{words} ({shown(asked.name)})" if words in _TAKEN else words)
        field.setAccessibleDescription(shown(asked.help or ""))
        field.setPlaceholderText(shown(asked.example or ""))
        field.setText(value)
        field.returnPressed.connect(self.entered)
        field.textEdited.connect(self.edited)
        column.addWidget(heading)
        column.addWidget(field)
        if asked.help:
            column.addWidget(label(asked.help, "small", wrap=True))
        self._column.addWidget(row)
        self._rows.append(row)
        self.fields.append(field)


def in_order(stops: Iterable[QWidget]) -> None:
    """Let Tab go from one to the next: what was made later comes last otherwise."""
    before: QWidget | None = None
    for stop in stops:
        if before is not None:
            QWidget.setTabOrder(before, stop)
        before = stop
