"""Garbage is collected on the GUI thread only, and a long list is not looked through for it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from sessionconsole.ui.collecting import MANY, THOROUGH_AT_THE_LATEST, THOROUGH_EVERY, TOO_MANY, Collecting
from tests.fakes.clock import FakeClock


class _Cycle:
    def __init__(self, seen: list[threading.Thread]) -> None:
        self.me = self
        self.seen = seen

    def __del__(self) -> None:
        self.seen.append(threading.current_thread())


class Desk:
    """A window with somebody at it, until they go."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.is_manned = True
        self.collecting = Collecting(None, self.clock.monotonic, lambda: self.is_manned)

    def after(self, seconds: float) -> None:
        """So much time has passed, and then it is looked again."""
        self.clock.advance(seconds)
        self.collecting.look()


@pytest.fixture
def desk(qapp: QObject) -> Iterator[Desk]:
    gc.collect()
    gc.freeze()  # what all the other tests have loaded is nothing that came while this desk was there
    desk = Desk()
    yield desk
    desk.collecting.stop()


def a_long_list() -> list[list[int]]:
    return [[number] for number in range(2 * MANY)]


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


def test_a_long_list_is_set_aside_instead_of_looked_through(desk: Desk) -> None:
    before = gc.get_freeze_count()
    kept = a_long_list()
    looks = gc.get_stats()

    desk.after(1)

    assert gc.get_freeze_count() >= before + len(kept)
    assert [each["collections"] for each in gc.get_stats()] == [each["collections"] for each in looks]


def test_a_list_that_comes_little_by_little_is_set_aside_in_the_end(desk: Desk) -> None:
    kept: list[list[int]] = []
    before = gc.get_freeze_count()
    while gc.get_freeze_count() <= before:
        assert len(kept) < 2 * TOO_MANY
        kept += [[number] for number in range(MANY // 4)]
        desk.after(1)


def test_a_short_list_is_looked_through(desk: Desk) -> None:
    before = gc.get_freeze_count()
    for _ in range(5):
        kept = [[number] for number in range(MANY // 4)]
        desk.after(1)
        assert len(kept) == MANY // 4

    assert gc.get_freeze_count() <= before


def test_a_list_that_was_set_aside_is_freed_all_the_same(desk: Desk) -> None:
    kept = a_long_list()
    desk.after(1)
    set_aside = gc.get_freeze_count()

    kept.clear()

    assert gc.get_freeze_count() <= set_aside - 2 * MANY


def test_a_cycle_that_was_set_aside_is_collected_once_nobody_is_there(desk: Desk) -> None:
    seen: list[threading.Thread] = []
    cycle, kept = _Cycle(seen), a_long_list()
    desk.after(1)
    del cycle

    desk.is_manned = False
    desk.after(THOROUGH_EVERY / 2)
    assert seen == []
    desk.is_manned = True
    desk.after(THOROUGH_EVERY)
    assert seen == []
    desk.is_manned = False
    desk.after(1)
    assert len(seen) == 1
    assert gc.get_freeze_count() >= len(kept), "a list that is still there is not looked through later either"


def test_where_somebody_is_always_there_it_is_collected_in_the_end(desk: Desk) -> None:
    seen: list[threading.Thread] = []
    cycle, kept = _Cycle(seen), a_long_list()
    desk.after(1)
    del cycle

    desk.after(THOROUGH_AT_THE_LATEST + 1)

    assert len(seen) == 1
    assert len(kept) == 2 * MANY


def test_afterwards_python_does_it_again(desk: Desk) -> None:
    kept = a_long_list()
    desk.after(1)

    desk.collecting.stop()

    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    assert len(kept) == 2 * MANY
