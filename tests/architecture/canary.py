"""Count what Qt operations do to the reference counts of None, True and False; run by test_pyside_canary.py.

Prints one line per operation: its name, then the drift of None, True and False per call. Ends with "survived".
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSocketNotifier, Qt, QTimer, Signal, Slot

CALLS = 200  # far from the end of a count that starts in the thousands
SURVIVAL = 4_000  # PySide6 6.12.0 on Python 3.11 ends before 1,000


class Desk(QObject):
    switched = Signal(bool)
    handed = Signal(object)
    rang = Signal()

    @Slot(bool)
    def note(self, _on: bool) -> None:
        return None

    def event(self, event: QEvent) -> bool:
        return super().event(event)


def operations(desk: Desk) -> dict[str, Callable[[], object]]:
    timer = QTimer(desk)
    timer.timeout.connect(lambda: None)

    def turn() -> None:
        QCoreApplication.sendPostedEvents()
        QCoreApplication.processEvents()

    def single_shot() -> None:
        QTimer.singleShot(0, lambda: None)
        turn()

    def repeating() -> None:
        timer.start(0)
        turn()
        timer.stop()

    def posted() -> None:
        QCoreApplication.postEvent(desk, QEvent(QEvent.Type.User))
        turn()

    def child() -> None:
        QObject(desk).deleteLater()
        turn()

    def notifier() -> None:
        watched = QSocketNotifier(0, QSocketNotifier.Type.Read)
        watched.setEnabled(False)

    def connection() -> None:
        desk.rang.disconnect(desk.rang.connect(lambda: None, Qt.ConnectionType.QueuedConnection))

    return {
        "emit True": lambda: desk.switched.emit(True),
        "emit False": lambda: desk.switched.emit(False),
        "emit None": lambda: desk.handed.emit(None),
        "emit an object": lambda: desk.handed.emit(desk),
        "emit nothing": desk.rang.emit,
        "single shot timer": single_shot,
        "repeating timer": repeating,
        "posted event": posted,
        "child that goes": child,
        "notifier": notifier,
        "connection": connection,
        "set True": lambda: desk.setProperty("on", True),
        "read True": lambda: desk.property("on"),
        "set None": lambda: desk.setProperty("nothing", None),
        "read None": lambda: desk.property("nothing"),
        "block signals": lambda: desk.blockSignals(False),
        "ask a bool": timer.isActive,
        "object name": lambda: desk.setObjectName("desk"),
        "parent": desk.parent,
        "thread": desk.thread,
    }


def counts() -> list[int]:
    return [sys.getrefcount(value) for value in (None, True, False)]


def main() -> None:
    application = QCoreApplication([])
    desk = Desk(application)
    desk.switched.connect(lambda _on: None)
    desk.switched.connect(desk.note)
    desk.handed.connect(lambda _value: None)
    named = operations(desk)
    for name, operation in named.items():
        operation()
        before = counts()
        for _ in range(CALLS):
            operation()
        drift = [(after - start) / CALLS for start, after in zip(before, counts(), strict=True)]
        print(f"{name}:", *drift, flush=True)
    for _ in range(SURVIVAL):
        named["emit True"]()
        named["single shot timer"]()
    print("survived", flush=True)


if __name__ == "__main__":
    main()
