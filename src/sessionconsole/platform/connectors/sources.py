"""Where a value of an answer is taken from: `body:PATH`, `header:NAME`, `cookie:NAME`, `status`, `text`; fallbacks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sessionconsole.platform.connectors.format.parts import TakeFrom
from sessionconsole.platform.connectors.mistakes import Mistake, under
from sessionconsole.platform.connectors.paths import compile_path, split_fallbacks
from sessionconsole.platform.connectors.patterns import bounded_pattern, pick, reach
from sessionconsole.platform.connectors.replies import Reply

Take = Callable[[Reply], object]

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
"""RFC 9110, section 5.6.2: the name of a header, and of a cookie (RFC 6265, section 4.1.1)."""

_LINK = re.compile(r'<([^<>\s]{1,4000})>((?:[^",<>]|"[^"]*")*)')
_PARAMETER = re.compile(r';\s*([\w!#$&*+.^`|~-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s";,]*)))?')
_LONGEST_LINKS = 20_000


def compile_source(source: str | TakeFrom) -> Take:
    """The function that takes a value from an answer, None where it has none; raises `Mistake`.

    `||` takes the first that is neither null nor an empty text; each part begins with its own word. `header:link` is
    the link of rel="next" (RFC 8288) in the header Link, as it was sent. A pattern takes its first group out of a text
    or a whole number.
    """
    if isinstance(source, str):
        return _first([_one(part) for part in split_fallbacks(source)])
    with under("from"):
        take = compile_source(source.source)
    if source.pattern is None:
        return take
    with under("pattern"):
        pattern = bounded_pattern(source.pattern)
        longest = reach(source.pattern)

    def picked(reply: Reply) -> object:
        value = take(reply)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value) if abs(value) < _LARGEST else None
        return pick(pattern, value, longest) if isinstance(value, str) else None

    return picked


_LARGEST = 10**40


def _one(source: str) -> Take:
    kind, _, name = source.partition(":")
    match kind, name:
        case "text", "" if source == "text":
            return lambda reply: reply.text or None
        case "status", "" if source == "status":
            return lambda reply: reply.status
        case "body", _ if name:
            path = compile_path(name)
            return lambda reply: path(reply.body)
        case "header", _ if _TOKEN.fullmatch(name):
            return _header(name.lower())
        case "cookie", _ if _TOKEN.fullmatch(name):
            return lambda reply: reply.cookies.get(name)
    raise Mistake(
        "A source is written body:PATH, header:NAME, cookie:NAME, status or text,"
        " each part between || with its own word."
    )


def _header(name: str) -> Take:
    if name == "link":
        return lambda reply: next_link(reply.headers.get("link", ""))
    return lambda reply: reply.headers.get(name)


def next_link(header: str) -> str | None:
    """The target of rel="next" in a Link header (RFC 8288, section 3), None where there is none."""
    for target, parameters in _LINK.findall(header[:_LONGEST_LINKS]):
        if "next" in _relations(parameters):
            found: str = target
            return found
    return None


def _relations(parameters: str) -> list[str]:
    for name, quoted, bare in _PARAMETER.findall(parameters):
        if name.lower() == "rel":  # of several only the first counts
            relations: str = quoted or bare
            return relations.lower().split()
    return []


def _first(takes: Sequence[Take]) -> Take:
    if len(takes) == 1:
        return takes[0]

    def first(reply: Reply) -> object:
        for take in takes:
            found = take(reply)
            if found is not None and found != "":
                return found
        return None

    return first
