"""Where every error ends that is not of the program's own tree: logged, and shown once."""

from __future__ import annotations

import asyncio
import logging
import sys
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Signal

_log = logging.getLogger(__name__)

SENTENCE = (
    "Something in the program went wrong. Your orders are safe: look at their rows for what became of them. "
    "If it happens again, start the program anew and tell your IT support."
)


class Bugs(QObject):
    """`found(sentence)` is told for the first bug of a run only: the others say nothing new to the user."""

    found = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._told = False

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take what the loop and Qt's slots let through from now on."""
        loop.set_exception_handler(self._from_loop)
        sys.excepthook = self._from_python

    def _from_loop(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self.tell(error if isinstance(error, BaseException) else RuntimeError(context.get("message", "")))

    def _from_python(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.tell(error)

    def tell(self, error: BaseException) -> None:
        """Log it with its traceback and show the sentence, unless one was shown already."""
        _log.error("bug: %s", type(error).__name__, exc_info=(type(error), error, error.__traceback__))
        if not self._told:
            self._told = True
            self.found.emit(SENTENCE)
