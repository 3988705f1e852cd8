"""The page on the look says what the program does."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from sessionconsole.ui.look.tokens import DARK, HIGH_CONTRAST, LIGHT, SPACING, Tokens

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "design.md").read_text("utf-8")
ROW = re.compile(r"^\| (\w+) \| (#\w{6}) \| (#\w{6}) \| (#\w{6}) \| .+ \|$", re.MULTILINE)

AT_MOST = 2_500_000
"""Bytes of all pictures together."""


def test_the_tokens_of_the_page_are_those_of_the_program() -> None:
    names = [field.name for field in fields(Tokens) if field.name != "tints"]
    told = [(name, *(getattr(palette, name) for palette in (LIGHT, DARK, HIGH_CONTRAST))) for name in names]

    assert ROW.findall(PAGE) == told


def test_the_steps_of_the_page_are_those_of_the_program() -> None:
    assert f"Steps of {', '.join(map(str, SPACING))} px" in PAGE


def test_every_picture_is_shown_and_none_is_missing() -> None:
    shown = set(re.findall(r"\(pictures/([\w-]+\.png)\)", PAGE))

    assert shown == {path.name for path in (DOCS / "pictures").iterdir()}


def test_the_pictures_are_few_and_small() -> None:
    sizes = [path.stat().st_size for path in (DOCS / "pictures").iterdir()]

    assert len(sizes) <= 16
    assert sum(sizes) < AT_MOST
