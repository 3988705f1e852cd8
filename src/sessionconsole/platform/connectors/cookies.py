"""The cookies that a platform has set: held to their origin, path and time (RFC 6265), and secret as any credential."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from sessionconsole.platform.http import http_date

_MOST = 50
_MOST_TOGETHER = 16_384
"""Characters of all of them: servers take no longer headers, and the keyring has to keep them."""
_LONGEST = 4096
"""Characters of name and value together, as browsers allow (RFC 6265, section 6.1)."""
_WORTH_WRITING = 3600.0
"""Seconds by which a cookie must live longer to be kept anew for that alone: some platforms prolong at each answer."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie; `expires_at` is in seconds since 1970, None where it lives as long as the sign-in."""

    origin: str
    path: str
    name: str
    value: str = field(repr=False)
    expires_at: float | None = None

    def fits(self, origin: str, path: str, now: float) -> bool:
        """Whether it goes with a request there and then (path-match: section 5.1.4)."""
        if origin != self.origin or (self.expires_at is not None and self.expires_at <= now):
            return False
        return path == self.path or path.startswith(self.path if self.path.endswith("/") else f"{self.path}/")

    @property
    def place(self) -> tuple[str, str, str]:
        """What a later cookie must have in common with it to replace it."""
        return self.origin, self.path, self.name


@dataclass(frozen=True, slots=True)
class Jar:
    """Cookies of one sign-in; it never changes."""

    cookies: tuple[Cookie, ...] = ()

    def header(self, origin: str, path: str, now: float) -> str | None:
        """The header Cookie for a request there and then, longest path first; None where there is none."""
        fitting = sorted(self._fitting(origin, path, now), key=lambda cookie: -len(cookie.path))
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in fitting) or None

    def value(self, name: str, origin: str, path: str, now: float) -> str | None:
        """The value of one that goes with a request there and then."""
        fitting = [cookie for cookie in self._fitting(origin, path, now) if cookie.name == name]
        return max(fitting, key=lambda cookie: len(cookie.path)).value if fitting else None

    def with_set(self, set_cookies: Iterable[str], origin: str, path: str, now: float, sent_at: float) -> Jar:
        """The same after an answer to a request for that path; `now` is our time, `sent_at` the platform's."""
        kept = {cookie.place: cookie for cookie in self.cookies}
        for text in set_cookies:
            cookie = _read(text, origin, path, now, sent_at)
            if cookie is None:
                continue
            kept.pop(cookie.place, None)
            if cookie.expires_at is None or cookie.expires_at > now:
                kept[cookie.place] = cookie
        newest = list(kept.values())[-_MOST:]
        while (
            sum(len(cookie.path) + len(cookie.name) + len(cookie.value) for cookie in newest) > _MOST_TOGETHER
        ):
            del newest[0]
        return Jar(tuple(newest))

    def differs(self, other: Jar) -> bool:
        """Whether what changed is worth writing down."""
        old = {cookie.place: cookie for cookie in other.cookies}
        return old.keys() != {cookie.place for cookie in self.cookies} or any(
            cookie.value != old[cookie.place].value
            or abs((cookie.expires_at or 0) - (old[cookie.place].expires_at or 0)) > _WORTH_WRITING
            for cookie in self.cookies
        )

    def values(self) -> list[str]:
        """Their values, to be masked."""
        return [cookie.value for cookie in self.cookies]

    def to_text(self) -> str:
        """All of them as text, for the keyring."""
        return json.dumps([[c.origin, c.path, c.name, c.value, c.expires_at] for c in self.cookies])

    @classmethod
    def from_text(cls, text: str) -> Jar:
        """Those of such a text; raises `ValueError` and `TypeError` where it is none."""
        return cls(
            tuple(
                Cookie(str(origin), str(path), str(name), str(value), None if until is None else float(until))
                for origin, path, name, value, until in json.loads(text)
            )
        )

    def _fitting(self, origin: str, path: str, now: float) -> list[Cookie]:
        return [cookie for cookie in self.cookies if cookie.fits(origin, path, now)]


def names_and_values(set_cookies: Iterable[str]) -> dict[str, str]:
    """What an answer sets, by name; an empty value too."""
    pairs = (text.partition(";")[0].partition("=") for text in set_cookies)
    return {name.strip(): value.strip() for name, equals, value in pairs if equals and name.strip()}


def as_header(value: str) -> str:
    """The value of a CSRF cookie as its header wants it: frameworks that percent-encode the cookie decode no header."""
    meant = unquote(value)
    return meant if _plain(meant) else value


def _read(text: str, origin: str, path: str, now: float, sent_at: float) -> Cookie | None:
    first, *attributes = text.split(";")
    name, equals, value = (part.strip() for part in first.partition("="))
    if not equals or not name or len(name) + len(value) > _LONGEST or not _plain(name + value):
        return None
    given: dict[str, str] = {}
    for attribute in attributes:
        key, _, content = attribute.partition("=")
        given[key.strip().lower()] = content.strip()
    if not _is_of(given.get("domain", ""), origin):
        return None
    where = given.get("path", "")
    if not where.startswith("/"):
        where = path.rpartition("/")[0] or "/"
    return Cookie(origin, where, name, value, _expiry(given, now, sent_at))


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _is_of(domain: str, origin: str) -> bool:
    """Whether a cookie of that domain is the origin's own; it goes back to that host alone all the same."""
    host = (
        origin.partition("://")[2].rsplit(":", 1)[0] if origin.count(":") > 1 else origin.partition("://")[2]
    )
    wanted = domain.removeprefix(".").lower()
    return not wanted or host == wanted or host.endswith(f".{wanted}")


def _expiry(given: dict[str, str], now: float, sent_at: float) -> float | None:
    age = given.get("max-age", "")
    if age.removeprefix("-").isdigit() and age.isascii():
        return now + max(int(age[:12]), 0)
    until = http_date(given.get("expires", "").replace("-", " "))
    return None if until is None else now + (until.timestamp() - sent_at)
