"""The rival of start.py: what any Qt program in Python has to do before its first paint, and nothing else."""

import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow


class Empty(QMainWindow):
    def paintEvent(self, event):  # type: ignore[no-untyped-def]  # noqa: N802 - Qt's name; no import for a type
        super().paintEvent(event)
        sys.stdout.write(f"window {time.monotonic()}\n")
        QTimer.singleShot(0, QApplication.quit)


app = QApplication([])
window = Empty()
window.resize(1366, 768)
window.show()
app.exec()
