"""Whether a connector file makes sense: what its types cannot say, all mistakes at once.

It follows the order of the calls, so that every variable that a request needs is known there, and no secret gets into
a URL. A variable counts as known where some answer before may have given it: which of two steps is taken, is not known
here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from sessionconsole.platform.connectors.checked_calls import CallChecker
from sessionconsole.platform.connectors.checked_lists import check_listing, check_results
from sessionconsole.platform.connectors.checked_parts import Report
from sessionconsole.platform.connectors.file_mistakes import FileMistake, KeyPath, dotted
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.format.parts import Call, Outcome
from sessionconsole.platform.connectors.format.signing_in import Attach, ProofWay, Step
from sessionconsole.platform.connectors.mistakes import Mistake
from sessionconsole.platform.connectors.patterns import fits
from sessionconsole.platform.connectors.scopes import ALWAYS, RESERVED, TYPED, Scope
from sessionconsole.platform.connectors.taken import (
    FACTORS,
    PROOFS,
    Taken,
    all_taken,
    taken_by_call,
    taken_by_common_rows,
    taken_by_factors,
    taken_by_proofs,
)
from sessionconsole.platform.connectors.templates import compile_template
from sessionconsole.platform.connectors.words import Kind

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SECRET_HEADER = re.compile(r"auth|cookie|key|pass|secret|session|sign|token")
_NEEDED = ("sign_in", "list")


def check(connector: Connector, *, whole: bool = True) -> list[FileMistake]:
    """All mistakes, none where the file makes sense.

    Where it is not the `whole` file, because a part of it could not be read, nothing is said of what is missing.
    """
    return _Checking(connector, whole=whole).mistakes()


class _Checking:
    def __init__(self, connector: Connector, *, whole: bool) -> None:
        self._file = connector
        self._taken = list(all_taken(connector))
        places: dict[str, KeyPath] = {}
        for one in self._taken:
            places.setdefault(one.name, one.place)
        self._report = Report(places, whole=whole)
        shown = {name: _names(attach) for name, attach in connector.credential.items()}
        self._calls = CallChecker(self._report, connector.base.keys(), shown)
        self._always = Scope(
            ALWAYS | connector.constants.keys() | {n for n, v in connector.variables.items() if not v.secret},
            frozenset(name for name, variable in connector.variables.items() if variable.secret),
        )

    def mistakes(self) -> list[FileMistake]:
        """Walks through the file in the order in which it is carried out."""
        if self._file.connector.protocol == "console-api":
            self._nothing_but_about()
            return self._report.mistakes
        self._names_of_variables()
        self._bases()
        self._report.headers(("headers",), self._file.headers, self._always)
        self._common()
        self._sections()
        self._detect()
        self._signed_in(self._sign_in())
        self._security_page()
        self._words_and_sections()
        return self._report.mistakes

    # ------------------------------------------------------------------------------- the whole file

    def _nothing_but_about(self) -> None:
        for name in sorted(self._file.model_fields_set - {"format", "connector", "capabilities", "detect"}):
            key = type(self._file).model_fields[name].alias or name
            self._report.add((key,), 'nothing of this is used where the protocol is "console-api"')

    def _sections(self) -> None:
        for key in _NEEDED:
            if getattr(self._file, "listing" if key == "list" else key) is None:
                self._report.lacks(
                    (key,), "missing: a connector says how one signs in, and how the list is read"
                )
        if "default" not in self._file.credential and any(
            call.credential == "default" for _, call in self._all_calls()
        ):
            self._report.lacks(
                ("credential", "default"),
                "missing: calls that name no credential show this one, and there is none",
            )
        end = self._file.end
        if end is not None and end.one is None and end.many is None and end.others is None:
            self._report.lacks(
                ("end",), "there is no way to end a session: name one, many or others, or leave it out"
            )
        if end is not None and not self._file.capabilities.may_end:
            self._report.add(("end",), "capabilities.may_end says that nobody may end sessions")

    def _all_calls(self) -> Iterator[tuple[KeyPath, Call]]:
        file = self._file
        for position, step in enumerate(file.sign_in.steps if file.sign_in else ()):
            if step.call is not None:
                yield ("sign_in", "steps", position, "call"), step.call
        calls: list[tuple[KeyPath, Call | None]] = [
            (("whoami",), file.whoami),
            (("sign_out",), file.sign_out),
        ]
        if file.listing is not None:
            calls += [(("list",), file.listing), (("list", "detail"), file.listing.detail)]
            calls += [(("list", "for_each"), file.listing.for_each)]
        if file.end is not None:
            calls += [(("end", key), getattr(file.end, key)) for key in ("one", "many", "others", "own")]
        yield from ((place, call) for place, call in calls if call is not None)

    def _names_of_variables(self) -> None:
        file = self._file
        for key, names in (("constants", file.constants), ("variables", file.variables)):
            for name in names:
                if name in RESERVED:
                    self._report.add((key, name), f"{{{name}}} is the program's own; take another name")
        for name in file.variables.keys() & file.constants.keys():
            self._report.add(("variables", name), "there is a constant of this name")
        for name, variable in file.variables.items():
            pattern = self._report.pattern(("variables", name, "pattern"), variable.pattern)
            for key in ("default", "example"):
                text = getattr(variable, key)
                if pattern is not None and text is not None and not fits(pattern, text):
                    self._report.add(("variables", name, key), "it does not look as `pattern` wants it")
            if variable.secret and variable.default is not None:
                self._report.add(("variables", name, "default"), "a secret does not belong into a file")
        self._taken_variables()

    def _taken_variables(self) -> None:
        file = self._file
        shown = self._shown_as_secrets()
        secret = {one.name: one.place for one in self._taken if one.secret}
        for one in self._taken:
            if one.name in RESERVED:
                self._report.add(one.place, f"{{{one.name}}} is the program's own; take another name")
            elif one.name in file.constants or one.name in file.variables:
                where = "constants" if one.name in file.constants else "variables"
                self._report.add(
                    one.place, f"there is a {{{one.name}}} under [{where}] already; take another name"
                )
            elif one.secret:
                continue
            elif one.name in secret:
                self._report.add(
                    one.place,
                    f"it is open here and secret at {dotted(secret[one.name])}; make it secret here too",
                )
            elif one.name in shown:
                self._report.add(
                    one.place,
                    f"[credential.{shown[one.name]}] shows it, so it is secret: use {_secret_key(one)}",
                )

    def _shown_as_secrets(self) -> dict[str, str]:
        """The variables that stand where a credential has its secret, each with the name of the credential.

        A name of the account may stand beside it, and may be open.
        """
        secrets = self._always.secret | TYPED | _secret(self._taken)
        found: dict[str, str] = {}
        for key, attach in self._file.credential.items():
            has_one = bool(_names(attach) & secrets)
            parts = [(name, _names_in(text)) for name, text in attach.headers.items()]
            if attach.basic is not None:
                parts += [("username", _names_in(attach.basic.username))]
                parts += [("password", _names_in(attach.basic.password))]
            for header, names in parts:
                if not has_one or (_is_for_a_secret(header) and not names & secrets):
                    found |= dict.fromkeys(names, key)
        return found

    def _bases(self) -> None:
        scope = self._always
        seen: dict[str, str] = {}
        for name, text in self._file.base.items():
            place: KeyPath = ("base", name)
            if not text:
                self._report.add(place, "empty")
                continue
            self._report.template(place, text, scope, url=True)
            if problem := _base_problem(text):
                self._report.add(place, problem)
            if text in seen:
                self._report.add(place, f"the same as base.{seen[text]}")
            seen.setdefault(text, name)

    def _common(self) -> None:
        scope = self._always.plus({"username", *_open(self._taken)}, _secret(self._taken))
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
        used |= _names_in(self._file.base.get(detect.base, ""))
        for name in sorted(used & self._file.variables.keys()):
            if self._file.variables[name].default is None:
                self._report.add(
                    ("detect",),
                    f"{{{name}}} is not known yet: it is asked for when the kind of platform is known",
                )

    def _security_page(self) -> None:
        page = self._file.security_page
        if page is None:
            return
        self._report.template(("security_page",), page, self._always, url=True)
        if problem := _base_problem(page, is_page=True):
            self._report.add(("security_page",), problem)

    # ------------------------------------------------------------------------------------ signing in

    def _sign_in(self) -> Scope:
        scope = self._always.plus({"username"}, {"password"})
        at_the_question = None
        for position, step in enumerate(self._file.sign_in.steps if self._file.sign_in else ()):
            place: KeyPath = ("sign_in", "steps", position)
            scope = self._step(place, step, Kind.SIGN_IN, scope)
            if step.call is not None and any(row.means == "second-factor" for row in step.call.outcomes):
                at_the_question = scope
                scope = _plus(scope, taken_by_factors(self._file))
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
        after = _plus(scope, [*taken_by_common_rows(file), *taken_by_factors(file), *taken_by_proofs(file)])
        after = _plus(after, taken_by_call((), file.refresh.call if file.refresh else None))
        self._credentials(after)
        after = after.without(TYPED)
        self._refresh(after)
        after = self._whoami(after)
        after = self._list(after)
        after = self._end(after)
        self._reauthenticate(after)
        if file.sign_out is not None:
            self._calls.check(("sign_out",), file.sign_out, Kind.SIGN_OUT, after)

    def _credentials(self, scope: Scope) -> None:
        everything = _plus(scope.plus(secret={"password"}), self._taken)
        for name, attach in self._file.credential.items():
            place: KeyPath = ("credential", name)
            if name == "none":
                self._report.add(place, '"none" stands for no credential; take another name')
            self._report.headers((*place, "headers"), attach.headers, everything, may_be_cookies=True)
            if attach.cookies and any(header.lower() == "cookie" for header in attach.headers):
                self._report.add((*place, "cookies"), "there is a header Cookie already")
            if attach.basic is not None:
                for key in ("username", "password"):
                    self._report.template((*place, "basic", key), getattr(attach.basic, key), everything)
                if any(header.lower() == "authorization" for header in attach.headers):
                    self._report.add((*place, "basic"), "there is a header Authorization already")
            if attach.csrf is not None and not attach.cookies:
                self._report.lacks((*place, "csrf"), "it goes with cookies = true")
            if not attach.headers and attach.basic is None and not attach.cookies and not attach.origin:
                self._report.lacks(place, "it shows nothing: name headers, basic or cookies")

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
        check_listing(self._report, ("list",), listing, parents)
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

    # ---------------------------------------------------------------------------- words and sections

    def _words_and_sections(self) -> None:
        """Words that need a section which is not there, and sections that no word leads to."""
        file = self._file
        rows = list(self._rows())
        said = {row.means for _, row in rows}
        for word, key, section in (
            ("second-factor", "second_factor", file.second_factor),
            ("reauthenticate", "reauthenticate", file.reauthenticate),
            ("reauthenticate-or-dead", "whoami", file.whoami),
        ):
            if section is None:
                for place, row in rows:
                    if row.means == word:
                        self._report.lacks((*place, "is"), f'"{word}" needs a [{key}], and there is none')
        if file.second_factor is not None:
            if "second-factor" not in said:
                self._report.lacks(
                    ("second_factor",), 'no row means "second-factor", so it is never asked for'
                )
            if not any(getattr(file.second_factor, key) for key in FACTORS):
                self._report.lacks(("second_factor",), f"name a way: {', '.join(FACTORS)}")
        if file.reauthenticate is not None and not said & {"reauthenticate", "reauthenticate-or-dead"}:
            self._report.lacks(("reauthenticate",), 'no row means "reauthenticate", so it is never asked for')

    def _rows(self) -> Iterator[tuple[KeyPath, Outcome]]:
        for position, row in enumerate(self._file.outcomes):
            yield ("outcomes", position), row
        for place, call in self._all_calls():
            for position, row in enumerate(call.outcomes):
                yield (*place, "outcomes", position), row


def _plus(scope: Scope, taken: Iterable[Taken]) -> Scope:
    every = list(taken)
    return scope.plus(_open(every), _secret(every))


def _open(taken: Iterable[Taken]) -> set[str]:
    return {one.name for one in taken if not one.secret}


def _secret(taken: Iterable[Taken]) -> set[str]:
    return {one.name for one in taken if one.secret}


def _is_for_a_secret(header: str) -> bool:
    name = header.lower()
    return bool(_SECRET_HEADER.search(name)) and not name.endswith(("user", "userid", "-id", "name"))


def _secret_key(one: Taken) -> str:
    return "set_secret" if "set" in one.place[-2:] else "take_secret"


def _names(attach: Attach) -> frozenset[str]:
    """The variables that a credential shows."""
    texts = [*attach.headers.values()]
    if attach.basic is not None:
        texts += [attach.basic.username, attach.basic.password]
    return frozenset().union(*(_names_in(text) for text in texts))


def _names_in(text: str) -> frozenset[str]:
    """The variables of a template; none of one that is broken, which is told where it is checked."""
    try:
        return compile_template(text).names
    except Mistake:
        return frozenset()


def _base_problem(text: str, *, is_page: bool = False) -> str | None:
    """What is wrong with an address, as far as it can be seen before its variables are known."""
    if text.startswith("{"):
        if not is_page and re.search(r"[?#]", text):
            return 'an address of calls has no "?" and no "#"'
        return None
    constant = re.sub(r"\{[^{}]*\}", "x", text)
    try:
        parts = urlsplit(constant)
        host = parts.hostname
    except ValueError:
        return "this is no web address"
    if parts.scheme not in ("https", "http") or not host:
        return "expected {address}, {origin} or an address that begins with https://"
    if parts.scheme == "http" and host not in _LOOPBACK:
        return "http is not protected, and is allowed only on this computer; use https"
    if parts.username is not None or parts.password is not None:
        return "an address has no user name and no password in it"
    if not is_page and (parts.query or parts.fragment):
        return 'an address of calls has no "?" and no "#"'
    return None
