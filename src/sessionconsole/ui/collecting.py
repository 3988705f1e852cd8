"""Collects garbage on the GUI thread only."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY = 500  # milliseconds


class Collecting(QObject):
    """Python collects cycles on whichever thread happens to allocate; this takes it over until `stop`.

    A dialog or a window that is part of a cycle would otherwise be destroyed by a thread that prepares a list, and
    Qt objects that are destroyed on another thread than their own crash the program (PySide6 6.11, Python 3.11: the
    tests of the window died of it about every third run). Call it from the GUI thread.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Collect the oldest generation that is over its threshold, as Python itself would."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if thresholds[generation] and counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()
