"""A row of an outcome table in words, for whoever looks for the mistake in a file."""

from __future__ import annotations

import json

from sessionconsole.platform.connectors.format.parts import Condition, Outcome, Scalar


def describe_row(outcome: Outcome) -> str:
    """What has to hold for the row, such as `status 401, meta.is_authenticated is true`."""
    parts = [_status(outcome.status)] if outcome.status is not None else []
    own = describe_condition(outcome)
    parts += [own] if own is not None else []
    parts += [text for condition in outcome.also if (text := describe_condition(condition)) is not None]
    return ", ".join(parts) or "any answer"


def describe_condition(condition: Condition) -> str | None:
    """One condition in words; None where it has no test."""
    subject = _subject(condition)
    if condition.exists is not None:
        return f"{subject} is {'there' if condition.exists else 'not there'}"
    if condition.empty is not None:
        return f"{subject} is {'empty' if condition.empty else 'not empty'}"
    if condition.one_of is not None:
        return f"{subject} is one of {', '.join(map(_value, condition.one_of))}"
    tests = {
        "is": condition.equals,
        "is not": condition.differs,
        "has": condition.contains,
        "has not": condition.lacks,
        "matches": condition.matches,
    }
    return next(
        (f"{subject} {verb} {_value(value)}" for verb, value in tests.items() if value is not None), None
    )


def _subject(condition: Condition) -> str:
    if condition.header is not None:
        return f"header {condition.header}"
    if condition.cookie is not None:
        return f"cookie {condition.cookie}"
    if condition.variable is not None:
        return f"variable {condition.variable}"
    return condition.path if condition.path not in (None, ".") else "the body"


def _status(status: int | str | list[int | str]) -> str:
    return f"status {' or '.join(map(str, status))}" if isinstance(status, list) else f"status {status}"


def _value(value: Scalar) -> str:
    return json.dumps(value, ensure_ascii=False)
