"""The one surface that shows moving pictures: the result in Edit, what the camera sees in Studio.

Pictures come scaled from elsewhere, so that painting one is a copy; the surface only places it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import current
from app.widgets.paint import box

Pixels = NDArray[np.uint8]


class VideoSurface(QWidget):
    """Shows one picture after the other, with a caption, or words in its place.

    ``resized`` tells how many real pixels there are, for whoever makes the pictures; ``clicked`` a click.
    """

    resized = Signal(int, int)
    clicked = Signal()

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._image: QImage | None = None
        self._pixels: Pixels | None = None
        self._caption: tuple[str, ...] = ()
        self._words = ""
        self._mirrored = False

    def show_pixels(self, pixels: Pixels) -> None:
        """Show a picture: blue, green, red and anything, shape (height, width, 4), rows without gaps."""
        height, width = pixels.shape[:2]
        self._pixels = pixels  # the image only looks at it
        self._image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
        self.update()

    def show_words(self, words: str) -> None:
        """Say something in place of the picture; "" shows the picture again."""
        if words != self._words:
            self._words = words
            self.update()

    def show_caption(self, lines: tuple[str, ...]) -> None:
        """Show a caption over the picture."""
        if lines != self._caption:
            self._caption = lines
            self.update()

    def mirror(self, *, on: bool) -> None:
        """Show pictures as in a mirror."""
        self._mirrored = on
        self.update()

    @property
    def has_picture(self) -> bool:
        """Whether there is something to see."""
        return self._image is not None and not self._words

    def sizeHint(self) -> QSize:
        """Return the size of the design."""
        return QSize(632, 356)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest that is of use."""
        return QSize(320, 180)

    def picture_rect(self) -> QRect:
        """Return where the picture is painted."""
        size = self._image.size() if self._image is not None else QSize(16, 9)
        fitted = size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - fitted.width()) // 2, (self.height() - fitted.height()) // 2
        return QRect(left, top, fitted.width(), fitted.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell how much room there is."""
        ratio = self.devicePixelRatioF()
        self.resized.emit(round(self.width() * ratio), round(self.height() * ratio))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell of a click."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture and what lies over it."""
        painter = QPainter(self)
        where = self.picture_rect()
        painter.fillRect(self.rect(), current().colour("window"))
        painter.fillRect(where, current().colour("video"))
        if self._image is not None and not self._words:
            image = self._image.flipped(Qt.Orientation.Horizontal) if self._mirrored else self._image
            if image.size() != where.size():
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(where, image)
        if self._words:
            self._paint_words(painter)
        elif self._caption:
            self._paint_caption(painter, where)

    def _paint_words(self, painter: QPainter) -> None:
        painter.setFont(current().font("title-small"))
        painter.setPen(current().colour("on-scrim"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(32, 16, -32, -16), int(flags), self._words)

    def _paint_caption(self, painter: QPainter, where: QRect) -> None:
        theme = current()
        size_px = max(where.height() // 19, 13)
        font = theme.font("title-small")
        font.setPixelSize(size_px)
        painter.setFont(font)
        high = round(size_px * 1.45)
        metrics = painter.fontMetrics()
        wide = min(max(metrics.horizontalAdvance(text) for text in self._caption) + 20, where.width() - 8)
        plate_high = high * len(self._caption) + 10
        plate = QRect(0, where.bottom() - plate_high - max(where.height() // 18, 8), wide, plate_high)
        plate.moveLeft(where.center().x() - wide // 2)
        box(painter, plate, fill="caption", radius=4)
        painter.setPen(theme.colour("on-caption"))
        for n, text in enumerate(self._caption):
            room = QRect(plate.left() + 6, plate.top() + 5 + n * high, wide - 12, high)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine
            painter.drawText(room, int(flags), text)
