#!/usr/bin/env python3
"""Brings docs/connectors.md up to date: what the built-in connector files say of themselves.

    python -m tools.connector_table

What stands between the marks `<!-- connectors -->` and `<!-- end -->` is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sessionconsole.domain.connectors import AboutConnector
from sessionconsole.domain.platforms import Field
from sessionconsole.platform.connectors.catalog import Catalog

PAGE = Path(__file__).resolve().parents[1] / "docs" / "connectors.md"
MARKS = re.compile(r"<!-- connectors -->\n.*?<!-- end -->\n", re.DOTALL)

_VERIFIED = {"real-server": "real server", "specification": "specification only", "no": "no"}
_ENDS = {"one": "one", "many": "several at once", "others": "all others"}
_METHODS = {
    "totp": "app",
    "recovery_code": "recovery code",
    "mailed_code": "mailed code",
    "password": "password",
}
_FACTS = {
    Field.PLACE: "place",
    Field.NETWORK: "network",
    Field.SIGNED_IN: "time of sign-in",
    Field.LAST_ACTIVE: "last use",
    Field.IDLE_EXPIRES: "expiry unused",
    Field.EXPIRES: "expiry",
}


def page() -> str:
    """The page as it should be."""
    catalog = Catalog()
    found = [catalog.about(name) for name in catalog.built_in()]
    made = "\n".join((*_table(found), "", *(line for about in found for line in _told(about))))
    return MARKS.sub(
        lambda _: f"<!-- connectors -->\n\n{made}\n<!-- end -->\n", PAGE.read_text(encoding="utf-8")
    )


def _table(found: list[AboutConnector]) -> Iterator[str]:
    yield "| Name | Platform | Tried on | Found by its address | Ends | Second factor | Asks once more for |"
    yield "|---|---|---|---|---|---|---|"
    for about in found:
        own = about.found_by_discovery
        cells = (
            f"[`{about.name}`](#{about.name})",
            about.title,
            _VERIFIED[about.verified],
            "yes" if about.found_by_address else "no",
            "as the platform says" if own else _ends(about),
            "as the platform says" if own else _listed(about.second_factors),
            "as the platform says" if own else _listed(about.proofs),
        )
        yield f"| {' | '.join(cells)} |"


def _told(about: AboutConnector) -> Iterator[str]:
    yield from (f'<a id="{about.name}"></a>', "", f"### {about.title}", "")
    yield f"Written from: {'; '.join(about.written_from)}."
    if about.found_by_discovery:
        yield from ("", "What it can do, the platform itself says.", "")
        return
    if about.asks:
        yield f"\nAsks for: {', '.join(asked.label for asked in about.asks)}."
    if about.keeps_password:
        yield "\nWhat is typed as the password is kept in the keyring."
    yield from ("", *(f"- {limit}" for limit in _limits(about)), "")


def _limits(about: AboutConnector) -> Iterator[str]:
    can = about.capabilities
    if can.hides_only:
        yield "Ending only takes a session off the list; its credential lives on."
    missing = [words for fact, words in _FACTS.items() if fact not in can.provides]
    if not about.tells_own_session:
        missing.append("which session is this program's own")
    if missing:
        yield f"Does not tell: {', '.join(missing)}."
    if can.last_active_note:
        yield f"The last use is told {can.last_active_note}."
    if delay := can.revocation_delay.total_seconds():
        yield f"An ended session's credential may work for {delay:g} seconds more."
    yield from about.notes


def _ends(about: AboutConnector) -> str:
    ways = ", ".join(_ENDS[way] for way in about.ends) or "nothing"
    return f"{ways} (listing only)" if about.ends and about.capabilities.hides_only else ways


def _listed(methods: tuple[str, ...]) -> str:
    return ", ".join(_METHODS[method] for method in methods) or "-"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
