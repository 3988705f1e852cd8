"""The program's own icons: one line, one colour, a box of 20 px."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap, QTransform
from PySide6.QtSvg import QSvgRenderer

from sessionconsole.resources import resource_path

MIRRORED = frozenset({"list", "chevron-right"})
"""Those that point along the line of reading; a tick, a clock and a triangle never turn."""

ICON_SIZE = 20
_WHITE, _AMBER = "#FFFFFF", "#FFC24B"
_LINE = 'stroke-width="1.5"'


def line_for(size: int) -> float:
    """How wide the lines of an icon of `size` px are in its box of 20: small ones must not fade, nor large shout."""
    return round(1.5 * math.pow(ICON_SIZE / size, 0.6), 2)


class Icons:
    """Draws each icon once per colour, size and pixel ratio and keeps it; one object per theme."""

    def __init__(self) -> None:
        self._pixmaps: dict[tuple[str, str, str, int, float, bool, float], QPixmap] = {}
        self._sources: dict[str, str] = {}

    def pixmap(
        self,
        name: str,
        colour: str,
        size: int = ICON_SIZE,
        ratio: float = 1.0,
        *,
        inside: str = _WHITE,
        mirrored: bool = False,
        line: float = 1.5,
    ) -> QPixmap:
        """The icon in `colour` (`#RRGGBB`), `size` in device-independent px, `inside` for what lies on a filled shape.

        `line` is the width of its lines in its own box of 20. Raises FileNotFoundError for an unknown name.
        """
        mirrored = mirrored and name in MIRRORED
        key = (name, colour, inside, size, ratio, mirrored, line)
        kept = self._pixmaps.get(key)
        if kept is None:
            kept = self._pixmaps[key] = self._draw(name, colour, inside, size, ratio, line)
            if mirrored:
                kept = self._pixmaps[key] = kept.transformed(QTransform.fromScale(-1, 1))
        return kept

    def icon(
        self,
        name: str,
        colour: str,
        size: int = ICON_SIZE,
        *,
        inside: str = _WHITE,
        mirrored: bool = False,
        line: float = 1.5,
        ratios: Iterable[float] = (1.0,),
    ) -> QIcon:
        """The same for a button, sharp at the pixel ratios; make it anew when the theme changes."""
        icon = QIcon()
        for ratio in ratios:
            icon.addPixmap(
                self.pixmap(name, colour, size, ratio, inside=inside, mirrored=mirrored, line=line)
            )
        return icon

    def _draw(self, name: str, colour: str, inside: str, size: int, ratio: float, line: float) -> QPixmap:
        source = self._sources.get(name)
        if source is None:
            source = self._sources[name] = resource_path("icons", f"{name}.svg").read_text("utf-8")
        coloured = source.replace("currentColor", colour).replace("insideColor", inside)
        # the bar that is out of line: amber shows on a dark ground only
        coloured = coloured.replace("apartColor", _AMBER if inside == _WHITE else inside)
        coloured = coloured.replace(_LINE, f'stroke-width="{line:.2f}"')
        renderer = QSvgRenderer(QByteArray(coloured.encode()))
        pixmap = QPixmap(QSize(size, size) * ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, pixmap.width(), pixmap.height()))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap
