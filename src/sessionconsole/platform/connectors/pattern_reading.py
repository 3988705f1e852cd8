"""Reads a regular expression into a tree, and counts the steps that trying all its ways can take at most.

The tree is read, never run: `patterns` runs the text through `re`, which knows the same language and more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sessionconsole.platform.connectors.mistakes import Mistake

MOST_REPEATED = 1000
IGNORE_CASE = "(?i)"

_UNBOUNDED = "A repetition needs a bound, such as {1,40}; *, + and {1,} have none."
_QUANTIFIER = re.compile(r"\{(\d{0,6})(?:(,)(\d{0,6}))?\}")
_ESCAPE = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|(?P<edge>[bBAZ])|[dDwWsStnrfv]|[^0-9A-Za-z])", re.DOTALL
)
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_DOUBLE_IN_CLASS = re.compile(r"\[|--|&&|\|\||~~")
_ASCII = [chr(code) for code in range(128)]

Characters = frozenset[str | None]
"""Characters that something may begin with; None stands for all beyond ASCII."""


@dataclass(frozen=True, slots=True)
class One:
    """One character; `source` is the piece of the pattern that says which."""

    source: str
    first: Characters


@dataclass(frozen=True, slots=True)
class Edge:
    """A place between characters: ^, $, and escapes such as a word's edge."""

    source: str


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives, in the order in which they are tried."""

    branches: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Something that stands there so many times."""

    node: Node
    least: int
    most: int
    lazy: bool = False


Node = One | Edge | Group | Repeat


def read_pattern(text: str) -> Group:
    """The tree of a pattern without its `(?i)`; raises `Mistake` for whatever is not in the bounded language."""
    return _Reader(text.removeprefix(IGNORE_CASE), text.startswith(IGNORE_CASE)).whole()


def steps(tree: Group) -> int:
    """How many characters and places are looked at, at most, until it is sure that nothing begins at one place."""
    return _before(tree, _END).steps


def begins_at_the_start(tree: Group) -> bool:
    """Whether it can only match at the beginning of a text, so that no other place need be tried."""
    return all(bool(branch) and branch[0] in (Edge("^"), Edge(r"\A")) for branch in tree.branches)


@dataclass(frozen=True, slots=True)
class _Rest:
    """What stands from some place of a pattern to its end.

    `steps` is the work that it may take, `lead` the part of it until a character that is not of `first` has ended it.
    """

    steps: int
    lead: int
    first: Characters


_END = _Rest(1, 1, frozenset())


def _before(node: Node, rest: _Rest) -> _Rest:
    """That node with the rest behind it."""
    match node:
        case One():
            return _Rest(1 + rest.steps, 1, node.first)
        case Edge():
            return _Rest(1 + rest.steps, 1 + rest.lead, rest.first)
        case Group():
            ways = [_in_front(branch, rest) for branch in node.branches]
            return _Rest(
                sum(way.steps for way in ways),
                sum(way.lead for way in ways),
                frozenset[str | None]().union(*(way.first for way in ways)),
            )
        case Repeat(most=1):
            return _optional(node.node, rest)
        case Repeat():
            return _repeated(node, rest)


def _in_front(nodes: Sequence[Node], rest: _Rest) -> _Rest:
    for node in reversed(nodes):
        rest = _before(node, rest)
    return rest


def _optional(node: Node, rest: _Rest) -> _Rest:
    inside = _before(node, rest)
    return _Rest(
        1 + inside.steps + rest.steps,
        1 + inside.lead + rest.lead,
        inside.first | rest.first,
    )


def _repeated(node: Repeat, rest: _Rest) -> _Rest:
    """Each count is a way to go on, which ends at once where the rest cannot begin with what one more begins with."""
    one = _before(node.node, _END)
    ends = node.most - node.least + 1
    behind = ends * rest.steps if one.first & rest.first else rest.steps + ends * rest.lead
    lead = one.lead + (rest.lead if node.least == 0 else 0)
    first = one.first | rest.first if node.least == 0 else one.first
    return _Rest(node.most * (one.steps - _END.steps) + behind, lead, first)


class _Reader:
    """Reads a pattern once from left to right."""

    def __init__(self, text: str, folded: bool) -> None:
        self._text = text
        self._flags = re.ASCII | re.DOTALL | (re.IGNORECASE if folded else re.NOFLAG)
        self._place = 0

    def whole(self) -> Group:
        tree = self._alternatives()
        if self._place < len(self._text):
            raise Mistake("This is no regular expression: a bracket is closed that was not opened.")
        return tree

    def _alternatives(self) -> Group:
        branches = [self._branch()]
        while self._next() == "|":
            self._place += 1
            branches.append(self._branch())
        return Group(tuple(branches))

    def _branch(self) -> tuple[Node, ...]:
        nodes: list[Node] = []
        while self._next() not in ("", "|", ")"):
            nodes.append(self._repeated(self._atom()))
        return tuple(nodes)

    def _next(self) -> str:
        return self._text[self._place : self._place + 1]

    def _atom(self) -> Node:
        char = self._next()
        if char == "(":
            return self._group()
        if char in ("*", "+"):
            raise Mistake(_UNBOUNDED)
        if char == "?" or _QUANTIFIER.match(self._text, self._place):
            raise Mistake("This is no regular expression: there is nothing to repeat.")
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape()
        self._place += 1
        if char in ("^", "$"):
            return Edge(char)
        return self._one(char if char == "." else re.escape(char))

    def _escape(self) -> Node:
        found = _ESCAPE.match(self._text, self._place)
        if found is None:
            raise Mistake("This pattern has a back-reference or an escape that is not allowed.")
        self._place = found.end()
        return Edge(found[0]) if found["edge"] else self._one(found[0])

    def _class(self) -> Node:
        found = _CLASS.match(self._text, self._place)
        if found is None:
            raise Mistake('This is no regular expression: a "[" is not closed.')
        if _DOUBLE_IN_CLASS.search(re.sub(r"\\.", "", found[0][1:], flags=re.DOTALL)):
            raise Mistake("In [ ] put a backslash before [ and before each of --, &&, || and ~~.")
        self._place = found.end()
        return self._one(found[0])

    def _one(self, source: str) -> One:
        try:
            one = re.compile(source, self._flags)
        except re.error as problem:
            raise Mistake(f"This is no regular expression: {problem.msg}.") from None
        first: set[str | None] = {char for char in _ASCII if one.fullmatch(char)}
        beyond = not first or source[0] in ".[" or source in (r"\D", r"\W", r"\S") or not source.isascii()
        return One(source, frozenset(first | {None} if beyond else first))

    def _group(self) -> Group:
        self._place += 1
        if self._next() == "?":
            if not self._text.startswith("?:", self._place):
                raise Mistake("In a pattern only ( ) and (?: ) are allowed, and (?i) at its very beginning.")
            self._place += 2
        inner = self._alternatives()
        if self._next() != ")":
            raise Mistake('This is no regular expression: a "(" is not closed.')
        self._place += 1
        return inner

    def _repeated(self, atom: Node) -> Node:
        counts = self._counts()
        if counts is None:
            return atom
        least, most = counts
        if most > 1 and not _is_plain(atom):
            raise Mistake(
                "This pattern repeats a group that has a repetition or an alternative in it, or nothing."
            )
        lazy = self._next() == "?"
        self._place += lazy
        if self._next() in ("*", "+", "?") or _QUANTIFIER.match(self._text, self._place):
            raise Mistake("This pattern repeats a repetition.")
        return Repeat(atom, least, most, lazy)

    def _counts(self) -> tuple[int, int] | None:
        """How often what was just read stands there; None where nothing is said of it."""
        char = self._next()
        if char in ("*", "+"):
            raise Mistake(_UNBOUNDED)
        if char == "?":
            self._place += 1
            return 0, 1
        found = _QUANTIFIER.match(self._text, self._place)
        if found is None or not (found[1] or found[2]):
            return None
        if found[2] and not found[3]:
            raise Mistake(_UNBOUNDED)
        least = int(found[1] or 0)
        most = int(found[3]) if found[2] else least
        if most > MOST_REPEATED:
            raise Mistake(f"A repetition may have a bound of at most {MOST_REPEATED:,}.")
        if least > most:
            raise Mistake("This pattern has a repetition whose bounds are in the wrong order.")
        self._place = found.end()
        return least, most


def _is_plain(node: Node) -> bool:
    """Whether it has one way to match, and takes at least one character."""
    match node:
        case One():
            return True
        case Edge() | Repeat():
            return False
        case Group():
            return len(node.branches) == 1 and _is_plain_branch(node.branches[0])


def _is_plain_branch(nodes: Sequence[Node]) -> bool:
    taken = [node for node in nodes if not isinstance(node, Edge)]
    return bool(taken) and all(_is_plain(node) for node in taken)
