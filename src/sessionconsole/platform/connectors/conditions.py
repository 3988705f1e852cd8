"""Conditions and outcome tables: what an answer means, first match first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sessionconsole.platform.connectors.format.parts import Condition, Outcome, Scalar, Takes
from sessionconsole.platform.connectors.mistakes import Mistake, under
from sessionconsole.platform.connectors.paths import Path, compile_path
from sessionconsole.platform.connectors.patterns import bounded_pattern, reach, search
from sessionconsole.platform.connectors.replies import Reply
from sessionconsole.platform.connectors.sources import Take, compile_source
from sessionconsole.platform.connectors.values import Variables

_SUBJECTS = ("path", "header", "cookie", "variable")
_TESTS = ("exists", "equals", "one_of", "differs", "contains", "lacks", "matches", "empty")


@dataclass(frozen=True, slots=True)
class Subject:
    """What conditions are about: an answer, or an item of a list (`body`); header names are lower-case."""

    body: Any = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    variables: Variables = field(default_factory=Variables, repr=False)
    status: int = 0

    @classmethod
    def of(cls, reply: Reply, variables: Variables) -> Subject:
        """The answer, and what is known when it comes."""
        return cls(reply.body, reply.headers, reply.cookies, variables, reply.status)


Test = Callable[[object], bool]
Holds = Callable[[Subject], bool]


def compile_conditions(conditions: Sequence[Condition]) -> Holds:
    """The function that tells whether all of them hold; without any it always does.

    Raises `Mistake` for a condition without test, with more than one, or with more than one subject.
    """
    compiled: list[Holds] = []
    for index, condition in enumerate(conditions):
        with under(index):
            compiled.append(compile_condition(condition))
    return _all(compiled)


def compile_condition(condition: Condition) -> Holds:
    """The function that tells whether it holds; raises `Mistake`."""
    return _about(_subject(condition), _test(condition))


def compile_keep(conditions: Sequence[Condition]) -> Callable[[object], bool]:
    """The same for conditions on an item of a list, which has no headers, cookies and variables; raises `Mistake`."""
    compiled: list[tuple[Path, Test]] = []
    for index, condition in enumerate(conditions):
        with under(index):
            for name in ("header", "cookie", "variable"):
                if getattr(condition, name) is not None:
                    raise Mistake("A condition on an item of a list can only have a path.", (name,))
            compiled.append((_path(condition), _test(condition)))
    if len(compiled) == 1:
        ((path, test),) = compiled
        return lambda item: test(path(item))
    return lambda item: all(test(path(item)) for path, test in compiled)


def same(value: object, other: object) -> bool:
    """Whether both are the same in JSON: true is not 1, but 1 is 1.0; "1" is neither."""
    return isinstance(value, bool) is isinstance(other, bool) and value == other


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an outcome table: its place in the table, what the file says, and what is taken where it holds."""

    index: int
    outcome: Outcome
    take: Mapping[str, Take]
    take_secret: Mapping[str, Take]
    methods: Path | None = None


class OutcomeTable:
    """The rows in their order."""

    def __init__(self, rows: Sequence[tuple[Holds, Row]]) -> None:
        self._rows = tuple(rows)

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows."""
        return tuple(row for _, row in self._rows)

    def match(self, subject: Subject) -> Row | None:
        """The first row whose status and conditions hold, None where none does."""
        return next((row for holds, row in self._rows if holds(subject)), None)


def compile_outcomes(rows: Sequence[Outcome]) -> OutcomeTable:
    """The table of a call; the common rows are put behind its own by the caller. Raises `Mistake`."""
    compiled: list[tuple[Holds, Row]] = []
    for index, outcome in enumerate(rows):
        with under(index):
            compiled.append((_row_holds(outcome), _row(index, outcome)))
    return OutcomeTable(compiled)


def compile_takes(takes: Takes) -> Mapping[str, Take]:
    """What is taken from an answer, by the name of the variable; raises `Mistake`."""
    compiled: dict[str, Take] = {}
    for name, source in takes.items():
        with under(name):
            compiled[name] = compile_source(source)
    return compiled


def _row(index: int, outcome: Outcome) -> Row:
    with under("take"):
        take = compile_takes(outcome.take)
    with under("take_secret"):
        take_secret = compile_takes(outcome.take_secret)
    with under("methods"):
        methods = compile_path(outcome.methods) if outcome.methods is not None else None
    return Row(index, outcome, take, take_secret, methods)


def _row_holds(outcome: Outcome) -> Holds:
    with under("status"):
        conditions = [_status(outcome.status)] if outcome.status is not None else []
    if _given(outcome, _TESTS) or _given(outcome, _SUBJECTS):
        conditions.append(compile_condition(outcome))
    with under("and"):
        conditions.append(compile_conditions(outcome.also))
    return _all(conditions)


def _status(wanted: int | str | list[int | str]) -> Holds:
    statuses = frozenset(
        status for one in (wanted if isinstance(wanted, list) else [wanted]) for status in _statuses(one)
    )
    return lambda subject: subject.status in statuses


def _statuses(wanted: int | str) -> range:
    if isinstance(wanted, int) and not isinstance(wanted, bool) and 100 <= wanted <= 599:
        return range(wanted, wanted + 1)
    if isinstance(wanted, str) and len(wanted) == 3 and wanted[0] in "12345" and wanted[1:] == "xx":
        return range(int(wanted[0]) * 100, int(wanted[0]) * 100 + 100)
    raise Mistake('A status is a number from 100 to 599, or a class such as "2xx".')


def _given(condition: Condition, names: Sequence[str]) -> list[str]:
    return [name for name in names if getattr(condition, name) is not None]


def _all(conditions: Sequence[Holds]) -> Holds:
    if len(conditions) == 1:
        return conditions[0]
    return lambda subject: all(holds(subject) for holds in conditions)


def _about(value_of: Callable[[Subject], object], test: Test) -> Holds:
    return lambda subject: test(value_of(subject))


def _subject(condition: Condition) -> Callable[[Subject], object]:
    given = _given(condition, _SUBJECTS)
    if len(given) > 1:
        raise Mistake(f"A condition is about one thing, and this has {' and '.join(given)}.", (given[1],))
    if condition.header is not None:
        header = condition.header.lower()
        return lambda subject: subject.headers.get(header)
    if condition.cookie is not None:
        cookie = condition.cookie
        return lambda subject: subject.cookies.get(cookie)
    if condition.variable is not None:
        variable = condition.variable
        return lambda subject: subject.variables.get(variable)
    path = _path(condition)
    return lambda subject: path(subject.body)


def _path(condition: Condition) -> Path:
    with under("path"):
        return compile_path("." if condition.path is None else condition.path)


def _test(condition: Condition) -> Test:
    given = _given(condition, _TESTS)
    if not given:
        raise Mistake(f"A condition needs one of {', '.join(_TESTS)}.")
    if len(given) > 1:
        raise Mistake(f"A condition has one test, and this has {' and '.join(given)}.", (given[1],))
    with under(given[0]):
        return _MAKERS[given[0]](getattr(condition, given[0]))


def _exists(wanted: bool) -> Test:
    return lambda value: (value is not None) is wanted


def _equals(wanted: Scalar) -> Test:
    return lambda value: same(value, wanted)


def _differs(unwanted: Scalar) -> Test:
    return lambda value: not same(value, unwanted)


def _one_of(wanted: list[Scalar]) -> Test:
    return lambda value: any(same(value, one) for one in wanted)


def _contains(wanted: Scalar) -> Test:
    def contains(value: object) -> bool:
        if isinstance(value, str):
            return isinstance(wanted, str) and wanted in value
        return isinstance(value, list) and any(same(item, wanted) for item in value)

    return contains


def _lacks(unwanted: Scalar) -> Test:
    contains = _contains(unwanted)
    return lambda value: not contains(value)


def _matches(text: str) -> Test:
    pattern, longest = bounded_pattern(text), reach(text)
    return lambda value: isinstance(value, str) and search(pattern, value, longest) is not None


def _empty(wanted: bool) -> Test:
    return lambda value: (value is None or (isinstance(value, str | list | dict) and not value)) is wanted


_MAKERS: Mapping[str, Callable[[Any], Test]] = {
    "exists": _exists,
    "equals": _equals,
    "one_of": _one_of,
    "differs": _differs,
    "contains": _contains,
    "lacks": _lacks,
    "matches": _matches,
    "empty": _empty,
}
