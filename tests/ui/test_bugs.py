"""What nobody foresaw is logged each time and shown once."""

from __future__ import annotations

import logging
import sys

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from sessionconsole.ui.bugs import SENTENCE, Bugs
from sessionconsole.ui.loop import Loop


def test_a_bug_of_the_loop_is_shown_once_and_logged_each_time(
    qtbot: QtBot, loop: Loop, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    bugs = Bugs()
    shown: list[str] = []
    bugs.found.connect(shown.append)
    bugs.watch(loop)
    with caplog.at_level(logging.ERROR):
        loop.call_exception_handler({"message": "one", "exception": ZeroDivisionError()})
        loop.call_exception_handler({"message": "two", "exception": KeyError()})

    assert shown == [SENTENCE]
    assert [record.message for record in caplog.records] == ["bug: ZeroDivisionError", "bug: KeyError"]


def test_a_bug_in_a_slot_takes_the_same_way(
    qtbot: QtBot, loop: Loop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Bell(QObject):
        rung = Signal()

    def stumble() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    bugs, bell = Bugs(), Bell()
    shown: list[str] = []
    bugs.found.connect(shown.append)
    bugs.watch(loop)
    bell.rung.connect(stumble)
    bell.rung.emit()

    assert shown == [SENTENCE]


def test_the_sentence_is_calm_and_says_what_to_do() -> None:
    assert "!" not in SENTENCE
    assert "IT support" in SENTENCE
