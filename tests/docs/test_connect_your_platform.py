"""The tutorial on connector files: whoever copies from it gets a file without mistakes."""

from __future__ import annotations

import ast
import inspect
import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sessionconsole.domain import errors
from sessionconsole.platform import addresses, http
from sessionconsole.platform.connectors import mistakes, signing_in
from sessionconsole.platform.connectors.checking import check
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.loading import load
from sessionconsole.services import trial_remarks, trying
from tests.docs.pages import page

TUTORIAL, RECIPES = page("connect-your-platform.md").split("\n## Recipes\n")
RECIPES, HELP = RECIPES.split("\n## When it does not work\n")
BROKEN = Path(__file__).parents[1] / "platform" / "connectors" / "broken"
BLOCK = re.compile(r"^```toml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FIRST = BLOCK.findall(TUTORIAL)[0]
STEPS = [BLOCK.findall(step) for step in TUTORIAL.split("\n## ")[3:]]
TAKEN_AT_FIRST = 'take_secret = { token = "body:access_token" }'
TAKEN = "\n".join(re.findall(r"^    (take.*)$", TUTORIAL, re.MULTILINE))
"""What the sign-in and the code take, before tokens are renewed and from then on."""

RECIPE = [
    (f"{title} {n}" if n else title, block)
    for title, text in re.findall(r"^### (.+?)\n(.*?)(?=^##|\Z)", RECIPES, re.DOTALL | re.MULTILINE)
    for n, block in enumerate(BLOCK.findall(text))
]


def test_the_first_file_makes_sense() -> None:
    assert load(FIRST, "harbour.toml").connector.name == "harbour"


@pytest.mark.parametrize(("title", "recipe"), RECIPE, ids=[title for title, _ in RECIPE])
def test_a_recipe_makes_sense_in_the_first_file(title: str, recipe: str) -> None:
    document = _put_into(tomllib.loads(FIRST), tomllib.loads(recipe))

    assert check(Connector.model_validate(document, strict=True)) == [], title


def test_step_by_step_it_becomes_the_finished_file() -> None:
    text = FIRST
    for parts in STEPS:
        for part in parts:
            text = _grown(text, part)
        load(text, "harbour.toml")

    grown, finished = (tomllib.loads(one) for one in (text, page("harbour.toml")))
    assert finished["second_factor"].pop("recovery_code")
    assert finished["reauthenticate"].pop("totp")
    assert finished["connector"].pop("verified") == "real-server"
    assert grown == finished


def test_the_sentences_that_are_explained_are_those_that_are_said() -> None:
    check, tries = (
        [row for row in re.findall(r"^\| (.+?) \| ", part, re.MULTILINE) if row != "It says"]
        for part in HELP.split("\n### ")[1:3]
    )
    expected = "".join(file.read_text(encoding="utf-8") for file in BROKEN.glob("*.toml"))
    said = "".join(
        _texts(module) for module in (trial_remarks, trying, errors, signing_in, mistakes, addresses, http)
    )

    assert [sentence for sentence in check if sentence not in expected] == []
    assert [sentence for sentence in tries if "..." not in sentence and sentence not in said] == []


def _texts(module: ModuleType) -> str:
    """All text in the module, as it is put together."""
    tree = ast.parse(inspect.getsource(module))
    return "\n".join(
        _joined(node) for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr)
    )


def _joined(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_joined(part) for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else "{}"


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
        text = text.replace(TAKEN_AT_FIRST, TAKEN)
    return f"{text}\n{part}"


def _put_into(document: dict[str, Any], recipe: dict[str, Any]) -> dict[str, Any]:
    """As the page says: in place of what has the same name, or beside it."""
    for section, content in recipe.items():
        there = document.get(section)
        document[section] = {**there, **content} if isinstance(there, dict) else content
    return document
