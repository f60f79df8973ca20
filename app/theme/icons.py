"""Lucide icons in the colours of the theme, sharp on every screen."""

from __future__ import annotations

import functools

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

import assets
from app.theme.look import current
from app.theme.tokens import Tint

#: Thin enough at larger sizes (tokens.json, icon.stroke); ticks in small marks are bolder.
_STROKES = ((12, "3"), (16, "2"), (1000, "1.75"))


def pixmap(name: str, tint: Tint = "text", *, size: int = 16) -> QPixmap:
    """Return an icon as a picture for painting; ``size`` is at 100 % text and follows it."""
    application = QApplication.instance()
    ratio = application.devicePixelRatio() if isinstance(application, QApplication) else 1.0
    return _drawn(name, current().hex(tint), current().text(size), ratio)


def icon(name: str, tint: Tint = "text", *, on: Tint = "accent-text", size: int = 16) -> QIcon:
    """Return an icon for a button, with its looks when switched on and when disabled.

    It keeps the colours of the theme it was made in: make it again when the theme changes, as the buttons
    of ``app.widgets`` do.
    """
    made = QIcon(pixmap(name, tint, size=size))
    made.addPixmap(pixmap(name, on, size=size), QIcon.Mode.Normal, QIcon.State.On)
    for state in (QIcon.State.Off, QIcon.State.On):
        made.addPixmap(pixmap(name, "text-disabled", size=size), QIcon.Mode.Disabled, state)
    return made


@functools.lru_cache(maxsize=1024)
def _drawn(name: str, colour: str, px: int, ratio: float) -> QPixmap:
    source = (assets.ICONS / f"{name}.svg").read_text(encoding="utf-8")
    stroke = next(width for most, width in _STROKES if px <= most)
    source = source.replace("currentColor", colour).replace('stroke-width="2"', f'stroke-width="{stroke}"')
    drawn = QPixmap(round(px * ratio), round(px * ratio))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, drawn.width(), drawn.height()))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn
