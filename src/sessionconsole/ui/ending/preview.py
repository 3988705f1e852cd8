"""What ending many would do, row by row, before anything is ordered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from sessionconsole.domain.bulk import MOST_IDLE_DAYS, Bulk, Candidate, IdleLonger, Left, Wish
from sessionconsole.domain.orders import Order
from sessionconsole.domain.platforms import PlatformAbout
from sessionconsole.ui.ending import bulk_words as words
from sessionconsole.ui.ending.question import FramedDialog
from sessionconsole.ui.ending.rows_table import RowsTable, WordColumn
from sessionconsole.ui.look.plain import shown
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.parts import button, label
from sessionconsole.ui.sessions.wording import Setting, device_in_words, last_active, place

_WIDTH, _HEIGHT, _MARGIN = 860, 620, 24
_MOST_LEFT_SHOWN = 6
"""Rows of what stays that are seen without scrolling; what ends has the rest of the room."""


class Preview(FramedDialog):
    """`days_changed(days)` where another number of days is asked for; `show_bulk` what that comes to.

    The number is in the button that ends them, and Cancel has the focus.
    """

    days_changed = Signal(int)

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        wish: Wish,
        setting: Setting,
        about: PlatformAbout | None,
        age: str,
    ) -> None:
        super().__init__(theme, parent)
        px = theme.sizes.px
        self.wish, self.bulk = wish, Bulk()
        self._columns = _columns(setting, about)
        self.setWindowTitle(shown(words.title(wish)))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.title = label(words.title(wish), "name", wrap=True)
        self.line = label("", tone="quiet", wrap=True)
        self.age = label(age, tone="check", wrap=True)
        self.age.setVisible(bool(age))
        self.ends_heading = label("", "heading", wrap=True)
        self.ends = RowsTable(theme, "Sessions that end")
        self.stays_heading = label("", "heading", wrap=True)
        self.stays = RowsTable(theme, "Sessions that stay")
        self.yes = button("", "alarm")
        self.no = button("Cancel", "plain")
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(20))
        column.setSpacing(px(8))
        column.addWidget(self.title)
        if isinstance(wish, IdleLonger):
            column.addLayout(self._days(theme, wish.days))
        column.addWidget(self.line)
        column.addWidget(self.age)
        column.addSpacing(px(4))
        column.addWidget(self.ends_heading)
        column.addWidget(self.ends, 1)
        column.addWidget(self.stays_heading)
        column.addWidget(self.stays)
        column.addSpacing(px(8))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addStretch(1)
        row.addWidget(self.no)
        row.addWidget(self.yes)
        column.addLayout(row)
        take_room(self, theme)
        self.no.setFocus()

    def show_bulk(self, wish: Wish, bulk: Bulk) -> None:
        """Show what ends and what stays; only this can be agreed to."""
        self.wish, self.bulk = wish, bulk
        self.line.setText(words.what_happens(bulk))
        self.setAccessibleDescription(words.what_happens(bulk))
        self.yes.setText(words.go_on(len(bulk.to_end)))
        self.yes.setAccessibleName(words.go_on(len(bulk.to_end)))
        if not bulk.to_end and self.yes.hasFocus():
            self.no.setFocus()
        self.yes.setEnabled(bool(bulk.to_end))
        self._show_ends(bulk)
        self._show_stays(bulk)

    def _show_ends(self, bulk: Bulk) -> None:
        noted = any(words.note(row) for row in bulk.to_end)
        columns = [*self._columns, WordColumn("Note", words.note, 4)] if noted else self._columns
        self.ends_heading.setText(words.end_heading(bulk))
        self.ends.show_rows(bulk.to_end, columns)
        self.ends_heading.setVisible(bool(bulk.to_end))
        self.ends.setVisible(bool(bulk.to_end))

    def _show_stays(self, bulk: Bulk) -> None:
        told = [_of_left(column) for column in self._columns]
        why: WordColumn[tuple[Candidate, Left]] = WordColumn(
            "Why it stays", lambda left: words.WHY_LEFT[left[1]], 4
        )
        self.stays_heading.setText(words.stay_heading(bulk))
        self.stays.show_rows(bulk.left, [*told, why])
        self.stays_heading.setVisible(bool(bulk.left))
        self.stays.setVisible(bool(bulk.left))
        shown = min(len(bulk.left), _MOST_LEFT_SHOWN)
        self.stays.setFixedHeight(self.stays.height_for(shown))

    def _days(self, theme: Theme, days: int) -> QHBoxLayout:
        self.days = QSpinBox()
        self.days.setRange(1, MOST_IDLE_DAYS)
        self.days.setValue(days)
        self.days.setAccessibleName("Days")
        self.days.setAccessibleDescription("What was not used for longer than so many days ends")
        self.days.valueChanged.connect(self._ask_again)
        row = QHBoxLayout()
        row.setSpacing(theme.sizes.px(8))
        row.addWidget(label("Not used for more than"))
        row.addWidget(self.days)
        row.addWidget(label("days"))
        row.addStretch(1)
        return row

    @Slot(int)
    def _ask_again(self, days: int) -> None:
        self.yes.setEnabled(False)  # until it is shown what that comes to
        self.days_changed.emit(days)


class NotGone(FramedDialog):
    """The sessions that were not seen to go, and why."""

    def __init__(self, theme: Theme, parent: QWidget, orders: Sequence[Order], line: str) -> None:
        super().__init__(theme, parent)
        px = theme.sizes.px
        self.setWindowTitle(shown(words.not_gone_heading(orders)))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAccessibleDescription(line)
        self.table = RowsTable(theme, "Sessions that are not proved gone")
        self.table.show_rows(
            orders,
            [
                WordColumn("Person", lambda order: order.facts.person.shown),
                WordColumn("Device", lambda order: device_in_words(order.facts.device)),
                WordColumn("Why", words.why_not_gone, 4),
            ],
        )
        close = button("Close", "plain")
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(20))
        column.setSpacing(px(8))
        column.addWidget(label(words.not_gone_heading(orders), "name", wrap=True))
        column.addWidget(label(line, tone="quiet", wrap=True))
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column.addLayout(row)
        take_room(self, theme)
        close.setFocus()


def take_room(dialog: FramedDialog, theme: Theme) -> None:
    """Be as large as lists of rows like it, within the window."""
    px, parent = theme.sizes.px, dialog.parentWidget()
    around = dialog.screen().availableSize() if parent is None else parent.size()
    width = min(px(_WIDTH), around.width() - px(_MARGIN))
    height = min(px(_HEIGHT), around.height() - px(_MARGIN))
    dialog.resize(width, height)


def _columns(setting: Setting, about: PlatformAbout | None) -> list[WordColumn[Candidate]]:
    return [
        WordColumn("Person", lambda row: row.session.person.shown, 3),
        WordColumn("Device", lambda row: device_in_words(row.session.device), 3),
        WordColumn("Place", lambda row: place(row.session, about).first, 3),
        WordColumn("Last active", lambda row: last_active(row.session.last_active_at, setting).spoken, 3),
    ]


def _of_left(column: WordColumn[Candidate]) -> WordColumn[tuple[Candidate, Left]]:
    return WordColumn(column.title, lambda left: column.words(left[0]), column.parts)
