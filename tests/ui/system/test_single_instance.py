"""A second start raises the first window."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from sessionconsole.ui.system.single_instance import SingleInstance


def test_the_second_start_raises_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    first, second = SingleInstance(tmp_path), SingleInstance(tmp_path)
    assert first.claim()
    first.listen()
    with qtbot.waitSignal(first.raise_asked):
        assert not second.claim()
    first.release()

    third = SingleInstance(tmp_path)
    assert third.claim()
    third.release()


def test_another_home_has_a_window_of_its_own(qtbot: QtBot, tmp_path: Path) -> None:
    homes = [tmp_path / "one", tmp_path / "two"]
    windows = []
    for home in homes:
        home.mkdir()
        windows.append(SingleInstance(home))

    assert all(window.claim() for window in windows)
    for window in windows:
        window.release()


def test_a_socket_left_behind_by_a_killed_process_is_no_hindrance(qtbot: QtBot, tmp_path: Path) -> None:
    killed = SingleInstance(tmp_path)
    assert killed.claim()
    killed.listen()
    killed._lock.unlock()  # the lock lapses with its process, the socket's name stays

    started_again = SingleInstance(tmp_path)
    assert started_again.claim()
    started_again.listen()
    with qtbot.waitSignal(started_again.raise_asked):
        assert not SingleInstance(tmp_path).claim()
    started_again.release()


def test_only_the_one_word_is_understood(qtbot: QtBot, tmp_path: Path) -> None:
    first = SingleInstance(tmp_path)
    assert first.claim()
    first.listen()
    raised: list[bool] = []
    first.raise_asked.connect(lambda: raised.append(True))
    for said in (b"raise me", b"open file:///etc/passwd", b"x" * 1_000_000):
        caller = QLocalSocket()
        caller.connectToServer(first._name)
        assert caller.waitForConnected(500)
        caller.write(said)
        qtbot.waitUntil(partial(_hung_up_on, caller))

    assert raised == []
    first.release()


def test_a_folder_that_cannot_be_written_keeps_nobody_out(qtbot: QtBot, tmp_path: Path) -> None:
    nowhere = SingleInstance(tmp_path / "missing" / "deeper")

    assert nowhere.claim()
    nowhere.listen()
    nowhere.release()


def _hung_up_on(caller: QLocalSocket) -> bool:
    return caller.state() == QLocalSocket.LocalSocketState.UnconnectedState
