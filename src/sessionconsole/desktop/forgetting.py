"""Removing what a home left on disk."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from sessionconsole.desktop.folders import Folders
from sessionconsole.domain.errors import StoreNotWritable


def remove_files(folders: Folders) -> None:
    """Remove every file of ours, and the folders that are empty then; raises `StoreNotWritable`.

    A folder that `SESSIONCONSOLE_HOME` names may hold other things: of those nothing is touched.
    """
    store = folders.store
    files = {
        folders.settings,
        folders.home_id,
        folders.home_id.with_name(folders.home_id.name + "-damaged"),
        *folders.config.glob(f"{folders.settings.name}*"),
        *folders.data.glob(f"{store.stem}*"),  # with what belongs to it, and those set aside
        *folders.data.glob(f".{store.name}.*"),
    }
    try:
        for file in files:
            file.unlink(missing_ok=True)
        for folder in (folders.locks, folders.logs, folders.cache):
            if folder.exists():
                shutil.rmtree(folder)
    except OSError as problem:
        raise StoreNotWritable(
            f"{_named(problem)} could not be removed: {problem.strerror or type(problem).__name__}.",
            "Close every window of this program, then try again.",
        ) from problem
    for folder in (folders.data, folders.config):
        with suppress(OSError):  # it holds something that is not ours, or is gone already
            folder.rmdir()


def _named(problem: OSError) -> str:
    return str(Path(str(problem.filename))) if problem.filename else "A file of this home"
