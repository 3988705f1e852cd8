"""Text from a platform, made inert: bounded, and nothing in it invisible or able to reorder what stands beside it."""

from __future__ import annotations

import unicodedata

NAME_LIMIT = 200
USER_AGENT_LIMIT = 512

_MAX_MARKS = 4
"""Combining marks kept per letter: enough for every living script, too few to paint over the neighbouring rows."""

_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that show nothing, whatever their category says (Unicode, Default_Ignorable_Code_Point)."""

_JOINERS = "\u200c\u200d"
_JOINED = frozenset({"Lo", "Mn", "Mc", "So", "Sk"})
_FIRST_JOINING = 0x0600
"""Arabic begins there; the scripts before it need no joiner."""


def inert(text: str, limit: int = NAME_LIMIT) -> str:
    """The text with control, format and surrogate characters written out, marks bounded, cut at `limit` characters.

    The bidi and zero-width classes follow UAX #9 and the general category Cf; what is cut ends in an ellipsis.
    """
    shown: list[str] = []
    marks = 0
    length = 0
    for place, char in enumerate(text[: limit * 4]):
        category = unicodedata.category(char)
        if category in ("Mn", "Me") and char not in _INVISIBLE:
            marks += 1
            if marks > _MAX_MARKS:
                continue
        else:
            marks = 0
        piece = char if _joins(text, place) else _written_out(char, category)
        length += len(piece)
        if length > limit:
            return _cut(shown, limit)
        shown.append(piece)
    return _cut(shown, limit) if len(text) > limit * 4 else "".join(shown)


def _cut(shown: list[str], limit: int) -> str:
    return "".join(shown)[: limit - 1].rstrip(_JOINERS) + "…"


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands where living scripts and emoji need it: between two letters or signs of such a kind.

    Zero-width joiner and non-joiner (UAX #31, section 2.3) change how Persian and Indic names look, and make one
    emoji of several; between Latin letters they only hide.
    """
    if text[place] not in _JOINERS or place == 0 or place + 1 >= len(text):
        return False
    beside = (text[place - 1], text[place + 1])
    return all(
        unicodedata.category(char) in _JOINED and ord(char) >= _FIRST_JOINING and char not in _INVISIBLE
        for char in beside
    )


def _written_out(char: str, category: str) -> str:
    if category == "Cs":
        return "\ufffd"
    if category == "Zs":
        return " "
    if category in ("Cc", "Cf", "Zl", "Zp", "Co", "Cn") or char in _INVISIBLE:
        return f"[U+{ord(char):04X}]"
    return char
