"""The foot of the details: the real buttons behind what the rows paint."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.services.states import Link, Row
from sessionconsole.ui.details.words import MAY_NOT_END, TONES, order_line, order_note, waiting_note
from sessionconsole.ui.look.countdown import CountdownRing
from sessionconsole.ui.look.labels import tooltip
from sessionconsole.ui.look.plain import isolated, shown
from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import button, give_focus_on, label, take_margins, with_key
from sessionconsole.ui.sessions.orders import Action, ShownOrder, action_of
from sessionconsole.ui.sessions.wording import Setting, device_in_words

_END_ROLES = {Level.ALARM: "alarm", Level.CHECK: "alarm-outline", Level.FAMILIAR: "plain"}
_CAN_ORDER = (Action.END, Action.END_THIS_CONSOLE, Action.END_AGAIN)


class Foot(QFrame):
    """`acted(action)` tells what the button meant when it was pressed; the other one is `ours_asked(ours)`."""

    acted = Signal(object)
    ours_asked = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        px = theme.sizes.px
        set_role(self, "foot")
        self._action = Action.NONE
        self._is_ours = False
        self.heir: QWidget | None = None
        """Who has the focus once the button that had it is hidden."""
        self.note = label("", "small", wrap=True)
        self.ring = CountdownRing(theme)
        self.words = label("", "strong", wrap=True)
        self.end = button("End", "plain")
        self.ours = button("That’s ours", "plain", name="That's ours")
        self.end.clicked.connect(self._press)
        self.ours.clicked.connect(self._press_ours)

        self._line = QWidget()
        line = QHBoxLayout(self._line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(8))
        line.addWidget(self.ring)
        line.addWidget(self.words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(12), px(20), px(16))
        column.setSpacing(px(8))
        column.addWidget(self._line)
        column.addWidget(self.note)
        self._apart = QWidget()  # with the spacing 16 px, so that neither button is hit for the other
        apart = QVBoxLayout(self._apart)
        apart.addWidget(self.ours)
        self._buttons = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._buttons.setSpacing(px(8))
        self._buttons.addWidget(self.end, 1)
        self._buttons.addWidget(self._apart, 1)
        column.addLayout(self._buttons)
        self.set_wide(wide=False)

    @property
    def action(self) -> Action:
        """What the button does now."""
        return self._action

    def set_wide(self, *, wide: bool) -> None:
        """Two buttons beside each other, where there is more room for them along than down."""
        down, along = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._buttons.setDirection(along if wide else down)
        space = self._theme.sizes.px(8)
        if (around := self._apart.layout()) is not None:
            take_margins(around, space if wide else 0, 0 if wide else space, 0, 0)

    def show_for(
        self,
        row: Row,
        order: ShownOrder | None,
        setting: Setting,
        *,
        undo_seconds: float,
        link: Link,
        problem: SessionConsoleError | None,
        may_end: bool,
    ) -> None:
        """The buttons and words for that row as it stands."""
        self._action = action_of(row, order)
        held = order is not None and order.seconds_left is not None
        self.ring.setVisible(held)
        if order is not None and order.seconds_left is not None:
            self.ring.set_left(order.seconds_left, undo_seconds)
        self._show_words(order, setting)
        can_order = self._action in _CAN_ORDER
        self._show_note(order, link, problem, may_end=may_end, can_order=can_order)
        self._show_button(row, may_end=may_end or not can_order)
        self._show_ours(row, order)

    def _show_words(self, order: ShownOrder | None, setting: Setting) -> None:
        self._line.setVisible(order is not None)
        if order is not None:
            words = order_line(order, setting)
            self.words.setText(words.first)
            counting = order.seconds_left is not None  # and that is not for the ear
            self.words.setAccessibleName("Ending. Undo is possible." if counting else words.first)
            set_role(self.words, TONES[words.first_tone], "tone")

    def _show_note(
        self,
        order: ShownOrder | None,
        link: Link,
        problem: SessionConsoleError | None,
        *,
        may_end: bool,
        can_order: bool,
    ) -> None:
        if order is not None:
            note = order_note(order)
        elif can_order and not may_end:
            note = MAY_NOT_END
        elif can_order:
            note = waiting_note(link, problem)
        else:
            note = ""
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _show_button(self, row: Row, *, may_end: bool) -> None:
        action = self._action
        if action is Action.NONE or not may_end:
            give_focus_on(self.end, self.heir)
        self.end.setVisible(action is not Action.NONE)
        self.end.setEnabled(may_end)
        self.end.setText(str(action))
        # Fixed name: whoever looks for "End" finds it also where it asks first.
        self.end.setAccessibleName("End" if action is Action.END_THIS_CONSOLE else str(action) or "End")
        self.end.setAccessibleDescription(_described(row))
        self.end.setToolTip(tooltip(with_key(str(action), Qt.Key.Key_Delete)))
        if action in (Action.UNDO, Action.WITHDRAW):
            set_role(self.end, "strong")
        else:
            set_role(self.end, _END_ROLES[row.assessment.level])

    def _show_ours(self, row: Row, order: ShownOrder | None) -> None:
        there = order is None and (row.ours or row.assessment.level is not Level.FAMILIAR)
        if not there:
            give_focus_on(self.ours, self.heir)
        self._is_ours = row.ours
        self.ours.setText("Not ours after all" if row.ours else "That’s ours")
        self.ours.setAccessibleName("Not ours after all" if row.ours else "That's ours")
        self.ours.setAccessibleDescription(_described(row))
        self.ours.setVisible(there)
        self._apart.setVisible(there)  # else its room stays

    @Slot()
    def _press_ours(self) -> None:
        self.ours_asked.emit(not self._is_ours)

    @Slot()
    def _press(self) -> None:
        if self._action is not Action.NONE:
            self.acted.emit(self._action)


def _described(row: Row) -> str:
    session = row.session
    return shown(f"{isolated(session.person.shown)}, {isolated(device_in_words(session.device))}")
