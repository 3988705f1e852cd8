"""The journal for others to read: as JSON, by which anybody can prove it, and as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from sessionconsole.domain.journal import Entry, Head
from sessionconsole.domain.spreadsheet import csv_text

_COLUMNS = (
    "number",
    "at",
    "kind",
    "platform",
    "address",
    "by.account",
    "by.user",
    "by.signed_off_as",
    "about.account",
    "about.device",
    "session",
    "order",
    "outcome",
    "code",
    "late",
    "erased",
    "nameless",
    "hash",
)


def journal_document(entries: Iterable[Entry], head: Head | None) -> dict[str, Any]:
    """`journal --json`; `sealed` has what the hashes were made of, word for word."""
    return {
        "head": {"number": head.number, "hash": head.hash} if head else None,
        "entries": [_document(entry) for entry in entries],
    }


def journal_csv(entries: Iterable[Entry]) -> str:
    """The same without what was sealed, a line per entry."""
    leaves = (_leaves(_document(entry)) for entry in entries)
    return csv_text(_COLUMNS, ([each.get(column) for column in _COLUMNS] for each in leaves))


def _document(entry: Entry) -> dict[str, Any]:
    act, line = entry.act, entry.line
    return {
        "number": entry.number,
        "at": f"{act.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "kind": act.kind.value,
        "platform": act.platform,
        "address": act.address,
        "by": {"account": act.by.account, "user": act.by.user, "signed_off_as": act.by.signed_off_as}
        if act.by
        else None,
        "about": {"account": act.about.account, "device": act.about.device} if act.about else None,
        "session": act.session,
        "order": act.order,
        "outcome": act.outcome.value if act.outcome else None,
        "code": act.code,
        "late": act.late,
        "erased": act.erased,
        "nameless": entry.nameless,
        "hash": line.hash,
        "sealed": {"text": line.text, "by": line.by, "about": line.about},
    }


def _leaves(document: dict[str, Any]) -> dict[str, object]:
    leaves: dict[str, object] = {}
    for name, value in document.items():
        if isinstance(value, dict):
            leaves.update({f"{name}.{key}": leaf for key, leaf in value.items()})
        else:
            leaves[name] = value
    return leaves
