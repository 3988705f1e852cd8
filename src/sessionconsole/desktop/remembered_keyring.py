"""Which kind of keyring has the entries of a home: not a secret, and kept so that another kind is noticed."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from sessionconsole.desktop.files import write_whole
from sessionconsole.domain.errors import StoreNotWritable

_SHAPE = re.compile(r"[a-z-]{1,40}")


class RememberedKeyring:
    """The id of a back end in a small file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def recall(self) -> str | None:
        """The id; None where none was kept yet, or the file holds none."""
        try:
            text = self._path.read_text("ascii").strip()
        except (OSError, ValueError):
            return None
        return text if _SHAPE.fullmatch(text) else None

    def keep(self, backend_id: str) -> None:
        """Write it where it is not written yet; a home that cannot be written is no reason to fail."""
        if self.recall() != backend_id:
            with suppress(StoreNotWritable):
                write_whole(self._path, f"{backend_id}\n".encode("ascii"))
