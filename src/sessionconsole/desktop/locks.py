"""Locks between the processes of one home, by the locks of the operating system on a file."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sessionconsole.desktop.clock import SystemClock
from sessionconsole.domain.errors import StoreNotWritable
from sessionconsole.services.ports import Clock

_POLL = 0.05  # seconds


class FileLocks:
    """`ports.Locks`: the operating system lets go of a lock when its process ends, however it ends.

    The lock belongs to the open file, so a second task of the same process is kept out as well (flock(2), and
    LockFile on Windows). The files stay: to delete one would let two processes hold two files of one name.
    """

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self._folder = folder
        self._clock = clock or SystemClock()

    @asynccontextmanager
    async def exclusive(self, name: str, timeout: float) -> AsyncIterator[bool]:
        """Hold the lock; False where it was not free within `timeout` seconds. Raises `StoreNotWritable`."""
        handle = self._open(name)
        try:
            with self._told():
                held = _try_lock(handle)
            deadline = self._clock.monotonic() + timeout
            while not held and (left := deadline - self._clock.monotonic()) > 0:
                await self._clock.sleep(min(_POLL, left))
                held = _try_lock(handle)
            yield held
        finally:
            os.close(handle)

    def _open(self, name: str) -> int:
        with self._told():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return os.open(self._folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            raise StoreNotWritable(
                f"The folder {self._folder} cannot be used: {problem.strerror or type(problem).__name__}."
            ) from problem


class OwnLocks:
    """`ports.Locks` of one process alone, for a home whose folder cannot be used: nobody else can share it either."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._held: set[str] = set()

    @asynccontextmanager
    async def exclusive(self, name: str, timeout: float) -> AsyncIterator[bool]:
        """Hold the lock; False where it was not free within `timeout` seconds."""
        deadline = self._clock.monotonic() + timeout
        while name in self._held and (left := deadline - self._clock.monotonic()) > 0:
            await self._clock.sleep(min(_POLL, left))
        if name in self._held:
            yield False
            return
        self._held.add(name)
        try:
            yield True
        finally:
            self._held.discard(name)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        os.lseek(handle, 0, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
