"""Times as platforms write them, compiled to functions that give aware ones in UTC.

What is no time, or before 2000 or after 2200, is None: such a date stands for "never" or "unknown". Not expressible:
times relative to now (`expires_in`), months by name in another language than English, weeks and days of the year.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sessionconsole.platform import json_fields as read
from sessionconsole.platform.connectors.format.listing import TimeField
from sessionconsole.platform.connectors.mistakes import Mistake, under
from sessionconsole.platform.connectors.paths import compile_path
from sessionconsole.platform.connectors.time_patterns import compile_time_pattern

ReadTime = Callable[[object], datetime | None]

_LONGEST = 100
_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?", re.ASCII)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def compile_time(field: TimeField | str) -> ReadTime:
    """The function that takes a time out of an item; a field that is a path alone is ISO 8601. Raises `Mistake`."""
    if isinstance(field, str):
        return _at(field, read.moment)
    with under("path"):
        compile_path(field.path)
    read_value = _reader(field)
    return _at(field.path, _later(read_value, field.plus_s) if field.plus_s else read_value)


def _at(path: str, read_value: ReadTime) -> ReadTime:
    take = compile_path(path)
    return lambda item: None if (value := take(item)) is None else read_value(value)


def _reader(field: TimeField) -> ReadTime:
    with under("zone"):
        zone = _zone(field.zone)
    match field.time:
        case "iso":
            return read.moment if zone is UTC else _iso_in(zone)
        case "epoch-s":
            return _epoch
        case "epoch-ms":
            return _parts_of_seconds(1_000)
        case "epoch-us":
            return _parts_of_seconds(1_000_000)
    with under("time"):
        return _by_pattern(field.time, zone)


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Mistake('There is no such time zone; write it as "Europe/Berlin" or "UTC".') from None


def _iso_in(zone: tzinfo) -> ReadTime:
    def iso(value: object) -> datetime | None:
        if not isinstance(value, str) or len(value) > _LONGEST:
            return None
        try:
            return _in_utc(datetime.fromisoformat(value), zone)
        except (ValueError, OverflowError):
            return None

    return iso


def _in_utc(found: datetime, zone: tzinfo) -> datetime | None:
    found = (found.replace(tzinfo=zone) if found.tzinfo is None else found).astimezone(UTC)
    return found if _EARLIEST <= found < _LATEST else None


def _number(value: object) -> object:
    """The number that a text is, anything else as it is."""
    return (
        float(value)
        if isinstance(value, str) and len(value) <= _LONGEST and _NUMBER.fullmatch(value)
        else value
    )


def _epoch(value: object) -> datetime | None:
    return read.epoch(_number(value))


def _parts_of_seconds(many: int) -> ReadTime:
    def epoch(value: object) -> datetime | None:
        parts = read.number(_number(value), 0, 1e13 * many)
        return None if parts is None else read.epoch(parts / many)

    return epoch


def _by_pattern(pattern: str, zone: tzinfo) -> ReadTime:
    read_text = compile_time_pattern(pattern, zone)

    def by_pattern(value: object) -> datetime | None:
        found = read_text(value) if isinstance(value, str) else None
        try:
            return None if found is None else _in_utc(found, zone)
        except OverflowError:
            return None

    return by_pattern


def _later(read_value: ReadTime, seconds: int) -> ReadTime:
    try:
        more = timedelta(seconds=seconds)
    except OverflowError:
        raise Mistake("These are too many seconds.", ("plus_s",)) from None

    def later(value: object) -> datetime | None:
        found = read_value(value)
        try:
            return None if found is None else _in_utc(found + more, UTC)
        except OverflowError:
            return None

    return later
