"""Reading connector files: what is no such file at all, and what chance makes of good ones."""

from __future__ import annotations

import copy
import os
import sys
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessionconsole.domain.connectors import ConnectorMistakes, FileMistake
from sessionconsole.domain.errors import WrongUse
from sessionconsole.platform.connectors.calling import open_caller
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.loading import LARGEST, load, load_file
from sessionconsole.platform.connectors.platform import ConnectorPlatform
from sessionconsole.resources import resource_path

GOOD = (Path(__file__).parent / "good.toml").read_text(encoding="utf-8")
ODD_FILES = sorted((Path(__file__).parent / "good").glob("*.toml"))
BUILT_IN = sorted(resource_path("connectors").glob("*.toml"))


def told(path: Path) -> list[str]:
    """What is said of a file that cannot be used."""
    with pytest.raises(ConnectorMistakes) as mistakes:
        load_file(path)
    return [str(mistake) for mistake in mistakes.value.mistakes]


@pytest.mark.parametrize("path", BUILT_IN, ids=lambda path: path.stem)
def test_a_built_in_file_is_good_and_called_by_its_name(path: Path) -> None:
    assert load_file(path).connector.name == path.stem


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert told(tmp_path / "none.toml") == ["there is no such file"]


def test_a_folder(tmp_path: Path) -> None:
    assert told(tmp_path) == ["this is a folder, not a file"]


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.toml").write_text("\n \n")

    assert told(tmp_path / "empty.toml") == ["it is empty; begin with: format = 1"]


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'format = 1\ntitle = "K\xfcste"\n')

    assert told(tmp_path / "latin.toml") == ["line 2: this is not UTF-8; save the file as UTF-8 text"]


def test_a_file_from_a_windows_editor(tmp_path: Path) -> None:
    (tmp_path / "harbour.toml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())

    assert load_file(tmp_path / "harbour.toml").connector.title == "Harbour & Reef"


def test_a_file_without_end(tmp_path: Path) -> None:
    (tmp_path / "long.toml").write_bytes(b"#" * (LARGEST + 1))

    assert told(tmp_path / "long.toml") == ["it is too large: a connector file has at most 256 KiB"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_file_that_would_never_be_read_to_its_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")

    assert told(tmp_path / "pipe.toml") == ["this is no ordinary file"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = " + "[" * 5000, "there are more than 40 tables and lists inside each other"),
        ("a = " + "[" * 60 + "]" * 60, "a[0][0]: there are more than 40 tables and lists inside each other"),
        ("a = " + "9" * 5000, "there is a number that is too large"),
        ("a" * (LARGEST + 1), "it is too large: a connector file has at most 256 KiB"),
    ],
)
def test_a_file_that_was_made_to_hurt(text: str, said: str) -> None:
    with pytest.raises(ConnectorMistakes) as mistakes:
        load(text, "evil.toml")

    assert [str(mistake) for mistake in mistakes.value.mistakes] == [said]


def test_a_mistake_tells_no_value_of_the_file() -> None:
    secret = "hunter2-hunter2"
    text = GOOD.replace('path = "me"', f'path = ["{secret}"]').replace('"ip"', f"{{ {secret} = 1 }}")

    with pytest.raises(ConnectorMistakes) as told_of:
        load(
            text.replace("{ hunter2-hunter2 = 1 }", f'{{ path = "ip", pattern = "({secret}" }}'), "mine.toml"
        )

    assert len(told_of.value.mistakes) == 2
    assert secret not in repr(told_of.value) + str(told_of.value)
    assert told_of.value.__cause__ is None
    assert secret not in repr(told_of.value.__context__)


DOCUMENTS = [tomllib.loads(path.read_text(encoding="utf-8")) for path in [*BUILT_IN, *ODD_FILES]]
WORDS = [
    "ok",
    "gone",
    "{token}",
    "{session.id}",
    "{x",
    "(.*)",
    "a..b",
    "body:",
    "2xx",
    "",
    "none",
    "@detail.x",
]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**20),
    st.floats(),
    st.sampled_from(WORDS),
    st.text(st.characters(), max_size=20),
    st.lists(st.sampled_from(WORDS), max_size=3),
    st.dictionaries(st.sampled_from(["path", "is", "kind", "for_each", "as", "page", "str"]), st.just("x")),
)


def places(node: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a document but its top."""
    if way:
        yield way
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield from places(value, (*way, key))


def changed(document: dict[str, Any], way: tuple[Any, ...], value: object, key: str) -> None:
    """Put a value, or nothing at all, at a place of the document; or rename it."""
    for step in way[:-1]:
        try:
            document = document[step]
        except (LookupError, TypeError):  # an earlier change has taken it away
            return
    try:
        if value is None:
            del document[way[-1]]
        elif key and isinstance(document, dict):
            document[key] = document.pop(way[-1])
        else:
            document[way[-1]] = value
    except (LookupError, TypeError):
        return


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_is_changed_in_a_good_file_gives_a_connector_or_its_mistakes(data: st.DataObject) -> None:
    document = copy.deepcopy(data.draw(st.sampled_from(DOCUMENTS)))
    everywhere = sorted(places(document), key=repr)
    for _ in range(data.draw(st.integers(1, 4))):
        way = data.draw(st.sampled_from(everywhere))
        changed(document, way, data.draw(ODD), data.draw(st.sampled_from(["", "", "", "path", "ok", "zz"])))

    mistakes = mistakes_of(to_toml(document))

    assert all(mistake.text and "pydantic" not in mistake.text for mistake in mistakes)
    assert len(set(mistakes)) == len(mistakes)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_letters_are_changed_too(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(BUILT_IN)).read_text(encoding="utf-8")
    place = data.draw(st.integers(0, len(text)))
    put = data.draw(st.text(st.sampled_from("\"'[]{}=#.,\\\n\x00\x1fé{}|()*"), max_size=5))
    cut = data.draw(st.integers(0, 40))

    assert all(mistake.text for mistake in mistakes_of(text[:place] + put + text[place + cut :]))


def mistakes_of(text: str) -> tuple[FileMistake, ...]:
    """What is said of it; none where it makes a connector, which can be carried out then."""
    try:
        connector = load(text, "changed.toml")
    except ConnectorMistakes as mistakes:
        return mistakes.mistakes or (FileMistake("", ""),)
    if connector.connector.protocol == "declared":
        is_ready(connector)
    return ()


def is_ready(connector: Connector) -> None:
    """Compile everything of it."""
    entered = {name: one.example or one.default or "abc" for name, one in connector.variables.items()}
    with suppress(WrongUse):  # an example that is no address, where a base is made of it alone
        ConnectorPlatform(open_caller(connector, "https://booking.example", entered), bytes(32))


@pytest.mark.parametrize("path", [*BUILT_IN, *ODD_FILES], ids=lambda path: path.stem)
def test_what_is_let_through_can_be_carried_out(path: Path) -> None:
    assert mistakes_of(path.read_text(encoding="utf-8")) == ()


def to_toml(document: dict[str, Any]) -> str:
    """The document as TOML, with every table in one line."""
    return "\n".join(f"{_key(key)} = {_value(value)}" for key, value in document.items())


def _key(key: str) -> str:
    return _value(key)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + "".join(_letter(char) for char in value) + '"'
        case dict():
            return "{ " + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case float():
            return repr(value).replace("e+", "e") if value == value else "nan"
    return str(value)


def _letter(char: str) -> str:
    if char in '"\\' or not char.isprintable():
        code = ord(char)
        return f"\\U{code:08X}" if not 0xD800 <= code <= 0xDFFF else "?"
    return char
