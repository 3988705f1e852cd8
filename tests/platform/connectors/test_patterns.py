"""A pattern of a connector finds what it should, and no text makes it run for long: its steps are counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionconsole.platform.connectors.mistakes import Mistake
from sessionconsole.platform.connectors.pattern_reading import (
    Edge,
    Group,
    Node,
    One,
    Repeat,
    read_pattern,
    steps,
)
from sessionconsole.platform.connectors.patterns import (
    LONGEST_PAGE,
    LONGEST_TEXT,
    MOST_WORK,
    bounded_pattern,
    fits,
    pick,
    reach,
    search,
    work,
)

USEFUL = (
    r"^([^,]{1,80}),",
    r", ?([^,]{1,60})$",
    r"[A-Za-z0-9._-]{1,60}",
    r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})",
    r"issued for ([^ ]{1,40}) at",
    r'name="csrf" value="([^"]{1,200})"',
    r"(?i)firefox|chrome|safari|edg",
    r"^(.{1,100}?) \((.{1,60})\)$",
    r"^(?:https?://)?([a-z0-9.-]{1,100})(?::\d{1,5})?/?$",
    r"[]a^-]{2}[^]b]\]",
    r"\bv(\d{1,4}(?:\.\d{1,4})?)\b",
    r"a{3}b{,2}c{2,2}d{0,1}e??f{1,3}?",
    r"é{1,3}|\xe9|\u00e9",
    r"{a}\{\}x{",
    "",
)


@pytest.mark.parametrize("text", USEFUL)
def test_useful_patterns_are_taken(text: str) -> None:
    assert bounded_pattern(text).flags & re.ASCII
    assert work(text) <= MOST_WORK


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a*", "needs a bound"), ("a+", "needs a bound"), (".*?", "needs a bound"), ("[ab]+", "needs a bound"),
        ("(a)*", "needs a bound"), ("a{1,}", "needs a bound"), ("*a", "needs a bound"), ("a{1,3}+", "repeats a rep"),
        ("(?=a)", "only ( ) and (?: )"), ("(?!a)", "only ( )"), ("(?<=a)b", "only ( )"), ("(?<!a)b", "only ( )"),
        ("(?P<n>a)", "only ( )"), ("(?>a)", "only ( )"), ("(?#a)", "only ( )"), ("(a)(?(1)b|c)", "only ( )"),
        ("a(?i)b", "only ( )"), ("(?s).", "only ( )"), (r"(a)\1", "back-reference"), (r"\0", "back-reference"),
        (r"(a)\g1", "back-reference"), (r"\p", "escape"), ("a\\", "escape"),
        ("(a{1,3}){1,3}", "repeats a group"), ("(?:a?){20}", "repeats a group"), ("(a|b){2}", "repeats a group"),
        ("((a|a)b){2}", "repeats a group"), ("(){3}", "repeats a group"), (r"(?:\b){3}", "repeats a group"),
        ("^{2}", "repeats a group"), ("a{1,3}{1,3}", "repeats a rep"), ("a??{3}", "repeats a rep"),
        ("a???", "repeats a rep"), ("a{1001}", "at most 1,000"), ("a{0,9999}", "at most 1,000"),
        ("a{3,2}", "wrong order"), ("?a", "nothing to repeat"), ("{3}", "nothing to repeat"), ("a|{2}", "nothing to"),
        ("a{}", "nothing to"), ("a{,}", "bound"),
        ("(a", "not closed"), ("a)", "was not opened"), ("[a", "not closed"), ("[", "not closed"), ("[]", "regular"),
        ("[z-a]", "regular"), ("[[a]]", "backslash"), ("[a--b]", "backslash"), ("[a&&b]", "backslash"),
        ("[a||b]", "backslash"), ("[a~~b]", "backslash"), ("x" * 201, "longer than 200"),
        (".{0,1000}.{0,1000}.{0,1000}x", "steps"), ("a?" * 60 + "a" * 60, "steps"), ("(a|a)" * 30 + "b", "steps"),
        ("(?:a|a?)?" * 20 + "b", "steps"), (".{1,900}a.{1,900}b", "steps"),
    ],
)  # fmt: skip
def test_what_could_run_away_or_is_no_pattern_is_a_mistake(text: str, said: str) -> None:
    with pytest.raises(Mistake, match=re.escape(said)):
        bounded_pattern(text)


def test_a_pattern_is_found_in_the_beginning_of_a_text_only() -> None:
    pattern = bounded_pattern(r"id-(\d{1,4})")

    assert pick(pattern, "the id-77 and id-78") == "77"
    assert pick(bounded_pattern(r"id-\d{1,4}"), "the id-77") == "id-77"
    assert pick(bounded_pattern("a(b)?c"), "ac") is None
    assert search(pattern, "x" * LONGEST_TEXT + "id-77") is None
    assert pick(pattern, "x" * LONGEST_TEXT + "id-77", LONGEST_PAGE) == "77"
    assert pick(bounded_pattern(r"(\d{1,3})"), "٣٤") is None


def test_a_value_looks_so_as_a_whole_or_not_at_all() -> None:
    pattern = bounded_pattern("[a-z]{1,60}|[0-9]{2}")

    assert fits(pattern, "reef")
    assert fits(pattern, "42")
    assert not fits(pattern, "reef.example")
    assert not fits(pattern, "42\n")
    assert not fits(bounded_pattern("(?:" + "a{1000}" * 3 + ")?"), "a" * 3000)


def test_the_fewer_steps_a_pattern_takes_the_further_it_reaches() -> None:
    assert reach(r'name="csrf" value="([^"]{1,200})"') == LONGEST_PAGE
    assert LONGEST_TEXT <= reach(r".{1,100} on .{1,100}") < LONGEST_PAGE


def test_a_repetition_with_a_certain_end_hardly_counts() -> None:
    careless, careful = read_pattern(".{1,80};.{1,80};x"), read_pattern("[^;]{1,80};[^;]{1,80};x")
    assert steps(careful) < 1000 < steps(careless)


class Counting:
    """Matches a tree the simple way, one way after the other, and counts what it looks at."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.looked = 0

    def ends(self, nodes: Sequence[Node], place: int) -> Iterator[int]:
        """Every place at which the nodes can end, in the order in which they are tried."""
        if not nodes:
            yield place
            return
        for end in self._node(nodes[0], place):
            yield from self.ends(nodes[1:], end)

    def _node(self, node: Node, place: int) -> Iterator[int]:
        match node:
            case One(source):
                self.looked += 1
                if place < len(self.text) and re.compile(source, re.ASCII).fullmatch(self.text[place]):
                    yield place + 1
            case Edge(source):
                self.looked += 1
                if re.compile(source, re.ASCII).match(self.text, place):
                    yield place
            case Group(branches):
                for branch in branches:
                    yield from self.ends(branch, place)
            case Repeat():
                yield from self._repeat(node, place, 0)

    def _repeat(self, repeat: Repeat, place: int, done: int) -> Iterator[int]:
        if repeat.lazy and done >= repeat.least:
            yield place
        if done < repeat.most:
            for end in self._node(repeat.node, place):
                yield from self._repeat(repeat, end, done + 1)
        if not repeat.lazy and done >= repeat.least:
            yield place

    def first(self, tree: Group) -> tuple[int, int] | None:
        for begin in range(len(self.text) + 1):
            for end in self.ends((tree,), begin):
                return begin, end
        return None


PIECES = st.sampled_from(
    ["a", "b", ".", "[ab]", "[^a]", "(ab)", r"\w", r"\b", "^", "$", "(a|b)", "(?:a?b)", "c"]
)
BOUNDS = st.sampled_from(["", "", "?", "??", "{0,3}", "{1,4}", "{1,4}?", "{2}", "{,2}"])
PATTERNS = st.lists(st.builds(lambda piece, bound: piece + bound, PIECES, BOUNDS), max_size=7).map("".join)
TEXTS = st.text("ab", max_size=9) | st.text("abc \n", max_size=9) | st.just("a" * 12)


@given(PATTERNS, TEXTS)
def test_the_steps_that_were_counted_are_never_exceeded(text: str, subject: str) -> None:
    try:
        tree = read_pattern(text)
    except Mistake:
        return
    for begin in range(len(subject) + 1):
        counting = Counting(subject)
        # All ways, as when what follows fails in the end.
        for _ in counting.ends((tree,), begin):
            pass
        assert counting.looked <= steps(read_pattern(f"(?:{text})\\b$")), text


@given(PATTERNS, TEXTS)
def test_a_pattern_is_read_as_python_reads_it(text: str, subject: str) -> None:
    try:
        pattern = bounded_pattern(text)
    except Mistake:
        return
    found = pattern.search(subject)
    assert Counting(subject).first(read_pattern(text)) == (found.span() if found else None), text


@pytest.mark.parametrize("text", USEFUL)
@pytest.mark.parametrize(
    "subject", ["a" * 5000, "1." * 2500, "(" * 5000, 'name="csrf" value="' * 300, ", ," * 2000]
)
def test_hostile_text_is_no_trouble(text: str, subject: str) -> None:
    search(bounded_pattern(text), subject)


@given(st.text("ab(){}[]|?:*+\\.^$,0123-", max_size=16))
def test_any_text_is_a_bounded_pattern_or_a_mistake(text: str) -> None:
    with suppress(Mistake):
        search(bounded_pattern(text), "ab(){}[]|?:*+.^$,0123-" * 100)
