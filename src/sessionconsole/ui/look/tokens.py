"""The colours, sizes and steps that everything on screen is made of; no Qt here."""

from __future__ import annotations

from dataclasses import dataclass

SPACING = (4, 8, 12, 16, 20, 32)
"""The only distances, in px at 100 %."""

RADIUS, RADIUS_PANEL, RADIUS_CARD, RADIUS_CHIP = 6, 8, 12, 14

BODY_SIZE = 13


@dataclass(frozen=True, slots=True)
class Tokens:
    """One palette; every value is `#RRGGBB`. `tints` is False where states are told by outlines instead."""

    window: str
    surface: str
    raised: str
    hair: str
    rowline: str
    edge: str
    control: str
    text: str
    text2: str
    accent: str
    accent_fill: str
    on_accent: str
    focus: str
    selected: str
    hover: str
    alarm: str
    alarm_icon: str
    alarm_icon_inside: str
    alarm_fill: str
    on_alarm: str
    alarm_row: str
    alarm_row_selected: str
    check: str
    check_icon: str
    check_row: str
    check_row_selected: str
    good: str
    good_row: str
    scroll: str
    tints: bool = True


LIGHT = Tokens(
    window="#F1F3F5",
    surface="#FFFFFF",
    raised="#F1F3F5",
    hair="#E4E7EB",
    rowline="#EDEFF2",
    edge="#CBD1D8",
    control="#7F8792",
    text="#1B1F24",
    text2="#57606B",
    accent="#1A5FB8",
    accent_fill="#1A5FB8",
    on_accent="#FFFFFF",
    focus="#1A5FB8",
    selected="#E3EEFB",
    hover="#F5F7F9",
    alarm="#B81C45",
    alarm_icon="#BE1E48",
    alarm_icon_inside="#FFFFFF",
    alarm_fill="#BE1E48",
    on_alarm="#FFFFFF",
    alarm_row="#FDEEF1",
    alarm_row_selected="#FBDFE6",
    check="#8A5700",
    check_icon="#A56A00",
    check_row="#FFF8E6",
    check_row_selected="#FFEFC4",
    good="#0B5C32",
    good_row="#ECF7F0",
    scroll="#CBD1D8",
)

DARK = Tokens(
    window="#15171A",
    surface="#1C1F23",
    raised="#262A30",
    hair="#2F343A",
    rowline="#262A2F",
    edge="#474E57",
    control="#7C8590",
    text="#E9EBEE",
    text2="#A7AFBA",
    accent="#82B4FF",
    accent_fill="#2D6CC4",
    on_accent="#FFFFFF",
    focus="#82B4FF",
    selected="#243750",
    hover="#22262B",
    alarm="#FF8590",
    alarm_icon="#FF8590",
    alarm_icon_inside="#1C1F23",
    alarm_fill="#C7304F",
    on_alarm="#FFFFFF",
    alarm_row="#38212A",
    alarm_row_selected="#472632",
    check="#F3C85C",
    check_icon="#F3C85C",
    check_row="#2A271C",
    check_row_selected="#3F371E",
    good="#A3DCBC",
    good_row="#1C2A26",
    scroll="#474E57",
)

HIGH_CONTRAST = Tokens(
    window="#000000",
    surface="#000000",
    raised="#000000",
    hair="#FFFFFF",
    rowline="#5A5A5A",
    edge="#FFFFFF",
    control="#FFFFFF",
    text="#FFFFFF",
    text2="#FFFFFF",
    accent="#6FD3FF",
    accent_fill="#6FD3FF",
    on_accent="#000000",
    focus="#FFE600",
    selected="#003B5C",
    hover="#262626",
    alarm="#FF8796",
    alarm_icon="#FF8796",
    alarm_icon_inside="#000000",
    alarm_fill="#FF8796",
    on_alarm="#000000",
    alarm_row="#000000",
    alarm_row_selected="#003B5C",
    check="#FFD84D",
    check_icon="#FFD84D",
    check_row="#000000",
    check_row_selected="#003B5C",
    good="#BFFFD6",
    good_row="#000000",
    scroll="#FFFFFF",
    tints=False,
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Type sizes and measures in device-independent px; `scale` is the system's text size, 1.0 at 100 %."""

    scale: float = 1.0

    def px(self, measure: float) -> int:
        """A measure of the 100 % drawing at this text size."""
        return round(measure * self.scale)

    @property
    def body(self) -> int:
        """Names, values, buttons."""
        return self.px(BODY_SIZE)

    @property
    def small(self) -> int:
        """Second lines, labels, chips."""
        return self.px(12)

    @property
    def name(self) -> int:
        """The name at the top of the details."""
        return self.px(17)

    @property
    def title(self) -> int:
        """Page titles and the code field."""
        return self.px(20)

    @property
    def sign_in_title(self) -> int:
        """The title on the sign-in card."""
        return self.px(22)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two `#RRGGBB` colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
