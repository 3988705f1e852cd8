"""Checking the calls of a connector file: the request, and the table of what its answers mean."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sessionconsole.platform.connectors.checked_parts import SUBJECTS, TESTS, Report
from sessionconsole.platform.connectors.file_mistakes import KeyPath
from sessionconsole.platform.connectors.format.listing import WhoAmI
from sessionconsole.platform.connectors.format.parts import Call, Outcome, RetryAfter, TakeFrom
from sessionconsole.platform.connectors.scopes import Scope
from sessionconsole.platform.connectors.sentences import did_you_mean
from sessionconsole.platform.connectors.words import ALLOWED, Kind

NO_CREDENTIAL = "none"
_ALL_STATUSES = frozenset(range(100, 600))
_CLASS = re.compile(r"([1-5])xx")
_ASKS_FOR_WAYS = ("second-factor", "reauthenticate")


@dataclass(frozen=True, slots=True)
class CallChecker:
    """Checks calls against the bases and credentials of the file; `shown` are the names that each credential uses."""

    report: Report
    bases: Collection[str]
    shown: Mapping[str, frozenset[str]]

    def check(self, place: KeyPath, call: Call, kind: Kind, scope: Scope) -> frozenset[str]:
        """One call with what is known before it is sent; the names that its request uses, credential aside."""
        report = self.report
        names = report.path_template((*place, "path"), call.path, scope)
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", call.path):
            report.add((*place, "path"), "this is a whole address; put its beginning under [base]")
        if "#" in call.path:
            report.add((*place, "path"), 'what stands behind "#" is never sent')
        for key, value in call.query.items():
            names |= report.template((*place, "query", key), value, scope, url=True)
        names |= report.headers((*place, "headers"), call.headers, scope)
        if call.json_body is not None:
            names |= report.template((*place, "json"), call.json_body, scope)
        for key, value in (call.form or {}).items():
            names |= report.template((*place, "form", key), value, scope)
        self._body(place, call)
        self._answer(place, call, kind)
        self._base_and_credential(place, call, kind, scope)
        for key, takes in (("take", call.take), ("take_secret", call.take_secret)):
            report.takes((*place, key), takes)
            self._takes_from_body((*place, key), call, takes)
        self._in_the_open(place, call)
        self._table(place, call, kind, scope)
        return names

    def _in_the_open(self, place: KeyPath, call: Call) -> None:
        """What is taken as a secret must not be taken in the open as well, not even under another name."""
        parts: list[tuple[KeyPath, Call | Outcome]] = [(place, call)]
        parts += [((*place, "outcomes", n), row) for n, row in enumerate(call.outcomes)]
        secret = {
            source: name
            for _, part in parts
            for name, take in part.take_secret.items()
            for source in _sources(take)
        }
        for here, part in parts:
            for name, take in part.take.items():
                for source in _sources(take):
                    if source in secret and name != secret[source]:
                        self.report.add(
                            (*here, "take", name),
                            f"{source} is taken as {{{secret[source]}}} too, which is secret: use take_secret",
                        )

    def _answer(self, place: KeyPath, call: Call, kind: Kind) -> None:
        reads_it = kind in (Kind.LIST, Kind.LIST_OF_EACH, Kind.PARENTS, Kind.DETAIL) or (
            isinstance(call, WhoAmI) and any((call.account, call.name, call.session))
        )
        if reads_it and call.answer != "json":
            self.report.add((*place, "answer"), "the body is read by paths here, so it has to be JSON")

    def _body(self, place: KeyPath, call: Call) -> None:
        if call.json_body is not None and call.form is not None:
            self.report.add((*place, "form"), "a request has one body: json or form")
        for key, body in (("json", call.json_body), ("form", call.form)):
            if body is not None and call.method == "GET":
                self.report.add((*place, key), "a GET has no body; add a method, or use query")

    def _base_and_credential(self, place: KeyPath, call: Call, kind: Kind, scope: Scope) -> None:
        if call.base not in self.bases:
            self.report.lacks((*place, "base"), _no_such("base", call.base, self.bases))
        if kind is Kind.DETECT or call.credential == NO_CREDENTIAL:
            return
        names = self.shown.get(call.credential)
        if names is None:
            if call.credential != "default":
                self.report.add(
                    (*place, "credential"),
                    _no_such("credential", call.credential, [*self.shown, NO_CREDENTIAL]),
                )
            return
        missing = sorted(name for name in names if name not in scope)
        if missing and kind in (Kind.SIGN_IN, Kind.SEND, Kind.FACTOR):
            self.report.lacks(
                (*place, "credential"),
                f"[credential.{call.credential}] shows {{{missing[0]}}}, which is not known here yet; "
                'write credential = "none" or name another one',
            )

    # --------------------------------------------------------------------------------------- tables

    def _table(self, place: KeyPath, call: Call, kind: Kind, scope: Scope) -> None:
        rows = (*place, "outcomes")
        for position, row in enumerate(call.outcomes):
            here = (*rows, position)
            self.row(here, row, kind, scope)
            self._row_reads_body(here, call, row)
        # A step that is there to turn somebody away has no other answer.
        turns_away = kind is Kind.SIGN_IN and all(row.means == "not-allowed" for row in call.outcomes)
        if not turns_away and not any(row.means == "ok" for row in call.outcomes):
            self.report.lacks(rows, 'no row is "ok": say which answer means that it was done')
        self.reached(rows, call.outcomes)

    def row(self, place: KeyPath, row: Outcome, kind: Kind, scope: Scope) -> None:
        """One row of a table."""
        report = self.report
        if kind is Kind.COMMON and row.means == "ok":
            report.add((*place, "is"), 'no common row can be "ok": each call says by itself which answer is')
        elif kind not in ALLOWED[row.means]:
            where = sorted(kind.value for kind in ALLOWED[row.means])
            report.add(
                (*place, "is"), f'"{row.means}" cannot be said here; it may stand at {", ".join(where)}'
            )
        if row.means == "ok" and row.status is None and not _tests(row):
            report.add(place, 'any answer at all would be "ok", an error page too; say which status')
        self._status((*place, "status"), row)
        report.condition(place, row, SUBJECTS, scope, needed=False)
        report.conditions((*place, "and"), row.also, SUBJECTS, scope)
        report.takes((*place, "take"), row.take)
        report.takes((*place, "take_secret"), row.take_secret)
        report.path((*place, "methods"), row.methods)
        if row.methods is not None and row.means not in _ASKS_FOR_WAYS:
            report.add(
                (*place, "methods"), 'ways are offered only where `is` is "second-factor" or "reauthenticate"'
            )
        self.retry_after((*place, "retry_after"), row.retry_after)

    def retry_after(self, place: KeyPath, retry: RetryAfter | None) -> None:
        """Where the platform says how long to wait."""
        if retry is None:
            return
        self.report.path((*place, "path"), retry.path)
        if retry.header is not None and retry.path is not None:
            self.report.add(place, "name a header or a path, not both")

    def reached(self, place: KeyPath, rows: Sequence[Outcome]) -> None:
        """Each row has to have answers that no row before it takes."""
        taken: dict[int, int] = {}
        for position, row in enumerate(rows):
            statuses = statuses_of(row)
            before = {taken[status] for status in statuses if status in taken}
            if statuses and before and statuses <= taken.keys():
                earlier = ", ".join(f"[{number}]" for number in sorted(before))
                self.report.add(
                    (*place, position), f"never reached: the row {earlier} takes all of its answers before it"
                )
                continue
            same = next((n for n, other in enumerate(rows[:position]) if _same_answers(row, other)), None)
            if same is not None:
                self.report.add(
                    (*place, position), f"never reached: the row [{same}] has the same conditions"
                )
            if not _tests(row):
                taken |= dict.fromkeys(statuses - taken.keys(), position)

    def _status(self, place: KeyPath, row: Outcome) -> None:
        if row.status is None:
            return
        listed = isinstance(row.status, list)
        if row.status == []:
            self.report.add(place, "empty: at least one entry is needed")
        for position, status in enumerate(_listed(row.status)):
            if not _one(status):
                self.report.add(
                    (*place, position) if listed else place,
                    'expected a number from 100 to 599 without quotes, or a class such as "2xx"',
                )

    def _row_reads_body(self, place: KeyPath, call: Call, row: Outcome) -> None:
        if call.answer == "json":
            return
        conditions = [
            (place, row),
            *(((*place, "and", n), condition) for n, condition in enumerate(row.also)),
        ]
        for here, condition in conditions:
            about_body = condition.path is not None and condition.path != "."
            if about_body or (call.answer == "none" and condition.path is not None):
                self.report.add(
                    (*here, "path"), f'the body is not read as JSON here: `answer` is "{call.answer}"'
                )
        for key, takes in (("take", row.take), ("take_secret", row.take_secret)):
            self._takes_from_body((*place, key), call, takes)

    def _takes_from_body(self, place: KeyPath, call: Call, takes: Mapping[str, str | TakeFrom]) -> None:
        unread = {"json": (), "text": ("body:",), "none": ("body:", "text")}[call.answer]
        for name, source in takes.items():
            text = source.source if isinstance(source, TakeFrom) else source
            if any(part.strip().startswith(kind) for part in text.split("||") for kind in unread):
                self.report.add((*place, name), f'the body is not read this way: `answer` is "{call.answer}"')


def statuses_of(row: Outcome) -> frozenset[int]:
    """The statuses that a row is for."""
    if row.status is None:
        return _ALL_STATUSES
    return frozenset().union(*(_one(status) for status in _listed(row.status)))


def _listed(status: int | str | list[int | str] | None) -> list[int | str]:
    return status if isinstance(status, list) else [] if status is None else [status]


def _one(status: int | str) -> frozenset[int]:
    if isinstance(status, str):
        found = _CLASS.fullmatch(status)
        return frozenset(range(int(found[1]) * 100, int(found[1]) * 100 + 100)) if found else frozenset()
    return frozenset({status}) & _ALL_STATUSES


def _tests(row: Outcome) -> bool:
    return bool(row.also) or any(getattr(row, name) is not None for name in TESTS)


def _same_answers(row: Outcome, other: Outcome) -> bool:
    names = (*SUBJECTS, *TESTS, "also")
    return statuses_of(row) <= statuses_of(other) and all(
        _typed(getattr(row, name)) == _typed(getattr(other, name)) for name in names
    )


def _typed(value: object) -> tuple[type, object]:
    return type(value), value


def _sources(take: str | TakeFrom) -> list[str]:
    text = take.source if isinstance(take, TakeFrom) else take
    return [] if isinstance(take, TakeFrom) and take.pattern else [part.strip() for part in text.split("||")]


def _no_such(what: str, name: str, names: Collection[str]) -> str:
    known = list(names)
    meant = did_you_mean(name, known)
    hint = f'did you mean "{meant}"?' if meant else f"there are: {', '.join(known)}"
    return f'there is no [{what}] of the name "{name[:40]}"; {hint}'
