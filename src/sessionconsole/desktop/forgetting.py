"""Removing what a home left on disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sessionconsole.desktop.folders import Folders
from sessionconsole.domain.errors import StoreNotWritable


def remove_files(folders: Folders) -> None:
    """Remove every file of ours, and the folders that are empty then; raises `StoreNotWritable`.

    A folder that `SESSIONCONSOLE_HOME` names may hold other things: of those nothing is touched.
    """
    try:
        for file in _ours(folders):
            file.unlink(missing_ok=True)
    except OSError as problem:
        raise StoreNotWritable(
            f"{_named(problem)} could not be removed: {problem.strerror or type(problem).__name__}.",
            "Close every window of this program, then try again.",
        ) from problem
    for folder in (
        folders.locks,
        folders.connectors,
        folders.logs,
        folders.cache,
        folders.data,
        folders.config,
    ):
        with suppress(OSError):  # it holds something that is not ours, or is gone already
            folder.rmdir()


def _ours(folders: Folders) -> Iterator[Path]:
    store = folders.store
    yield from folders.data.glob(f"{store.name}*")
    yield from folders.data.glob(f"{store.stem}-damaged-*{store.suffix}*")  # those that were set aside
    yield from folders.data.glob("window.lock*")
    yield from folders.locks.glob("*.lock")
    yield from folders.connectors.glob("*.toml")
    yield from folders.connectors.glob(".*.toml.*")
    yield from folders.logs.glob("sessionconsole.log*")
    for file in (folders.settings, folders.home_id):
        yield from (file, file.with_name(f"{file.name}-damaged"))
    yield folders.keyring
    for file in (folders.settings, folders.home_id, folders.keyring, store):
        yield from file.parent.glob(f".{file.name}.*")  # what was being written when a process was killed


def _named(problem: OSError) -> str:
    return str(Path(str(problem.filename))) if problem.filename else "A file of this home"
