"""The tutorial on connector files: whoever copies from it gets a file without mistakes."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from sessionconsole.platform.connectors.checking import check
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.loading import load
from tests.docs.pages import DOCS, page

TUTORIAL, RECIPES = page("connect-your-platform.md").split("\n## Recipes\n")
BLOCK = re.compile(r"^```toml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FIRST, *PARTS = BLOCK.findall(TUTORIAL)
STEPS = [BLOCK.findall(step) for step in TUTORIAL.split("\n## ")[3:]]
RECIPE = [
    (f"{title} {n}" if n else title, block)
    for title, text in re.findall(r"^### (.+?)\n(.*?)(?=^##|\Z)", RECIPES, re.DOTALL | re.MULTILINE)
    for n, block in enumerate(BLOCK.findall(text))
]


def test_the_first_file_makes_sense() -> None:
    assert load(FIRST, "harbour.toml").connector.name == "harbour"


def test_the_finished_file_is_made_of_the_parts() -> None:
    """Two parts change later on, so each line is looked for, and not each part."""
    finished = (DOCS / "harbour.toml").read_text(encoding="utf-8")

    assert load(finished, "harbour.toml").connector.name == "harbour"
    for part in (FIRST, *PARTS):
        for line in part.splitlines():
            assert line in finished or line in REPLACED, line


REPLACED = (
    'fields = { id = "id" }',
    'take_secret = { token = "body:access_token" }',
)
"""What the first file says more shortly than the finished one."""


@pytest.mark.parametrize(("title", "recipe"), RECIPE, ids=[title for title, _ in RECIPE])
def test_a_recipe_makes_sense_in_the_first_file(title: str, recipe: str) -> None:
    document = _put_into(tomllib.loads(FIRST), tomllib.loads(recipe))

    assert check(Connector.model_validate(document, strict=True)) == [], title


def test_the_file_can_be_checked_after_each_step() -> None:
    text = FIRST
    for parts in STEPS:
        for part in parts:
            text = _grown(text, part)
        load(text, "harbour.toml")


def _grown(text: str, part: str) -> str:
    """The file after one more part, put where the page says."""
    if part.startswith("outcomes"):
        return re.sub(
            r"^outcomes = \[.*?^\]\n",
            part.replace("\\", r"\\"),
            text,
            count=1,
            flags=re.DOTALL | re.MULTILINE,
        )
    if part.startswith("[whoami]"):
        small = text.index("[list]")
        return (
            text[:small] + part + "\n" + re.split(r"^\]\n", text[small:], maxsplit=1, flags=re.MULTILINE)[1]
        )
    if part.startswith("[refresh]"):
        taken = 'take = { lifetime = "body:expires_in" }\ntake_secret = { token = "body:access_token", renew = "body:refresh_token" }'
        text = text.replace('take_secret = { token = "body:access_token" }', taken)
    return f"{text}\n{part}"


def _put_into(document: dict[str, Any], recipe: dict[str, Any]) -> dict[str, Any]:
    """As the page says: in place of what has the same name, or beside it."""
    for section, content in recipe.items():
        there = document.get(section)
        document[section] = {**there, **content} if isinstance(there, dict) else content
    return document
