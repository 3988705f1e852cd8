"""Which page the window shows, and what runs behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from sessionconsole.domain.errors import KeyringProblem, SessionConsoleError, StoreNotWritable, TryLater
from sessionconsole.domain.settings import Appearance
from sessionconsole.services.signing_in import SignInState, Stage
from sessionconsole.services.states import Link, ListState
from sessionconsole.ui.console import Console
from sessionconsole.ui.ending.presenter import EndingPresenter
from sessionconsole.ui.forgetting.presenter import ForgettingPresenter
from sessionconsole.ui.look.plain import shown
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.shell.list_page import ListPage
from sessionconsole.ui.shell.list_presenter import ListPresenter
from sessionconsole.ui.shell.rail import Page
from sessionconsole.ui.shell.window import TITLE, MainWindow
from sessionconsole.ui.signing_in.words import OWN_SESSION_GONE
from sessionconsole.ui.tasks import Tasks

if TYPE_CHECKING:
    from sessionconsole.ui.connecting.presenter import ConnectingPresenter
    from sessionconsole.ui.journal.presenter import JournalPresenter
    from sessionconsole.ui.signing_in.code_page import CodePage
    from sessionconsole.ui.signing_in.sign_in_page import SignInPage

_PATIENCE = 1000
"""Milliseconds that a start waits for the stored list before it asks the platform."""

_WATCH, _END, _SIGN_OUT, _REVOKE = "watch", "send orders", "sign out", "revoke what is left"
_WRITE = "write the journal"
_LOOK = "look whether a command has signed in"


class Shell(QObject):
    """Puts pages and presenters together; one for the life of a console.

    `open_again_asked` is told where something is amiss with this computer that may have been mended since.
    """

    open_again_asked = Signal()

    def __init__(self, console: Console, tasks: Tasks, theme: Theme, window: MainWindow) -> None:
        super().__init__(window)
        self._console, self._tasks, self._theme, self._window = console, tasks, theme, window
        self.list = ListPage(theme)
        window.add_page(self.list)
        self.ending = EndingPresenter(console, tasks, theme, window)
        self.listing = ListPresenter(console, tasks, self.list, self.ending)
        self.listing.sign_in_again = self._sign_in_again
        self.forgetting = ForgettingPresenter(console, tasks, theme, window)
        self.listing.details.forget_asked.connect(self.forgetting.ask)
        self.forgetting.told.connect(self.listing.tell)
        self.listing.shown.connect(self._list_shown)
        rail = self.list.rail
        rail.page_asked.connect(self._turn_to)
        rail.appearance_asked.connect(self._wear)
        rail.sign_out_asked.connect(self._sign_out)
        rail.about.clicked.connect(self._show_about)
        rail.show_appearance(console.settings_file.load().appearance)
        window.seen.connect(self._seen)
        window.come_back_to.connect(self._come_back)
        tasks.failed.connect(self._failed)
        self._at_start = console.signing_in.state.value.stage is Stage.OPENING
        self._signing_out = False
        self._has_list = self._awaits_list = False
        self._stage = Stage.OPENING
        self._gone = ""
        self._stop_list = console.watching.state.subscribe(self._list_changed)
        self._stop_notices = console.notices.subscribe(self._tell_notices)
        self._stop = console.signing_in.state.subscribe(self._stage_changed)
        self._stage_changed(console.signing_in.state.value)

    @property
    def sign_in(self) -> SignInPage:
        """The first step of signing in."""
        return self._sign_in_pages[0]

    @property
    def code(self) -> CodePage:
        """The second step."""
        return self._sign_in_pages[1]

    @cached_property
    def _sign_in_pages(self) -> tuple[SignInPage, CodePage]:
        """Made when they are first needed: who is signed in sees the list sooner without them."""
        from sessionconsole.ui.signing_in.code_page import CodePage
        from sessionconsole.ui.signing_in.presenter import SignInPresenter
        from sessionconsole.ui.signing_in.sign_in_page import SignInPage

        sign_in, code = SignInPage(self._theme), CodePage(self._theme)
        for page in (sign_in, code):
            self._window.add_page(page)
        console = self._console
        SignInPresenter(console.signing_in, console.connecting, self._tasks, sign_in, code, self)
        sign_in.notes.again.clicked.connect(self.open_again_asked)
        sign_in.connect_asked.connect(self._connect)
        sign_in.file_dropped.connect(self._take_file)
        return sign_in, code

    @cached_property
    def connecting(self) -> ConnectingPresenter:
        """The pages for a platform that a file describes; made when somebody has such a file."""
        from sessionconsole.ui.connecting.presenter import ConnectingPresenter

        made = ConnectingPresenter(self._console, self._tasks, self._theme, self._window)
        made.left.connect(self._sign_in_again)
        made.kept.connect(self._sign_in_with)
        return made

    @cached_property
    def journal(self) -> JournalPresenter:
        """The page of what was done; made when somebody asks for it."""
        from sessionconsole.ui.journal.page import JournalPage
        from sessionconsole.ui.journal.presenter import JournalPresenter

        return JournalPresenter(self._console, self._tasks, self._theme, JournalPage(self._theme))

    @Slot(object)
    def _turn_to(self, page: Page) -> None:
        if page is Page.JOURNAL:
            self.list.show_instead(self.journal.page)
            self.journal.open()
        elif "journal" in self.__dict__:
            self.journal.leave()

    def close(self) -> None:
        """Hear nothing more; what runs is the tasks' business."""
        self._stop()
        self._stop_notices()
        self._stop_list()
        self.listing.close()
        self.ending.close()
        if "journal" in self.__dict__:
            self.journal.close()

    def offer_again(self, address: str, username: str) -> None:
        """What was typed before the console was opened once more, where one still has to sign in."""
        if self._stage is Stage.SIGNED_OUT:
            self.sign_in.offer(address, username)

    def make_room(self) -> None:
        """Take everything out of the window, for another console that is shown in it."""
        self.close()
        made = self._sign_in_pages if "_sign_in_pages" in self.__dict__ else ()
        connecting = (self.connecting,) if "connecting" in self.__dict__ else ()
        for page in (self.list, *made, *(page for each in connecting for page in each.pages)):
            self._window.remove_page(page)
        for presenter in (self.ending, self.forgetting, *connecting, self):
            presenter.deleteLater()

    def _stage_changed(self, state: SignInState) -> None:
        if state.stage is Stage.OPENING:
            return
        before, self._stage = self._stage, state.stage
        # Also when signed out: what was signed out without network is still to be revoked.
        self._tasks.start(_REVOKE, self._console.signing_in.run, if_idle=True)
        self._tasks.start(_WRITE, self._console.journaling.run, if_idle=True)
        match state.stage:
            case Stage.SIGNED_OUT:
                self._tasks.cancel(_WATCH)
                self._tasks.cancel(_END)
                ended = before is Stage.SIGNED_IN and not self._signing_out
                self._gone = OWN_SESSION_GONE if ended else ""
                if self.list.rail.current is self.list.rail.journal:
                    self.list.rail.page_asked.emit(Page.ALL_SESSIONS)
                self._offer_sign_in(state)
            case Stage.SECOND_FACTOR:
                self.sign_in.forget_password()
                self.code.offer(state.methods)
                self._window.show_page(self.code)
            case Stage.SIGNED_IN:
                # At a start the page comes with the stored list in it, so that it is laid out and painted once.
                self._awaits_list = self._at_start and not self._has_list
                if self._at_start:
                    QTimer.singleShot(_PATIENCE, self, self._be_patient_no_more)
                else:
                    self._go_online()
                if "_sign_in_pages" in self.__dict__:
                    self.sign_in.forget_password()
                if "connecting" in self.__dict__:
                    self.connecting.stop()
                self._signing_out = False
                if not self._awaits_list:
                    self._show_list()
        self._at_start = False
        signed_in = state.stage is Stage.SIGNED_IN
        title = state.record.title if signed_in and state.record else ""
        self._window.setWindowTitle(shown(f"{title} – {TITLE}") if title else TITLE)
        self.listing.run_clock(running=signed_in and self._window.isVisible())

    @Slot()
    def _list_shown(self) -> None:
        self.listing.shown.disconnect(self._list_shown)
        self._has_list = True
        self._show_awaited()
        if self.list.model.rowCount():
            self.list.table.painted.connect(self._go_online, Qt.ConnectionType.QueuedConnection)
        else:
            QTimer.singleShot(0, self, self._go_online)

    @Slot()
    def _be_patient_no_more(self) -> None:
        self._show_awaited()
        self._go_online()

    def _show_awaited(self) -> None:
        if self._awaits_list and self._stage is Stage.SIGNED_IN:
            self._show_list()

    def _show_list(self) -> None:
        self._awaits_list = False
        self._window.show_page(self.list)
        self.list.table.setFocus()

    @Slot()
    def _go_online(self) -> None:
        """Ask the platform, from now on; at a start not before the stored list is on the screen."""
        if self._console.signing_in.state.value.stage is Stage.SIGNED_IN:
            self._tasks.start(_WATCH, self._console.watching.run, if_idle=True)
            self._tasks.start(_END, self._console.ending.run, if_idle=True)

    @Slot()
    def _sign_in_again(self) -> None:
        self._offer_sign_in(self._console.signing_in.state.value)

    def _offer_sign_in(self, state: SignInState) -> None:
        self.sign_in.offer(
            state.last_address, state.last_username, state.last_connector, state.last_variables
        )
        self._window.show_page(self.sign_in)
        self._tell_notices(self._console.notices.value)

    @Slot()
    def _connect(self) -> None:
        self.sign_in.forget_password()
        self.connecting.open()

    @Slot(str)
    def _take_file(self, path: str) -> None:
        self._connect()
        self.connecting.take_file(path)

    @Slot(str, str, str, object)
    def _sign_in_with(
        self, address: str, username: str, connector: str, variables: Mapping[str, str]
    ) -> None:
        self.sign_in.fill_in(address, username, connector, variables)
        self._window.show_page(self.sign_in)

    @Slot()
    def _show_about(self) -> None:
        from sessionconsole.ui.connecting.about import AboutPlatform

        sheet = AboutPlatform(self._theme, self._window, self._console.watching.state.value)
        sheet.finished.connect(sheet.deleteLater)
        sheet.open()

    def _tell_notices(self, notices: tuple[SessionConsoleError, ...]) -> None:
        """What is amiss with this computer, also for who has not signed in yet; the list tells it at its bottom."""
        if self._stage is Stage.OPENING or self._window.page is self.list:
            return
        told = [f"{notice.message} {notice.advice}" for notice in notices]
        may_mend = any(isinstance(notice, KeyringProblem | StoreNotWritable | TryLater) for notice in notices)
        self.sign_in.notes.tell(
            [self._gone, *told] if self._gone else told,
            # who is still signed in, for this time only perhaps, would be signed out by it
            may_try_again=may_mend and self._stage is Stage.SIGNED_OUT,
        )

    @Slot(bool)
    def _seen(self, seen: bool) -> None:
        signed_in = self._console.signing_in.state.value.stage is Stage.SIGNED_IN
        self.listing.run_clock(running=seen and signed_in)

    @Slot()
    def _come_back(self) -> None:
        """A command may have signed in meanwhile."""
        if self._stage is Stage.SIGNED_OUT:
            self._tasks.start(_LOOK, self._console.signing_in.look_again, if_idle=True)

    def _list_changed(self, state: ListState) -> None:
        """Who was asked to sign in again, and did it by a command, is shown the list that came."""
        waits = "_sign_in_pages" in self.__dict__ and self._window.page is self.sign_in
        if waits and state.link is Link.LIVE and self._stage is Stage.SIGNED_IN:
            self.sign_in.forget_password()
            self._window.show_page(self.list)

    @Slot(object)
    def _wear(self, appearance: Appearance) -> None:
        self._theme.wear(appearance)
        file = self._console.settings_file
        try:
            file.save(replace(file.load(), appearance=appearance))
        except StoreNotWritable as problem:
            self.listing.tell(problem)

    @Slot()
    def _sign_out(self) -> None:
        self._signing_out = True
        self._tasks.start(_SIGN_OUT, self._console.signing_in.sign_out, if_idle=True, finish=True)

    @Slot(str, object)
    def _failed(self, key: str, error: SessionConsoleError) -> None:
        if key in (_SIGN_OUT, _WATCH, _END):
            self.listing.tell(error)
