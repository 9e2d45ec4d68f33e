"""One running app a person, and commands to it from shortcuts, switches and pedals.

``idiolect --send toggle`` speaks to a local socket that only this user may open.
``open`` with the address of a file shows a recording.
"""

from __future__ import annotations

import hashlib
import os

from PySide6.QtCore import QLockFile, QObject, QUrl, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from engine.paths import data_dir, private_dir

COMMANDS = ("raise", "toggle", "start", "stop", "cancel", "undo", "press", "release", "quit")
_WAIT_MS = 1500
_LONGEST = 16384  # bytes of a line: four times the longest path on Linux, as an address


def socket_name() -> str:
    """One for every user and every ``IDIOLECT_HOME``."""
    owner = f"{os.getuid() if hasattr(os, 'getuid') else os.environ.get('USERNAME', '')}:{data_dir()}"
    return f"idiolect-{hashlib.sha256(owner.encode()).hexdigest()[:16]}"


class Instance(QObject):
    """The running app's ear. ``command`` is one of ``COMMANDS``, ``recording`` the path of a file to show."""

    command = Signal(str)
    recording = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server: QLocalServer | None = None
        self._lock: QLockFile | None = None
        self._callers: list[QLocalSocket] = []

    @staticmethod
    def send(command: str) -> bool:
        """Give a command to the running app; False where none is running or it does not know the command."""
        socket = QLocalSocket()
        socket.connectToServer(socket_name())
        if not socket.waitForConnected(_WAIT_MS):
            return False
        socket.write(f"{command}\n".encode())
        socket.flush()
        socket.waitForBytesWritten(_WAIT_MS)
        answered = socket.waitForReadyRead(_WAIT_MS) and bytes(socket.readLine().data()).strip() == b"ok"
        socket.disconnectFromServer()
        return answered

    def listen(self) -> bool:
        """Be the running app; False if another is."""
        # A lock file first: with access options Qt's server would push a running one aside.
        path = private_dir(data_dir()) / "running.lock"
        lock = QLockFile(str(path))
        lock.setStaleLockTime(0)  # only a lock whose process is gone is stale
        if not lock.tryLock(0):
            return False
        path.chmod(0o600)
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(socket_name())  # left behind by a crash
        if not server.listen(socket_name()):
            lock.unlock()
            return False
        server.newConnection.connect(self._connected)
        self._server, self._lock = server, lock
        return True

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def _connected(self) -> None:
        # Ours, not the server's: one that is to be deleted later than its server crashes then.
        gone = QLocalSocket.LocalSocketState.UnconnectedState
        self._callers = [caller for caller in self._callers if caller.state() != gone]
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            socket.setParent(None)
            self._callers.append(socket)
            socket.readyRead.connect(self._read)
        self._read()

    def _read(self) -> None:
        for socket in tuple(self._callers):
            self._read_from(socket)

    def _read_from(self, socket: QLocalSocket) -> None:
        while socket.canReadLine():
            command = bytes(socket.readLine(_LONGEST).data()).decode("utf-8", "replace").strip()
            file = QUrl(command[5:]).toLocalFile() if command.startswith("open file:") else ""
            known = command in COMMANDS or bool(file)
            socket.write(b"ok\n" if known else b"unknown\n")
            socket.flush()
            if file:
                self.recording.emit(file)
            elif known:
                self.command.emit(command)
