"""What SQLite raised, in our words: the one place where they meet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sessionconsole.domain.errors import StoreDamaged, StoreNotWritable


@contextmanager
def in_our_words() -> Iterator[None]:
    """Raises `StoreDamaged` and `StoreNotWritable` for what apsw and the operating system raise inside."""
    import apsw

    try:
        yield
    except (apsw.NotADBError, apsw.CorruptError, apsw.FormatError) as problem:
        raise StoreDamaged from problem
    except (apsw.BusyError, apsw.LockedError) as problem:
        raise StoreNotWritable(
            "The file with the saved lists is in use by another program.",
            "Close other windows of this program, and programs that copy or back up files, then try again.",
        ) from problem
    except (
        apsw.FullError,
        apsw.ReadOnlyError,
        apsw.IOError,
        apsw.CantOpenError,
        apsw.PermissionsError,
        OSError,
    ) as problem:
        raise StoreNotWritable from problem
