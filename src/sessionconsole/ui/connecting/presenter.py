"""Carries the wishes of the pages for connecting a platform to the use case, and what comes of them back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from sessionconsole.domain.connectors import ConnectorMistakes
from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.domain.trials import TrialWish
from sessionconsole.ui.connecting.dropping import SUFFIX
from sessionconsole.ui.connecting.file_page import FilePage, file_name
from sessionconsole.ui.connecting.trial_page import TrialPage
from sessionconsole.ui.console import Console
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.shell.window import MainWindow
from sessionconsole.ui.tasks import Tasks

_CHECK, _TRY, _KEEP = "check a connector file", "try a connector file", "keep a connector file"


class ConnectingPresenter(QObject):
    """`left` when nothing came of it; `kept(address, username, connector, variables)` when the file is to be used."""

    left = Signal()
    kept = Signal(str, str, str, object)

    def __init__(self, console: Console, tasks: Tasks, theme: Theme, window: MainWindow) -> None:
        super().__init__(window)
        self._connecting, self._tasks, self._window = console.connecting, tasks, window
        self._path: Path | None = None
        self._wish: TrialWish | None = None
        self._again = False
        self.file = FilePage(theme)
        self.trial = TrialPage(theme, console.clock.now, console.zone)
        for page in self.pages:
            window.add_page(page)
        self.file.file_asked.connect(self._ask_for_file)
        self.file.file_given.connect(self.take_file)
        self.file.check_asked.connect(self._check)
        self.file.try_asked.connect(self._begin)
        self.file.back_asked.connect(self._leave)
        self.trial.cancel_asked.connect(self._cancel)
        self.trial.back_asked.connect(self._show_file)
        self.trial.again_asked.connect(self._try_again)
        self.trial.use_asked.connect(self._keep)
        tasks.failed.connect(self._failed)
        tasks.changed.connect(self._show_busy)

    @property
    def pages(self) -> tuple[QWidget, QWidget]:
        """Both pages of it."""
        return self.file, self.trial

    @Slot()
    def open(self) -> None:
        """Begin: ask for a file."""
        self._path = None
        self.file.forget()
        self._window.show_page(self.file)
        self.file.choose.setFocus()

    @Slot(str)
    def take_file(self, path: str) -> None:
        """Check that file, wherever it came from."""
        self._path = Path(path)
        self._show_file()
        self._check()

    @Slot()
    def _ask_for_file(self) -> None:
        dialog = QFileDialog(self._window, "Choose a connector file")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([f"Connector files (*{SUFFIX})", "All files (*)"])
        dialog.fileSelected.connect(self.take_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _check(self) -> None:
        self._again = False
        if self._path is not None:
            self._tasks.start(_CHECK, partial(self._checked, self._path))

    async def _checked(self, path: Path) -> None:
        about = await self._connecting.check(path)
        self.file.show_file(file_name(path), about)
        if self._again and self._wish is not None:
            self._begin(self._wish)

    @Slot()
    def _try_again(self) -> None:
        """The file may have been mended meanwhile."""
        self._show_file()
        self._check()
        self._again = True

    @Slot(object)
    def _begin(self, wish: TrialWish) -> None:
        about = self.file.about
        if about is None or self._path is None:
            return
        self._wish, self._again = wish, False
        self.trial.begin(about.title, wish)
        self._window.show_page(self.trial)
        self._tasks.start(_TRY, partial(self._try, self._path, wish))

    async def _try(self, path: Path, wish: TrialWish) -> None:
        self.trial.finish(
            good=await self._connecting.try_file(path, wish, self.trial.code.given, self.trial.add)
        )

    @Slot()
    def _cancel(self) -> None:
        self._tasks.cancel(_TRY)
        self._show_file()

    @Slot()
    def _keep(self) -> None:
        if self._path is not None and self._wish is not None:
            self._tasks.start(_KEEP, partial(self._kept, self._path, self._wish), if_idle=True)

    async def _kept(self, path: Path, wish: TrialWish) -> None:
        name = await self._connecting.keep(path)
        self._forget()
        self.kept.emit(wish.address, wish.username, name, wish.variables)

    @Slot()
    def _leave(self) -> None:
        self._tasks.cancel(_CHECK)
        self._forget()
        self.left.emit()

    def stop(self) -> None:
        """Somebody has signed in meanwhile."""
        for key in (_CHECK, _TRY):
            self._tasks.cancel(key)
        self._forget()

    def _forget(self) -> None:
        self._path = self._wish = None
        self.file.forget()

    @Slot()
    def _show_file(self) -> None:
        self._window.show_page(self.file)

    @Slot(str)
    def _show_busy(self, key: str) -> None:
        shows: dict[str, Callable[..., None]] = {_CHECK: self.file.show_busy, _KEEP: self.trial.show_keeping}
        if key in shows:
            shows[key](busy=self._tasks.is_running(key))

    @Slot(str, object)
    def _failed(self, key: str, error: SessionConsoleError) -> None:
        if key not in (_CHECK, _TRY, _KEEP) or self._path is None:
            return
        if isinstance(error, ConnectorMistakes):
            self._show_file()
            self.file.show_mistakes(file_name(self._path), error)
        elif key == _KEEP:
            self.trial.error.tell(error)
        else:
            self._show_file()
            self.file.show_error(error)
