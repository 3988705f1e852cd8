"""Whether a connector file makes sense: what its types cannot say, all mistakes at once.

It follows the order of the calls, so that every variable that a request needs is known there, and no secret gets into
a URL. A variable counts as known where some answer before may have given it: which of two steps is taken, is not known
here.
"""

from __future__ import annotations

from collections.abc import Iterable

from sessionconsole.platform.connectors.checked_addresses import check_addresses
from sessionconsole.platform.connectors.checked_calls import CallChecker
from sessionconsole.platform.connectors.checked_lists import check_listing, check_results
from sessionconsole.platform.connectors.checked_names import (
    check_credentials,
    check_names,
    check_own_name,
    names_in,
    names_shown,
)
from sessionconsole.platform.connectors.checked_parts import Report
from sessionconsole.platform.connectors.checked_sections import check_sections, check_unused
from sessionconsole.platform.connectors.file_mistakes import FileMistake, KeyPath
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.format.parts import Call
from sessionconsole.platform.connectors.format.signing_in import ProofWay, Step
from sessionconsole.platform.connectors.scopes import ALWAYS, TYPED, Scope
from sessionconsole.platform.connectors.taken import (
    FACTORS,
    PROOFS,
    Taken,
    all_taken,
    open_names,
    secret_names,
    steps_of_factors,
    steps_of_proofs,
    steps_of_sign_in,
    taken_by_call,
    taken_by_common_rows,
    taken_by_steps,
)
from sessionconsole.platform.connectors.words import Kind


def check(connector: Connector, *, whole: bool = True) -> list[FileMistake]:
    """All mistakes, none where the file makes sense.

    Where it is not the `whole` file, because a part of it could not be read, nothing is said of what is missing.
    """
    return _Checking(connector, whole=whole).mistakes()


class _Checking:
    def __init__(self, connector: Connector, *, whole: bool) -> None:
        self._file = connector
        self._taken = list(all_taken(connector))
        self._by_factors = list(taken_by_steps(steps_of_factors(connector)))
        places: dict[str, KeyPath] = {}
        for one in self._taken:
            places.setdefault(one.name, one.place)
        self._report = Report(places, whole=whole)
        shown = {name: names_shown(attach) for name, attach in connector.credential.items()}
        self._calls = CallChecker(self._report, connector.base.keys(), shown)
        self._always = Scope(
            ALWAYS | connector.constants.keys() | {n for n, v in connector.variables.items() if not v.secret},
            frozenset(name for name, variable in connector.variables.items() if variable.secret),
        )

    def mistakes(self) -> list[FileMistake]:
        """Walks through the file in the order in which it is carried out."""
        check_own_name(self._report, self._file.connector.name)
        if self._file.connector.protocol == "console-api":
            check_unused(self._report, self._file)
            return self._report.mistakes
        check_sections(self._report, self._file)
        check_names(self._report, self._file, self._taken)
        check_addresses(self._report, self._file, self._always)
        self._report.headers(("headers",), self._file.headers, self._always)
        self._common()
        self._detect()
        self._signed_in(self._sign_in())
        return self._report.mistakes

    def _common(self) -> None:
        scope = self._always.plus({"username", *open_names(self._taken)}, secret_names(self._taken))
        rows = self._file.outcomes
        for position, row in enumerate(rows):
            self._calls.row(("outcomes", position), row, Kind.COMMON, scope)
        self._calls.reached(("outcomes",), rows)
        self._calls.retry_after(("rate_limit",), self._file.rate_limit)
        self._report.path(("errors", "message"), self._file.errors.message)
        self._report.path(("errors", "code"), self._file.errors.code)

    def _detect(self) -> None:
        """Asked of an address before anything else was entered."""
        detect = self._file.detect
        if detect is None:
            return
        used = self._calls.check(("detect",), detect, Kind.DETECT, self._always)
        # What it takes is known to all later calls.
        self._always = _plus(self._always, taken_by_call((), detect))
        used |= names_in(self._file.base.get(detect.base, ""))
        # Those of all calls go with it too, except where it has one of that name itself.
        own = {header.lower() for header in detect.headers}
        for header, template in self._file.headers.items():
            used |= set() if header.lower() in own else names_in(template)
        for name in sorted(used & self._file.variables.keys()):
            if self._file.variables[name].default is None:
                self._report.add(
                    ("detect",),
                    f"{{{name}}} is not known yet: it is asked for when the kind of platform is known; "
                    "do without it here and in [headers], or leave [detect] out",
                )

    # ------------------------------------------------------------------------------------ signing in

    def _sign_in(self) -> Scope:
        scope = self._always.plus({"username"}, {"password"})
        at_the_question = None
        for place, step in steps_of_sign_in(self._file):
            scope = self._step(place, step, Kind.SIGN_IN, scope)
            if step.call is not None and any(row.means == "second-factor" for row in step.call.outcomes):
                at_the_question = scope
                scope = _plus(scope, self._by_factors)
        self._second_factor(at_the_question or scope)
        return scope

    def _second_factor(self, scope: Scope) -> None:
        for key in FACTORS:
            way = getattr(self._file.second_factor, key, None)
            if way is None:
                continue
            place: KeyPath = ("second_factor", key)
            here = scope
            if way.send is not None:
                here = self._step((*place, "send"), way.send, Kind.SEND, here)
            here = here.plus(secret={"code"})
            for position, step in enumerate(way.steps):
                here = self._step((*place, "steps", position), step, Kind.FACTOR, here)

    def _step(self, place: KeyPath, step: Step, kind: Kind, scope: Scope) -> Scope:
        """What is known after the step."""
        if not step.set and not step.set_secret and step.call is None:
            self._report.lacks(place, "this step does nothing: it has neither a call, nor set or set_secret")
        if step.only_if is not None:
            self._report.condition((*place, "only_if"), step.only_if, ("variable",), scope)
        for name, text in step.set.items():
            used = self._report.template((*place, "set", name), text, scope)
            for secret in sorted(used & scope.secret):
                self._report.add(
                    (*place, "set", name), f"{{{secret}}} is secret, and so is this: use set_secret"
                )
        for name, text in step.set_secret.items():
            self._report.template((*place, "set_secret", name), text, scope.plus(step.set))
        scope = scope.plus(step.set, step.set_secret)
        if step.call is not None:
            self._calls.check((*place, "call"), step.call, kind, scope)
        return _plus(scope, taken_by_call((*place, "call"), step.call))

    # ------------------------------------------------------------------------------------- signed in

    def _signed_in(self, scope: Scope) -> None:
        """Checks all that happens after signing in."""
        file = self._file
        after = _plus(
            scope, [*taken_by_common_rows(file), *self._by_factors, *taken_by_steps(steps_of_proofs(file))]
        )
        after = _plus(after, taken_by_call((), file.refresh.call if file.refresh else None))
        ever = _plus(after.plus(secret={"password"}), self._taken)
        check_credentials(self._report, file, ever)
        after = after.without(TYPED)
        self._refresh(after)
        after = self._whoami(after)
        after = self._list(after)
        after = self._end(after)
        self._reauthenticate(after)
        if file.sign_out is not None:
            self._calls.check(("sign_out",), file.sign_out, Kind.SIGN_OUT, after)

    def _refresh(self, scope: Scope) -> None:
        refresh = self._file.refresh
        if refresh is None:
            return
        self._calls.check(("refresh", "call"), refresh.call, Kind.REFRESH, scope)
        if refresh.token not in scope.secret:
            self._report.lacks(("refresh", "token"), f"nothing takes a secret variable {{{refresh.token}}}")
        elif refresh.rotates and refresh.token not in {one.name for one in taken_by_call((), refresh.call)}:
            self._report.lacks(
                ("refresh", "call", "take_secret"),
                f"the new {{{refresh.token}}} is not taken; take it, or say rotates = false",
            )
        if refresh.expires_in is not None and refresh.expires_in not in scope:
            self._report.lacks(("refresh", "expires_in"), self._report.unknown(refresh.expires_in, scope))

    def _whoami(self, scope: Scope) -> Scope:
        whoami = self._file.whoami
        if whoami is None:
            return scope
        self._calls.check(("whoami",), whoami, Kind.WHOAMI, scope)
        for key in ("account", "name", "session"):
            self._report.path(("whoami", key), getattr(whoami, key))
        if whoami.may_end is not None:
            self._report.condition(("whoami", "may_end"), whoami.may_end, ("path", "header"), scope)
        named = {"whoami.account"} if whoami.account is not None else set()
        scope = _plus(scope.plus(named), taken_by_call((), whoami))
        if whoami.session is None:
            return scope
        # Compared with an id that is a live credential, it is one itself.
        is_secret = self._file.listing is not None and self._file.listing.id_is_secret
        return scope.plus(secret={"whoami.session"}) if is_secret else scope.plus({"whoami.session"})

    def _list(self, scope: Scope) -> Scope:
        listing = self._file.listing
        if listing is None:
            return scope
        if listing.own is not None and self._file.whoami is None:
            self._report.lacks(("list", "own"), "it stands in the answer to [whoami], and there is none")
        if listing.for_each is not None:
            self._calls.check(("list", "for_each"), listing.for_each, Kind.PARENTS, scope)
            scope = _plus(scope, taken_by_call((), listing.for_each))
            parents = scope.plus({f"parent.{name}" for name in listing.for_each.values})
            used = self._calls.check(("list",), listing, Kind.LIST_OF_EACH, parents)
            if not any(name.startswith("parent.") for name in used):
                self._report.lacks(
                    ("list", "for_each"), "the list is asked for each, and uses no {parent.NAME}"
                )
        else:
            parents = scope
            self._calls.check(("list",), listing, Kind.LIST, scope)
        check_listing(self._report, ("list",), listing, _plus(parents, taken_by_call((), listing)))
        if listing.detail is not None:
            self._calls.check(("list", "detail"), listing.detail, Kind.DETAIL, self._one_session(parents))
        return _plus(scope, taken_by_call((), listing))

    def _one_session(self, scope: Scope, word: str = "session") -> Scope:
        listing = self._file.listing
        if listing is None:
            return scope.plus({f"{word}.id"})
        hidden = {f"{word}.{name}" for name in listing.secret_values}
        known = {f"{word}.{name}" for name in listing.values}
        (hidden if listing.id_is_secret else known).add(f"{word}.id")
        return scope.plus(known, hidden)

    def _end(self, scope: Scope) -> Scope:
        end = self._file.end
        if end is None:
            return scope
        for key in ("one", "own"):
            call: Call | None = getattr(end, key)
            if call is not None:
                used = self._calls.check(("end", key), call, Kind.END, self._one_session(scope))
                self._method_of_end(("end", key), call)
                if key == "one" and not any(name.startswith("session.") for name in used):
                    self._report.lacks(("end", key), "it does not say which session: use {session.id}")
        if end.many is not None:
            place: KeyPath = ("end", "many")
            several = self._one_session(scope, "sessions")
            used = self._calls.check(place, end.many, Kind.END, several)
            self._method_of_end(place, end.many)
            if not any(name.partition(".")[0] == "sessions" for name in used):
                self._report.lacks(
                    place, "it does not say which sessions: use {sessions.id}, or for_each and as"
                )
            if end.many.results is not None:
                check_results(self._report, (*place, "results"), end.many.results, several)
        if end.others is not None:
            self._calls.check(("end", "others"), end.others, Kind.END, scope)
            self._method_of_end(("end", "others"), end.others)
        calls = (end.one, end.many, end.others, end.own)
        return _plus(scope, (one for call in calls for one in taken_by_call((), call)))

    def _method_of_end(self, place: KeyPath, call: Call) -> None:
        if "method" not in call.model_fields_set:
            self._report.lacks((*place, "method"), "missing: say it here, where something is changed")

    def _reauthenticate(self, scope: Scope) -> None:
        again = self._file.reauthenticate
        if again is None:
            return
        ways = {key: getattr(again, key) for key in PROOFS if getattr(again, key) is not None}
        if not ways and again.way != "sign-in":
            self._report.lacks(("reauthenticate",), f"name what is asked for: {', '.join(PROOFS)}")
        for key, way in ways.items():
            place: KeyPath = ("reauthenticate", key)
            known = scope.plus(secret={"password" if key == "password" else "code"})
            self._way_fits(place, way, again.way)
            for name, value in way.merge.items():
                self._report.template((*place, "merge", name), value, known)
            for position, step in enumerate(way.steps):
                known = self._step((*place, "steps", position), step, Kind.PROOF, known)

    def _way_fits(self, place: KeyPath, way: ProofWay, how: str) -> None:
        wanted = {"step": "steps", "merge": "merge"}.get(how)
        for key in ("steps", "merge"):
            given = bool(getattr(way, key))
            if given and key != wanted:
                self._report.add((*place, key), f'it does not go with way = "{how}"')
            elif not given and key == wanted:
                self._report.lacks((*place, key), f'missing: way = "{how}" needs it')


def _plus(scope: Scope, taken: Iterable[Taken]) -> Scope:
    every = list(taken)
    return scope.plus(open_names(every), secret_names(every))
