"""One window for each home: a second start raises the first."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal

if TYPE_CHECKING:
    from sessionconsole.ui.system.raising import Ear


class SingleInstance(QObject):
    """`raise_asked` is told when the program was started once more on the same home."""

    raise_asked = Signal()

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = QLockFile(str(home / "window.lock"))
        self._lock.setStaleLockTime(0)  # a lock is stale when its process is gone, however old it is
        # A socket's path is short on most systems, so it cannot stand in a home of any depth.
        self._name = "sessionconsole-" + hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:20]
        self._ear: Ear | None = None

    def claim(self) -> bool:
        """Become the one window of this home; False where there is one already, and that one was asked to show.

        Where the folder cannot be written there is no telling, so the window opens and says what is amiss.
        """
        if not self._lock.tryLock(0):
            if self._lock.error() is not QLockFile.LockError.LockFailedError:
                return True
            from sessionconsole.ui.system.raising import ask_the_first

            ask_the_first(self._name)
            return False
        return True

    def listen(self) -> None:
        """Hear of later starts from now on; the network is imported for it, so it waits for the first list."""
        if self._lock.isLocked():
            from sessionconsole.ui.system.raising import Ear

            self._ear = Ear(self._name, self)
            self._ear.raise_asked.connect(self.raise_asked)

    def release(self) -> None:
        """Let the next start be the first."""
        if self._ear is not None:
            self._ear.close()
        self._lock.unlock()
