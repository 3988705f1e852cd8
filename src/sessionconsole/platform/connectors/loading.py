"""From the text of a connector file to a connector, or to every mistake in it at once."""

from __future__ import annotations

import copy
import math
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from sessionconsole.platform.connectors.checking import check
from sessionconsole.platform.connectors.file_mistakes import (
    ConnectorMistakes,
    FileMistake,
    KeyPath,
    dotted,
)
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.sentences import places_of, told

LARGEST = 256 * 1024
"""Bytes of a file; the longest built-in one has less than a twentieth of it."""

_DEEPEST = 40
"""Tables and lists inside each other."""

_LARGEST_NUMBER = 2**63 - 1
"""TOML 1.0.0, "Integer": what every reader must take; no JSON reader is sure of more."""

_ABOUT = {"name": "x", "title": "x", "written_from": ["x"]}
_ANY_TABLE = [{"status": 200, "is": "ok"}]
"""Stand for what could not be read."""

_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")

_SYNTAX = (
    (r"Cannot overwrite a value", "this key or table is there already"),
    (r"Cannot (declare|mutate|redefine)", "this table is there already"),
    (r"(Duplicate|twice)", "this key is there twice"),
    (r"Expected '=' after", 'expected "=" behind the key'),
    (r"Expected ']", 'expected "]"'),
    (r"Unclosed array", 'a list is not closed: "]" or a comma is missing'),
    (r"Unclosed inline table", 'a table is not closed: "}" or a comma is missing'),
    (r"Unterminated string", "a text is not closed: its last quote is missing"),
    (r"(Unescaped|Invalid hex|scalar value)", 'a backslash in "..." begins an escape; use single quotes'),
    (
        r"Invalid initial character for a key",
        "expected a key; { } stands on one line, without a comma at its end",
    ),
    (r"Invalid (statement|key)", "expected a line such as: key = value"),
    (r"Invalid (value|date)", 'expected a value; text wants quotes, and a list is closed by "]"'),
    (r"Expected newline", "expected the end of the line; only one key stands on a line"),
    (r"Illegal character '.n'", "a text is not closed: its last quote is missing"),
    (r"(Illegal character|Found invalid character)", "there is a character that TOML does not allow here"),
)
"""What `tomllib` says, and what it means."""


def load(text: str, name: str) -> Connector:
    """The connector that the text describes; name is what the file is called, for messages.

    Raises `ConnectorMistakes` with all mistakes.
    """
    document = _parsed(text, name)
    mistakes = list(_oddities(document))
    if mistakes:
        raise ConnectorMistakes(name, mistakes)
    connector, mistakes = _modelled(document)
    if connector is None:
        readable = _readable(document)
        mistakes += check(readable, whole=False) if readable is not None else []
    else:
        mistakes = check(connector)
    if mistakes or connector is None:
        raise ConnectorMistakes(name, mistakes or [FileMistake("", "this is not a connector file")])
    return connector


def load_file(path: Path) -> Connector:
    """The connector that the file describes; raises `ConnectorMistakes`, also where it cannot be read."""
    return load(read_text(path), path.name)


def read_text(path: Path) -> str:
    """The text of a file of reasonable size; raises `ConnectorMistakes`."""
    try:
        if path.is_dir():
            raise _whole(path, "this is a folder, not a file")
        if path.exists() and not path.is_file():
            raise _whole(path, "this is no ordinary file")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise _whole(path, "there is no such file") from None
    except (OSError, ValueError) as problem:
        reason = (problem.strerror if isinstance(problem, OSError) else None) or type(problem).__name__
        raise _whole(path, f"it cannot be read: {reason}") from None
    if len(content) > LARGEST:
        raise _whole(path, f"it is too large: a connector file has at most {LARGEST // 1024} KiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise ConnectorMistakes(
            path.name, [FileMistake("", "this is not UTF-8; save the file as UTF-8 text", line)]
        ) from None


def _modelled(document: object) -> tuple[Connector | None, list[FileMistake]]:
    try:
        return Connector.model_validate(document, strict=True), []
    except ValidationError as error:
        # The values of the file stay out of the chain of exceptions: a log would print them.
        return None, told(Connector, error.errors(include_url=False), document)


def _readable(document: dict[str, object]) -> Connector | None:
    """What is left of the file without all that has the wrong shape; None where that is too little."""
    left = copy.deepcopy(document)
    about = left.get("connector")
    protocol = about.get("protocol") if isinstance(about, dict) else None
    left |= {
        "format": 1,
        "connector": {**_ABOUT, **({"protocol": protocol} if protocol == "console-api" else {})},
    }
    for _ in range(_DEEPEST):
        try:
            return Connector.model_validate(left, strict=True)
        except ValidationError as error:
            places = {_removable(place) for place in places_of(error.errors(include_url=False), left)}
        if () in places:
            return None
        for place in places:
            _remove(left, place)
    return None


def _removable(place: KeyPath) -> KeyPath:
    """The place, or the list that it is in: without one entry, all behind it would be at other places."""
    first_entry = next((n for n, step in enumerate(place) if isinstance(step, int)), len(place))
    return place[:first_entry]


def _remove(document: dict[str, object], place: KeyPath) -> None:
    node: object = document
    for step in place[:-1]:
        node = node.get(step) if isinstance(node, dict) else None
    if isinstance(node, dict) and node.pop(place[-1], None) != _ANY_TABLE and place[-1] == "outcomes":
        node["outcomes"] = _ANY_TABLE


def _whole(path: Path, text: str) -> ConnectorMistakes:
    return ConnectorMistakes(path.name, [FileMistake("", text)])


def _parsed(text: str, name: str) -> dict[str, object]:
    if len(text) > LARGEST:
        mistake = FileMistake("", f"it is too large: a connector file has at most {LARGEST // 1024} KiB")
        raise ConnectorMistakes(name, [mistake])
    if not text.strip():
        raise ConnectorMistakes(name, [FileMistake("", "it is empty; begin with: format = 1")])
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        mistake = _syntax(str(error), text)
    except RecursionError:
        mistake = FileMistake("", f"there are more than {_DEEPEST} tables and lists inside each other")
    except ValueError:  # a number with more digits than Python reads
        mistake = FileMistake("", "there is a number that is too large")
    raise ConnectorMistakes(name, [mistake])


def _syntax(message: str, text: str) -> FileMistake:
    place = _PLACE.search(message)
    line = int(place["line"]) if place and place["line"] else text.rstrip().count("\n") + 1
    plain = next((plain for found, plain in _SYNTAX if re.search(found, message)), "this is not valid TOML")
    return FileMistake("", plain, line)


def _oddities(node: object, place: KeyPath = ()) -> Iterator[FileMistake]:
    """What TOML can say and neither JSON nor the format can hold, wherever it stands."""
    if len(place) > _DEEPEST:
        yield FileMistake(
            dotted(place[:3]), f"there are more than {_DEEPEST} tables and lists inside each other"
        )
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _oddities(value, (*place, key))
    elif isinstance(node, list):
        for position, value in enumerate(node):
            yield from _oddities(value, (*place, position))
    elif isinstance(node, bool | str):
        return
    elif isinstance(node, int):
        if abs(node) > _LARGEST_NUMBER:
            yield FileMistake(dotted(place), "this number is too large")
    elif isinstance(node, float):
        if not math.isfinite(node):
            yield FileMistake(dotted(place), "expected a number that is not infinite")
    else:
        yield FileMistake(dotted(place), "dates and times are written as text, in quotes")
