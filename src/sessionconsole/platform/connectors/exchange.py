"""One request and its answer: sent with what the account holds, read by the rows of the call."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sessionconsole.domain.errors import PlatformMisbehaved, SessionConsoleError
from sessionconsole.platform.connectors.bases import Base, Bases
from sessionconsole.platform.connectors.conditions import Row, Subject
from sessionconsole.platform.connectors.cookies import as_header, names_and_values
from sessionconsole.platform.connectors.credential import Held, uses_cookies
from sessionconsole.platform.connectors.describing import describe_row
from sessionconsole.platform.connectors.errors import unmatched
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.format.parts import Word
from sessionconsole.platform.connectors.masking import HIDDEN
from sessionconsole.platform.connectors.replies import Reply
from sessionconsole.platform.connectors.requests import (
    CompiledCall,
    compile_attach,
    merged,
    prepare,
)
from sessionconsole.platform.connectors.sources import Take
from sessionconsole.platform.connectors.values import Variables
from sessionconsole.platform.http import LARGE, SMALL, Answer

Layer = Callable[[Variables], Variables]
"""Puts what one call alone knows, such as `session.id`, on top of what all calls know."""

_LONGEST_TAKEN = 20_000
_MOST_SHOWN = 600
_SAFE = frozenset({"OPTIONS", "HEAD", "GET"})
_PLAIN_WORDS = re.compile(r"(?=.{1,80}\Z)[A-Za-z]{1,20}(?:[_ .,:;'/-]{1,3}[A-Za-z]{1,20})*[.:;]?")
"""A longer run of letters may be a token."""


@dataclass(frozen=True, slots=True)
class Done:
    """One answer and what it means; `variables` is all that the call knew, and what was taken from the answer."""

    word: Word
    row: Row | None
    reply: Reply = field(repr=False)
    variables: Variables = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """One call as `connector try` shows it; every secret in it is masked.

    `row` counts from 0 within the call's own table, then on through the common rows (`common`); `taken` has the
    variables that were taken from the answer, `status` is None where none came, `problem` says what was wrong.
    """

    call: str
    request: str
    status: int | None = None
    word: Word | None = None
    row: int | None = None
    common: bool = False
    own_rows: int = 0
    """How many rows stand before the common ones."""
    why: str | None = None
    """What the row asks for, in words."""
    taken: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""
    """The shape of the body: plain words and numbers as they are, of other texts the length.

    Keys of the list are hidden where they may be credentials.
    """
    problem: str | None = None


Observer = Callable[[Seen], None]


class Exchange:
    """Sends calls one at a time and keeps nothing: what an answer changes is in the `Held` that comes back."""

    def __init__(
        self,
        connector: Connector,
        bases: Bases,
        observer: Observer | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._connector = connector
        self._bases = bases
        self._observer = observer
        self._now = now
        self._keeps_cookies = uses_cookies(connector)
        listing = connector.listing
        self._has_secret_keys = (
            listing is not None and listing.keyed and (listing.id_is_secret or bool(listing.secret_values))
        )
        self._attaches = {name: compile_attach(attach) for name, attach in connector.credential.items()}

    async def once(
        self,
        call: CompiledCall,
        held: Held,
        layer: Layer | None = None,
        *,
        query: Mapping[str, object] | None = None,
        into_body: Mapping[str, object] | None = None,
        link: str | None = None,
        document: str | None = None,
        merge: Mapping[str, object] | None = None,
        large: bool = False,
        about_to_send: Callable[[], Awaitable[None]] | None = None,
    ) -> tuple[Done, Held]:
        """What the answer means, and what the account holds after it.

        Raises what `Http.send` raises, `PlatformFails` and `PlatformMisbehaved` where no row knows the answer, and
        `NotTaken`, `NotSendable` and `WrongUse` where the request cannot be made.
        """
        base = self._bases[call.model.base]
        variables = held.variables if layer is None else layer(held.variables)
        request = prepare(
            call,
            variables,
            base.address,
            query=query,
            into_body=into_body,
            link=link,
            document=document,
            merge=merge,
        )
        # Where the target is held to the origin, before anything of the credential is made ready for it.
        target = base.address.target(request.link, request.document)
        path = target.partition("?")[0]
        headers = merged(request.headers, self._shown(call, held, variables, base, path))
        seen: Seen | None = None
        if self._observer is not None:
            seen = Seen(call.name, variables.mask(f"{request.method} {base.address.origin}{target}"))
        asked_at = self._now()
        try:
            answer = await base.http.send(
                request.method,
                request.link,
                document=request.document,
                body=request.body,
                form=request.form,
                headers=headers,
                largest=LARGE if large else SMALL,
                read=call.model.answer,
                hands_back_all=True,
                about_to_send=about_to_send,
            )
        except SessionConsoleError as error:
            if seen is not None:
                self._observe(replace(seen, problem=variables.mask(str(error))))
            raise
        if self._keeps_cookies and answer.set_cookies:
            sent_at = answer.sent_at.timestamp()
            jar = held.jar.with_set(answer.set_cookies, base.address.origin, path, self._now(), sent_at)
            held = replace(held, jar=jar)
        return self._read(call, held, variables, answer, seen, asked_at, path)

    def _shown(
        self, call: CompiledCall, held: Held, variables: Variables, base: Base, path: str
    ) -> dict[str, str]:
        attach = self._attaches.get(call.model.credential)
        if attach is None:
            return {}
        origin, now = base.address.origin, self._now()
        shown = attach.attached(variables)
        cookies = held.jar.header(origin, path, now) if attach.model.cookies else None
        if cookies is not None:
            shown["Cookie"] = cookies
        csrf = attach.model.csrf
        if csrf is not None and _writes(call):
            value = held.jar.value(csrf.cookie, origin, path, now)
            if value is not None:
                shown[csrf.header] = as_header(value)
        if attach.model.origin:
            shown["Origin"] = origin
        return shown

    def _read(
        self,
        call: CompiledCall,
        held: Held,
        variables: Variables,
        answer: Answer,
        seen: Seen | None,
        asked_at: float,
        path: str,
    ) -> tuple[Done, Held]:
        text = answer.body if call.model.answer == "text" and isinstance(answer.body, str) else ""
        cookies = names_and_values(answer.set_cookies)
        reply = Reply(answer.status, answer.headers, cookies, answer.body, text, path)
        row = call.outcomes.match(Subject.of(reply, variables))
        if seen is not None:
            keys_are_secret = call.model is self._connector.listing and self._has_secret_keys
            seen = replace(seen, status=reply.status, answer=_shape(reply, variables, keys_are_secret))
        if row is None or (answer.is_garbled and row.outcome.means == "ok"):
            # A row may know a web page that comes in place of JSON, but never as what was asked for.
            error = (
                PlatformMisbehaved() if answer.is_garbled else unmatched(reply, variables, self._connector)
            )
            if seen is not None:
                self._observe(replace(seen, problem=error.message))
            raise error
        word = row.outcome.means
        shown = {**(_take(call.take, reply) if word == "ok" else {}), **_take(row.take, reply)}
        secret = {**(_take(call.take_secret, reply) if word == "ok" else {}), **_take(row.take_secret, reply)}
        shown = {name: value for name, value in shown.items() if name not in secret}
        variables = variables.with_(shown, secret)
        if seen is not None:
            self._observe(_with_outcome(seen, call, row, shown, secret, variables))
        return Done(word, row, reply, variables), held.with_taken(shown, secret, asked_at)

    def _observe(self, seen: Seen) -> None:
        if self._observer is not None:
            self._observer(seen)


def _with_outcome(
    seen: Seen,
    call: CompiledCall,
    row: Row,
    shown: Mapping[str, Any],
    secret: Mapping[str, Any],
    variables: Variables,
) -> Seen:
    return replace(
        seen,
        word=row.outcome.means,
        row=row.index,
        common=row.index >= call.own_rows,
        own_rows=call.own_rows,
        why=describe_row(row.outcome),
        taken={
            **{name: _told(value, variables) for name, value in shown.items()},
            **dict.fromkeys(secret, HIDDEN),
        },
    )


def _writes(call: CompiledCall) -> bool:
    """Whether the request is of a kind that frameworks want a CSRF token with."""
    return call.model.method not in _SAFE


def _take(takes: Mapping[str, Take], reply: Reply) -> dict[str, Any]:
    """What is there; a variable that was taken before stays as it was where the answer has nothing for it."""
    found = {name: take(reply) for name, take in takes.items()}
    for name, value in found.items():
        if isinstance(value, str) and len(value) > _LONGEST_TAKEN:
            raise PlatformMisbehaved(f"The booking platform sent far more than fits {name}.")
    return {name: value for name, value in found.items() if value is not None and value != ""}


def _told(value: object, variables: Variables) -> str:
    return variables.mask(value if isinstance(value, str) else json.dumps(value))[:_MOST_SHOWN]


def _shape(reply: Reply, variables: Variables, keys_are_secret: bool) -> str:
    if reply.body is None:
        return ""
    if isinstance(reply.body, str):
        return f"text of {len(reply.body)} characters"
    outline = _outline(reply.body, keys_are_secret)
    return variables.mask(json.dumps(outline, ensure_ascii=False))[:_MOST_SHOWN]


def _outline(value: object, keys_are_secret: bool, depth: int = 0) -> object:
    def inner(part: object) -> object:
        return _outline(part, keys_are_secret, depth + 1)

    match value:
        case dict() | list() if depth >= 5:
            return "..."
        case dict():
            entries = list(value.items())[:20]
            return {_key(key) if keys_are_secret else key[:80]: inner(part) for key, part in entries}
        case list():
            return [*map(inner, value[:2]), *([f"and {len(value) - 2} more"] if len(value) > 2 else [])]
        case str():
            return value if _PLAIN_WORDS.fullmatch(value) else f"<text of {len(value)} characters>"
        case _:
            return value


def _key(key: str) -> str:
    return key if _PLAIN_WORDS.fullmatch(key) else f"<key of {len(key)} characters>"
