"""Small files, written whole or not at all, and for this user only."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sessionconsole.domain.errors import StoreNotWritable

_TRIES = 10
_PAUSE = 0.25  # seconds
_HELD_BY_A_SCANNER = {5, 32, 33}
"""Windows: access denied, sharing violation, lock violation; a virus scanner or indexer lets go again soon."""


def write_whole(path: Path, content: bytes) -> None:
    """Replace the file at once, so that a reader or a crash sees the old content or the new, never a part.

    Raises `StoreNotWritable`.
    """
    with _told(path), _beside(path, content) as fresh:
        _replace(fresh, path)
        _sync_folder(path.parent)


def write_once(path: Path, content: bytes) -> bytes:
    """Create the file unless it is there, and give what it holds then: of several processes, all see one winner's.

    Raises `StoreNotWritable`.
    """
    with _told(path):
        if not path.exists():
            with _beside(path, content) as fresh:
                _claim(fresh, path)
                _sync_folder(path.parent)
        return path.read_bytes()


@contextmanager
def _beside(path: Path, content: bytes) -> Iterator[Path]:
    fresh = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)


def _claim(fresh: Path, path: Path) -> None:
    with contextlib.suppress(FileExistsError):
        try:
            os.link(fresh, path)
        except OSError as problem:
            if problem.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EOPNOTSUPP):
                raise
            # No hard links on this file system; on Windows rename refuses an existing target too.
            if path.exists():
                return
            fresh.rename(path)


def _replace(fresh: Path, path: Path) -> None:
    for tries_left in range(_TRIES, -1, -1):
        try:
            fresh.replace(path)
        except OSError as problem:
            held = sys.platform == "win32" and problem.winerror in _HELD_BY_A_SCANNER
            if not held or not tries_left:
                raise
            threading.Event().wait(_PAUSE)
        else:
            return


def _sync_folder(folder: Path) -> None:
    """Makes the new name itself survive a power cut; Windows has no such call and needs none."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise StoreNotWritable(f"“{path.name}” cannot be written in {path.parent}: {reason}.") from problem
