"""The rail at the leading edge: where one is, and who one is."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QColor, QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from sessionconsole.domain.settings import Appearance
from sessionconsole.ui.look.labels import hint, tooltip
from sessionconsole.ui.look.plain import shown
from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import IconLabel, PushButton, label, take_margins

WIDTH, WIDE, NARROW = 184, 208, 56

_APPEARANCES = {
    Appearance.SYSTEM: "As the system",
    Appearance.LIGHT: "Light",
    Appearance.DARK: "Dark",
    Appearance.HIGH_CONTRAST: "High contrast",
}


class Page(StrEnum):
    """The pages that exist, by the words on the rail."""

    NEEDS_A_LOOK = "Needs a look"
    ALL_SESSIONS = "All sessions"
    JOURNAL = "Journal"


class RailButton(PushButton):
    """Icon and words; in a narrow rail the icon alone, with the words in the tooltip and the count as a badge."""

    def __init__(self, theme: Theme, icon: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._icon_name, self._words = theme, icon, words
        self._narrow = False
        self._told = ""
        self.count = 0
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        set_role(self, "rail")
        theme.changed.connect(self._dress)
        self.toggled.connect(self._dress)
        self._show_words()
        self._dress()

    @property
    def words(self) -> str:
        """What it says, also where there is no room for it."""
        return self._words

    def set_words(self, words: str) -> None:
        """Say something else."""
        self._words = shown(words)
        self._show_words()

    def set_narrow(self, *, narrow: bool) -> None:
        """Leave the words out."""
        self._narrow = narrow
        self._show_words()

    def set_count(self, count: int, told: str) -> None:
        """How many wait there; `told` says it to screen readers."""
        self.count = count
        self.describe(told if count else "")
        self.update()

    def describe(self, told: str) -> None:
        """What is said of it besides its words."""
        self._told = told
        self.setAccessibleDescription(told or self._words)  # else the markup of the tooltip is read out

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # Qt leaves Tab only the one of several that had it last; a page must not need to be known of to be reached
        parent = self.parentWidget()
        for item in parent.findChildren(RailButton) if parent is not None else ():
            item.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._show_words()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.count:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, px = self._theme.tokens, self._theme.sizes.px
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if self._narrow:
            side = px(16)
            painter.setFont(self._theme.font(px(11), strong=True))
            width = max(side, painter.fontMetrics().horizontalAdvance(f"{self.count:,}") + px(8))
            left = px(2) if mirrored else self.width() - width - px(2)
            badge = QRectF(left, px(2), width, side)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.alarm_fill))
            painter.drawRoundedRect(badge, side / 2, side / 2)
            painter.setPen(QColor(tokens.on_alarm))
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, f"{self.count:,}")
        else:
            inset = px(12)
            painter.setFont(self._theme.font(self._theme.sizes.body, strong=True))
            on_fill = self.isChecked() and not tokens.tints
            painter.setPen(QColor(tokens.on_accent if on_fill else tokens.alarm))
            edge = Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
            edge |= Qt.AlignmentFlag.AlignAbsolute  # else Qt mirrors it once more, onto the icon
            painter.drawText(
                self.rect().adjusted(inset, 0, -inset, 0),
                Qt.AlignmentFlag.AlignVCenter | edge,
                f"{self.count:,}",
            )
        painter.end()

    def _show_words(self) -> None:
        self.setAccessibleName(self._words)
        self.describe(self._told)
        if self._narrow:
            self.setText("")
            self.setToolTip(tooltip(self._words))
            return
        room = self.width() - self._theme.sizes.px(10 + 20 + 12 + 10)
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, max(room, 60))
        self.setText("  " + shown.replace("&", "&&"))
        self.setToolTip(tooltip(self._words) if shown != self._words else "")

    @Slot()
    def _dress(self) -> None:
        on_fill = self.isChecked() and not self._theme.tokens.tints
        token = "on_accent" if on_fill else ("accent" if self.isChecked() else "text2")
        self.setIcon(self._theme.icon(self._icon_name, token))
        side = self._theme.sizes.px(20)
        self.setIconSize(QSize(side, side))


class Rail(QFrame):
    """`page_asked(page)`, `appearance_asked(appearance)` and `sign_out_asked` are what it is there for."""

    page_asked = Signal(object)
    appearance_asked = Signal(object)
    sign_out_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        px = theme.sizes.px
        set_role(self, "rail")
        self.title = label("", "strong", wrap=True)
        self._mark = IconLabel(theme, "app-mark", "accent_fill", 28)
        head = QHBoxLayout()
        take_margins(head, px(6), px(2), 0, px(16))
        head.setSpacing(px(7))
        # in the middle of two lines, and in a narrow rail over the icons below
        self._mark.setContentsMargins(0, px(4), 0, 0)
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        head.addWidget(self.title, 1)
        head.addStrut(px(36))

        self.needs_a_look = RailButton(theme, "eye", Page.NEEDS_A_LOOK)
        self.all_sessions = RailButton(theme, "list", Page.ALL_SESSIONS)
        self.journal = RailButton(theme, "journal", Page.JOURNAL)
        self._group = QButtonGroup(self)
        for item in (self.needs_a_look, self.all_sessions, self.journal):
            item.setCheckable(True)
            item.setAutoExclusive(True)  # by which it is told as one of several, not as a box to tick
            self._group.addButton(item)
        self.all_sessions.setChecked(True)
        self.about = RailButton(theme, "info", "This platform")
        self.about.describe("What it cannot do, and its page for password and second factor")
        self.account = RailButton(theme, "person", "Account")
        self.account.describe("Menu: appearance, sign out")
        self._buttons = (self.needs_a_look, self.all_sessions, self.journal, self.about, self.account)

        column = QVBoxLayout(self)
        column.setContentsMargins(px(8), px(10), px(8), px(12))
        column.setSpacing(px(4))  # the ring of the focus finds room between two
        column.addLayout(head)
        column.addWidget(self.needs_a_look)
        column.addWidget(self.all_sessions)
        column.addWidget(self.journal)
        column.addStretch(1)
        column.addWidget(self.about)
        column.addWidget(self.account)

        self._menu = self._make_menu()
        self.needs_a_look.clicked.connect(self._ask_needs_a_look)
        self.all_sessions.clicked.connect(self._ask_all_sessions)
        self.journal.clicked.connect(self._ask_journal)
        self.account.clicked.connect(self._open_menu)
        self.fit(0)

    @property
    def menu(self) -> QMenu:
        """What the account button opens."""
        return self._menu

    @property
    def current(self) -> RailButton:
        """The item of the page that is shown."""
        return next((item for item in self._pages.values() if item.isChecked()), self.all_sessions)

    def show_page(self, page: Page) -> None:
        """Mark where one is."""
        self._pages[page].setChecked(True)

    @property
    def _pages(self) -> dict[Page, RailButton]:
        return {
            Page.NEEDS_A_LOOK: self.needs_a_look,
            Page.ALL_SESSIONS: self.all_sessions,
            Page.JOURNAL: self.journal,
        }

    def show_who(self, platform: str, person: str) -> None:
        """The platform at the top, the person at the bottom."""
        self.title.setText(platform)
        hint(self._mark, platform)
        self.account.set_words(person or "Account")

    def show_appearance(self, appearance: Appearance) -> None:
        """Tick the one that is worn."""
        self._appearances[appearance].setChecked(True)

    def fit(self, window_width: int) -> None:
        """Take the width that suits a window that wide, in px."""
        sizes = self._theme.sizes
        narrow = window_width < sizes.px(1200)
        measure = NARROW if narrow else WIDE if window_width >= sizes.px(1600) else WIDTH
        self.setFixedWidth(sizes.px(measure))
        self.title.setVisible(not narrow)
        for item in self._buttons:
            item.set_narrow(narrow=narrow)

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        choice = menu.addMenu("Appearance")
        group = QActionGroup(self)
        self._appearances: dict[Appearance, QAction] = {}
        for appearance, words in _APPEARANCES.items():
            action = choice.addAction(words)
            action.setCheckable(True)
            action.setData(str(appearance))
            group.addAction(action)
            self._appearances[appearance] = action
        group.triggered.connect(self._choose)
        menu.addSeparator()
        self.sign_out = menu.addAction("Sign out")
        self.sign_out.triggered.connect(self.sign_out_asked)
        return menu

    @Slot()
    def _ask_needs_a_look(self) -> None:
        self.page_asked.emit(Page.NEEDS_A_LOOK)

    @Slot()
    def _ask_all_sessions(self) -> None:
        self.page_asked.emit(Page.ALL_SESSIONS)

    @Slot()
    def _ask_journal(self) -> None:
        self.page_asked.emit(Page.JOURNAL)

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self.appearance_asked.emit(Appearance(action.data()))

    @Slot()
    def _open_menu(self) -> None:
        corner = self.account.mapToGlobal(QPoint(0, 0))
        self._menu.popup(corner - QPoint(0, self._menu.sizeHint().height() + self._theme.sizes.px(4)))
