"""Checking the addresses of a connector file, as far as they are known before their variables are."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sessionconsole.platform.addresses import is_loopback
from sessionconsole.platform.connectors.checked_parts import Report
from sessionconsole.platform.connectors.file_mistakes import KeyPath
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.scopes import Scope


def check_addresses(report: Report, file: Connector, scope: Scope) -> None:
    """Where calls go, and the page that the window has a link to; scope is what is known before signing in."""
    seen: dict[str, str] = {}
    for name, text in file.base.items():
        place: KeyPath = ("base", name)
        if not text:
            report.add(place, "empty")
            continue
        report.template(place, text, scope, url=True)
        if problem := _problem(text):
            report.add(place, problem)
        if text in seen:
            report.add(place, f"the same as base.{seen[text]}")
        seen.setdefault(text, name)
    page = file.security_page
    if page is not None:
        report.template(("security_page",), page, scope, url=True)
        if problem := _problem(page, is_page=True):
            report.add(("security_page",), problem)


def _problem(text: str, *, is_page: bool = False) -> str | None:
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
    if parts.scheme == "http" and not is_loopback(host):
        return "http is not protected, and is allowed only on this computer; use https"
    if parts.username is not None or parts.password is not None:
        return "an address has no user name and no password in it"
    if not is_page and (parts.query or parts.fragment):
        return 'an address of calls has no "?" and no "#"'
    return None
