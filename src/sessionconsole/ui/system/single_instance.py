"""One window for each home: a second start raises the first."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_MESSAGE = b"raise"
_CAP = 4096  # bytes taken from a caller before it is hung up on
_PATIENCE = 500  # milliseconds


class SingleInstance(QObject):
    """`raise_asked` is told when the program was started once more on the same home."""

    raise_asked = Signal()

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = QLockFile(str(home / "window.lock"))
        self._lock.setStaleLockTime(0)  # a lock is stale when its process is gone, however old it is
        # A socket's path is short on most systems, so it cannot stand in a home of any depth.
        self._name = "sessionconsole-" + hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:20]
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._hear)

    def claim(self) -> bool:
        """Become the one window of this home; False where there is one already, and that one was asked to show.

        Where the folder cannot be written there is no telling, so the window opens and says what is amiss.
        """
        if not self._lock.tryLock(0):
            if self._lock.error() is not QLockFile.LockError.LockFailedError:
                return True
            self._ask_the_first()
            return False
        QLocalServer.removeServer(self._name)  # left behind where the last owner was killed; the lock is ours
        self._server.listen(self._name)
        return True

    def release(self) -> None:
        """Let the next start be the first."""
        self._server.close()
        self._lock.unlock()

    def _ask_the_first(self) -> None:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if socket.waitForConnected(_PATIENCE):
            socket.write(_MESSAGE)
            socket.waitForBytesWritten(_PATIENCE)
            socket.disconnectFromServer()

    @Slot()
    def _hear(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.setReadBufferSize(_CAP)
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(socket.deleteLater)
            if socket.bytesAvailable():
                self._take(socket)

    @Slot()
    def _read(self) -> None:
        caller = self.sender()
        if isinstance(caller, QLocalSocket):
            self._take(caller)

    def _take(self, caller: QLocalSocket) -> None:
        said = bytes(caller.peek(_CAP).data())
        if said == _MESSAGE:
            self.raise_asked.emit()
        elif _MESSAGE.startswith(said):
            return  # the rest is on its way
        caller.abort()
