"""All scenes, from whichever file."""

from __future__ import annotations

from tools.screenshots import connecting_scenes, journal_scenes
from tools.screenshots.scenes import SCENES, Scene

EVERY: dict[str, Scene] = {**SCENES, **connecting_scenes.SCENES, **journal_scenes.SCENES}
