"""What the program thinks of a session, and what the manager said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sessionconsole.domain.sessions import Handle


class Level(StrEnum):
    """How much a session wants a look; flagged is everything but familiar."""

    FAMILIAR = "familiar"
    CHECK = "check"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a session is marked: `text` is a full sentence, `short` at most 24 letters for the row."""

    code: str
    text: str
    short: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The level with its reasons, strongest first; `score` runs from 0 (familiar) to 1."""

    level: Level = Level.FAMILIAR
    score: float = 0.0
    reasons: tuple[Reason, ...] = ()
    speaks_for: tuple[str, ...] = ()


class Answer(StrEnum):
    """What the manager may say."""

    OURS = "ours"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the manager said of a session: "ours" lapses when its country or device family changes."""

    handle: Handle
    answer: Answer
    said_at: datetime
    country: str | None = None
    device_family: str = ""
