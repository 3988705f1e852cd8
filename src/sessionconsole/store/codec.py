"""Values of the domain as compact JSON, and back.

A long tuple of one dataclass stands there column by column, which is read three times as quickly as row by row:
`{"rows": n, "<field>": column, ...}`, where a column is a list of its values, or `{"all": value}` where all are the
same, or `{"of": values, "at": [index for each row]}` where few are different. Before step 3 there were only rows.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from itertools import repeat
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from sessionconsole.domain.errors import StoreDamaged

T = TypeVar("T")

_MANY = 20
"""Values of one dataclass that are written column by column; fewer stay as they are, for the eyes of people."""

_PIECE = 1000
"""Values that are turned into JSON, or freed, in one go."""

_compact = json.JSONEncoder(separators=(",", ":")).encode


def to_text(value: object) -> str:
    """The value as JSON in ASCII, so that a lone surrogate in a platform's text survives; None is left out."""
    return _compact(_plain(value))


def from_text(kind: type[T], text: str) -> T:
    """The value read back: keys that a newer program added are passed over, missing ones take their default.

    Raises `StoreDamaged` where it makes no sense.
    """
    try:
        read = _reader(cast(Any, kind))
        data = json.loads(text)
        value: T = data if read is None else read(data, {})
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as problem:
        raise StoreDamaged from problem
    return value


def to_blob(value: object) -> bytes:
    """As `to_text`, compressed: the sessions of a list repeat each other."""
    return zlib.compress("".join(_pieces(_plain(value))).encode("ascii"))


def from_blob(kind: type[T], blob: bytes) -> T:
    """The value read back; raises `StoreDamaged`."""
    try:
        text = zlib.decompress(blob).decode("ascii")
    except (zlib.error, ValueError) as problem:
        raise StoreDamaged from problem
    return from_text(kind, text)


def _pieces(plain: Any) -> Iterator[str]:
    """The JSON of a value, which is used up.

    In one go, that of 100,000 sessions would let no other thread run for 0.1 to 0.2 s.
    """
    if isinstance(plain, dict) and plain:
        separator = "{"
        for name in tuple(plain):
            yield f"{separator}{_compact(name)}:"
            yield from _pieces(plain.pop(name))
            separator = ","
        yield "}"
    elif isinstance(plain, list) and len(plain) > _PIECE:
        plain.reverse()
        separator = "["
        while plain:
            piece = plain[: -_PIECE - 1 : -1]
            del plain[-_PIECE:]
            yield f"{separator}{_compact(piece)[1:-1]}"
            separator = ","
        yield "]"
    else:
        yield _compact(plain)


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case tuple() if len(value) >= _MANY and _is_of_one_dataclass(value):
            return _columns(value)
        case tuple():
            return [_plain(item) for item in value]
        case frozenset():
            return sorted(_plain(item) for item in value)
        case Mapping():
            return {str(name): _plain(item) for name, item in value.items()}
        case None | str() | int() | float():
            return value
        case _ if is_dataclass(value):
            named = ((field.name, getattr(value, field.name)) for field in fields(value))
            return {name: _plain(item) for name, item in named if item is not None}
        case _:
            raise TypeError(f"no JSON for {type(value).__name__}")


def _is_of_one_dataclass(values: tuple[Any, ...]) -> bool:
    return is_dataclass(values[0]) and len(set(map(type, values))) == 1


def _columns(rows: tuple[Any, ...]) -> dict[str, Any]:
    columns: dict[str, Any] = {"rows": len(rows)}
    for field in fields(rows[0]):
        index_of: dict[Any, int] = {}
        values = [getattr(row, field.name) for row in rows]
        try:
            indexes = [index_of.setdefault(value, len(index_of)) for value in values]
        except TypeError:  # such as a mapping
            columns[field.name] = _plain(tuple(values))
            continue
        if len(index_of) == 1:
            columns[field.name] = {"all": _plain(values[0])}
        elif len(index_of) <= len(rows) // 2:
            columns[field.name] = {"of": _plain(tuple(index_of)), "at": indexes}
        else:
            columns[field.name] = _plain(tuple(values))
    return columns


Read = Callable[[Any, dict[Any, Any]], Any]
"""From JSON to the value; the dictionary holds what the same text was read as before, because a list repeats itself."""


@cache
def _reader(kind: Any) -> Read | None:
    """How to read that type, None where JSON gives it as it is; made once per type, for a list has thousands of it."""
    kind = getattr(kind, "__supertype__", kind)
    if get_origin(kind) in (tuple, frozenset):
        return _collection_reader(get_origin(kind), get_args(kind)[0])
    if get_origin(kind) is Mapping:
        return None  # names and texts
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
    by_columns = _columns_reader(item) if is_dataclass(item) else None

    def read_all(data: Any, memo: dict[Any, Any]) -> Any:
        if by_columns is not None and isinstance(data, dict):
            return collection(by_columns(data, memo))
        return collection([read(each, memo) for each in data])

    return read_all


def _columns_reader(kind: Any) -> Read:
    hints = _hints(kind)
    columns = [(field, _column_reader(hints[field.name])) for field in fields(kind) if field.init]

    def read(data: Any, memo: dict[Any, Any]) -> Any:
        count = data["rows"]
        found = [_column(data, field, read_values, count, memo) for field, read_values in columns]
        return map(kind, *found) if count else ()

    return read


def _column(
    data: Any, field: Field[Any], read: Read | None, count: int, memo: dict[Any, Any]
) -> Iterable[Any]:
    column = data.get(field.name, {"all": None})
    if isinstance(column, list) or "rows" in column:  # many things of one kind stand in columns of their own
        values = column if read is None else read(column, memo)
        if len(values) != count:
            raise ValueError(field.name)
        return values
    if "at" in column:
        values = column["of"] if read is None else read(column["of"], memo)
        if len(column["at"]) != count:
            raise ValueError(field.name)
        return map(values.__getitem__, column["at"])
    value = column["all"]
    if value is None:
        return repeat(None if field.default is MISSING else field.default, count)
    return repeat(value if read is None else read([value], memo)[0], count)


def _column_reader(hint: Any) -> Read | None:
    """How to read many values of that type, each of which may be None; None where JSON gives them as they are."""
    choices = (
        [choice for choice in get_args(hint) if choice is not NoneType]
        if isinstance(hint, UnionType)
        else [hint]
    )
    (only,) = choices
    if only is datetime:
        parse = datetime.fromisoformat
        return lambda data, _: [None if each is None else parse(each) for each in data]
    read = _reader(only)
    if read is None:
        return None
    by_columns = _columns_reader(only) if is_dataclass(only) else None

    def read_all(data: Any, memo: dict[Any, Any]) -> Any:
        if by_columns is not None and isinstance(data, dict):
            return list(by_columns(data, memo))
        return [None if each is None else read(each, memo) for each in data]

    return read_all


def _dataclass_reader(kind: Any) -> Read:
    hints = _hints(kind)
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


def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind) if field.init}


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
