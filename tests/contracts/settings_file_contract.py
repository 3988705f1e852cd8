"""What a settings file keeps to."""

from __future__ import annotations

from sessionconsole.domain.settings import Appearance, Settings
from sessionconsole.services.ports import SettingsFile


class SettingsFileContract:
    """Subclass it and make one that was never saved to in `settings_file`."""

    def settings_file(self) -> SettingsFile:
        raise NotImplementedError

    def test_at_first_everything_is_as_usual(self) -> None:
        assert self.settings_file().load() == Settings()

    def test_what_is_saved_is_loaded(self) -> None:
        chosen = Settings(0, 60, 30, Appearance.HIGH_CONTRAST)
        file = self.settings_file()

        file.save(chosen)

        assert file.load() == chosen
