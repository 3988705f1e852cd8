"""`settings.json`."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from sessionconsole.domain.settings import Appearance, Settings

UNDO_SECONDS = (0, 10)
REFRESH_SECONDS = (5, 3600)
KEEP_LISTS_DAYS = (1, 3650)

_DEFAULT = Settings()


class JsonSettingsFile:
    """`ports.SettingsFile`: keys it does not know are another version's and are kept."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Settings:
        """The settings as they are now; a missing, unreadable or wrong value is the default."""
        return settings_from(self._read() or {})

    def save(self, settings: Settings) -> None:
        """Write them at once and whole; one that could not be read is set aside first. Raises `StoreNotWritable`."""
        from sessionconsole.desktop.files import write_whole

        before = self._read()
        if before is None:
            with contextlib.suppress(OSError):
                self._path.replace(self._path.with_name(self._path.name + "-damaged"))
        values = (before or {}) | {
            "undo_seconds": settings.undo_seconds,
            "refresh_seconds": settings.refresh_seconds,
            "keep_lists_days": settings.keep_lists_days,
            "appearance": str(settings.appearance),
        }
        write_whole(self._path, (json.dumps(values, indent=2) + "\n").encode("ascii"))

    def _read(self) -> dict[str, object] | None:
        """What stands in the file; None where that cannot be read as settings."""
        try:
            values = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as problem:
            import logging  # the window is painted sooner without it

            logging.getLogger(__name__).warning(
                "%s cannot be read, the defaults are used: %s", self._path, type(problem).__name__
            )
            return None
        return values if isinstance(values, dict) else None


def settings_from(values: dict[str, object]) -> Settings:
    """The settings that the JSON object means: numbers held within their bounds, wrong values as the default."""
    appearance = _DEFAULT.appearance
    with contextlib.suppress(ValueError):
        appearance = Appearance(str(values.get("appearance", _DEFAULT.appearance)))
    return Settings(
        undo_seconds=_whole(values.get("undo_seconds"), UNDO_SECONDS, _DEFAULT.undo_seconds),
        refresh_seconds=_whole(values.get("refresh_seconds"), REFRESH_SECONDS, _DEFAULT.refresh_seconds),
        keep_lists_days=_whole(values.get("keep_lists_days"), KEEP_LISTS_DAYS, _DEFAULT.keep_lists_days),
        appearance=appearance,
    )


def _whole(value: object, bounds: tuple[int, int], default: int) -> int:
    # True is an int in Python, but nobody means one second by it.
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return default
    return int(min(max(value, bounds[0]), bounds[1]))
