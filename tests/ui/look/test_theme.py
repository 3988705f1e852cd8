"""One look for the whole application, changed while it runs."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from sessionconsole.domain.settings import Appearance
from sessionconsole.resources import resource_path
from sessionconsole.ui.look.countdown import CountdownRing
from sessionconsole.ui.look.icons import Icons
from sessionconsole.ui.look.style_sheet import style_sheet
from sessionconsole.ui.look.theme import Theme, apply, set_role
from sessionconsole.ui.look.tokens import DARK, HIGH_CONTRAST, LIGHT, Sizes


def test_a_change_of_appearance_reaches_palette_and_style_sheet_at_once(
    theme: Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.wear(Appearance.DARK)
    assert theme.tokens is DARK
    assert qapp.palette().color(QPalette.ColorRole.Text).name().upper() == DARK.text
    assert DARK.alarm_fill in qapp.styleSheet()
    theme.wear(Appearance.LIGHT)
    assert DARK.alarm_fill not in qapp.styleSheet()


def test_an_application_is_dressed_once(theme: Theme, qapp: QApplication) -> None:
    assert apply(qapp, Appearance.DARK) is theme
    assert theme.tokens is DARK


@pytest.mark.parametrize("tokens", [LIGHT, DARK, HIGH_CONTRAST], ids=["light", "dark", "high contrast"])
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_the_style_sheet_leaves_nothing_to_fill_in(tokens: object, scale: float) -> None:
    sheet = style_sheet(tokens, Sizes(scale))  # type: ignore[arg-type]
    assert "$" not in re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    assert sheet.count("{") == sheet.count("}")


def test_a_widget_can_change_its_role_after_it_was_shown(theme: Theme, qtbot: QtBot) -> None:
    button = QPushButton("End")
    qtbot.addWidget(button)
    button.show()
    set_role(button, "alarm")
    image = button.grab().toImage()
    assert image.pixelColor(image.width() // 2, 4).name().upper() == theme.tokens.alarm_fill
    set_role(button, "strong")
    image = button.grab().toImage()
    assert image.pixelColor(image.width() // 2, 4).name().upper() == theme.tokens.accent_fill


def test_a_placeholder_keeps_its_full_colour(theme: Theme, qtbot: QtBot) -> None:
    field = QLineEdit()
    field.setPlaceholderText("Search person, device, place, IP")
    qtbot.addWidget(field)
    field.show()
    colour = field.palette().color(QPalette.ColorRole.PlaceholderText)
    assert (colour.name().upper(), colour.alpha()) == (theme.tokens.text2, 255)


@pytest.mark.parametrize("path", sorted(resource_path("icons").glob("*.svg")), ids=lambda path: path.stem)
def test_every_icon_draws_in_the_colour_asked_for(theme: Theme, path: object) -> None:
    name = path.stem  # type: ignore[attr-defined]
    image = theme.icons.pixmap(name, "#FF0000", 40).toImage()
    seen = {
        image.pixelColor(x, y).name()
        for x in range(40)
        for y in range(40)
        if image.pixelColor(x, y).alpha() > 200
    }
    assert "#ff0000" in seen
    assert "#000000" not in seen, "a colour that was not replaced"


def test_icons_are_drawn_once_and_sharp(theme: Theme) -> None:
    icons = Icons()
    twice = icons.pixmap("phone", "#57606B", 20, 2.0)
    assert (twice.width(), twice.devicePixelRatioF()) == (40, 2.0)
    assert icons.pixmap("phone", "#57606B", 20, 2.0).cacheKey() == twice.cacheKey()


def test_only_what_points_along_the_line_is_mirrored(theme: Theme) -> None:
    icons = Icons()

    def changes(name: str) -> bool:
        usual = icons.pixmap(name, "#000000").toImage()
        return usual != icons.pixmap(name, "#000000", mirrored=True).toImage()

    assert changes("list")
    assert changes("chevron-right")
    assert not changes("tick")
    assert not changes("alarm")


def test_the_countdown_ring_runs_from_full_to_empty(theme: Theme, qtbot: QtBot) -> None:
    ring = CountdownRing(theme)
    qtbot.addWidget(ring)
    ring.resize(ring.sizeHint())
    pictures = []
    for left in (5, 2, 0):
        ring.set_left(left, 5)
        pictures.append(ring.grab().toImage())
    assert pictures[0] != pictures[1] != pictures[2]
    ring.set_left(9, 5)
    assert ring.share == 1.0
    ring.set_left(1, 0)
    assert ring.share == 0.0
