"""What a second start says to the first, over a socket that only this user may use."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QThread, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_MESSAGE = b"raise"
_CAP = 4096  # bytes taken from a caller before it is hung up on
_PATIENCE = 500  # milliseconds
_LONGEST_WAIT = 4000  # milliseconds
_BETWEEN = 50  # milliseconds


def ask_the_first(name: str) -> bool:
    """Ask the window that listens on that name to come forward; False where none listened for seconds.

    One that has only just started listens a moment later, so it is asked again until then.
    """
    asked = QElapsedTimer()
    asked.start()
    socket = QLocalSocket()
    while not asked.hasExpired(_LONGEST_WAIT):
        socket.connectToServer(name)
        if socket.waitForConnected(_PATIENCE):
            socket.write(_MESSAGE)
            socket.waitForBytesWritten(_PATIENCE)
            socket.disconnectFromServer()
            return True
        socket.abort()
        QThread.msleep(_BETWEEN)
    return False


class Ear(QObject):
    """Listens on a name that is this process's alone, by a lock that the caller holds."""

    raise_asked = Signal()

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._hear)
        QLocalServer.removeServer(name)  # left behind where the last owner was killed; the lock is ours
        self._server.listen(name)

    def close(self) -> None:
        """Hear nothing more."""
        self._server.close()

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
