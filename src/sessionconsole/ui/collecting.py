"""Collects garbage on the GUI thread only, and never looks through a long list for it."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication

_EVERY = 200
"""Milliseconds: what a long list brings in that time can still be looked through without being felt."""

MANY, TOO_MANY = 10_000, 25_000
"""New objects at one look, which come with a list only and take 5 to 8 ms to look through; and since all was looked
through. The collector could list them all, but then each is referred to once more for a moment, and a thread that is
just making a tuple fails (`SystemError`, Python 3.11)."""

THOROUGH_EVERY, THOROUGH_AT_THE_LATEST = 3600.0, 8 * 3600.0
"""Seconds between two looks through everything while nobody is at the window, and while somebody is."""


class Collecting(QObject):
    """Python collects cycles on whichever thread happens to allocate; this takes it over until `stop`.

    A dialog or a window that is part of a cycle would otherwise be destroyed by a thread that prepares a list, and
    Qt objects that are destroyed on another thread than their own crash the program (PySide6 6.11, Python 3.11: the
    tests of the window died of it about every third run). Call it from the GUI thread.

    With 100,000 sessions there are 700,000 objects without a cycle among them, and looking through them would hold the
    window for 0.2 to 0.3 s. So whenever many objects came at once, or too many in the end, all that exists is set
    aside (`gc.freeze`, which takes no time): what is in no cycle is freed as before, the rest at the next thorough
    look, which waits until nobody is at the window, though not for ever.
    """

    def __init__(
        self,
        parent: QObject | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        is_somebody_there: Callable[[], bool] | None = None,
    ) -> None:
        super().__init__(parent)
        gc.disable()
        self._monotonic = monotonic
        self._is_somebody_there = is_somebody_there or _is_in_front
        self._set_aside_since: float | None = None
        self._kept = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Collect the oldest generation that is over its threshold, as Python would, or set aside what is many."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        if counts[0] > MANY or self._kept > TOO_MANY:
            self._set_aside()
            return
        if self._is_time_to_be_thorough():
            self._look_through_everything()
            return
        for generation in (2, 1, 0):
            if thresholds[generation] and counts[generation] > thresholds[generation]:
                kept = counts[0] - gc.collect(generation)
                self._kept = 0 if generation == 2 else self._kept + kept
                return

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _set_aside(self) -> None:
        gc.freeze()
        self._kept = 0
        if self._set_aside_since is None:
            self._set_aside_since = self._monotonic()

    def _is_time_to_be_thorough(self) -> bool:
        if self._set_aside_since is None:
            return False
        passed = self._monotonic() - self._set_aside_since
        return passed > THOROUGH_EVERY and (passed > THOROUGH_AT_THE_LATEST or not self._is_somebody_there())

    def _look_through_everything(self) -> None:
        gc.unfreeze()
        gc.collect()
        gc.freeze()  # the list that is still there need not be looked through by an ordinary look
        self._set_aside_since = self._monotonic()


def _is_in_front() -> bool:
    return QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive
