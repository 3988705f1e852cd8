"""What pydantic finds wrong, said in sentences of our own."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from sessionconsole.platform.connectors.file_mistakes import FileMistake, KeyPath, dotted
from sessionconsole.platform.connectors.shapes import (
    choices_at,
    described,
    described_value,
    field_by_key,
    tables,
    taken_apart,
)

_SHOWN = 60
"""Characters of a key or word that is quoted back."""

_OTHER_WORDS = {
    "agent": "user_agent",
    "already_gone": "gone",
    "and_also": "and",
    "attach": "credential",
    "auth": "credential",
    "body": "json",
    "created": "signed_in_at",
    "created_at": "signed_in_at",
    "current_session": "current",
    "data": "json",
    "denied": "not-allowed",
    "device": "device_name",
    "done": "ok",
    "email": "account",
    "error": "try-later",
    "expired": "dead",
    "expires": "expires_at",
    "expiry": "expires_at",
    "extract": "take",
    "failed": "refused",
    "forbidden": "not-allowed",
    "if": "only_if",
    "in": "one_of",
    "ip_address": "ip",
    "last_active": "last_active_at",
    "last_activity": "last_active_at",
    "last_seen": "last_active_at",
    "last_seen_at": "last_active_at",
    "last_used": "last_active_at",
    "location": "city",
    "locked": "too-many-tries",
    "login": "sign_in",
    "logout": "sign_out",
    "means": "is",
    "mfa": "second_factor",
    "mfa_required": "second-factor",
    "missing": "gone",
    "not_found": "gone",
    "outcome": "outcomes",
    "params": "query",
    "regex": "matches",
    "root": "items",
    "sessions": "list",
    "source": "from",
    "success": "ok",
    "terminate": "end",
    "too_many_requests": "rate-limited",
    "totp": "second-factor",
    "two_factor": "second-factor",
    "type": "kind",
    "unauthenticated": "dead",
    "unauthorized": "dead",
    "uri": "path",
    "url": "path",
    "user": "account",
    "user_name": "account",
    "when": "only_if",
    "wrong_password": "bad-credentials",
}
"""What other formats call it."""

_NAME = (
    "a name begins with a small letter and has only small letters, digits and underscores, at most 40 of them"
)
_FILE_NAME = "expected small letters, digits and hyphens, beginning with a letter, at most 40 characters"


def told(model: type[BaseModel], errors: Sequence[ErrorDetails], document: object) -> list[FileMistake]:
    """One mistake for each place, in the order of the errors."""
    by_place: dict[KeyPath, list[ErrorDetails]] = {}
    for error in errors:
        by_place.setdefault(_place(error, document), []).append(error)
    found = []
    for place, there in by_place.items():
        text = _text(model, place, _telling(model, place, there, document), document)
        if text is not None:
            found.append(FileMistake(dotted(place), text))
    return found


def places_of(errors: Sequence[ErrorDetails], document: object) -> set[KeyPath]:
    """What would have to be left out; of what is missing, the table that lacks it."""
    places = ((_place(error, document), error["type"]) for error in errors)
    return {place[:-1] if kind == "missing" else place for place, kind in places}


def did_you_mean(word: str, known: Sequence[str]) -> str | None:
    """The known word that is closest, None where none is close."""
    other = _OTHER_WORDS.get(word.replace("-", "_").lower())
    if other in known:
        return other
    by_letters = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), by_letters, 1, 0.6)
    return by_letters[close[0]] if close else None


def shown(word: str) -> str:
    """A word of the file, quoted and not too long."""
    return f'"{word[:_SHOWN]}…"' if len(word) > _SHOWN else f'"{word}"'


def _place(error: ErrorDetails, document: object) -> KeyPath:
    """Where it stands in the file: pydantic also names the members of unions on the way, which are left out."""
    place = _place_in_file(error, document)
    return (*place, "kind") if error["type"] == "union_tag_invalid" else place


def _place_in_file(error: ErrorDetails, document: object) -> KeyPath:
    node: object = document
    place: list[str | int] = []
    kind_is_next = False
    for step in error["loc"]:
        if step == "[key]":
            break
        if kind_is_next and step in ("page", "offset", "cursor", "link"):
            kind_is_next = False
        elif _has(node, step) or (error["type"] == "missing" and step == error["loc"][-1]):
            node = _at(node, (step,))
            place.append(step)
            kind_is_next = step == "paging"
    return tuple(place)


def _has(node: object, step: str | int) -> bool:
    if isinstance(node, dict):
        return step in node
    return isinstance(node, list) and isinstance(step, int) and step < len(node)


def _telling(
    model: type[BaseModel], place: KeyPath, errors: list[ErrorDetails], document: object
) -> ErrorDetails | None:
    """Of several errors at one place, the one that helps; None where only the wrong member of a union objects."""
    about_kind = [error for error in errors if _is_about_kind(error)]
    others = [error for error in errors if not _is_about_kind(error)]
    if others:
        return others[0]
    value = _at(document, place)
    choices = choices_at(model, place, document)
    if isinstance(value, dict) and tables(choices, value):
        return None
    if isinstance(value, list) and any(get_origin(choice) is list for choice in choices):
        return None
    return about_kind[0]


def _is_about_kind(error: ErrorDetails) -> bool:
    return error["type"].endswith("_type") and error["type"] != "finite_number"


def _text(model: type[BaseModel], place: KeyPath, error: ErrorDetails | None, document: object) -> str | None:
    if error is None:
        return None
    value = _at(document, place)
    match error["type"]:
        case "missing":
            return _missing(model, place, document)
        case "extra_forbidden":
            return _unknown(model, place, document)
        case "string_pattern_mismatch":
            return _NAME if error["loc"][-1] == "[key]" or place[-1] != "name" else _FILE_NAME
        case "union_tag_not_found":
            return f'expected a key "kind" with {_kinds(choices_at(model, place, document))}'
        case "union_tag_invalid":
            kinds = choices_at(model, place[:-1], document)
            return _wrong_word(_kinds(kinds), [str(kind) for kind in _kind_words(kinds)], value)
        case "literal_error" if place == ("format",):
            return "this program reads format 1; a newer version of it may read this file"
    choices = choices_at(model, place, document)
    if error["type"] == "literal_error":
        words = [str(word) for choice in choices for word in get_args(choice)]
        return _wrong_word(described(choices), words, value)
    bound = _beyond_a_bound(error, value)
    return bound or f"expected {described(choices)}, not {described_value(value)}{_hint(choices, value)}"


def _beyond_a_bound(error: ErrorDetails, value: object) -> str | None:
    context: Mapping[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "string_too_long":
            return f"too long: at most {context['max_length']} characters, and this has {len(str(value))}"
        case "string_too_short" | "too_short":
            return "empty: at least one entry is needed" if isinstance(value, list) else "empty"
        case "greater_than_equal":
            return f"expected at least {context['ge']:g}"
        case "less_than_equal":
            return f"expected at most {context['le']:g}"
        case "finite_number":
            return "expected a number that is not infinite"
    return None


def _missing(model: type[BaseModel], place: KeyPath, document: object) -> str:
    above = _at(document, place[:-1])
    for table in tables(choices_at(model, place[:-1], document), above):
        field = field_by_key(table).get(str(place[-1]))
        if field is not None and field.description:
            return f"missing. {field.description}"
    return "missing"


def _unknown(model: type[BaseModel], place: KeyPath, document: object) -> str:
    key = str(place[-1])
    above = tables(choices_at(model, place[:-1], document), _at(document, place[:-1]))
    known = [name for table in above for name in field_by_key(table)]
    if inner := _tables_that_know(key, above):
        return f'unknown key here; did you mean "{inner[0]}.{key}"?'
    if meant := did_you_mean(key, known):
        return f'unknown key; did you mean "{meant}"?'
    if len(place) > 1 and key in field_by_key(model):
        return (
            f'unknown key; "{key}" belongs to the top of the file, above the first line that begins with "["'
        )
    return f"unknown key; known here: {', '.join(known)}"


def _tables_that_know(key: str, models: list[type[BaseModel]]) -> list[str]:
    """The keys of tables one step further in that have such a key."""
    return [
        name
        for model in models
        for name, field in field_by_key(model).items()
        if any(key in field_by_key(inner) for inner in tables(taken_apart(field.annotation), None))
    ]


def _wrong_word(expected: str, words: list[str], word: object) -> str:
    if not isinstance(word, str):
        return f"expected {expected}, not {described_value(word)}"
    meant = did_you_mean(word, words)
    return f"expected {expected}, not {shown(word)}{f'; did you mean {shown(meant)}?' if meant else ''}"


def _kind_words(choices: list[Any]) -> list[object]:
    models = tables(choices, None)
    return [word for model in models for word in get_args(model.model_fields["kind"].annotation)]


def _kinds(choices: list[Any]) -> str:
    words = [f'"{word}"' for word in _kind_words(choices)]
    return " or ".join([", ".join(words[:-1]), words[-1]])


def _hint(choices: list[Any], value: object) -> str:
    if isinstance(value, str) and str not in choices and value.lower() in ("true", "false"):
        return "; write it without quotes"
    if isinstance(value, str) and {int, float} & set(choices) and value.strip("-").isdigit():
        return "; write it without quotes"
    if str in choices and not isinstance(value, list | dict):
        return "; write it in quotes"
    return ""


def _at(document: object, place: KeyPath) -> object:
    node = document
    for step in place:
        if isinstance(node, dict):
            node = node.get(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            return None
    return node
