"""Above the list: what it is, how many, the search, the filters, and how fresh it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from sessionconsole.ui.look.labels import tooltip
from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import IconButton, IconLabel, label, with_key
from sessionconsole.ui.shell.chips import ChipRow
from sessionconsole.ui.shell.several_button import SeveralButton


class SearchField(QLineEdit):
    """Escape empties it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        set_role(self, "search")
        self.setAccessibleName("Search")
        self.setPlaceholderText("Search person, device, place, IP")
        self.setAccessibleDescription("Person, device, place, IP")
        self.setToolTip(tooltip(with_key("Search", QKeySequence.StandardKey.Find)))
        self.setMinimumWidth(theme.sizes.px(132))
        self.setMaximumWidth(theme.sizes.px(264))
        # Qt's own place for an icon does not grow with the text
        self._glass = IconLabel(theme, "search", "text2", 16, self)
        self._glass.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._glass.setAccessibleName("")
        self._take_sides()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_sides()

    def _take_sides(self) -> None:
        """The glass at the leading edge, and the text beside it."""
        px, glass = self._theme.sizes.px, self._glass.sizeHint()
        left = self.width() - px(10) - glass.width() if self.isRightToLeft() else px(10)
        self._glass.setGeometry(left, (self.height() - glass.height()) // 2, glass.width(), glass.height())
        room = px(24)
        margins = (0, 0, room, 0) if self.isRightToLeft() else (room, 0, 0, 0)
        self.setTextMargins(*margins)

    def sizeHint(self) -> QSize:
        return QSize(self.maximumWidth(), super().sizeHint().height())

    def event(self, event: QEvent) -> bool:
        # The page has a shortcut on Escape too; while there is text, the field comes first.
        asks = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if asks and event.key() == Qt.Key.Key_Escape and self.text():  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)


class Dot(QWidget):
    """A small filled circle; the word beside it says the same."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        side = theme.sizes.px(7)
        self.setFixedSize(side, side)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("good"))
        painter.drawEllipse(self.rect())
        painter.end()


class Freshness(QWidget):
    """A dot and "Live, checked 12 s ago", with the button that checks now."""

    refresh_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.sizes.px
        self.dot = Dot(theme)
        self.words = label("", "small")
        self.refresh = IconButton(theme, "refresh", "Check now", key=Qt.Key.Key_F5)
        self.refresh.clicked.connect(self.refresh_asked)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(self.dot)
        row.addWidget(self.words)
        row.addWidget(self.refresh)

    def show_live(self, words: str, *, live: bool) -> None:
        """Say how fresh the list is; the dot is there while it is live."""
        self.words.setText(words)
        self.dot.setVisible(live)


class Top(QWidget):
    """Two lines; the widgets are public because each has an owner of its own."""

    several_asked = Signal(object)
    """The `SeveralAction` that was chosen."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.sizes.px
        self.title = label("All sessions", "title")
        self.count = label("", tone="quiet")
        self.search = SearchField(theme)
        self.chips = ChipRow(theme)
        self.several = SeveralButton(theme)
        self.several.asked.connect(self.several_asked)
        self.chips.comes_after = self.several
        self.freshness = Freshness(theme)

        first = QHBoxLayout()
        first.setContentsMargins(0, 0, 0, 0)
        first.setSpacing(px(12))
        first.addWidget(self.title)
        first.addWidget(self.count)
        first.addStretch(1)
        first.addWidget(self.search)
        first.addWidget(self.several)
        first.addStrut(px(32))  # the title stays where it is, with and without a search beside it
        second = QHBoxLayout()
        second.setContentsMargins(0, 0, 0, 0)
        second.setSpacing(px(16))
        second.addWidget(self.chips, 1)
        second.addWidget(self.freshness, 0, Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(12), px(16), px(8))
        column.setSpacing(px(8))
        column.addLayout(first)
        column.addLayout(second)
        self._first, self._second = first, second
        self._of: int | None = None

    def show_filters(self, *, visible: bool) -> None:
        """Search and filters, where there is something to filter; else the freshness moves up beside the title."""
        self.search.setVisible(visible)
        self.several.setVisible(visible)
        self.chips.setVisible(visible)
        line = self._second if visible else self._first
        if line.indexOf(self.freshness) < 0:
            (self._first if visible else self._second).removeWidget(self.freshness)
            line.addWidget(self.freshness, 0, Qt.AlignmentFlag.AlignRight)

    def show_title(self, words: str, count: int | None) -> None:
        """Which page this is, and how many rows it has."""
        self.title.setText(words)
        self._of = count
        self.show_left(None)

    def show_left(self, left: int | None) -> None:
        """How many of them a search or a filter leaves; None where there is neither."""
        count = self._of
        if not count:
            self.count.setText("")
        elif left is None or left == count:
            self.count.setText(f"{count:,}")
        else:
            self.count.setText(f"{left:,} of {count:,}")
        words = "1 session" if count == 1 else f"{self.count.text()} sessions"
        self.count.setAccessibleName(words if count else "")
