"""The card in the middle of the window that both steps of signing in stand on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.ui.announcing import announce
from sessionconsole.ui.look.labels import PlainLabel
from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import IconLabel, button, frame, label

_WIDTH, _PADDING = 400, 32


class CardPage(QScrollArea):
    """A card with title, lead and form; the error stands right above the button, where the eye is."""

    def __init__(self, theme: Theme, title: str, lead: str, width: int = _WIDTH) -> None:
        super().__init__()
        self._theme = theme
        px = theme.sizes.px
        self.setWidgetResizable(True)
        set_role(self, "ground")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

        ground = frame("rail")
        self.card = _Card()
        self._most = width
        self.card.setFixedWidth(px(width))
        outer = QVBoxLayout(ground)
        outer.setContentsMargins(px(16), px(16), px(16), px(16))
        outer.addWidget(self.card, 0, Qt.AlignmentFlag.AlignCenter)
        self.setWidget(ground)

        self.form = QVBoxLayout(self.card)
        self.form.setContentsMargins(px(_PADDING), px(28), px(_PADDING), px(28))
        self.form.setSpacing(0)
        self.form.addWidget(IconLabel(theme, "app-mark", "accent_fill", 40))
        self.form.addSpacing(px(16))
        self.title = label(title, "sign-in-title", wrap=True)
        self.form.addWidget(self.title)
        self.lead = label(lead, tone="quiet", wrap=True)
        self.form.addSpacing(px(2))
        self.form.addWidget(self.lead)
        self.form.addSpacing(px(20))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        px = self._theme.sizes.px
        room = self.viewport().width() - 2 * px(16)
        self.card.setFixedWidth(max(px(min(_WIDTH, self._most)), min(px(self._most), room)))

    def add_field(self, words: str, field: QLineEdit) -> PlainLabel:
        """A field below its label, which is returned; the words are its name for screen readers too."""
        px = self._theme.sizes.px
        heading = label(words, "heading")
        heading.setBuddy(field)
        field.setAccessibleName(words)
        self.form.addWidget(heading)
        self.form.addSpacing(px(4))
        self.form.addWidget(field)
        return heading

    def add_gap(self, measure: int) -> None:
        """Room of one of the steps."""
        self.form.addSpacing(self._theme.sizes.px(measure))

    def add_error_and_button(self, words: str = "Sign in") -> QPushButton:
        """The place for what went wrong, and the one strong button."""
        px = self._theme.sizes.px
        self.error = ErrorPanel(self._theme)
        self.form.addWidget(self.error)
        self.form.addSpacing(px(16))
        self.send = button(words, "strong")
        self.send.setDefault(True)
        self.form.addWidget(self.send)
        self.verticalScrollBar().rangeChanged.connect(self._keep_in_sight)
        return self.send

    @Slot()
    def _keep_in_sight(self) -> None:
        """Where the window is low: the button, and before it the field that is to be mended."""
        at, room = self.window().focusWidget(), self._theme.sizes.px(16)
        if self.isAncestorOf(at):
            self.ensureWidgetVisible(self.send, 0, room)
            self.ensureWidgetVisible(at, 0, room)


class _Card(QFrame):
    """As high as its words need at its width, also where the window is lower and it scrolls."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "card")

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        layout = self.layout()
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and layout is not None:
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
        return done


class Notes(QWidget):
    """What there is to know before signing in, quietly; hidden where there is nothing.

    `again` stands below where trying again may help.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.sizes.px
        self._told: tuple[str, ...] = ()
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, px(20))
        column.setSpacing(px(8))
        self._column = QVBoxLayout()
        self._column.setSpacing(px(8))
        self.again = button("Try again", "plain")
        self.again.hide()
        column.addLayout(self._column)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeading)
        self.hide()

    def tell(self, notes: Sequence[str], *, may_try_again: bool = False) -> None:
        """Show these; what is new among them is read out."""
        self.again.setVisible(may_try_again)
        if tuple(notes) == self._told:
            return
        while (item := self._column.takeAt(0)) is not None:
            if (panel := item.widget()) is not None:
                panel.hide()
                panel.deleteLater()
        before, self._told = self._told, tuple(notes)
        for text in notes:
            self._column.addWidget(self._panel(text))
        self.setVisible(bool(notes))
        announce(self, " ".join(text for text in notes if text not in before))

    def _panel(self, text: str) -> QWidget:
        px = self._theme.sizes.px
        panel = frame("panel")
        row = QHBoxLayout(panel)
        row.setContentsMargins(px(12), px(8), px(12), px(8))
        row.setSpacing(px(8))
        row.addWidget(IconLabel(self._theme, "warning", "check"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(text, wrap=True), 1)
        return panel


class ErrorPanel(QWidget):
    """What went wrong and what to do next, in one breath; hidden while all is well."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.sizes.px
        panel = frame("panel", "alarm")
        self._words = label(wrap=True)
        self._words.setAccessibleName("")
        icon = IconLabel(theme, "error", "alarm")
        row = QHBoxLayout(panel)
        row.setContentsMargins(px(12), px(8), px(12), px(8))
        row.setSpacing(px(8))
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, px(16), 0, 0)
        outer.addWidget(panel)
        self.hide()

    @property
    def words(self) -> PlainLabel:
        """The label that says it."""
        return self._words

    def tell(self, error: SessionConsoleError | str) -> None:
        """Show it and have it read out."""
        text = error if isinstance(error, str) else f"{error.message} {error.advice}"
        self._words.setText(text)
        self.show()
        announce(self._words, text, urgent=True)

    def clear(self) -> None:
        """All is well."""
        self._words.setText("")
        self.hide()


def mark_wrong(field: QLineEdit, *, wrong: bool) -> None:
    """Outline the field that is to be mended."""
    set_role(field, "alarm" if wrong else "", "level")
