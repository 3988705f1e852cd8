"""What the format expects at a place of the file, told in plain words."""

from __future__ import annotations

import datetime
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sessionconsole.platform.connectors.file_mistakes import KeyPath

_PLAIN = {str: "text", int: "a whole number", float: "a number", bool: "true or false", type(None): ""}


def choices_at(model: type[BaseModel], path: KeyPath, document: object) -> list[Any]:
    """What may stand at the path: classes, `list[...]`, `dict[...]` and `Literal[...]`, unions taken apart.

    Where a table could be one of several, what the document has there decides. Empty where nothing may stand there.
    """
    choices: list[Any] = [model]
    node = document
    for step in path:
        below = [_below(choice, step, node) for choice in choices]
        choices = [
            inner for annotation in below if annotation is not None for inner in taken_apart(annotation)
        ]
        node = _child(node, step)
    return choices


def tables(choices: list[Any], node: object) -> list[type[BaseModel]]:
    """The models among the choices; of those told apart by `kind`, the one that the table names."""
    models = [choice for choice in choices if isinstance(choice, type) and issubclass(choice, BaseModel)]
    kind = node.get("kind") if isinstance(node, dict) else None
    named = [model for model in models if kind is not None and kind in _kinds(model)]
    return named or models


def field_by_key(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a model under the keys that the file uses."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def taken_apart(annotation: Any) -> list[Any]:
    """The members of a union, of unions in it, and of what `Annotated` wraps."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return taken_apart(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [inner for member in get_args(annotation) for inner in taken_apart(member)]
    return [annotation]


def described(choices: list[Any]) -> str:
    """What may stand there, for people: "text or a table"."""
    words = list(dict.fromkeys(word for choice in choices if (word := _word(choice))))
    numbers = {"a number", "a whole number"}
    if numbers <= set(words):
        words.remove("a whole number")
    return _either(words) or "another value"


def described_value(value: object) -> str:
    """What stands there instead, for people, without its content."""
    match value:
        case bool():
            return "true or false"
        case str():
            return "text"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case dict():
            return "a table"
        case datetime.date() | datetime.time():
            return "a date or time"
    return "nothing"


def _word(choice: Any) -> str:
    origin = get_origin(choice)
    if origin is Literal:
        return _either([f'"{value}"' if isinstance(value, str) else str(value) for value in get_args(choice)])
    if origin is list:
        return "a list"
    if origin is dict or (isinstance(choice, type) and issubclass(choice, BaseModel)):
        return "a table"
    return _PLAIN.get(choice, "any value")


def _either(words: list[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _below(choice: Any, step: str | int, node: object) -> Any:
    origin = get_origin(choice)
    if origin is list and isinstance(step, int):
        return get_args(choice)[0]
    if origin is dict and isinstance(step, str):
        return get_args(choice)[1]
    if isinstance(choice, type) and issubclass(choice, BaseModel) and isinstance(step, str):
        kind = node.get("kind") if isinstance(node, dict) else None
        if kind is not None and _kinds(choice) and kind not in _kinds(choice):
            return None
        field = field_by_key(choice).get(step)
        return field.annotation if field is not None else None
    return None


def _kinds(model: type[BaseModel]) -> tuple[object, ...]:
    field = model.model_fields.get("kind")
    return get_args(field.annotation) if field is not None else ()


def _child(node: object, step: str | int) -> object:
    if isinstance(node, dict):
        return node.get(step)
    if isinstance(node, list) and isinstance(step, int) and step < len(node):
        return node[step]
    return None
