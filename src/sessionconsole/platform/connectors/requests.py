"""A call of a connector file, compiled once, and made into a request with the variables of the moment."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from sessionconsole.domain.errors import WrongUse
from sessionconsole.platform.addresses import Address
from sessionconsole.platform.connectors.conditions import OutcomeTable, compile_outcomes, compile_takes
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.format.parts import Call
from sessionconsole.platform.connectors.format.signing_in import Attach
from sessionconsole.platform.connectors.sources import Take
from sessionconsole.platform.connectors.templates import (
    Each,
    Template,
    compile_path_template,
    compile_template,
)
from sessionconsole.platform.connectors.values import Variables

_PATH = "/%:@!$&'()*+,;=~-._?"
_ANY = "text/html, application/xhtml+xml, application/json;q=0.9, */*;q=0.8"


@dataclass(frozen=True, slots=True)
class CompiledCall:
    """One call with the common rows behind its own; `name` is its key path in the file, such as "end.one"."""

    name: str
    model: Call
    path: Template
    query: Mapping[str, Template]
    headers: Mapping[str, Template]
    body: Template | None
    form: Mapping[str, Template] | None
    outcomes: OutcomeTable
    take: Mapping[str, Take]
    take_secret: Mapping[str, Take]
    names: frozenset[str]
    """The variables that the request needs."""

    @property
    def own_rows(self) -> int:
        """How many rows its own table has; the common ones are counted on from there."""
        return len(self.model.outcomes)

    @property
    def ends(self) -> bool:
        """Whether it ends sessions, so that an answer which does not say whether it was done is a lost one."""
        return self.name.startswith("end.")

    @property
    def writes(self) -> bool:
        """Whether it may change something."""
        return self.model.method != "GET"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, ready to be sent; nothing of it is in its repr."""

    method: str
    link: str = field(repr=False)
    document: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: Any = field(default=None, repr=False)
    form: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CompiledAttach:
    """One entry of [credential]."""

    model: Attach
    headers: Mapping[str, Template]
    basic: tuple[Template, Template] | None

    @property
    def names(self) -> frozenset[str]:
        """The variables that it shows."""
        parts = (*self.headers.values(), *(self.basic or ()))
        return frozenset().union(*(part.names for part in parts))

    def attached(self, variables: Variables) -> dict[str, str]:
        """The headers that show who sends a request, cookies aside; raises `NotTaken`, `WrongUse`."""
        shown = {name: _header(name, template.render(variables)) for name, template in self.headers.items()}
        found = {name: value for name, value in shown.items() if value is not None}
        if self.basic is not None:
            username, password = (str(template.render(variables)) for template in self.basic)
            found["Authorization"] = _basic(username, password)
        return found


def compile_call(call: Call, connector: Connector, name: str) -> CompiledCall:
    """The call as it is sent and read; raises `Mistake`."""
    path = compile_path_template(call.path)
    query = {key: compile_template(value) for key, value in call.query.items()}
    headers = {key: compile_template(value) for key, value in merged(connector.headers, call.headers).items()}
    body = None if call.json_body is None else compile_template(call.json_body)
    form = None if call.form is None else {key: compile_template(value) for key, value in call.form.items()}
    parts = [path, *query.values(), *headers.values(), *(form or {}).values(), *([body] if body else [])]
    return CompiledCall(
        name,
        call,
        path,
        query,
        headers,
        body,
        form,
        compile_outcomes([*call.outcomes, *connector.outcomes]),
        compile_takes(call.take),
        compile_takes(call.take_secret),
        frozenset().union(*(part.names for part in parts)),
    )


def compile_attach(attach: Attach) -> CompiledAttach:
    """The entry as it is shown; raises `Mistake`."""
    basic = None
    if attach.basic is not None:
        basic = (compile_template(attach.basic.username), compile_template(attach.basic.password))
    return CompiledAttach(
        attach, {name: compile_template(value) for name, value in attach.headers.items()}, basic
    )


def prepare(
    call: CompiledCall,
    variables: Variables,
    base: Address,
    *,
    query: Mapping[str, object] | None = None,
    into_body: Mapping[str, object] | None = None,
    link: str | None = None,
    document: str | None = None,
    merge: Mapping[str, object] | None = None,
) -> Request:
    """The request without what shows who sends it.

    `query` goes over the call's own, `into_body` over its body (in JSON a dot of a name leads into a table), `link`
    replaces path and query, as found in the answer to the request for `document`, `merge` is put into the body.
    Raises `NotTaken`, `NotSendable`, and `WrongUse` where a header cannot be sent.
    """
    document = document or f"{base.path}/"
    if link is None:
        path = call.path.render(variables)
        link = str(path) if "link" in call.path.filters else _joined(base.path, str(path))
        asked = {name: template.render(variables) for name, template in call.query.items()} | dict(
            query or {}
        )
        if any(value is not None for value in asked.values()):
            link += f"{'&' if '?' in link else '?'}{_encoded(asked)}"
    headers = {
        name: value
        for name, template in call.headers.items()
        if (value := _header(name, template.render(variables))) is not None
    }
    if call.model.answer != "json":
        headers = merged({"Accept": _ANY}, headers)
    body: Any = None
    form: str | None = None
    if call.form is not None:
        fields = {name: template.render(variables) for name, template in call.form.items()}
        form = _encoded({**fields, **(into_body or {}), **(merge or {})})
    else:
        body = None if call.body is None else call.body.render(variables)
        for parameter, given in (into_body or {}).items():
            body = _with_at(body, parameter.split("."), given)
        if merge is not None:
            body = {**(body if isinstance(body, dict) else {}), **merge}
    return Request(call.model.method, link, document, headers, body, form)


def _with_at(body: object, place: Sequence[str], value: object) -> dict[str, object]:
    """The table with a value at that place of it, where no table was it becomes one."""
    table = body if isinstance(body, dict) else {}
    name, *inner = place
    return {**table, name: _with_at(table.get(name), inner, value) if inner else value}


def merged(under: Mapping[str, str], over: Mapping[str, str]) -> dict[str, str]:
    """Headers of two tables; a name counts whatever its case."""
    names = {name.lower() for name in over}
    return {**{name: value for name, value in under.items() if name.lower() not in names}, **over}


def _joined(base: str, path: str) -> str:
    return f"{base}/{quote(path.lstrip('/'), safe=_PATH)}" if path else base or "/"


def _encoded(fields: Mapping[str, object]) -> str:
    return urlencode(
        [
            (name, _text(one))
            for name, value in fields.items()
            for one in (value if isinstance(value, Each) else [value])
            if one is not None
        ],
        quote_via=quote,
        errors="replace",
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _header(name: str, value: object) -> str | None:
    if value is None:
        return None
    text = _text(value).strip()
    if text.isascii() and (text.isprintable() or not text):
        return text
    raise WrongUse(
        f"What goes into the header {name} has characters that cannot be sent there.",
        "Check what was typed or pasted: letters with accents and line breaks do not belong there.",
    )


def _basic(username: str, password: str) -> str:
    """RFC 7617: in UTF-8, as most platforms take it."""
    if ":" in username:
        raise WrongUse("The user name has a colon, which this platform cannot take.", "Type it without.")
    return f"Basic {base64.b64encode(f'{username}:{password}'.encode('utf-8', 'replace')).decode('ascii')}"
