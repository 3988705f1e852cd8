"""What the user may choose; nothing secret, nothing about people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Appearance(StrEnum):
    """Which palette the window wears."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high-contrast"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one home.

    `undo_seconds` is held within 0 to 10, `refresh_seconds` within 5 to 3600, `keep_lists_days` within 1 to 3650.
    """

    undo_seconds: int = 5
    refresh_seconds: int = 30
    keep_lists_days: int = 180
    appearance: Appearance = Appearance.SYSTEM
