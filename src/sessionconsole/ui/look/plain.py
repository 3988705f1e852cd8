"""Text from elsewhere made fit to be shown: the last door before the screen, whatever was done to it before."""

from __future__ import annotations

import re
import unicodedata

from sessionconsole.domain.text import inert

LIMIT = 1000
"""Characters of a sentence; a platform's own texts are cut shorter where they are read."""

_FSI, _PDI = "\u2068", "\u2069"
_ISOLATED = re.compile(f"({_FSI}[^\u2066-\u2069]*{_PDI})")
_BREAK = "\u200b"
_LONG_WORD = re.compile(r"\S{21,}")
_TOGETHER = "\u00a0"
_TIME = re.compile(
    r"(?:(?<=\b[A-Z][a-z][a-z])|(?<=\bToday)|(?<=\bTonight)) (?=\d\d:\d\d\b)"
    r"|(?<=\d) (?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b)"
)
"""The space within "Thu 09:00" and "8 Dec"."""


def shown(text: str, limit: int = LIMIT) -> str:
    """The text with nothing in it invisible, unbounded or able to reorder what stands beside it.

    Only what `isolated` has put around a name stays as it is.
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    if _FSI not in text:
        return inert(text, limit)
    return "".join(
        isolated(part[1:-1]) if _ISOLATED.fullmatch(part) else inert(part, limit)
        for part in _ISOLATED.split(text)
    )


def isolated(name: str) -> str:
    """A name as part of a sentence: one written from right to left must not turn its neighbours around (UAX #9)."""
    name = inert(name)
    return f"{_FSI}{name}{_PDI}" if _is_right_to_left(name) else name


def breakable(text: str) -> str:
    """The text as lines are made of it: words that no line has room for may break, a day and its time may not.

    What is put in is invisible; `unbroken` takes it out again.
    """
    return _LONG_WORD.sub(_broken, _TIME.sub(_TOGETHER, text))


def unbroken(text: str) -> str:
    """The text as it was before `breakable`, as it is copied and read out."""
    return text.replace(_BREAK, "").replace(_TOGETHER, " ")


def _broken(word: re.Match[str]) -> str:
    # Letters of scripts that join would be torn apart.
    return word[0] if _is_right_to_left(word[0]) else _BREAK.join(word[0])


def _is_right_to_left(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)
