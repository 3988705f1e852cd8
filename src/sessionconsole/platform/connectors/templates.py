"""Templates on the parsed structure: a value with any characters stays one value, because no text is parsed again.

`{name}` stands for a variable, `{name|filter}` for one that is filtered, `{{` and `}}` for braces. A text that is one
placeholder alone takes the value's own type; in a longer text true, numbers and lists stand as JSON writes them. A
table `{ for_each = "sessions", as = ... }` becomes a list with one entry for each session. Not expressible, on purpose:
conditions, arithmetic, defaults and other loops; a step's `only_if` and `set` and the fallbacks of a source do that.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote_from_bytes

from sessionconsole.platform.connectors.mistakes import Mistake, NotSendable, NotTaken, under
from sessionconsole.platform.connectors.values import Variables

FILTERS = frozenset({"pct", "b64", "json", "lower", "comma", "each", "link"})
"""Percent-encoding, base64, JSON text, lower case, a list with commas between, a parameter for each of a list, and a
link of the platform (paths only)."""

_DEEPEST = 20
_PIECE = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}|]*)(?P<filters>(?:\|[^{}|]*)*)\}|(?P<brace>[{}])")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}(?:\.[a-z][a-z0-9_]{0,39})?")
_LOOP = frozenset({"for_each", "as"})
_IN_PATH = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")

_Render = Callable[[Variables], Any]


class Each(list[Any]):
    """A list that stands as one parameter for each of it, in a query or form."""


class Template:
    """A compiled template; its repr tells the names of its placeholders alone."""

    __slots__ = ("_render", "filters", "inside", "is_link", "names")

    def __init__(
        self, render: _Render, found: Sequence[_Found], inside: frozenset[str], is_link: bool = False
    ) -> None:
        self._render = render
        self.names = frozenset(one.name for one in found)
        """The variables that it is filled with, also those inside of `for_each`; with "sessions" where it has one."""
        self.filters = frozenset(name for one in found for name in one.filters)
        """The filters that it uses."""
        self.inside = inside
        """Those names that stand inside of `for_each` and nowhere else: only there `session.NAME` is known."""
        self.is_link = is_link
        """Whether the path is one that the platform gave, which takes the place of base, path and query."""

    def render(self, variables: Variables) -> Any:
        """The value with every placeholder filled; raises `NotTaken` and `NotSendable`, never with a value in it."""
        return self._render(variables)

    def __repr__(self) -> str:
        return f"Template({', '.join(sorted(self.names))})"


class _Found:
    """One placeholder."""

    __slots__ = ("filters", "name")

    def __init__(self, name: str, filters: tuple[str, ...]) -> None:
        self.name = name
        self.filters = filters


def compile_template(value: object) -> Template:
    """The template that a value of the file is: a text, or a list or table with texts in it. Raises `Mistake`."""
    compiler = _Compiler()
    render = compiler.value(value, 0)
    outside = {one.name for one in compiler.outside}
    inside = frozenset(one.name for one in compiler.inside) - outside
    return Template(render, (*compiler.outside, *compiler.inside), inside)


def compile_path_template(text: str) -> Template:
    """The template of a path: each value is percent-encoded, so that it stays inside of its segment. Raises `Mistake`.

    Values that are empty, `.` or `..` as a segment raise `NotSendable` when it is rendered. `{name|link}` alone is a
    link that the platform gave, rendered as it is; who sends it holds it to the platform's origin (`is_link`).
    """
    pieces = list(_pieces(text))
    found = [piece for piece in pieces if isinstance(piece, _Found)]
    if any("link" in one.filters for one in found):
        if len(pieces) > 1 or found[0].filters != ("link",):
            raise Mistake('A link must be alone in its path, such as "{next|link}".')
        return Template(_link(found[0]), found, frozenset(), is_link=True)
    for piece in pieces:
        if isinstance(piece, str) and not _IN_PATH.fullmatch(piece):
            raise Mistake(
                "A path cannot have this: percent-encode odd characters, and use the key query for what follows a ?."
            )
        if isinstance(piece, _Found) and (
            piece.name.startswith("sessions.") and "comma" not in piece.filters
        ):
            raise Mistake(f"{{{piece.name}}} is a list, which a path cannot have.")
    segments = _segments(pieces)
    if any(segment in (["."], [".."]) for segment in segments):
        raise Mistake('A path cannot have the segments "." and "..".')
    renders = [_segment(segment) for segment in segments]
    return Template(lambda variables: "/".join(render(variables) for render in renders), found, frozenset())


class _Compiler:
    def __init__(self) -> None:
        self.outside: list[_Found] = []
        self.inside: list[_Found] = []
        self._looping = False

    def value(self, value: object, depth: int) -> _Render:
        if depth > _DEEPEST:
            raise Mistake(f"Tables and lists stand more than {_DEEPEST} deep in each other.")
        match value:
            case str():
                return self._text(value)
            case dict() if "for_each" in value:
                return self._loop(value, depth)
            case dict():
                return self._table(value, depth)
            case list():
                return self._list(value, depth)
            case None | bool() | int() | float():
                return lambda _: value
        raise Mistake("A date or time must be written as text, in quotes.")

    def _text(self, text: str) -> _Render:
        pieces = list(_pieces(text))
        for piece in pieces:
            if isinstance(piece, _Found):
                if "link" in piece.filters:
                    raise Mistake('The filter "link" belongs into a path, alone.')
                (self.inside if self._looping else self.outside).append(piece)
        match pieces:
            case []:
                return lambda _: ""
            case [str(constant)]:
                return lambda _: constant
            case [_Found() as alone]:
                return _lone(alone)
        renders = [_in_text(piece) for piece in pieces]
        return lambda variables: "".join(render(variables) for render in renders)

    def _table(self, table: Mapping[str, object], depth: int) -> _Render:
        entries: list[tuple[str, _Render]] = []
        for key, value in table.items():
            with under(key):
                entries.append((key, self.value(value, depth + 1)))

        def render(variables: Variables) -> Any:
            # TOML has no null, so what is None here is a variable that has no value.
            made = ((key, entry(variables)) for key, entry in entries)
            return {key: value for key, value in made if value is not None}

        return render

    def _list(self, values: Sequence[object], depth: int) -> _Render:
        entries: list[_Render] = []
        for index, value in enumerate(values):
            with under(index):
                entries.append(self.value(value, depth + 1))
        return lambda variables: [entry(variables) for entry in entries]

    def _loop(self, table: Mapping[str, object], depth: int) -> _Render:
        if table.keys() != _LOOP or table["for_each"] != "sessions":
            raise Mistake('A loop is written { for_each = "sessions", as = ... }, without any other key.')
        if self._looping:
            raise Mistake("A loop cannot stand inside of another.")
        self.outside.append(_Found("sessions", ()))
        self._looping = True
        with under("as"):
            entry = self.value(table["as"], depth + 1)
        self._looping = False
        return lambda variables: [entry(one) for one in variables.each()]


def _pieces(text: str) -> Iterator[str | _Found]:
    """Constant texts and placeholders, in turn."""
    constant, place = "", 0
    for found in _PIECE.finditer(text):
        constant += text[place : found.start()]
        place = found.end()
        if found["brace"]:
            raise Mistake("A brace stands alone; write {{ or }} where a brace is meant.")
        if found["name"] is None:
            constant += found[0][0]
            continue
        if constant:
            yield constant
            constant = ""
        yield _placeholder(found["name"], found["filters"])
    constant += text[place:]
    if constant:
        yield constant


def _placeholder(name: str, filters: str) -> _Found:
    if not _NAME.fullmatch(name):
        raise Mistake("A placeholder is written {name} or {name|filter}, with small letters, digits and _.")
    wanted = tuple(filters.split("|")[1:])
    for one in wanted:
        if one not in FILTERS:
            known = ", ".join(sorted(FILTERS))
            raise Mistake(f"{{{name}}} has a filter that there is not; there are {known}.")
    return _Found(name, wanted)


def _lone(found: _Found) -> _Render:
    if not found.filters:
        return lambda variables: variables[found.name]

    def render(variables: Variables) -> Any:
        value = variables[found.name]
        return None if value is None else _filtered(found, value)

    return render


def _in_text(piece: str | _Found) -> _Render:
    if isinstance(piece, str):
        return lambda _: piece
    if "each" in piece.filters:
        raise Mistake('The filter "each" is for a text that is one placeholder alone, in a query or form.')

    def render(variables: Variables) -> str:
        value = variables[piece.name]
        if value is None:
            raise NotTaken(piece.name)
        return _text_of(piece.name, _filtered(piece, value))

    return render


def _filtered(found: _Found, value: Any) -> Any:
    for name in found.filters:
        value = _APPLY[name](found.name, value)
    return value


def _text_of(name: str, value: object) -> str:
    return value if isinstance(value, str) else _as_json(name, value)


def _as_json(name: str, value: object) -> str:
    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        raise NotSendable(name, "it is no JSON") from None


def _as_percent(name: str, value: object) -> str:
    return quote_from_bytes(_text_of(name, value).encode("utf-8", "surrogatepass"), safe="")


def _as_base64(name: str, value: object) -> str:
    return base64.b64encode(_text_of(name, value).encode("utf-8", "surrogatepass")).decode("ascii")


def _as_lower(name: str, value: object) -> str:
    return _text_of(name, value).lower()


def _as_comma_list(name: str, value: object) -> str:
    texts = [_text_of(name, item) for item in value] if isinstance(value, list) else [_text_of(name, value)]
    if any("," in text or not text for text in texts):
        raise NotSendable(name, "a part of it is empty or has a comma")
    return ",".join(texts)


def _as_each(_: str, value: object) -> Each:
    return Each(value if isinstance(value, list) else [value])


_APPLY: Mapping[str, Callable[[str, Any], Any]] = {
    "pct": _as_percent,
    "b64": _as_base64,
    "json": _as_json,
    "lower": _as_lower,
    "comma": _as_comma_list,
    "each": _as_each,
}


def _link(found: _Found) -> _Render:
    def render(variables: Variables) -> str:
        value = variables[found.name]
        if value is None:
            raise NotTaken(found.name)
        if not isinstance(value, str) or not value:
            raise NotSendable(found.name, "it is no link")
        return value

    return render


def _segments(pieces: Sequence[str | _Found]) -> list[list[str | _Found]]:
    """The pieces of each segment of a path."""
    segments: list[list[str | _Found]] = [[]]
    for piece in pieces:
        if isinstance(piece, _Found):
            segments[-1].append(piece)
            continue
        first, *others = piece.split("/")
        segments[-1] += [first] if first else []
        segments += [[other] if other else [] for other in others]
    return segments


def _segment(pieces: Sequence[str | _Found]) -> Callable[[Variables], str]:
    """One segment of a path: what a value would change of it beyond its own text is refused."""
    names = [piece.name for piece in pieces if isinstance(piece, _Found)]
    if not names:
        constant = "".join(piece for piece in pieces if isinstance(piece, str))
        return lambda _: constant
    renders = [_in_segment(piece) for piece in pieces]

    def render(variables: Variables) -> str:
        segment = "".join(one(variables) for one in renders)
        if segment in (".", ".."):
            raise NotSendable(names[0], "it would change the path")
        return segment

    return render


def _in_segment(piece: str | _Found) -> Callable[[Variables], str]:
    if isinstance(piece, str):
        return lambda _: piece
    # Each value is percent-encoded once, so a filter that says so at the end has nothing more to do.
    filters = piece.filters[:-1] if piece.filters[-1:] == ("pct",) else piece.filters
    render = _in_text(_Found(piece.name, filters))

    def encoded(variables: Variables) -> str:
        text = render(variables)
        if not text:
            raise NotSendable(piece.name, "it is empty")
        return _as_percent(piece.name, text)

    return encoded
