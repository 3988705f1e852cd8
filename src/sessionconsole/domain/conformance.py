"""What was found out about a booking platform's Console API, one check at a time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Conforms(StrEnum):
    """The outcome of one check."""

    PASS = "pass"
    FAIL = "fail"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: `section` is the heading of docs/implement-the-console-api.md that says what is asked for."""

    section: str
    check: str
    outcome: Conforms
    reason: str | None = None
