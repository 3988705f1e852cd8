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
        value: T = _reader(cast(Any, kind))(json.loads(text))
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


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """How to read that type; made once per type, because a list has thousands of the same."""
    kind = getattr(kind, "__supertype__", kind)
    if get_origin(kind) in (tuple, frozenset):
        return _collection_reader(get_origin(kind), get_args(kind)[0])
    if isinstance(kind, UnionType):
        (only,) = (choice for choice in get_args(kind) if choice is not NoneType)
        read_only = _reader(only)
        return lambda data: None if data is None else read_only(data)
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    if issubclass(kind, datetime):
        return datetime.fromisoformat
    if issubclass(kind, timedelta):
        return lambda data: timedelta(seconds=data)
    if issubclass(kind, Enum):
        read_member: Callable[[Any], Any] = kind
        return read_member
    return lambda data: data


def _collection_reader(collection: Any, item: Any) -> Callable[[Any], Any]:
    read = _reader(item)
    return lambda data: collection(read(each) for each in data)


def _dataclass_reader(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind) if field.init}
    # What was None was left out; only a field without a default needs it given.
    needed = [name for name in readers if _may_be_none(hints[name])]

    def read(data: Any) -> Any:
        values = {name: readers[name](item) for name, item in data.items() if name in readers}
        for name in needed:
            values.setdefault(name, None)
        return kind(**values)

    return read


def _may_be_none(hint: Any) -> bool:
    return isinstance(hint, UnionType) and NoneType in get_args(hint)
