"""Small widgets that every page is put together from; they follow the theme by themselves."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QPushButton, QSizePolicy, QWidget

from sessionconsole.ui.look.icons import ICON_SIZE
from sessionconsole.ui.look.labels import PlainLabel, Side, hint
from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.look.tokens import BODY_SIZE, RADIUS


class IconLabel(QLabel):
    """A picture beside words that say the same, so screen readers pass it over."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        token: str = "text2",
        size: int = ICON_SIZE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._name, self._token, self._size = theme, name, token, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._draw)
        self._draw()

    def set_icon(self, name: str, token: str) -> None:
        """Show another one."""
        if (name, token) != (self._name, self._token):
            self._name, self._token = name, token
            self._draw()

    @Slot()
    def _draw(self) -> None:
        theme = self._theme
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        ratio = self.devicePixelRatioF()
        self.setPixmap(theme.pixmap(self._name, self._token, self._size, ratio, mirrored=mirrored))


class PushButton(QPushButton):
    """Enter presses it too, as Space does; a key that is held down presses once. Dashed where it cannot be used."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isEnabled() or self.property("role") == "link":
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1, Qt.PenStyle.DashLine))
        radius = RADIUS * max(1.0, self.font().pixelSize() / BODY_SIZE)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()

    def setText(self, text: str) -> None:
        super().setText(dotted(text, self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        # a key that is held down must not press the Undo that its own first press brought
        if not event.isAutoRepeat():
            self.click()
        event.accept()


class IconButton(PushButton):
    """A button without words: they stand in its tooltip and its accessible name; `key` does the same."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        words: str,
        parent: QWidget | None = None,
        *,
        key: QKeySequence.StandardKey | Qt.Key,
    ) -> None:
        super().__init__(parent)
        self._theme, self._name = theme, name
        set_role(self, "icon")
        self.setAccessibleName(words)
        hint(self, with_key(words, key))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._draw)
        self._draw()

    @Slot()
    def _draw(self) -> None:
        self.setIcon(self._theme.icon(self._name, size=16))
        side = self._theme.sizes.px(16)
        self.setIconSize(QSize(side, side))


def dotted(words: str, on: QWidget) -> str:
    """The words with their dots behind them, where "End…" would read "…End" in a mirrored window."""
    return f"{words}\u200e" if on.isRightToLeft() and words.endswith("…") else words


def with_key(words: str, key: QKeySequence.StandardKey | Qt.Key) -> str:
    """ "Search (Ctrl+F)": the words with the key that does the same, as it is written on this system."""
    return f"{words} ({QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)})"


def give_focus_on(leaving: QWidget, heir: QWidget | None) -> None:
    """Before something is hidden: whoever stands on it goes on at the heir, not wherever Qt finds a place."""
    # The window knows also while another one is in front.
    if heir is not None and leaving.window().focusWidget() is leaving:
        heir.setFocus(Qt.FocusReason.OtherFocusReason)


def button(words: str, role: str = "plain", *, name: str | None = None) -> QPushButton:
    """A push button in one of the roles of the style sheet; `name` is its accessible name where it differs."""
    made = PushButton()
    made.setText(words.replace("&", "&&"))
    made.setAccessibleName(name or words)
    made.setAutoDefault(False)
    made.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
    set_role(made, role)
    return made


def label(
    words: str = "",
    kind: str = "",
    tone: str = "",
    *,
    wrap: bool = False,
    elide: bool | int = False,
    side: Side = Side.LEADING,
) -> PlainLabel:
    """A plain label of one of the kinds and tones of the style sheet."""
    made = PlainLabel(words, wrap=wrap, elide=elide, side=side)
    if kind:
        set_role(made, kind, "kind")
    if tone:
        set_role(made, tone, "tone")
    return made


def take_margins(layout: QLayout, leading: int, top: int, trailing: int, bottom: int) -> None:
    """Margins that turn round in a mirrored window, which Qt's own do not."""
    mirrored = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    left, right = (trailing, leading) if mirrored else (leading, trailing)
    layout.setContentsMargins(left, top, right, bottom)


def frame(role: str, level: str = "") -> QFrame:
    """A frame in one of the roles of the style sheet."""
    made = QFrame()
    set_role(made, role)
    if level:
        set_role(made, level, "level")
    return made
