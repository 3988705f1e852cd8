"""The details pane: a fixed head, what scrolls, and a foot whose buttons never move."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.domain.platforms import PlatformAbout
from sessionconsole.domain.sparing import Spared
from sessionconsole.services.states import Link, Presence, Row
from sessionconsole.ui.details.foot import Foot
from sessionconsole.ui.details.room import width_in
from sessionconsole.ui.details.sections import Facts, LevelPanel, Sentences
from sessionconsole.ui.details.soft_edge import SoftEdge
from sessionconsole.ui.details.toggle import Toggle
from sessionconsole.ui.details.words import SPARED_HINT, SPARED_NOTES, facts, next_step, proof
from sessionconsole.ui.look.labels import hint
from sessionconsole.ui.look.plain import isolated, shown
from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import IconButton, IconLabel, button, frame, label, take_margins
from sessionconsole.ui.sessions.orders import ShownOrder
from sessionconsole.ui.sessions.times import short_moment
from sessionconsole.ui.sessions.wording import Setting, device_in_words, device_parts, level_word

QWIDGETSIZE_MAX = 16_777_215
"""Qt's own word for no limit, which the bindings leave out."""


@dataclass(frozen=True, slots=True)
class Detail:
    """All that the pane shows of one row; `as_of` is told where the list is an old one."""

    row: Row
    setting: Setting
    order: ShownOrder | None = None
    about: PlatformAbout | None = None
    link: Link = Link.LIVE
    problem: SessionConsoleError | None = None
    may_end: bool = True
    undo_seconds: float = 5.0
    as_of: str = ""


class DetailsPane(QFrame):
    """`close_asked`, `spare_asked(spared)`, and `forget_asked` of the person; the other wishes come from the foot."""

    close_asked = Signal()
    spare_asked = Signal(bool)
    forget_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._detail: Detail | None = None
        set_role(self, "surface")
        self.name = label("", "name", elide=3)
        self.device = label("", tone="quiet", elide=3)
        self.close_button = IconButton(theme, "close", "Close details", key=Qt.Key.Key_Escape)
        self.close_button.clicked.connect(self.close_asked)
        self.foot = Foot(theme)

        line = frame("line", "upright")
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(self._scroll(), 1)
        column.addWidget(self.foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(line)
        row.addLayout(column, 1)
        self.setFixedWidth(width_in(0, theme.sizes))

    @property
    def detail(self) -> Detail | None:
        """What is shown."""
        return self._detail

    def take_focus(self) -> None:
        """Who goes by keys comes in at the top; the same key leads out again, and presses nothing that matters."""
        self.close_button.setFocus(Qt.FocusReason.TabFocusReason)

    def fit(self, window_width: int, *, alone: bool = False) -> None:
        """Take the width that suits a window that wide, in px; `alone` all that there is."""
        width = width_in(window_width, self._theme.sizes)
        self.setMinimumWidth(0 if alone else width)
        self.setMaximumWidth(QWIDGETSIZE_MAX if alone else width)
        self.foot.set_wide(wide=alone)

    def show_detail(self, detail: Detail) -> None:
        """Show a row, or the same row as it is now; the scroll position stays for the same row."""
        before = self._detail
        if before == detail:
            return
        self._detail = detail
        row, session = detail.row, detail.row.session
        if before is None or before.row.session.handle != session.handle:
            self._area.verticalScrollBar().setValue(0)
        self.name.setText(session.person.shown)
        self.device.setText(", ".join(isolated(part) for part in device_parts(session.device)))
        self._describe(row)
        self._show_as_of(detail)
        self._show_level(detail)
        marked = row.assessment.level is not Level.FAMILIAR
        gone = detail.order is not None and detail.order.is_gone
        tone = str(row.assessment.level) if marked and not gone else ""
        self.reasons.show_sentences([reason.text for reason in row.assessment.reasons], tone=tone)
        self.speaks_for.show_sentences(
            row.assessment.speaks_for, icon="tick", none="Nothing that we can see." if marked else ""
        )
        self._line.setVisible(marked or bool(row.assessment.speaks_for) or bool(session.is_current))
        self.facts.show_facts(facts(session, detail.about, detail.setting))
        self._show_spared(row)
        self.foot.show_for(
            row,
            detail.order,
            detail.setting,
            undo_seconds=detail.undo_seconds,
            link=detail.link,
            problem=detail.problem,
            may_end=detail.may_end,
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:  # Qt scrolls for Tab only, not for a screen reader
            self._area.ensureWidgetVisible(self.spare if watched is self.spare else self.forget)
        return False

    def _show_spared(self, row: Row) -> None:
        self.spare.setChecked(row.spared is Spared.YES)
        self.spare.setVisible(row.presence is not Presence.DEPARTED)
        self.spare_note.setText(SPARED_NOTES[row.spared])
        told = bool(SPARED_NOTES[row.spared]) and row.presence is not Presence.DEPARTED
        self.spare_note.setVisible(told)

    @Slot()
    def _spare_clicked(self) -> None:
        wanted = self.spare.isChecked()
        # What is shown is what is kept: it changes when that is done.
        self.spare.setChecked(not wanted)
        self.spare_asked.emit(wanted)

    def _describe(self, row: Row) -> None:
        """What a screen reader says of the whole pane where one comes in: whose, and why it is marked, in full."""
        session, assessment = row.session, row.assessment
        self.setAccessibleName(shown(f"Details of {session.person.shown}, {device_in_words(session.device)}"))
        why = (f"{level_word(assessment.level)}.", *(reason.text for reason in assessment.reasons))
        self.setAccessibleDescription(shown(" ".join(why)))

    def _show_as_of(self, detail: Detail) -> None:
        gone_by_itself = detail.row.presence is Presence.DEPARTED and detail.order is None
        self._as_of.setVisible(bool(detail.as_of) or gone_by_itself)
        self._as_of_icon.setVisible(bool(detail.as_of))
        if detail.as_of:
            self._as_of_words.setText(f"As of {detail.as_of}. It may have changed.")
        elif detail.row.presence_at is not None:
            when = short_moment(detail.row.presence_at, detail.setting.now, detail.setting.zone)
            self._as_of_words.setText(f"Not listed any more since {when}.")

    def _show_level(self, detail: Detail) -> None:
        row, order = detail.row, detail.order
        marked = row.assessment.level is not Level.FAMILIAR
        own = bool(row.session.is_current) and row.presence is not Presence.DEPARTED
        gone = order is not None and order.is_gone
        self.level.setVisible(marked or own or gone)
        if order is not None and gone:
            self.level.show_ended(proof(order.order, detail.setting))
        elif marked:
            asks = order is None and row.presence is not Presence.DEPARTED
            self.level.show_level(row.assessment.level, next_step(row), question=asks)
        elif own:
            self.level.show_own("You are signed in here with this session.")

    def _head(self) -> QHBoxLayout:
        px = self._theme.sizes.px
        names = QVBoxLayout()
        names.setSpacing(px(1))
        names.addWidget(self.name)
        names.addWidget(self.device)
        head = QHBoxLayout()
        take_margins(head, px(20), px(11), px(10), px(8))
        head.addLayout(names, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _scroll(self) -> QScrollArea:
        theme, px = self._theme, self._theme.sizes.px
        self._as_of = QWidget()
        self._as_of_icon = IconLabel(theme, "cloud-off", "text2", 16)
        self._as_of_words = label("", "small", wrap=True)
        as_of = QHBoxLayout(self._as_of)
        as_of.setContentsMargins(0, 0, 0, px(12))
        as_of.setSpacing(px(6))
        as_of.addWidget(self._as_of_icon)
        as_of.addWidget(self._as_of_words, 1)
        self.level = LevelPanel(theme)
        self.reasons = Sentences(theme, "Why it is marked")
        self.speaks_for = Sentences(theme, "What speaks for it")
        self._line = frame("line")
        self.facts = Facts(theme)
        # At the very end: it is rare, and nobody may hit it for End.
        self.forget = button("Forget this person…", "link", name="Forget this person")
        self.forget.clicked.connect(self.forget_asked)
        self.forget.installEventFilter(self)
        self.spare = Toggle(theme, "Never end in bulk")
        hint(self.spare, SPARED_HINT)
        self.spare.clicked.connect(self._spare_clicked)
        self.spare.installEventFilter(self)
        self.spare_note = label("", "small", wrap=True)

        content = frame("surface")
        self._content = QVBoxLayout(content)
        self._content.setSpacing(0)
        for part in (self._as_of, self.level, self.reasons, self.speaks_for, self._line, self.facts):
            self._content.addWidget(part)
        self._content.addSpacing(px(12))
        self._content.addWidget(self.spare, 0, Qt.AlignmentFlag.AlignLeading)
        self._content.addSpacing(px(4))  # the ring of the box needs it
        self._content.addWidget(self.spare_note)
        self._content.addSpacing(px(8))
        self._content.addWidget(self.forget, 0, Qt.AlignmentFlag.AlignLeading)
        self._content.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setAccessibleName("Details")
        set_role(self._area, "details")
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(content)
        self._area.verticalScrollBar().rangeChanged.connect(self._keep_room)
        self._keep_room(0, 0)
        SoftEdge(theme, self._area)
        return self._area

    @Slot(int, int)
    def _keep_room(self, _least: int, most: int) -> None:
        """The scroll bar takes its room from the margin, so that no line breaks anew when it comes."""
        px = self._theme.sizes.px
        line = 2  # which is painted around it when it has the focus
        take_margins(self._content, px(20) - line, px(12) - line, px(10 if most else 20) - line, px(8) - line)
        # a stop for who goes by keys, where the arrow keys have something to scroll
        self._area.setFocusPolicy(Qt.FocusPolicy.TabFocus if most else Qt.FocusPolicy.NoFocus)
