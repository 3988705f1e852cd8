"""Text from a platform, made inert: bounded, and nothing in it invisible or able to reorder what stands beside it."""

from __future__ import annotations

import unicodedata

NAME_LIMIT = 200
USER_AGENT_LIMIT = 512

_MAX_MARKS = 4
"""Combining marks kept per letter: enough for every living script, too few to paint over the neighbouring rows."""


def inert(text: str, limit: int = NAME_LIMIT) -> str:
    """The text with control, format and surrogate characters written out, marks bounded, cut at `limit` characters.

    The bidi and zero-width classes follow UAX #9 and the general category Cf; what is cut ends in an ellipsis.
    """
    shown: list[str] = []
    marks = 0
    length = 0
    for char in text[: limit * 4]:
        category = unicodedata.category(char)
        if category in ("Mn", "Me"):
            marks += 1
            if marks > _MAX_MARKS:
                continue
        else:
            marks = 0
        piece = _written_out(char, category)
        length += len(piece)
        if length > limit:
            return "".join(shown)[: limit - 1] + "…"
        shown.append(piece)
    return "".join(shown)


def _written_out(char: str, category: str) -> str:
    if category == "Cs":
        return "�"
    if category == "Zs":
        return " "
    if category in ("Cc", "Cf", "Zl", "Zp", "Co", "Cn"):
        return f"[U+{ord(char):04X}]"
    return char
