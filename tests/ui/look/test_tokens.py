"""Every word can be read on every ground that it stands on, and every control can be made out."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from sessionconsole.ui.look.tokens import DARK, HIGH_CONTRAST, LIGHT, Sizes, Tokens, contrast

PALETTES = {"light": LIGHT, "dark": DARK, "high contrast": HIGH_CONTRAST}

PLAIN = ("window", "surface", "raised")
ROWS = ("surface", "selected", "hover", "good_row")
MARKED = ("alarm_row", "alarm_row_selected", "check_row", "check_row_selected")

WORDS = {
    "text": (*PLAIN, *ROWS, *MARKED),
    "text2": (*PLAIN, *ROWS, *MARKED),
    "accent": (*PLAIN, "selected", "hover", "surface"),
    "alarm": ("surface", "alarm_row", "alarm_row_selected", "check_row", "check_row_selected", "selected"),
    "check": ("surface", "check_row", "check_row_selected", "selected", "hover"),
    "good": ("surface", "good_row"),
    "on_accent": ("accent_fill",),
    "on_alarm": ("alarm_fill",),
    "alarm_icon_inside": ("alarm_icon",),
}

SHAPES = {
    "control": ("surface", "window"),
    "alarm_icon": ("surface", "alarm_row", "alarm_row_selected"),
    "check_icon": ("surface", "check_row", "check_row_selected"),
    "focus": (*PLAIN, *ROWS, *MARKED),
    "accent": (*PLAIN, *ROWS, *MARKED),
}


def pairs(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str, str]]:
    return [
        (name, front, ground) for name in PALETTES for front, grounds in table.items() for ground in grounds
    ]


@pytest.mark.parametrize(("palette", "front", "ground"), pairs(WORDS))
def test_words_are_readable(palette: str, front: str, ground: str) -> None:
    tokens = PALETTES[palette]
    assert contrast(getattr(tokens, front), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize(("palette", "front", "ground"), pairs(SHAPES))
def test_controls_and_icons_can_be_made_out(palette: str, front: str, ground: str) -> None:
    tokens = PALETTES[palette]
    assert contrast(getattr(tokens, front), getattr(tokens, ground)) >= 3.0


def test_contrast_runs_from_one_to_twenty_one() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#123456", "#123456") == pytest.approx(1)
    assert contrast("#FFFFFF", "#777777") == pytest.approx(contrast("#777777", "#FFFFFF"))


@pytest.mark.parametrize("tokens", PALETTES.values(), ids=PALETTES)
def test_every_token_is_a_colour(tokens: Tokens) -> None:
    for field in fields(tokens):
        value = getattr(tokens, field.name)
        assert isinstance(value, bool) or re.fullmatch(r"#[0-9A-F]{6}", value), field.name


def test_sizes_follow_the_text_size_of_the_system() -> None:
    assert (Sizes().body, Sizes().small, Sizes().title) == (13, 12, 20)
    assert (Sizes(1.5).body, Sizes(1.5).px(48)) == (20, 72)
