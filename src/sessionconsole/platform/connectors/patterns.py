"""Regular expressions that cannot run away: every repetition has a bound, and so has the number of ways to match.

Python's engine tries one way after the other, so hostile text can make a careless pattern run for years. What is allowed
here is a subset in which the ways can be counted beforehand: no `*`, `+` or `{n,}`, no back-references and no looking
ahead or behind, no repetition or alternative inside of what is repeated itself, and in all not more than 10,000 ways
from one place of the text. A repetition that ends where what follows cannot be part of it, such as `[^;]{1,80};`, counts as
one way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sessionconsole.platform.connectors.mistakes import Mistake

LONGEST_PATTERN = 200
LONGEST_TEXT = 2000
MOST_REPEATED = 1000
MOST_WAYS = 10_000

_WORK = 20_000_000
"""Steps that one search may take, in the worst case: a fraction of a second."""
_LONGEST_PAGE = 200_000

_QUANTIFIER = re.compile(r"\{(\d{0,6})(?:(,)(\d{0,6}))?\}")
_ESCAPE = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|(?P<boundary>[bBAZ])|[dDwWsStnrfv]|[^0-9A-Za-z])", re.DOTALL
)
_CLASS = re.compile(r"\[\^?(?:\](?=[^\]]*\]))?(?:\\.|[^\]\\])*\]", re.DOTALL)
_DOUBLE_IN_CLASS = re.compile(r"\[|--|&&|\|\||~~")
_IGNORE_CASE = "(?i)"
_ASCII = [chr(code) for code in range(128)]


def bounded_pattern(text: str) -> re.Pattern[str]:
    """The compiled pattern (`re.ASCII`: `\\d` and `\\w` are the plain ones); raises `Mistake` where it is unsafe."""
    ways(text)
    return _compiled(text)


def ways(text: str) -> int:
    """In how many ways, at most, the pattern can match from one place of a text; raises `Mistake` as above."""
    if len(text) > LONGEST_PATTERN:
        raise Mistake(f"This pattern is longer than {LONGEST_PATTERN} characters.")
    folded = text.startswith(_IGNORE_CASE)
    found = _Scanner(text.removeprefix(_IGNORE_CASE), folded).whole()
    _compiled(text)
    if found.ways > MOST_WAYS:
        raise Mistake(
            f"This pattern can match in too many ways ({found.ways:,}; {MOST_WAYS:,} are the most). Let a repetition end where"
            " the next character cannot belong to it: [^;]{1,80}; instead of .{1,80};"
        )
    return found.ways


def search(pattern: re.Pattern[str], text: str, longest: int = LONGEST_TEXT) -> re.Match[str] | None:
    """Where the pattern is found first, in the first `longest` characters."""
    return pattern.search(text[:longest])


def pick(pattern: re.Pattern[str], text: str, longest: int = LONGEST_TEXT) -> str | None:
    """What the first group caught (all of it where there is no group); None where the pattern is not found."""
    found = pattern.search(text[:longest])
    if found is None:
        return None
    caught: str | None = found[1] if pattern.groups else found[0]
    return caught


def fits(pattern: re.Pattern[str], text: str) -> bool:
    """Whether the text as a whole looks so; one of more than 2,000 characters never does."""
    return len(text) <= LONGEST_TEXT and pattern.fullmatch(text) is not None


def reach(pattern: re.Pattern[str]) -> int:
    """How much of a long text, such as a web page, may be searched: the more the fewer ways the pattern has."""
    return max(LONGEST_TEXT, min(_LONGEST_PAGE, _WORK // ways(pattern.pattern)))


@lru_cache(maxsize=256)
def _compiled(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.ASCII)
    except (re.error, OverflowError, RecursionError) as problem:
        raise Mistake(f"This is no regular expression: {problem}.") from None


@dataclass(frozen=True, slots=True)
class _Piece:
    """One atom, or all of a branch: `first` are the ASCII characters it may begin with, with None for all others."""

    ways: int = 1
    first: frozenset[str | None] = frozenset()
    may_be_empty: bool = False
    repeats: bool = False
    chooses: bool = False


_NOTHING = _Piece(may_be_empty=True)


class _Scanner:
    """Reads a pattern once from left to right."""

    def __init__(self, text: str, folded: bool) -> None:
        self._text = text
        self._flags = re.ASCII | re.DOTALL | (re.IGNORECASE if folded else 0)
        self._place = 0

    def whole(self) -> _Piece:
        piece = self._alternatives()
        if self._place < len(self._text):
            raise Mistake("This is no regular expression: a bracket is closed that was not opened.")
        return piece

    def _alternatives(self) -> _Piece:
        branches = [self._branch()]
        while self._next() == "|":
            self._place += 1
            branches.append(self._branch())
        if len(branches) == 1:
            return branches[0]
        return _Piece(
            ways=sum(branch.ways for branch in branches),
            first=frozenset().union(*(branch.first for branch in branches)),
            may_be_empty=any(branch.may_be_empty for branch in branches),
            repeats=any(branch.repeats for branch in branches),
            chooses=True,
        )

    def _branch(self) -> _Piece:
        pieces: list[tuple[_Piece, _Piece]] = []
        while self._next() not in ("", "|", ")"):
            atom = self._atom()
            pieces.append((atom, self._repeated(atom)))
        following = _NOTHING
        for atom, piece in reversed(pieces):
            following = _joined(atom, piece, following)
        return following

    def _next(self) -> str:
        return self._text[self._place : self._place + 1]

    def _atom(self) -> _Piece:
        char = self._next()
        if char == "(":
            return self._group()
        if char in "*+?" or _QUANTIFIER.match(self._text, self._place):
            raise Mistake(_UNBOUNDED if char in "*+" else "This is no regular expression: nothing to repeat.")
        if char in "^$":
            self._place += 1
            return _NOTHING
        if char == "[":
            return self._class()
        if char == "\\":
            found = _ESCAPE.match(self._text, self._place)
            if found is None:
                raise Mistake("This pattern has a back-reference or an escape that is not allowed.")
            self._place = found.end()
            return _NOTHING if found["boundary"] else self._one_of(found[0])
        self._place += 1
        return self._one_of(char if char == "." else re.escape(char))

    def _class(self) -> _Piece:
        found = _CLASS.match(self._text, self._place)
        if found is None:
            raise Mistake('This is no regular expression: a "[" is not closed.')
        if _DOUBLE_IN_CLASS.search(re.sub(r"\\.", "", found[0], flags=re.DOTALL), 1):
            raise Mistake("In [ ] put a backslash before [ and before each of --, &&, || and ~~.")
        self._place = found.end()
        return self._one_of(found[0])

    def _one_of(self, source: str) -> _Piece:
        try:
            one = re.compile(source, self._flags)
        except re.error as problem:
            raise Mistake(f"This is no regular expression: {problem}.") from None
        first: set[str | None] = {char for char in _ASCII if one.fullmatch(char)}
        if (
            not source.isascii()
            or not first
            or source[0] in ".["
            or source[:2] in ("\\D", "\\W", "\\S", "\\u", "\\x")
        ):
            first.add(None)
        return _Piece(first=frozenset(first))

    def _group(self) -> _Piece:
        self._place += 1
        if self._next() == "?":
            if not self._text.startswith("?:", self._place):
                raise Mistake(
                    "In this pattern only ( ) and (?: ) are allowed, and (?i) at its very beginning."
                )
            self._place += 2
        inner = self._alternatives()
        if self._next() != ")":
            raise Mistake('This is no regular expression: a "(" is not closed.')
        self._place += 1
        return inner

    def _repeated(self, atom: _Piece) -> _Piece:
        least, most = self._counts()
        if (least, most) == (1, 1):
            return atom
        if most > 1 and (atom.repeats or atom.chooses or atom.may_be_empty):
            raise Mistake("This pattern repeats a group that has a repetition or an alternative in it.")
        if most > 1:
            return _Piece(most - least + 1, atom.first, least == 0, repeats=True)
        return _Piece(
            atom.ways + 1 - least, atom.first, may_be_empty=True, repeats=True, chooses=atom.chooses
        )

    def _counts(self) -> tuple[int, int]:
        """How often what was just read may stand there; 1 and 1 where nothing is said."""
        char = self._next()
        if char in ("*", "+"):
            raise Mistake(_UNBOUNDED)
        if char == "?":
            self._place += 1
            least, most = 0, 1
        elif found := _QUANTIFIER.match(self._text, self._place):
            if not found[1] and not found[2]:
                return 1, 1
            if found[2] and not found[3]:
                raise Mistake(_UNBOUNDED)
            least = int(found[1] or 0)
            most = int(found[3]) if found[2] else least
            if most > MOST_REPEATED:
                raise Mistake(f"A repetition may have a bound of at most {MOST_REPEATED:,}.")
            self._place = found.end()
        else:
            return 1, 1
        if self._next() == "?":
            self._place += 1
        elif self._next() in ("*", "+") or _QUANTIFIER.match(self._text, self._place):
            raise Mistake("This pattern repeats a repetition.")
        return least, most


_UNBOUNDED = "A repetition needs a bound, such as {1,40}; *, + and {1,} have none."


def _joined(atom: _Piece, piece: _Piece, following: _Piece) -> _Piece:
    """That piece with what follows it; a repetition that cannot go on where the next begins has one way to end."""
    alone = (
        piece.repeats
        and atom.ways == 1
        and not following.may_be_empty
        and not (piece.first & following.first)
    )
    return _Piece(
        ways=(1 if alone else piece.ways) * following.ways,
        first=piece.first | following.first if piece.may_be_empty else piece.first,
        may_be_empty=piece.may_be_empty and following.may_be_empty,
        repeats=piece.repeats or following.repeats,
        chooses=piece.chooses or following.chooses,
    )
