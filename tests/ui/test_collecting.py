"""Garbage is collected on the GUI thread only: a widget that another thread destroys crashes the program."""

from __future__ import annotations

import gc
import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from sessionconsole.ui.collecting import Collecting


class _Cycle:
    def __init__(self, seen: list[threading.Thread]) -> None:
        self.me = self
        self.seen = seen

    def __del__(self) -> None:
        self.seen.append(threading.current_thread())


def test_what_another_thread_leaves_is_collected_here(qtbot: QtBot) -> None:
    collecting, seen = Collecting(), list[threading.Thread]()
    try:
        worker = threading.Thread(target=lambda: [_Cycle(seen) for _ in range(5000)])
        worker.start()
        worker.join()
        assert seen == []

        qtbot.waitUntil(lambda: len(seen) == 5000)
        assert set(seen) == {threading.main_thread()}
    finally:
        collecting.stop()


def test_afterwards_python_does_it_again(qapp: QObject) -> None:
    Collecting().stop()

    assert gc.isenabled()
