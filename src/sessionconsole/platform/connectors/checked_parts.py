"""Checking the small parts of a connector file: paths, patterns, sources, templates and conditions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sessionconsole.platform.connectors.file_mistakes import FileMistake, KeyPath, dotted
from sessionconsole.platform.connectors.format.listing import AnyTime
from sessionconsole.platform.connectors.format.parts import Condition, TakeFrom, Takes
from sessionconsole.platform.connectors.mistakes import Mistake
from sessionconsole.platform.connectors.paths import compile_path
from sessionconsole.platform.connectors.patterns import bounded_pattern
from sessionconsole.platform.connectors.scopes import Scope
from sessionconsole.platform.connectors.sentences import did_you_mean
from sessionconsole.platform.connectors.sources import compile_source
from sessionconsole.platform.connectors.templates import compile_path_template, compile_template
from sessionconsole.platform.connectors.times import compile_time

TESTS = ("exists", "equals", "one_of", "differs", "contains", "lacks", "matches", "empty")
SUBJECTS = ("path", "header", "cookie", "variable")

_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
"""A field name (RFC 9110, 5.1)."""

_OURS = {"connection", "content-length", "host", "transfer-encoding"}
"""Headers that the program sets by itself."""

_FOR_EACH = {"for_each", "as"}


class Report:
    """Collects mistakes; one that is found twice at a place is told once."""

    def __init__(self, taken_at: Mapping[str, KeyPath], *, whole: bool = True) -> None:
        self._taken_at = taken_at
        self._whole = whole
        self._found: dict[FileMistake, None] = {}

    @property
    def mistakes(self) -> list[FileMistake]:
        """All, in the order in which they were found."""
        return list(self._found)

    def add(self, place: KeyPath, text: str) -> None:
        """Something is wrong at the place."""
        self._found[FileMistake(dotted(place), text)] = None

    def lacks(self, place: KeyPath, text: str) -> None:
        """Something is missing; nobody can tell that where a part of the file could not be read."""
        if self._whole:
            self.add(place, text)

    def tried(self, place: KeyPath, compile_part: Callable[[], Any]) -> Any:
        """What the function makes; None, and a mistake here, where it refuses."""
        try:
            return compile_part()
        except Mistake as mistake:
            self.add((*place, *mistake.where), _as_ours(mistake.text))
            return None

    def path(self, place: KeyPath, text: str | None) -> None:
        """A path into JSON."""
        if text is not None:
            self.tried(place, lambda: compile_path(text))

    def time(self, place: KeyPath, field: AnyTime) -> None:
        """A fact of a session that is a time."""
        self.tried(place, lambda: compile_time(field))

    def source(self, place: KeyPath, source: str | TakeFrom) -> None:
        """Where a value of an answer is taken from."""
        if isinstance(source, TakeFrom):
            self.tried((*place, "from"), lambda: compile_source(source.source))
            self.pattern((*place, "pattern"), source.pattern)
        else:
            self.tried(place, lambda: compile_source(source))

    def pattern(self, place: KeyPath, text: str | None) -> re.Pattern[str] | None:
        """A bounded pattern."""
        if text is None:
            return None
        compiled: re.Pattern[str] | None = self.tried(place, lambda: bounded_pattern(text))
        return compiled

    # ------------------------------------------------------------------------------------ templates

    def template(self, place: KeyPath, value: Any, scope: Scope, *, url: bool = False) -> frozenset[str]:
        """A template, or a table or list with templates in its texts; the names that it uses."""
        used: set[str] = set()
        for inner, text, known in _texts(value, place, scope):
            names = self._names(inner, text)
            self._check_names(inner, names, known, url=url)
            used |= names
        if not isinstance(value, str):
            whole = self.tried(place, lambda: compile_template(value))
            used |= whole.names if whole is not None else set()
            if "sessions" in used and "sessions.id" not in scope:
                self.lacks(place, f"for_each is not known here: {_WHERE['sessions']}")
        return frozenset(used)

    def path_template(self, place: KeyPath, text: str, scope: Scope) -> frozenset[str]:
        """The path of a request."""
        compiled = self.tried(place, lambda: compile_path_template(text))
        names = frozenset(compiled.names) if compiled is not None else frozenset()
        self._check_names(place, names, scope, url=True)
        return names

    def headers(
        self, place: KeyPath, headers: Mapping[str, str], scope: Scope, *, may_be_cookies: bool = False
    ) -> frozenset[str]:
        """The headers of a request; the names that they use."""
        used: frozenset[str] = frozenset()
        for name, value in headers.items():
            here = (*place, name)
            if not _HEADER.fullmatch(name):
                self.add(here, "this is no name of a header")
            elif name.lower() in _OURS:
                self.add(here, "the program sets this header by itself")
            elif name.lower() == "cookie" and not may_be_cookies:
                self.add(here, "a cookie shows who one is: it belongs into a [credential]")
            if not value.isascii() or not value.isprintable():
                self.add(here, "only letters, digits and signs of ASCII can be sent in a header")
            used |= self.template(here, value, scope)
        return used

    def _names(self, place: KeyPath, text: str) -> frozenset[str]:
        compiled = self.tried(place, lambda: compile_template(text))
        return frozenset(compiled.names) if compiled is not None else frozenset()

    def _check_names(self, place: KeyPath, names: frozenset[str], scope: Scope, *, url: bool) -> None:
        for name in sorted(names):
            if name not in scope:
                self.lacks(place, self.unknown(name, scope))
            elif url and scope.is_secret(name):
                self.add(
                    place,
                    f"{{{name}}} is secret and may not stand in a URL, which is kept in logs on its way; "
                    "send it in a header or in the body",
                )

    def unknown(self, name: str, scope: Scope) -> str:
        """Why a variable is not known at a place."""
        first = name.partition(".")[0]
        if name in self._taken_at:
            return f"{{{name}}} is not known here yet: it is taken at {dotted(self._taken_at[name])}"
        if name in ("whoami.session", "whoami.account"):
            return f"{{{name}}} is not known here: there is no [whoami] before, or it names no `{name[7:]}`"
        if name == "password":
            return "{password} is known only while signing in and proving oneself again, and in [credential]"
        if name == "code":
            return "{code} is known only in the steps of [second_factor] and [reauthenticate]"
        if meant := did_you_mean(name, scope.names):
            return f"there is no variable {{{name}}} here; did you mean {{{meant}}}?"
        if first in _WHERE:
            return f"{{{name}}} is not known here: {_WHERE[first]}"
        return f"there is no variable {{{name}}}: nothing takes or sets it"

    # ----------------------------------------------------------------------------------- conditions

    def conditions(
        self, place: KeyPath, conditions: Sequence[Condition], allowed: Sequence[str], scope: Scope
    ) -> None:
        """A list of conditions; `allowed` are the subjects that there is something to say of here."""
        for position, condition in enumerate(conditions):
            self.condition((*place, position), condition, allowed, scope)

    def condition(
        self,
        place: KeyPath,
        condition: Condition,
        allowed: Sequence[str],
        scope: Scope,
        *,
        needed: bool = True,
    ) -> None:
        """One condition; where none is `needed` it may also be left out as a whole."""
        subjects = [name for name in SUBJECTS if getattr(condition, name) is not None]
        tests = [name for name in TESTS if getattr(condition, name) is not None]
        if len(subjects) > 1:
            self.add(place, f"a condition is about one thing, and this names {_and(subjects)}")
        for subject in subjects:
            if subject not in allowed:
                self.add((*place, subject), f"there is no {subject} to look at here; use {_or(allowed)}")
        if not subjects and "path" not in allowed:
            self.add(place, f"what is it about? Name a {_or(allowed)}")
        if len(tests) > 1:
            self.add(place, f"a condition has one test, and this has {_and(tests)}; put more under `and`")
        if not tests and (needed or subjects):
            self.add(place, f"a test is missing: {_or(TESTS)}")
        if condition.one_of == []:
            self.add((*place, "one_of"), "empty: at least one entry is needed")
        self.path((*place, "path"), condition.path)
        self.pattern((*place, "matches"), condition.matches)
        if condition.header is not None and not _HEADER.fullmatch(condition.header):
            self.add((*place, "header"), "this is no name of a header")
        if condition.variable is not None and condition.variable not in scope:
            self.lacks((*place, "variable"), self.unknown(condition.variable, scope))

    def takes(self, place: KeyPath, takes: Takes) -> None:
        """Variables that are taken from an answer."""
        for name, source in takes.items():
            self.source((*place, name), source)


_WHERE = {
    "session": "one session is known in [end.one], [end.own] and [list.detail], with what [list.values] names",
    "sessions": "several sessions are known in [end.many], with what [list.values] names",
    "parent": "parents are known in [list], with what [list.for_each] names under `values`",
    "whoami": "[whoami] has to name it, and is asked after signing in",
    "console": "there are console.name, console.version and console.id",
}


def _texts(value: Any, place: KeyPath, scope: Scope) -> Iterator[tuple[KeyPath, str, Scope]]:
    """Each text in the value with what is known there."""
    if isinstance(value, str):
        yield place, value, scope
    elif isinstance(value, dict) and value.keys() == _FOR_EACH:
        each = {
            name.replace("sessions.", "session.", 1) for name in scope.names if name.startswith("sessions.")
        }
        hidden = {
            name.replace("sessions.", "session.", 1) for name in scope.secret if name.startswith("sessions.")
        }
        yield from _texts(value["as"], (*place, "as"), scope.plus(each, hidden))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*place, key), scope)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _texts(inner, (*place, position), scope)


def _as_ours(text: str) -> str:
    """Their sentences begin with a capital and end with a full stop, ours stand behind a key and a colon."""
    text = text.removesuffix(".")
    return text[:1].lower() + text[1:] if text[:2].istitle() else text


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _or(words: Sequence[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
