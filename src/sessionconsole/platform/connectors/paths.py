"""Paths into parsed JSON, compiled once to functions: `a.b[0].c`, `a[].b`, `a."odd.name"`, `x || y`, `.`.

A path that leads nowhere gives None, whatever stands on its way. `||` takes the first that is neither null nor an
empty text. `[]` is each of a list; what comes of all of them is one flat list. Not expressible, on purpose: filters,
wildcards over the names of a table, slices, functions, and constants (a field's `value` and `map` have those).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sessionconsole.platform.connectors.mistakes import Mistake

Path = Callable[[object], object]
Grouped = Callable[[object, object], object]
"""Puts to an item what the list that it stands in is a part of."""

LONGEST = 500
_LARGEST_INDEX = 999_999

_TOKEN = re.compile(
    r"""(?P<name>@?[\w$-]+) | "(?P<quoted>[^"]+)" | \[(?P<index>-?\d{1,6})\] | (?P<each>\[\]) | (?P<dot>\.) """,
    re.VERBOSE,
)
_FALLBACK = re.compile(r'"[^"]*"|\|\|')


class _Each:
    """The step `[]`."""


_EACH = _Each()
_Step = str | int | _Each


def compile_path(text: str) -> Path:
    """The function that takes what stands at a path; with `[]` on the way a list without what is missing or null.

    Raises `Mistake` where the text is no path.
    """
    return _first([_walk(steps_of(part), keep_missing=False) for part in split_fallbacks(text)])


def compile_items(text: str, grouped: Grouped | None = None) -> Callable[[object], list[object] | None]:
    """The function that takes a list whose length proves something: None where there is no list at the path.

    Unlike with `compile_path`, what is missing for one of `[]` stays in the list as None, so that no session can be
    left out without being noticed. `grouped` is given each item of a list in a list, and what has the inner one.
    Raises `Mistake`.
    """
    alternatives = [_walk(steps_of(part), True, grouped) for part in split_fallbacks(text)]

    def items(value: object) -> list[object] | None:
        for alternative in alternatives:
            found = alternative(value)
            if isinstance(found, list):
                return found
        return None

    return items


def split_fallbacks(text: str) -> list[str]:
    """The parts between `||`, which does not count inside of a quoted name."""
    if len(text) > LONGEST:
        raise Mistake(f"This is longer than {LONGEST} characters.")
    parts, begun = [], 0
    for found in _FALLBACK.finditer(text):
        if found[0] == "||":
            parts.append(text[begun : found.start()].strip())
            begun = found.end()
    parts.append(text[begun:].strip())
    if not all(parts):
        raise Mistake('A path is missing; the whole is written as ".".')
    return parts


def steps_of(text: str) -> Sequence[_Step]:
    """The steps of one path without fallbacks: names, indexes and "each"; none for `.`."""
    if text == ".":
        return ()
    steps: list[_Step] = []
    place, after_dot = 0, True
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise Mistake(f"{_shown(text)} is no path: it cannot be read from character {place + 1} on.")
        place = token.end()
        if token["dot"]:
            if after_dot:
                raise Mistake(f"{_shown(text)} is no path: a name is missing before a dot.")
            after_dot = True
            continue
        step = _step(token)
        if isinstance(step, str) is not after_dot and not (steps == [] and after_dot):
            raise Mistake(f"{_shown(text)} is no path: names are put together by dots, and [ ] needs none.")
        steps.append(step)
        after_dot = False
    if after_dot:
        raise Mistake(f"{_shown(text)} is no path: a name is missing after a dot.")
    return steps


def _step(token: re.Match[str]) -> _Step:
    if token["each"]:
        return _EACH
    if token["index"]:
        return int(token["index"])
    name: str = token["name"] or token["quoted"]
    return name


def _shown(text: str) -> str:
    return f'"{text[:60]}"' if text.isprintable() else "This"


def _first(paths: Sequence[Path]) -> Path:
    if len(paths) == 1:
        return paths[0]

    def first(value: object) -> object:
        for path in paths:
            found = path(value)
            if found is not None and found != "":
                return found
        return None

    return first


def _walk(steps: Sequence[_Step], keep_missing: bool, grouped: Grouped | None = None) -> Path:
    match steps:
        case ():
            return _whole
        case (str(name),):
            return _named(name)
        case (str(name), str(inner)):
            return _named_in(name, inner)
    if _EACH in steps:
        place = next(index for index, step in enumerate(steps) if step is _EACH)
        inside = list(steps[place + 1 :])
        return _of_each(
            _straight(steps[:place]),
            _walk(inside, keep_missing, grouped),
            _EACH in inside,
            keep_missing,
            grouped if inside.count(_EACH) == 1 else None,
        )
    return _straight(steps)


def _whole(value: object) -> object:
    return value


def _named(name: str) -> Path:
    def named(value: object) -> object:
        return value.get(name) if isinstance(value, dict) else None

    return named


def _named_in(name: str, inner: str) -> Path:
    def named_in(value: object) -> object:
        if isinstance(value, dict):
            found = value.get(name)
            if isinstance(found, dict):
                return found.get(inner)
        return None

    return named_in


def _straight(steps: Sequence[_Step]) -> Path:
    if not steps:
        return _whole
    names_and_indexes = tuple(steps)

    def straight(value: object) -> object:
        for step in names_and_indexes:
            if isinstance(value, dict):
                if not isinstance(step, str):
                    return None
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
                value = value[step]
            else:
                return None
        return value

    return straight


def _of_each(before: Path, after: Path, flat: bool, keep_missing: bool, grouped: Grouped | None) -> Path:
    def of_each(value: object) -> object:
        found = before(value)
        if not isinstance(found, list):
            return None
        all_found: list[object] = []
        for item in found:
            taken = after(item)
            if flat and isinstance(taken, list):
                all_found += taken if grouped is None else [grouped(one, item) for one in taken]
            elif taken is not None or keep_missing:
                all_found.append(taken)
        return all_found

    return of_each
