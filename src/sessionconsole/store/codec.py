"""Values of the domain as compact JSON, and back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from sessionconsole.domain.errors import StoreDamaged

T = TypeVar("T")


def to_text(value: object) -> str:
    """The value as JSON in ASCII, so that a lone surrogate in a platform's text survives; None is left out."""
    return json.dumps(_plain(value), separators=(",", ":"))


def from_text(kind: type[T], text: str) -> T:
    """The value read back: keys that a newer program added are passed over, missing ones take their default.

    Raises `StoreDamaged` where it makes no sense.
    """
    try:
        read = _reader(cast(Any, kind))
        data = json.loads(text)
        value: T = data if read is None else read(data, {})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise StoreDamaged from problem
    return value


def to_blob(value: object) -> bytes:
    """As `to_text`, compressed: the sessions of a list repeat each other."""
    return zlib.compress(to_text(value).encode("ascii"))


def from_blob(kind: type[T], blob: bytes) -> T:
    """The value read back; raises `StoreDamaged`."""
    try:
        text = zlib.decompress(blob).decode("ascii")
    except (zlib.error, ValueError) as problem:
        raise StoreDamaged from problem
    return from_text(kind, text)


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case tuple():
            return [_plain(item) for item in value]
        case frozenset():
            return sorted(_plain(item) for item in value)
        case None | str() | int() | float():
            return value
        case _ if is_dataclass(value):
            named = ((field.name, getattr(value, field.name)) for field in fields(value))
            return {name: _plain(item) for name, item in named if item is not None}
        case _:
            raise TypeError(f"no JSON for {type(value).__name__}")


Read = Callable[[Any, dict[Any, Any]], Any]
"""From JSON to the value; the dictionary holds what the same text was read as before, because a list repeats itself."""


@cache
def _reader(kind: Any) -> Read | None:
    """How to read that type, None where JSON gives it as it is; made once per type, for a list has thousands of it."""
    kind = getattr(kind, "__supertype__", kind)
    if get_origin(kind) in (tuple, frozenset):
        return _collection_reader(get_origin(kind), get_args(kind)[0])
    if isinstance(kind, UnionType):
        (only,) = (choice for choice in get_args(kind) if choice is not NoneType)
        read_only = _reader(only)
        if read_only is None:
            return None
        return lambda data, memo: None if data is None else read_only(data, memo)
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    if issubclass(kind, datetime):
        return lambda data, _: datetime.fromisoformat(data)
    if issubclass(kind, timedelta):
        return lambda data, _: timedelta(seconds=data)
    if issubclass(kind, Enum):
        members = {member.value: member for member in kind}
        return lambda data, _: members[data]
    return None


def _collection_reader(collection: Any, item: Any) -> Read:
    read = _reader(item)
    if read is None:
        return lambda data, _: collection(data)
    return lambda data, memo: collection([read(each, memo) for each in data])


def _dataclass_reader(kind: Any) -> Read:
    hints = {field.name: get_type_hints(kind)[field.name] for field in fields(kind) if field.init}
    known = hints.keys()
    readers = [(name, reader) for name, hint in hints.items() if (reader := _reader(hint)) is not None]
    # What was None was left out; only a field without a default needs it given.
    needed = [name for name in known if _may_be_none(hints[name])]

    def read(data: Any, memo: dict[Any, Any]) -> Any:
        values = data if data.keys() <= known else {name: data[name] for name in data if name in known}
        for name, read_field in readers:
            if name in values:
                values[name] = read_field(values[name], memo)
        for name in needed:
            values.setdefault(name, None)
        return kind(**values)

    return _remembering(kind, read) if all(map(_is_plain, hints.values())) else read


def _remembering(kind: Any, read: Read) -> Read:
    """One object for all that say the same, as hundreds of sessions of one person do."""

    def look_up(data: Any, memo: dict[Any, Any]) -> Any:
        key = (kind, *data.items())
        found = memo.get(key)
        if found is None:
            found = memo[key] = read(data, memo)
        return found

    return look_up


def _is_plain(hint: Any) -> bool:
    choices = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return all(
        isinstance(choice, type) and issubclass(choice, str | int | float | NoneType) for choice in choices
    )


def _may_be_none(hint: Any) -> bool:
    return isinstance(hint, UnionType) and NoneType in get_args(hint)
