"""The store as files: how one is begun, and how a damaged one is set aside."""

from __future__ import annotations

import errno
import os
import secrets
from datetime import datetime
from pathlib import Path

from sessionconsole.domain.errors import StoreNotWritable
from sessionconsole.store.connecting import follow_habits, unlock
from sessionconsole.store.database import damage_mark
from sessionconsole.store.migrations import migrate

_SIDE_FILES = ("-wal", "-shm", "-journal")


def begin(path: Path, key: bytes) -> None:
    """Make a whole new file under another name, then give it its name unless another process was first.

    So a file of that name is never half made, and one that is empty can only be damaged.
    """
    import apsw

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        connection = apsw.Connection(str(fresh), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            unlock(connection, key)
            follow_habits(connection)
            migrate(connection)
        finally:
            connection.close()
        _claim(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def _claim(fresh: Path, path: Path) -> None:
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    except OSError as problem:
        if problem.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EOPNOTSUPP):
            raise
        if not path.exists():  # no hard links here; Windows' rename never replaces a file
            fresh.rename(path)


def set_aside(path: Path, file: tuple[int, int] | None, now: datetime) -> bool:
    """Rename the damaged file and what belongs to it; False where another process did so already."""
    if identity(path) != file:
        return False  # the caller's lock ran out
    aside = _free_name(path, now)
    try:
        for suffix in ("", *_SIDE_FILES):
            if side_file(path, suffix).exists():
                side_file(path, suffix).rename(side_file(aside, suffix))
    except PermissionError as problem:
        raise StoreNotWritable(
            "The file with the saved lists is damaged, and another program holds it.",
            "Close other windows of this program, then start it again.",
        ) from problem
    damage_mark(path).unlink(missing_ok=True)
    return True


def _free_name(path: Path, now: datetime) -> Path:
    stem = f"{path.stem}-damaged-{now:%Y%m%dT%H%M%SZ}"
    names = (f"{stem}{'' if number == 1 else f'-{number}'}{path.suffix}" for number in range(1, 1000))
    # Also where only a side file of an earlier one lies under that name.
    return next(path.with_name(name) for name in names if not any(path.parent.glob(f"{name}*")))


def side_file(path: Path, suffix: str) -> Path:
    """The file that SQLite keeps beside the store under that suffix."""
    return path.with_name(path.name + suffix)


def identity(path: Path) -> tuple[int, int] | None:
    """Which file that is, so that one is known that another process put in its place; None where there is none."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    return facts.st_dev, facts.st_ino
