"""The connection to the file, on a thread of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from sessionconsole.domain.errors import StoreDamaged
from sessionconsole.own_thread import OwnThread, StillBusy
from sessionconsole.store.problems import in_our_words

if TYPE_CHECKING:
    import apsw

P = ParamSpec("P")
T = TypeVar("T")

_CLOSING = 2.0  # seconds


class Database:
    """Runs functions of an `apsw.Connection`; each raises `StoreDamaged` and `StoreNotWritable` in our words."""

    def __init__(self, thread: OwnThread, connection: apsw.Connection, path: Path | None) -> None:
        self._thread = thread
        self._connection = connection
        self._path = path

    async def read(
        self, function: Callable[Concatenate[apsw.Connection, P], T], *args: P.args, **_: P.kwargs
    ) -> T:
        """Run it on the thread."""
        return await self._thread.call(self._run, function, args)

    async def write(
        self, function: Callable[Concatenate[apsw.Connection, P], T], *args: P.args, **_: P.kwargs
    ) -> T:
        """Run it in one transaction, which is on the disk when this returns."""

        def in_transaction(connection: apsw.Connection, *given: P.args, **_: P.kwargs) -> T:
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = function(connection, *given, **_)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            return result

        return await self._thread.call(self._run, in_transaction, args)

    async def close(self) -> None:
        """Let go of the file; waits at most a few seconds."""
        with contextlib.suppress(StillBusy):
            await self._thread.call(self._connection.close, limit=_CLOSING)
        self._thread.close()

    def _run(self, function: Callable[..., T], args: tuple[object, ...]) -> T:
        try:
            with in_our_words():
                return function(self._connection, *args)
        except StoreDamaged as problem:
            if self._path is None:
                raise
            # The start reads only the first page; the mark tells it what was found further in.
            with contextlib.suppress(OSError):
                damage_mark(self._path).touch(mode=0o600)
            raise StoreDamaged(
                "The file with the saved lists is damaged.",
                "Close the program and start it again: the file is then set aside and a new one begun.",
            ) from problem


def damage_mark(path: Path) -> Path:
    """The empty file that says that the store beside it was found damaged while it was open."""
    return path.with_name(path.name + "-damaged")
