"""The published JSON Schema of connector files."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sessionconsole.platform.connectors.schema import json_schema, schema_text
from sessionconsole.resources import resource_path

PUBLISHED = Path(__file__).parents[3] / "docs" / "connector-schema.json"
GOOD = Path(__file__).parent / "good.toml"
FILES = [GOOD, *sorted(GOOD.parent.glob("good/*.toml")), *sorted(resource_path("connectors").glob("*.toml"))]


def test_the_published_schema_is_that_of_the_program() -> None:
    """Made anew by: sessionconsole connector schema > docs/connector-schema.json"""
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text()


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert json_schema()["$id"] == "urn:sessionconsole:connector:1"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_takes_every_good_file(path: Path) -> None:
    document = tomllib.loads(path.read_text(encoding="utf-8"))

    assert [error.message for error in Draft202012Validator(json_schema()).iter_errors(document)] == []


def test_it_finds_a_key_that_there_is_not() -> None:
    document = tomllib.loads(GOOD.read_text(encoding="utf-8"))
    document["list"]["itmes"] = "sessions"

    assert not Draft202012Validator(json_schema()).is_valid(document)


def test_every_key_says_what_it_is_for() -> None:
    for name, part in {"Connector": json_schema(), **json_schema()["$defs"]}.items():
        silent = [key for key, value in part.get("properties", {}).items() if not _said(value)]
        assert part.get("description"), name
        assert not silent, f"{name}: {silent}"


def _said(key: dict[str, Any]) -> bool:
    return "description" in key or "$ref" in key  # what the table itself says, where it says the same
