"""Reading parsed JSON from a platform: optional facts of a wrong type are "not provided", and all text is inert."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeGuard

from sessionconsole.domain.errors import PlatformMisbehaved
from sessionconsole.domain.text import NAME_LIMIT, inert

JsonObject = Mapping[str, Any]

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def is_object(value: object) -> TypeGuard[JsonObject]:
    """Whether it is a JSON object."""
    return isinstance(value, dict)


def object_in(value: object, name: str) -> JsonObject:
    """The object of that name, an empty one where there is none."""
    found = value.get(name) if is_object(value) else None
    return found if is_object(found) else {}


def list_in(value: object, name: str) -> list[Any]:
    """The list of that name, an empty one where there is none; not for lists whose length proves anything."""
    found = value.get(name) if is_object(value) else None
    return found if isinstance(found, list) else []


def must_be_object(value: object) -> JsonObject:
    """The object; raises `PlatformMisbehaved` where it is anything else."""
    if not is_object(value):
        raise PlatformMisbehaved
    return value


def must_be_list(value: object) -> list[Any]:
    """The list; raises `PlatformMisbehaved` where it is anything else."""
    if not isinstance(value, list):
        raise PlatformMisbehaved
    return value


def text(value: object, limit: int = NAME_LIMIT) -> str | None:
    """The text made inert, None where it is empty or none."""
    if not isinstance(value, str):
        return None
    if len(value) <= limit and value.isascii() and value.isprintable():
        return value.strip() or None
    return inert(value, limit).strip() or None


def raw_text(value: object, limit: int) -> str | None:
    """The text as it was sent, for ids and tokens only; None where it is empty, too long, or not plain ASCII.

    Only visible ASCII characters count, so that it can stand in a header or, quoted, in a URL.
    """
    if isinstance(value, str) and 0 < len(value) <= limit and value.isascii() and value.isprintable():
        return None if " " in value else value
    return None


def truth(value: object) -> bool | None:
    """A JSON true or false, None for anything else."""
    return value if isinstance(value, bool) else None


def number(value: object, least: float, most: float) -> float | None:
    """A finite number within the bounds, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) and least <= found <= most else None


def whole(value: object, least: int, most: int) -> int | None:
    """A whole number within the bounds, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if least <= value <= most else None


def moment(value: object) -> datetime | None:
    """An ISO 8601 time in UTC (without zone it is taken as UTC); None where it is none or absurd."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        found = datetime.fromisoformat(value)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if _EARLIEST <= found < _LATEST else None


def epoch(value: object) -> datetime | None:
    """Seconds since 1970, with or without fraction; None where it is no number or absurd."""
    seconds = number(value, _EARLIEST.timestamp(), _LATEST.timestamp() - 1)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
