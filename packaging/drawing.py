"""The program's icon in the sizes and forms that each system wants, drawn from ``idiolect.svg``."""

from __future__ import annotations

import io
import os
from pathlib import Path

SOURCE = Path(__file__).parent / "idiolect.svg"


def png(target: Path, size: int) -> Path:
    """A square picture of ``size`` pixels."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(_png_bytes(size))
    return target


def ico(target: Path) -> Path:
    """Windows: several sizes in one file."""
    picture = _picture(256)
    picture.save(target, sizes=[(n, n) for n in (16, 24, 32, 48, 64, 128, 256)])
    return target


def icns(target: Path) -> Path:
    """macOS."""
    _picture(1024).save(target)
    return target


def _picture(size: int):  # type: ignore[no-untyped-def]
    from PIL import Image

    return Image.open(io.BytesIO(_png_bytes(size)))


def _png_bytes(size: int) -> bytes:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QIODevice
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(SOURCE)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())
