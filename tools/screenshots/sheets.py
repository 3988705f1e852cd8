"""Which scenes are photographed at which size, scale and text size, and in which looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LIGHT, DARK, CONTRAST = "light", "dark", "high-contrast"
BOTH = (LIGHT, DARK)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One display: `size` in its px, `scale` of everything (QT_SCALE_FACTOR), `text` of the system's font alone."""

    name: str
    size: tuple[int, int]
    scenes: tuple[str, ...]
    looks: tuple[str, ...] = BOTH
    scale: float = 1.0
    text: float = 1.0
    mirrored: bool = False

    def picture(self, scene: str, look: str) -> str:
        """The file name, without its ending."""
        return f"{scene}-{self.name}-{look}" if self.name != "1366" else f"{scene}-{look}"


_ROOM = ("main", "long-names", "details", "ending", "offline", "sign-in-error", "familiar")
_MANY = ("several-picked", "preview-others", "many-under-way")
_FEW = ("main", "details", "sign-in-error", "ending")
_CONNECTING = (
    "kind-chosen",
    "connect-mistakes",
    "connect-file",
    "trial-wrong",
    "trial-code",
    "about-platform",
)

SHEETS = (
    Sheet("1366", (1366, 768), ("*",)),
    Sheet(
        "1024",
        (1024, 700),
        (*_ROOM, "right-to-left-names", "many", "needs-a-look", "outcomes", "hostile", *_MANY, "journal"),
    ),
    Sheet("1920", (1920, 1080), (*_ROOM, "many", "one", "right-to-left-names")),
    Sheet("3840", (3840, 2160), ("main", "sign-in-error")),
    Sheet("1366-at-150", (1366, 768), _FEW, (LIGHT,), scale=1.5),
    Sheet("1920-at-150", (1920, 1080), _FEW, (DARK,), scale=1.5),
    Sheet("1920-at-200", (1920, 1080), _FEW, (LIGHT,), scale=2.0),
    Sheet("3840-at-200", (3840, 2160), _FEW, (DARK,), scale=2.0),
    Sheet("3840-at-300", (3840, 2160), _FEW, (LIGHT,), scale=3.0),
    Sheet(
        "1024-at-200",
        (1024, 700),
        (*_FEW, *_CONNECTING, "offline", "own-question", "journal"),
        (LIGHT,),
        scale=2.0,
    ),
    Sheet("1024-text-200", (1024, 700), (*_FEW, "offline", "own-question", "journal"), (DARK,), text=2.0),
    Sheet("1366-text-150", (1366, 768), _FEW, (LIGHT,), text=1.5),
    Sheet("1920-text-200", (1920, 1080), _FEW, (DARK,), text=2.0),
    Sheet("1366-text-200", (1366, 768), _FEW, (LIGHT,), text=2.0),
    Sheet("3840-text-300", (3840, 2160), _FEW, (LIGHT,), text=3.0),
    Sheet(
        "mirrored",
        (1366, 768),
        (
            *_ROOM,
            "code",
            "outcomes",
            "right-to-left-names",
            "own-question",
            *_MANY,
            "needs-a-look",
            "row-menu",
            "journal",
            *_CONNECTING,
        ),
        (DARK,),
        mirrored=True,
    ),
    Sheet("mirrored-1024", (1024, 700), ("main", "details"), (LIGHT,), mirrored=True),
    Sheet(
        "contrast",
        (1366, 768),
        (
            *_ROOM,
            "outcomes",
            "code",
            "own-question",
            "look-only",
            "search",
            "focus",
            *_MANY,
            "journal",
            *_CONNECTING,
        ),
        (CONTRAST,),
    ),
)
"""`*` stands for every scene."""

CHOSEN = {
    "outcomes-light": "outcomes",
    "familiar-light": "familiar",
    "preview-others-dark": "preview-dark",
    "journal-light": "journal",
    "trial-wrong-light": "dry-run",
    "main-contrast-high-contrast": "high-contrast",
    "outcomes-mirrored-dark": "mirrored-dark",
    "main-3840-at-300-light": "scale-300",
}
"""Which pictures the documents show besides those of the story, and under which names."""


def scenes_of(sheet: Sheet, every: Sequence[str]) -> list[str]:
    """The scenes of a sheet by name."""
    return list(every) if sheet.scenes == ("*",) else list(sheet.scenes)


def wanted(sheet: Sheet, words: Sequence[str]) -> bool:
    """Whether any picture of that sheet may have one of the words in its name."""
    from tools.screenshots.every_scene import EVERY

    return any(
        is_wanted(sheet.picture(scene, look), words)
        for scene in scenes_of(sheet, list(EVERY))
        for look in sheet.looks
    )


def is_wanted(name: str, words: Sequence[str]) -> bool:
    """Whether a picture is asked for; without words each is, and `=word` asks for that very one."""
    return not words or any(word[1:] == name if word[:1] == "=" else word in name for word in words)
