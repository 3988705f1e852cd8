"""Dresses the whole application in one palette, and changes it while the program runs."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontInfo, QIcon, QPalette, QPixmap, QScreen
from PySide6.QtWidgets import QApplication, QWidget

from sessionconsole.domain.settings import Appearance
from sessionconsole.ui.look.focus_ring import FocusRing
from sessionconsole.ui.look.icons import ICON_SIZE, Icons, line_for
from sessionconsole.ui.look.style_sheet import style_sheet
from sessionconsole.ui.look.tokens import BODY_SIZE, DARK, HIGH_CONTRAST, LIGHT, Sizes, Tokens

_SYSTEM_BODY = 12 if sys.platform == "win32" else 13
"""The pixel size of the system's font at 100 % text size."""


class Theme(QObject):
    """What is worn now; `changed` comes after it was put on, and whoever paints by hand looks again.

    `in_fusion` where the application was started with "-style Fusion", and before anybody asks it for its children:
    it spares the start the 4 ms that PySide6 takes to set up QStyle.
    """

    changed = Signal()

    def __init__(self, app: QApplication, *, in_fusion: bool = False) -> None:
        super().__init__(app)
        self._app = app
        self._appearance = Appearance.SYSTEM
        self._system_font = app.font()
        self.tokens: Tokens = LIGHT
        self.sizes = Sizes(_text_scale(self._system_font))
        self.icons = Icons()
        self._focus_ring = FocusRing(app, self)
        if not in_fusion:
            app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        app.screenAdded.connect(self._screen_added)

    def wear(self, appearance: Appearance) -> None:
        """Put the palette on, now."""
        self._appearance = appearance
        self.tokens = _tokens(self._app, appearance)
        font = QFont(self._system_font)
        font.setPixelSize(self.sizes.body)
        self._app.setFont(font)
        self._app.setPalette(_palette(self.tokens))
        self._focus_ring.wear(self.tokens.focus, self.sizes)
        self._app.setStyleSheet(style_sheet(self.tokens, self.sizes))
        self.changed.emit()

    def colour(self, token: str) -> QColor:
        """A token by its name, such as "text2"."""
        return QColor(getattr(self.tokens, token))

    def icon(self, name: str, token: str = "text2", size: int = ICON_SIZE) -> QIcon:
        """An icon in the colour of a token; ask again after `changed`."""
        return self.icons.icon(
            name,
            getattr(self.tokens, token),
            self.sizes.px(size),
            inside=self._inside(name),
            mirrored=self._app.layoutDirection() == Qt.LayoutDirection.RightToLeft,
            line=line_for(size),
            ratios={screen.devicePixelRatio() for screen in self._app.screens()},
        )

    def pixmap(self, name: str, token: str, size: int, ratio: float, *, mirrored: bool = False) -> QPixmap:
        """The same for who paints it, at a pixel ratio."""
        return self.icons.pixmap(
            name,
            getattr(self.tokens, token),
            self.sizes.px(size),
            ratio,
            inside=self._inside(name),
            mirrored=mirrored,
            line=line_for(size),
        )

    def _inside(self, name: str) -> str:
        """The colour of what lies on a filled shape."""
        return self.tokens.on_accent if name == "app-mark" else self.tokens.alarm_icon_inside

    def font(self, size: int, *, strong: bool = False) -> QFont:
        """The system's font at a size of `sizes`, in one of the two weights."""
        font = QFont(self._system_font)
        font.setPixelSize(size)
        font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        return font

    def _system_changed(self, _scheme: Qt.ColorScheme) -> None:
        if self._appearance is Appearance.SYSTEM:
            self.wear(self._appearance)

    @Slot(QScreen)
    def _screen_added(self, _screen: QScreen) -> None:
        self.changed.emit()  # for icons that are sharp there too


def apply(app: QApplication, appearance: Appearance) -> Theme:
    """Dress the application; the same theme again when it is dressed already. It is what painting widgets take."""
    found = app.findChild(Theme)
    theme = found if isinstance(found, Theme) else Theme(app)
    theme.wear(appearance)
    return theme


def set_role(widget: QWidget, role: str, property_name: str = "role") -> None:
    """Give a widget its part in the style sheet, also after it was shown."""
    if (widget.property(property_name) or "") == role:
        return
    widget.setProperty(property_name, role)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # it is dressed with its part when it is first shown
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def _tokens(app: QApplication, appearance: Appearance) -> Tokens:
    match appearance:
        case Appearance.LIGHT:
            return LIGHT
        case Appearance.DARK:
            return DARK
        case Appearance.HIGH_CONTRAST:
            return HIGH_CONTRAST
        case Appearance.SYSTEM:
            hints = app.styleHints()
            if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
                return HIGH_CONTRAST
            return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT


def _text_scale(font: QFont) -> float:
    return max(1.0, round(QFontInfo(font).pixelSize() * BODY_SIZE / _SYSTEM_BODY) / BODY_SIZE)


def _palette(tokens: Tokens) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, colour in (
        (role.Window, tokens.surface),
        (role.WindowText, tokens.text),
        (role.Base, tokens.surface),
        (role.AlternateBase, tokens.hover),
        (role.Text, tokens.text),
        (role.Button, tokens.surface),
        (role.ButtonText, tokens.text),
        (role.BrightText, tokens.alarm),
        (role.Highlight, tokens.accent_fill),
        (role.HighlightedText, tokens.on_accent),
        (role.Accent, tokens.accent_fill),
        (role.Link, tokens.accent),
        (role.LinkVisited, tokens.accent),
        (role.ToolTipBase, tokens.surface),
        (role.ToolTipText, tokens.text),
        (role.PlaceholderText, tokens.text2),
        (role.Light, tokens.surface),
        (role.Midlight, tokens.hair),
        (role.Mid, tokens.edge),
        (role.Dark, tokens.control),
        (role.Shadow, tokens.control),
    ):
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.control))
    return palette
