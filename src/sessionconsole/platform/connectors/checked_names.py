"""Checking the variables of a connector file, and how its credentials show them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sessionconsole.platform.connectors.checked_parts import Report
from sessionconsole.platform.connectors.file_mistakes import KeyPath, dotted
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.format.signing_in import Attach
from sessionconsole.platform.connectors.mistakes import Mistake
from sessionconsole.platform.connectors.patterns import fits
from sessionconsole.platform.connectors.scopes import RESERVED, TYPED, Scope
from sessionconsole.platform.connectors.taken import Taken, secret_names
from sessionconsole.platform.connectors.templates import compile_template

_DEVICES = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""What Windows takes for a device, whatever its suffix (learn.microsoft.com: Naming Files, Paths, and Namespaces)."""
_SECRET_HEADER = re.compile(r"auth|cookie|key|pass|secret|session|sign|token")


def check_own_name(report: Report, name: str) -> None:
    """The name under which the file is kept."""
    if _DEVICES.fullmatch(name):
        report.add(("connector", "name"), "Windows can keep no file of this name; take another one")


def check_names(report: Report, file: Connector, taken: Sequence[Taken]) -> None:
    """The names and examples of variables, and what is taken in the open."""
    for key, names in (("constants", file.constants), ("variables", file.variables)):
        for name in names:
            if name in RESERVED:
                report.add((key, name), f"{{{name}}} is the program's own; take another name")
    for name in sorted(file.variables.keys() & file.constants.keys()):
        report.add(("variables", name), "there is a constant of this name")
    for name, variable in file.variables.items():
        pattern = report.pattern(("variables", name, "pattern"), variable.pattern)
        for key in ("default", "example"):
            text = getattr(variable, key)
            if pattern is not None and text is not None and not fits(pattern, text):
                report.add(("variables", name, key), "it does not look as `pattern` wants it")
        if variable.secret and variable.default is not None:
            report.add(("variables", name, "default"), "a secret does not belong into a file")
    _check_taken(report, file, taken)


def _check_taken(report: Report, file: Connector, taken: Sequence[Taken]) -> None:
    shown = _shown_as_secrets(file, taken)
    secret = {one.name: one.place for one in taken if one.secret}
    for one in taken:
        if one.name in RESERVED:
            report.add(one.place, f"{{{one.name}}} is the program's own; take another name")
        elif one.name in file.constants or one.name in file.variables:
            where = "constants" if one.name in file.constants else "variables"
            report.add(one.place, f"there is a {{{one.name}}} under [{where}] already; take another name")
        elif one.secret:
            continue
        elif one.name in secret:
            report.add(
                one.place,
                f"it is open here and secret at {dotted(secret[one.name])}; make it secret here too",
            )
        elif one.name in shown:
            report.add(
                one.place,
                f"[credential.{shown[one.name]}] shows it, so it is secret: use {_secret_key(one)}",
            )


def _shown_as_secrets(file: Connector, taken: Sequence[Taken]) -> dict[str, str]:
    """The variables that stand where a credential has its secret, each with the name of the credential.

    A name of the account may stand beside it, and may be open.
    """
    entered = {name for name, variable in file.variables.items() if variable.secret}
    secrets = entered | TYPED | secret_names(taken)
    found: dict[str, str] = {}
    for key, attach in file.credential.items():
        has_one = bool(names_shown(attach) & secrets)
        parts = [(name, names_in(text)) for name, text in attach.headers.items()]
        if attach.basic is not None:
            parts += [("username", names_in(attach.basic.username))]
            parts += [("password", names_in(attach.basic.password))]
        for header, names in parts:
            if not has_one or (_is_for_a_secret(header) and not names & secrets):
                found |= dict.fromkeys(names, key)
    return found


def check_credentials(report: Report, file: Connector, scope: Scope) -> None:
    """How requests show who sends them; scope is all that is ever known."""
    for name, attach in file.credential.items():
        place: KeyPath = ("credential", name)
        if name == "none":
            report.add(place, '"none" stands for no credential; take another name')
        report.headers((*place, "headers"), attach.headers, scope, may_be_cookies=True)
        if attach.cookies and any(header.lower() == "cookie" for header in attach.headers):
            report.add((*place, "cookies"), "there is a header Cookie already")
        if attach.basic is not None:
            for key in ("username", "password"):
                report.template((*place, "basic", key), getattr(attach.basic, key), scope)
            if any(header.lower() == "authorization" for header in attach.headers):
                report.add((*place, "basic"), "there is a header Authorization already")
        if attach.csrf is not None and not attach.cookies:
            report.lacks((*place, "csrf"), "it goes with cookies = true")
        if not attach.headers and attach.basic is None and not attach.cookies and not attach.origin:
            report.lacks(place, "it shows nothing: name headers, basic or cookies")


def _is_for_a_secret(header: str) -> bool:
    name = header.lower()
    return bool(_SECRET_HEADER.search(name)) and not name.endswith(("user", "userid", "-id", "name"))


def _secret_key(one: Taken) -> str:
    return "set_secret" if "set" in one.place[-2:] else "take_secret"


def names_shown(attach: Attach) -> frozenset[str]:
    """The variables that a credential shows."""
    texts = [*attach.headers.values()]
    if attach.basic is not None:
        texts += [attach.basic.username, attach.basic.password]
    return frozenset().union(*(names_in(text) for text in texts))


def names_in(text: str) -> frozenset[str]:
    """The variables of a template; none of one that is broken, which is told where it is checked."""
    try:
        return compile_template(text).names
    except Mistake:
        return frozenset()
