"""Smaller picture files: a window has few colours, so a palette of 256 of them shows the same."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QImageWriter


def optimise(path: Path) -> None:
    """Write the picture again with a palette and the strongest compression, where that makes it smaller."""
    before = path.stat().st_size
    image = QImage(str(path)).convertToFormat(
        QImage.Format.Format_Indexed8,
        Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither,
    )
    smaller = path.with_suffix(".smaller.png")
    writer = QImageWriter(str(smaller))
    writer.setCompression(100)
    if writer.write(image) and smaller.stat().st_size < before:
        smaller.replace(path)
    else:
        smaller.unlink(missing_ok=True)
