"""The list as CSV: the leaves of `list --json` in the same order, under dotted names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sessionconsole.cli.json_out import session_json
from sessionconsole.domain.spreadsheet import csv_text
from sessionconsole.services.states import Row

_COLUMNS = (
    "id",
    "platform",
    "person.account",
    "person.name",
    "device.type",
    "device.os",
    "device.browser",
    "device.app",
    "device.name",
    "user_agent",
    "ip",
    "place.city",
    "place.country",
    "network.asn",
    "network.name",
    "network.type",
    "signed_in_at",
    "last_active_at",
    "idle_expires_at",
    "expires_at",
    "is_current",
    "state",
    "assessment.level",
    "assessment.score",
    "assessment.reasons.code",
    "assessment.reasons.text",
)


def list_csv(rows: Sequence[Row], as_of: datetime) -> str:
    """A header and a line per session; unknown is empty, several reasons stand in one cell with "; " between them."""
    leaves = (dict(_leaves(session_json(row, as_of))) for row in rows)
    return csv_text(_COLUMNS, ([each.get(column) for column in _COLUMNS] for each in leaves))


def _leaves(value: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, leaf in value.items():
        name = f"{prefix}{key}"
        if isinstance(leaf, dict):
            yield from _leaves(leaf, f"{name}.")
        elif isinstance(leaf, list):
            for part in ("code", "text"):
                yield f"{name}.{part}", "; ".join(str(item[part]) for item in leaf)
        else:
            yield name, leaf
