"""How much room the details take beside the list."""

from __future__ import annotations

from sessionconsole.ui.look.tokens import Sizes

WIDTH, WIDE = 312, 344


def width_in(window_width: int, sizes: Sizes) -> int:
    """The width of the details in px, in a window that wide."""
    return sizes.px(WIDE if window_width >= sizes.px(1600) else WIDTH)
