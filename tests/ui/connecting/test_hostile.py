"""Files and platforms whose every text wants to be obeyed: the pages show it, and obey nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox

from sessionconsole.domain.connectors import AboutConnector, AskedVariable, ConnectorMistakes, FileMistake
from sessionconsole.domain.platforms import Capabilities
from sessionconsole.domain.trials import Remark, TrialRemark, TriedCall, TriedList
from tests.fakes.console import sample_rows
from tests.hostile import HOSTILE, in_every_field
from tests.robots.window import Robot
from tests.ui.test_hostile_text import invisible, told_by

FILE = Path("/somewhere/hostile.toml")


def about(text: str) -> AboutConnector:
    return AboutConnector(
        "hostile",
        own=True,
        title=text,
        written_from=(text,),
        capabilities=Capabilities(last_active_note=text),
        ends=("one",),
        notes=(text,),
        asks=(AskedVariable("thing", text, text, text, text),),
        username_label=text,
        password_label=text,
        help=text,
    )


def is_shown_and_not_obeyed(robot: Robot) -> None:
    window = robot.window
    texts = [*told_by(window), window.windowTitle()]
    for box in window.findChildren(QComboBox):
        texts += [box.itemText(row) for row in range(box.count())]
    assert {char for told in texts for char in invisible(told)} == set()
    assert max(len(told) for told in texts) < 5000
    assert window.size().width() == 1366


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_a_file_or_a_platform_says_is_obeyed(newcomer: Robot, text: str) -> None:
    console = newcomer.console.connecting
    console.known, console.says = [about(text)], ConnectorMistakes(text, [FileMistake(text, text)])
    newcomer.presses("Another kind of platform…")
    newcomer.shell.sign_in.kinds.box.setCurrentIndex(1)
    newcomer.settles()
    is_shown_and_not_obeyed(newcomer)

    newcomer.presses("Connect another platform…")
    newcomer.drops(FILE)
    newcomer.sees("This file has mistakes")
    is_shown_and_not_obeyed(newcomer)

    console.says = about(text)
    newcomer.presses("Check again")
    newcomer.sees("Try it")
    newcomer.types("Address", "booking.example")
    newcomer.types("User name", "dana")
    newcomer.types("Password", "secret")
    is_shown_and_not_obeyed(newcomer)

    newcomer.presses("Try it")
    newcomer.qtbot.waitUntil(lambda: console.running)
    call = TriedCall(text, text, 200, text, 1, False, text, {text: text}, text, text)
    rows = [in_every_field(row, text) for row in sample_rows()[:3]]
    console.tell(
        call, TrialRemark(Remark.WRONG, text, text), TriedList(tuple(row.session for row in rows), 3)
    )
    console.tell(replace(call, problem=None), replace(call, problem=None))
    newcomer.settles()
    is_shown_and_not_obeyed(newcomer)
    newcomer.shell.connecting.stop()
