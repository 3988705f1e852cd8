"""The variables of a connector: what templates are filled with, some of it secret."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, quote_from_bytes

from sessionconsole.platform.connectors.mistakes import NotTaken

HIDDEN = "•••"
SHORTEST_MASKED = 4
"""Shorter ones stand in every text by chance, and tell nothing there."""

_MOST_FORMER = 50
_DEEPEST = 20
_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=%")

Layer = Mapping[str, Any]


class Variables:
    """Names and their values, some secret; it never changes, and its repr tells the names alone.

    Names may have dots (`session.id`); values are what JSON can say. A secret that was replaced is masked all the same.
    """

    __slots__ = ("_former", "_secret", "_sessions", "_values")

    def __init__(self, open: Layer | None = None, secret: Layer | None = None) -> None:  # noqa: A002
        self._values: dict[str, Any] = {**(open or {}), **(secret or {})}
        self._secret: frozenset[str] = frozenset(secret or ())
        self._former: tuple[Any, ...] = ()
        self._sessions: tuple[Layer, ...] = ()

    def with_(self, open: Layer | None = None, secret: Layer | None = None) -> Variables:  # noqa: A002
        """The same with these added or replaced; a name is as secret as it was given last."""
        open, secret = open or {}, secret or {}  # noqa: A001
        made = self._copy()
        replaced = [self._values[name] for name in self._secret if name in open or name in secret]
        made._values |= {**open, **secret}
        made._secret = (self._secret - open.keys()) | secret.keys()
        made._former = (*self._former, *replaced)[-_MOST_FORMER:]
        return made

    def with_session(self, session: Layer, secret: Collection[str] = ()) -> Variables:
        """The same with one session: its `id` becomes `session.id`, and so on; `secret` are names of it."""
        return self.with_(
            {f"session.{name}": value for name, value in session.items() if name not in secret},
            {f"session.{name}": value for name, value in session.items() if name in secret},
        )

    def with_sessions(self, sessions: Sequence[Layer], secret: Collection[str] = ()) -> Variables:
        """The same with several sessions: `sessions.id` is the list of their ids, and `each` goes through them."""
        names = dict.fromkeys(name for session in sessions for name in session)
        lists = {name: [session.get(name) for session in sessions] for name in names}
        made = self.with_(
            {f"sessions.{name}": values for name, values in lists.items() if name not in secret},
            {f"sessions.{name}": values for name, values in lists.items() if name in secret},
        )
        made._sessions = tuple(sessions)
        return made

    def each(self) -> Iterator[Variables]:
        """For each of the sessions the variables with that one as `session.NAME`."""
        for session in self._sessions:
            secret = {name for name in session if f"sessions.{name}" in self._secret}
            yield self.with_session(session, secret)

    def __getitem__(self, name: str) -> Any:
        """The value, which may be None; raises `NotTaken` where there never was one."""
        try:
            return self._values[name]
        except KeyError:
            raise NotTaken(name) from None

    def get(self, name: str) -> Any:
        """The value, None where there is none."""
        return self._values.get(name)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def is_secret(self, name: str) -> bool:
        """Whether it must not be shown, logged or put into a URL."""
        return name in self._secret

    @property
    def secrets(self) -> Mapping[str, Any]:
        """The secret ones, by name."""
        return MappingProxyType({name: self._values[name] for name in sorted(self._secret)})

    @property
    def shown(self) -> Mapping[str, Any]:
        """The open ones, by name."""
        return MappingProxyType(
            {name: value for name, value in self._values.items() if name not in self._secret}
        )

    def mask(self, text: str) -> str:
        """The text with every secret value hidden, also in percent-encoding, base64, JSON, HTML and Python's repr."""
        secrets = {leaf for value in (*self.secrets.values(), *self._former) for leaf in _texts_in(value)}
        return mask(text, secrets)

    def __repr__(self) -> str:
        return f"Variables({', '.join(sorted(self._values))})"

    def _copy(self) -> Variables:
        made = Variables()
        made._values = dict(self._values)
        made._secret, made._former, made._sessions = self._secret, self._former, self._sessions
        return made


def mask(text: str, secrets: Collection[str]) -> str:
    """The text with these secrets hidden, in every form in which one is likely to stand in it.

    Secrets of fewer than 4 characters are left alone.
    """
    long_enough = [secret for secret in secrets if len(secret) >= SHORTEST_MASKED]
    plain = {form for secret in long_enough for form in _forms(secret)}
    for form in sorted(plain, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    for core in sorted(
        {core for secret in long_enough for core in _base64_cores(secret)}, key=len, reverse=True
    ):
        text = _hide_around(text, core)
    return text


def _forms(secret: str) -> Iterator[str]:
    raw = secret.encode("utf-8", "surrogatepass")
    yield secret
    yield secret.lower()
    for percent in (quote_from_bytes(raw, safe=""), quote_from_bytes(raw, safe="/"), _plus(secret, raw)):
        yield percent
        yield _with_small_hex(percent)
    for escaped in (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
        yield escaped
        yield escaped.replace("/", "\\/")
    yield html.escape(secret)
    yield repr(secret)[1:-1]
    yield ascii(secret)[1:-1]


def _plus(secret: str, raw: bytes) -> str:
    return quote_from_bytes(raw, safe=" ").replace(" ", "+")


def _with_small_hex(percent: str) -> str:
    first, *others = percent.split("%")
    return "%".join((first, *(other[:2].lower() + other[2:] for other in others)))


def _base64_cores(secret: str) -> Iterator[str]:
    """What of the secret is the same in every base64 text that has it somewhere inside, such as that of user:password."""
    raw = secret.encode("utf-8", "surrogatepass")
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).decode("ascii")
        first, last = -(-8 * shift // 6), 8 * (shift + len(raw)) // 6
        core = encoded[first:last]
        yield core
        yield core.translate(_URL_SAFE)
        yield quote(core, safe="")
        yield _with_small_hex(quote(core, safe=""))


_URL_SAFE = str.maketrans("+/", "-_")


def _hide_around(text: str, core: str) -> str:
    """Hide the core and all that could be of the same base64 text."""
    place = text.find(core)
    while place >= 0:
        begin, end = place, place + len(core)
        while begin > 0 and text[begin - 1] in _BASE64:
            begin -= 1
        while end < len(text) and text[end] in _BASE64:
            end += 1
        text = text[:begin] + HIDDEN + text[end:]
        place = text.find(core, begin + len(HIDDEN))
    return text


def _texts_in(value: object, depth: int = 0) -> Iterator[str]:
    match value:
        case str():
            yield value
        case bool():
            return
        case int() | float():
            yield json.dumps(value)
        case list() | tuple() if depth < _DEEPEST:
            for item in value:
                yield from _texts_in(item, depth + 1)
        case dict() if depth < _DEEPEST:
            for item in value.values():
                yield from _texts_in(item, depth + 1)
