"""The window: a ground that is painted at once, and the pages that come when they are ready."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QHideEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

if TYPE_CHECKING:
    from sessionconsole.ui.look.theme import Theme
    from sessionconsole.ui.shell.opening import OpeningPage

TITLE = "sessionconsole"
SIZE = QSize(1366, 768)
LEAST = QSize(720, 480)

_QUICK = 300
"""Milliseconds within which a page has mostly come: until then nothing says that the program is opening."""


class MainWindow(QMainWindow):
    """`close_asked` instead of closing: whoever owns the console ends it in order first.

    Without a theme it is a bare ground, which can be painted before icons, labels and styles are imported; `dress` it
    then, before anything is put into it.
    """

    painted = Signal()
    """Told once: something is on the screen."""
    close_asked = Signal()
    seen = Signal(bool)
    """Whether anybody can see it."""
    come_back_to = Signal()
    """It is the window in use again."""

    theme: Theme

    def __init__(self, theme: Theme | None = None) -> None:
        super().__init__()
        self._was_painted = False
        self.setWindowTitle(TITLE)
        self.setMinimumSize(LEAST)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self._take_size()
        if theme is not None:
            self.dress(theme)

    def dress(self, theme: Theme) -> None:
        """Take the theme, once; a start that takes its time says so."""
        self.theme = theme
        px = theme.sizes.px
        least = QSize(px(LEAST.width()), px(LEAST.height()))
        self.setMinimumSize(least.boundedTo(self.screen().availableGeometry().size()))
        self._ground = QWidget()
        self._stack.addWidget(self._ground)
        QTimer.singleShot(_QUICK, self, self._finish_dress)

    @cached_property
    def opening(self) -> OpeningPage:
        """What stands on the ground while there is no page yet."""
        from sessionconsole.ui.shell.opening import OpeningPage

        page = OpeningPage(self.theme)
        self._stack.addWidget(page)
        return page

    def add_page(self, page: QWidget) -> None:
        """One more page to show later."""
        self._stack.addWidget(page)

    def remove_page(self, page: QWidget) -> None:
        """Take it out, and destroy it."""
        self._stack.removeWidget(page)
        page.deleteLater()

    def show_page(self, page: QWidget) -> None:
        """Show that page."""
        self._stack.setCurrentWidget(page)

    @property
    def page(self) -> QWidget | None:
        """What is shown."""
        return self._stack.currentWidget()

    @property
    def is_painted(self) -> bool:
        """Whether something is on the screen."""
        return self._was_painted

    def tell_opening(self, words: str) -> None:
        """Say why there is no page yet."""
        self.opening.tell(words)
        self.show_page(self.opening)

    def come_forward(self) -> None:
        """The program was started once more: this is it."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.close_asked.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.seen.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.seen.emit(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.come_back_to.emit()

    @Slot()
    def _finish_dress(self) -> None:
        self.setWindowIcon(self.theme.icon("app-mark", "accent_fill", 64))
        if self.page is self._ground:
            self.show_page(self.opening)

    def _take_size(self) -> None:
        room = self.screen().availableGeometry().size()
        self.resize(SIZE.boundedTo(room))
