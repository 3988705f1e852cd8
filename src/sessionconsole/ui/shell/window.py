"""The window: a ground that is painted at once, and the pages that come when they are ready."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from sessionconsole.ui.look.labels import Side
from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import IconLabel, label

TITLE = "sessionconsole"
SIZE = QSize(1366, 768)
LEAST = QSize(720, 480)


class _Ground(QFrame):
    """What is painted first; tells it once."""

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.was_painted = False
        set_role(self, "rail")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.was_painted:
            self.was_painted = True
            self.painted.emit()


class MainWindow(QMainWindow):
    """`close_asked` instead of closing: whoever owns the console ends it in order first."""

    painted = Signal()
    close_asked = Signal()
    seen = Signal(bool)
    """Whether anybody can see it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        px = theme.sizes.px
        self.setWindowTitle(TITLE)
        self.setWindowIcon(theme.icon("app-mark", "accent_fill", 64))
        self.setMinimumSize(px(LEAST.width()), px(LEAST.height()))
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self._opening = label("Opening…", tone="quiet", wrap=True, side=Side.CENTRE)
        self._stack.addWidget(self._make_opening())
        self._take_size()

    def add_page(self, page: QWidget) -> None:
        """One more page to show later."""
        self._stack.addWidget(page)

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
        return self._ground.was_painted

    def tell_opening(self, words: str) -> None:
        """What stands on the ground while there is no page yet."""
        self._opening.setText(words)

    def come_forward(self) -> None:
        """The program was started once more: this is it."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.close_asked.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.seen.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.seen.emit(False)

    def _take_size(self) -> None:
        room = self.screen().availableGeometry().size()
        self.resize(SIZE.boundedTo(room))

    def _make_opening(self) -> QWidget:
        px = self.theme.sizes.px
        self._ground = page = _Ground()
        page.painted.connect(self.painted)
        column = QVBoxLayout(page)
        column.setContentsMargins(px(32), px(32), px(32), px(32))
        column.setSpacing(px(12))
        column.addStretch(1)
        mark = IconLabel(self.theme, "app-mark", "accent_fill", 40)
        column.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._opening)
        column.addStretch(1)
        return page
