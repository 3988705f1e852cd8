"""Hiding secrets in a text, in whatever form they stand in it."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Collection, Iterator
from urllib.parse import quote, quote_from_bytes

HIDDEN = "•••"
SHORTEST_MASKED = 4
"""Shorter ones stand in every text by chance, and tell nothing there."""

_LARGEST_NUMBER = 10**40
_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=%")
_URL_SAFE = str.maketrans("+/", "-_")


def mask(text: str, secrets: Collection[str]) -> str:
    """The text with these secrets hidden: plain, percent-encoded, in base64, in JSON, in HTML, as `repr` writes them.

    Base64 is found also where the secret is a part of what was encoded, as in `user:password`. Secrets of fewer than 4
    characters are left alone.
    """
    long_enough = [secret for secret in secrets if len(secret) >= SHORTEST_MASKED]
    for form in _longest_first(form for secret in long_enough for form in _forms(secret)):
        text = text.replace(form, HIDDEN)
    for core in _longest_first(core for secret in long_enough for core in _base64_cores(secret)):
        text = _hide_around(text, core)
    return text


def texts_in(value: object) -> Iterator[str]:
    """Every text and number of a value of JSON, as it would stand in a request."""
    left = [value]
    while left:
        match left.pop():
            case str(text):
                yield text
            case bool():
                continue
            case int() | float() as number if abs(number) < _LARGEST_NUMBER:
                yield json.dumps(number)
            case list() | tuple() as items:
                left += items
            case dict() as table:
                left += table.values()


def _longest_first(texts: Iterator[str]) -> list[str]:
    return sorted(set(texts), key=lambda text: (-len(text), text))


def _forms(secret: str) -> Iterator[str]:
    for text in (secret, secret.lower()):  # there is a filter that makes small letters
        raw = _bytes(text)
        yield text
        plus = quote_from_bytes(raw, safe=" ").replace(" ", "+")  # as forms have it
        for percent in (quote_from_bytes(raw, safe=""), quote_from_bytes(raw, safe="/"), plus):
            yield percent
            yield _with_small_hex(percent)
        for escaped in (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
            yield escaped
            yield escaped.replace("/", "\\/")
        yield html.escape(text)
        yield repr(text)[1:-1]
        yield ascii(text)[1:-1]


def _with_small_hex(percent: str) -> str:
    first, *others = percent.split("%")
    return "%".join((first, *(other[:2].lower() + other[2:] for other in others)))


def _base64_cores(secret: str) -> Iterator[str]:
    """What is the same in every base64 text that has the secret inside, at each of the three places it may begin."""
    raw = _bytes(secret)
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).decode("ascii")
        core = encoded[-(-8 * shift // 6) : 8 * (shift + len(raw)) // 6]
        for form in (core, core.translate(_URL_SAFE), quote(core, safe="")):
            yield form
            yield _with_small_hex(form)


def _hide_around(text: str, core: str) -> str:
    """Hide the core, and all beside it that could be of the same base64 text."""
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


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
