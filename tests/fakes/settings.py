"""Settings without a file."""

from __future__ import annotations

from sessionconsole.domain.settings import Settings


class FakeSettingsFile:
    """`ports.SettingsFile` in memory."""

    def __init__(self, settings: Settings = Settings()) -> None:
        self._settings = settings

    def load(self) -> Settings:
        return self._settings

    def save(self, settings: Settings) -> None:
        self._settings = settings
