"""The facts of a session, each compiled to a function that takes it out of an item of a list.

What is of a wrong type is None ("not provided"); text is inert, as everywhere (`json_fields`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sessionconsole.platform import json_fields as read
from sessionconsole.platform.connectors.format.listing import AnyText, Current, TextField
from sessionconsole.platform.connectors.mistakes import Mistake, under
from sessionconsole.platform.connectors.paths import Path, compile_path
from sessionconsole.platform.connectors.patterns import bounded_pattern, pick

ReadText = Callable[[object], str | None]
Native = str | int

LONGEST_ID = 8000
"""Some platforms use a token as id, and tokens are long."""

_LONGEST_NUMBER = 60
_LARGEST_ID = 2**64
_LATEST_ASN = 2**32 - 1
_DECIMAL = re.compile(r"-?\d{1,3}(?:\.\d{1,20})?", re.ASCII)
_ASN = re.compile(r"(?:AS)?(\d{1,10})", re.ASCII | re.IGNORECASE)
_MAY_BE_NUMBERS = frozenset({"account"})
"""Some platforms know their accounts by number, and a number is better than nobody."""


def nothing(_: object) -> None:
    """The function of a fact that the platform does not tell."""
    return


def compile_text(name: str, field: AnyText, limit: int) -> ReadText:
    """The function of a fact that is text, of which so much is shown; raises `Mistake`."""
    with under(name):
        take = _taken(field)
        if isinstance(field, TextField) and field.value is not None:
            constant = read.text(_as_text(field.value), limit)
            return lambda _: constant
        if isinstance(field, TextField) and (field.pattern or field.map):
            return _picked(take, field, limit)
    if name in _MAY_BE_NUMBERS:
        return lambda item: read.text(_number_as_text(take(item)), limit)

    def text(item: object) -> str | None:
        # The usual case of `json_fields.text`, without another call.
        value = take(item)
        if isinstance(value, str):
            if len(value) <= limit and value.isascii() and value.isprintable():
                return value.strip() or None
            return read.text(value, limit)
        return None

    return text


def _taken(field: AnyText) -> Path:
    """What the field takes from the item; checks that a table says one thing."""
    if isinstance(field, str):
        return compile_path(field)
    if (field.path is None) is (field.value is None):
        raise Mistake("A field has either a path or a value.")
    if field.path is None:
        if field.pattern is not None or field.map:
            raise Mistake("A field with a value has neither pattern nor map.")
        return nothing
    with under("path"):
        return compile_path(field.path)


def _picked(take: Path, field: TextField, limit: int) -> ReadText:
    with under("pattern"):
        pattern = bounded_pattern(field.pattern) if field.pattern is not None else None
    meaning = dict(field.map)

    def text(item: object) -> str | None:
        value = _as_text(take(item))
        if value is not None and pattern is not None:
            value = pick(pattern, value)
        if value is None:
            return None
        return read.text(meaning.get(value, value), limit)

    return text


def _as_text(value: object) -> str | None:
    """Texts, numbers and true or false as the keys of a map have them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _LARGEST_ID else str(value)
    found = _number_as_text(value)
    return found if isinstance(found, str) else None


def _number_as_text(value: object) -> object:
    """A whole number of reasonable size as text, anything else as it is."""
    if isinstance(value, int) and not isinstance(value, bool) and -_LARGEST_ID < value < _LARGEST_ID:
        return str(value)
    return value


def compile_id(field: AnyText) -> Callable[[object], Native | None]:
    """The function of the platform's own id, in its own type; None where there is no usable one. Raises `Mistake`."""
    with under("id"):
        take = _taken(field)
        if isinstance(field, TextField) and (field.value is not None or field.map):
            raise Mistake("An id has only a path, and maybe a pattern.")
        with under("pattern"):
            text = field.pattern if isinstance(field, TextField) else None
            pattern = bounded_pattern(text) if text is not None else None

    def native(item: object) -> Native | None:
        value = take(item)
        if isinstance(value, str):
            if pattern is not None:
                value = pick(pattern, value)
            return value if value and len(value) <= LONGEST_ID else None
        if isinstance(value, int) and not isinstance(value, bool) and -_LARGEST_ID < value < _LARGEST_ID:
            return value if pattern is None else pick(pattern, str(value)) or None
        return None

    return native


def compile_current(current: Current) -> Callable[[object], Callable[[object], bool | None]]:
    """How the own session is told, once it is known what to compare with (None where that is unknown).

    The function gives None where the item does not tell. Raises `Mistake`.
    """
    with under("path"):
        take = compile_path(current.path)
    if current.same_as is None:
        return lambda _: lambda item: _flag(take(item))

    def compared_with(own: object) -> Callable[[object], bool | None]:
        wanted = _number_as_text(own)
        if not isinstance(wanted, str) or not wanted:
            return nothing

        def is_own(item: object) -> bool | None:
            value = _number_as_text(take(item))
            return value == wanted if isinstance(value, str) else None

        return is_own

    return compared_with


def _flag(value: object) -> bool | None:
    """True or false; 1 and 0 say the same, as some databases have it."""
    if isinstance(value, bool):
        return value
    return {1: True, 0: False}.get(value) if isinstance(value, int) else None


def compile_number(name: str, field: AnyText | None, most: int) -> Callable[[object], float | None] | None:
    """The function of a number between -most and most, also where it comes as text; raises `Mistake`."""
    if field is None:
        return None
    value_of = _compile_value(name, field)

    def number(item: object) -> float | None:
        value = value_of(item)
        if isinstance(value, str):
            value = float(value) if _DECIMAL.fullmatch(value) else None
        return read.number(value, -most, most)

    return number


def compile_asn(field: AnyText | None) -> Callable[[object], int | None] | None:
    """The function of the number of a network (RFC 6793), which may come as "AS64500"; raises `Mistake`."""
    if field is None:
        return None
    value_of = _compile_value("asn", field)

    def asn(item: object) -> int | None:
        value = value_of(item)
        if isinstance(value, str):
            found = _ASN.fullmatch(value)
            value = int(found[1]) if found else None
        return read.whole(value, 0, _LATEST_ASN)

    return asn


def _compile_value(name: str, field: AnyText) -> Callable[[object], object]:
    """The value of a field that is read as a number: as it stands, or as the text that its pattern takes."""
    with under(name):
        take = _taken(field)
        if isinstance(field, str):
            return take
        if field.value is not None:
            constant = field.value
            return lambda _: constant
        if field.pattern or field.map:
            return _picked(take, field, _LONGEST_NUMBER)
    return take
