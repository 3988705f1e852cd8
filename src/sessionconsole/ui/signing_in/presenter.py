"""Carries the wishes of both pages to the use case, and its errors back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, Slot

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.ui.console import Connecting, SigningIn
from sessionconsole.ui.signing_in.code_page import CodePage
from sessionconsole.ui.signing_in.sign_in_page import SignInPage
from sessionconsole.ui.tasks import Tasks

_BEGIN, _ANSWER, _BACK, _SEND = "sign-in", "second-factor", "sign-in-back", "send-code"
_KINDS = "kinds of platform"


class SignInPresenter(QObject):
    """One for the life of the window."""

    def __init__(
        self,
        signing_in: SigningIn,
        connecting: Connecting,
        tasks: Tasks,
        sign_in: SignInPage,
        code: CodePage,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._signing_in, self._connecting, self._tasks = signing_in, connecting, tasks
        self._sign_in, self._code = sign_in, code
        sign_in.sign_in_asked.connect(self._begin)
        sign_in.kinds_asked.connect(self._read_kinds)
        code.code_given.connect(self._answer)
        code.code_wanted.connect(self._send_code)
        code.back_asked.connect(self._back)
        tasks.changed.connect(self._show_busy)
        tasks.failed.connect(self._show_error)

    @Slot(str, str, str, object, object)
    def _begin(
        self,
        address: str,
        username: str,
        password: str,
        connector: str | None,
        variables: Mapping[str, str],
    ) -> None:
        begin = partial(self._signing_in.begin, address, username, password, connector, variables)
        self._tasks.start(_BEGIN, begin, if_idle=True)

    @Slot()
    def _read_kinds(self) -> None:
        self._tasks.start(_KINDS, self._show_kinds)

    async def _show_kinds(self) -> None:
        self._sign_in.take_kinds(await self._connecting.kinds())

    @Slot(object, str)
    def _answer(self, method: FactorMethod, code: str) -> None:
        self._tasks.start(_ANSWER, partial(self._signing_in.answer, method, code), if_idle=True)

    @Slot(object)
    def _send_code(self, method: FactorMethod) -> None:
        self._tasks.start(_SEND, partial(self._signing_in.send_code, method), if_idle=True)

    @Slot()
    def _back(self) -> None:
        self._tasks.start(_BACK, self._signing_in.back, if_idle=True)

    @Slot(str)
    def _show_busy(self, key: str) -> None:
        if key == _BEGIN:
            self._sign_in.show_busy(busy=self._tasks.is_running(key))
        elif key == _ANSWER:
            self._code.show_busy(busy=self._tasks.is_running(key))

    @Slot(str, object)
    def _show_error(self, key: str, error: SessionConsoleError) -> None:
        if key == _BEGIN:
            self._sign_in.show_error(error)
        elif key in (_ANSWER, _SEND):
            self._code.show_error(error)
