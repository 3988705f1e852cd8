#!/usr/bin/env python3
"""Brings the tables of docs/connector-format.md up to date: they are made from the classes of the format.

    python -m tools.connector_reference

What stands between the marks `<!-- NAME -->` and `<!-- end -->` is replaced.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sessionconsole.platform.connectors.format import connector, listing, parts, signing_in
from sessionconsole.platform.connectors.words import ALLOWED, MEANING, Kind

PAGE = Path(__file__).resolve().parents[1] / "docs" / "connector-format.md"
MARKS = re.compile(r"<!-- (?P<what>\w+) -->\n.*?<!-- end -->\n", re.DOTALL)

_SORTS = {
    "path": "[path](#paths)",
    "template": "[template](#templates)",
    "templates": "any value, with [templates](#templates) in its texts",
    "source": "[source](#sources)",
    "pattern": "[pattern](#patterns)",
    "seconds": "seconds",
    "name": "name",
}
_TITLES = {
    "Connector": "The top of the file",
    "About": "`[connector]`",
    "Variable": "`[variables.NAME]`",
    "Capabilities": "`[capabilities]`",
    "Errors": "`[errors]`",
    "Attach": "`[credential.NAME]`",
    "Basic": "`basic` of a credential",
    "Csrf": "`csrf` of a credential",
    "Call": "A call",
    "Outcome": "A row of an outcome table",
    "Condition": "A condition",
    "RetryAfter": "Where it says how long to wait",
    "TakeFrom": "A source with a pattern",
    "SignIn": "`[sign_in]`",
    "Step": "A step",
    "SecondFactor": "`[second_factor]`",
    "FactorWay": "A way to give a second factor",
    "Refresh": "`[refresh]`",
    "Reauthenticate": "`[reauthenticate]`",
    "ProofWay": "A way to prove oneself again",
    "WhoAmI": "`[whoami]`",
    "Listing": "`[list]`",
    "Fields": "`[list.fields]`",
    "TextField": "A fact that is text",
    "TimeField": "A fact that is a time",
    "Current": "`[list.current]`",
    "ForEach": "`[list.for_each]`",
    "ByPage": "`[list.paging]` by page",
    "ByOffset": "`[list.paging]` by offset",
    "ByCursor": "`[list.paging]` by cursor",
    "ByLink": "`[list.paging]` by link",
    "End": "`[end]`",
    "EndOne": "`[end.one]`",
    "EndMany": "`[end.many]`",
    "Results": "`[end.many.results]`",
}
_PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false"}
_ANY_SCALAR = "text, number, true or false"
_WORDS = "[word](#outcome-tables)"


def page() -> str:
    """The page with its tables as they should be."""
    return MARKS.sub(
        lambda mark: f"<!-- {mark['what']} -->\n\n{_made(mark['what'])}\n<!-- end -->\n",
        PAGE.read_text(encoding="utf-8"),
    )


def models() -> dict[str, type[BaseModel]]:
    """The tables of the format by the names of their classes."""
    return {
        name: thing
        for module in (parts, signing_in, listing, connector)
        for name, thing in vars(module).items()
        if isinstance(thing, type) and issubclass(thing, parts.Part) and thing is not parts.Part
    }


def _made(what: str) -> str:
    return _words() if what == "words" else _keys(models()[what])


def _words() -> str:
    lines = ["| `is` | What it means | May stand at |", "|---|---|---|"]
    for word, meaning in MEANING.items():
        places = [kind.value for kind in Kind if kind in ALLOWED[word]]
        everywhere = len(places) >= len(Kind) - 1
        lines.append(
            f"| `{word}` | {_cell(meaning)} | {'everywhere' if everywhere else _cell(', '.join(places))} |"
        )
    return "\n".join(lines) + "\n"


def _keys(model: type[BaseModel]) -> str:
    hints = get_type_hints(model, include_extras=True)
    above = model.__mro__[1]
    inherited = (
        set(above.model_fields) if issubclass(above, parts.Part) and above is not parts.Part else set()
    )
    rows = [
        f"| `{field.alias or name}` | {_value(model, name, hints[name], field)} | {_cell(_about(field))} |"
        for name, field in model.model_fields.items()
        if name not in inherited or name in model.__annotations__
    ]
    title = _TITLES[model.__name__]
    lines = [
        f'<a id="{model.__name__.lower()}"></a>',
        "",
        f"### {title}",
        "",
        inspect.getdoc(model) or "",
        "",
    ]
    if inherited:
        lines += [f"It has all keys of {_link(above)}{', and:' if rows else '.'}", ""]
    lines += ["| Key | Value | |", "|---|---|---|", *rows] if rows else []
    return "\n".join(lines).rstrip("\n") + "\n"


def _link(model: type[BaseModel]) -> str:
    title = _TITLES[model.__name__].replace("`", "")
    text = title[:1].lower() + title[1:] if title[:1].isalpha() else f"`{title}`"
    return f"[{text}](#{model.__name__.lower()})"


def _about(field: FieldInfo) -> str:
    about = field.description or ""
    if field.is_required():
        return f"**Required.** {about}"
    shown = _default(field.default)
    return f"{about} Without it: {shown}." if shown else about


def _default(default: object) -> str | None:
    match default:
        case None | False | BaseModel():
            return None
        case list() | dict() if not default:
            return None
        case str():
            return f"`{default}`"
        case dict():
            return ", ".join(f'`{key} = "{value}"`' for key, value in default.items())
        case float() if default.is_integer():
            return f"{default:.0f}"
    return str(default).lower() if isinstance(default, bool) else str(default)


def _value(model: type[BaseModel], name: str, hint: Any, field: FieldInfo) -> str:
    if hint == parts.Word:
        return _WORDS
    if (model, name) == (parts.Outcome, "status"):
        return "whole number or text, or a list of them"
    words = list(dict.fromkeys(_sorts(hint)))
    text = " or ".join(_ANY_SCALAR if word == "scalar" else word for word in words)
    bounds = _bounds(field)
    return f"{text}{bounds}"


def _sorts(hint: Any) -> Iterator[str]:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint == parts.Scalar:
        yield "scalar"
    elif origin is Annotated:
        sort = next((extra.name for extra in arguments[1:] if isinstance(extra, parts.Sort)), None)
        if sort is not None:
            yield _SORTS[sort]
        else:
            yield from _sorts(arguments[0])
    elif origin in (Union, UnionType):
        members = [member for member in arguments if member is not NoneType]
        if {str, int, float, bool} <= set(members):
            yield "scalar"
            members = [member for member in members if member not in (str, int, float, bool)]
        for member in members:
            yield from _sorts(member)
    elif origin is Literal:
        yield _WORDS if hint == parts.Word else ", ".join(f"`{value}`" for value in arguments)
    elif origin is list:
        yield f"list of {_inner(arguments[0])}"
    elif origin is dict:
        yield f"table: {_inner(arguments[1])} by name"
    elif isinstance(hint, type) and issubclass(hint, BaseModel):
        yield _link(hint)
    else:
        yield _PLAIN[hint]


def _inner(hint: Any) -> str:
    return " or ".join(_ANY_SCALAR if word == "scalar" else word for word in dict.fromkeys(_sorts(hint)))


def _bounds(field: FieldInfo) -> str:
    limits = {
        key: getattr(part, key) for part in field.metadata for key in ("ge", "le") if hasattr(part, key)
    }
    longest = next((part.max_length for part in field.metadata if hasattr(part, "max_length")), None)
    if {"ge", "le"} <= limits.keys() and field.annotation in (int, int | None):
        return f", {limits['ge']:,} to {limits['le']:,}"
    return f", at most {longest} characters" if longest is not None and longest <= 300 else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
