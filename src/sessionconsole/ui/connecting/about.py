"""What there is to know of the platform that one is signed in to, and its page for password and second factor."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from sessionconsole.services.states import ListState
from sessionconsole.ui.announcing import announce
from sessionconsole.ui.connecting.sentences import Sentences
from sessionconsole.ui.connecting.words import NOTHING_MISSING, address_of, limits_of_platform
from sessionconsole.ui.ending.question import FramedDialog, take_size
from sessionconsole.ui.look.plain import shown
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.parts import button, label

OpenPage = Callable[[QUrl], bool]

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class AboutPlatform(FramedDialog):
    """A sheet that is closed again; nothing waits for it."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        state: ListState,
        open_page: OpenPage = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(theme, parent)
        px = theme.sizes.px
        about = state.about
        self._open = open_page
        self._page = security_page(about.security_page if about is not None else None)
        title = about.title if about is not None else "The booking platform"
        self.setWindowTitle("About this platform")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.limits = Sentences(theme)
        limits = limits_of_platform(state)
        self.limits.show_sentences(
            "What it cannot do, and what to know of it:" if limits else NOTHING_MISSING, limits
        )
        self.page = button("Password and second factor…", "link")
        self.page.setAccessibleDescription("Opens the platform's own page in the browser")
        self.page.setVisible(self._page is not None)
        self.close_it = button("Close", "plain")

        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(20))
        column.setSpacing(px(4))
        self.title = label(title, "name", wrap=True)
        column.addWidget(self.title)
        self.where = label(address_of(about) if about is not None else "", tone="quiet", wrap=True)
        column.addWidget(self.where)
        column.addSpacing(px(12))
        column.addWidget(self._scrolled(self.limits, px(440) - 2 * px(20), px(320)))
        column.addSpacing(px(16))
        row = QHBoxLayout()
        row.addWidget(self.page)
        row.addStretch(1)
        row.addWidget(self.close_it)
        column.addLayout(row)
        self.setAccessibleDescription(" ".join(shown(each) for each in (title, *limits)))
        self.close_it.clicked.connect(self.accept)
        self.page.clicked.connect(self._show_page)
        take_size(self, px(440))
        self.close_it.setFocus()

    @staticmethod
    def _scrolled(sentences: Sentences, width: int, most: int) -> QWidget:
        """As high as the sentences are, and no higher than most windows have room for."""
        layout = sentences.layout()
        high = layout.totalHeightForWidth(width) if layout is not None else most
        if high <= most:
            return sentences
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        area.setAccessibleName("What to know of this platform")
        area.setFixedHeight(most)
        area.setWidget(sentences)
        return area

    @Slot()
    def _show_page(self) -> None:
        if self._page is None or self._open(self._page):
            return
        told = f"No browser could be opened. The page is {self._page.toString()}"
        self.where.setText(told)
        self.where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        announce(self.where, told, urgent=True)
        take_size(self, self._theme.sizes.px(440))


def security_page(address: str | None) -> QUrl | None:
    """The page as far as a browser may be sent there: over https, or on this computer."""
    url = QUrl(address or "", QUrl.ParsingMode.StrictMode)
    host = url.host()
    if not url.isValid() or not host or url.userInfo():
        return None
    safe = url.scheme() == "https" or (url.scheme() == "http" and host in _LOOPBACK)
    return url if safe else None
