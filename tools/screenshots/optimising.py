"""Smaller picture files: 256 colours show a window as it is, if none of its tokens is missing among them."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QImageWriter

from sessionconsole.ui.look.tokens import DARK, HIGH_CONTRAST, LIGHT

_COLOURS = 256
_MARK = "#FFC24B"
"""The one colour of the program's mark that is no token."""


def optimise(path: Path) -> None:
    """Write the picture again with a palette and the strongest compression, where that makes it smaller."""
    before = path.stat().st_size
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    few = image.convertToFormat(
        QImage.Format.Format_Indexed8, _palette(image), Qt.ImageConversionFlag.ThresholdDither
    )
    smaller = path.with_suffix(".smaller.png")
    writer = QImageWriter(str(smaller))
    writer.setCompression(100)
    if writer.write(few) and smaller.stat().st_size < before:
        smaller.replace(path)
    else:
        smaller.unlink(missing_ok=True)


def _palette(image: QImage) -> list[int]:
    """The tokens that occur, however rarely, then the most frequent of the others."""
    seen = Counter(memoryview(image.constBits()).cast("I"))
    tokens = {
        QColor(value).rgb()
        for palette in (LIGHT, DARK, HIGH_CONTRAST)
        for value in (*asdict(palette).values(), _MARK)
        if isinstance(value, str)
    }
    kept = [colour for colour in tokens if colour in seen]
    others = [colour for colour, _ in seen.most_common() if colour not in tokens]
    return (kept + others)[:_COLOURS]
