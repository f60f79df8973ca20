"""How a resource looks in the library, live while its details are typed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app import messages
from app.theme import TypeRole, current, follow
from app.widgets.boxes import clear, flow
from app.widgets.chips import Chip
from app.widgets.marks import LevelBars
from app.widgets.paint import box, lines, picture, plate, plate_size, show_when
from app.widgets.text import Heading, Label
from editor.model import Resource
from editor.typed import expert_line

_PAD = 8
_STILL_PX = 168
_LARGE_PX = 240
_LARGE_PERCENT = 130


class Still(QWidget):
    """A picture of 16:9 with the length of the video on it."""

    def __init__(self) -> None:
        super().__init__()
        self.image, self.length, self.title = QPixmap(), "", ""
        self.setAccessibleName(messages.text("details.still"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep its shape."""
        self.setFixedHeight(self.width() * 9 // 16)

    def sizeHint(self) -> QSize:
        """Return a middling size."""
        return QSize(320, 180)

    def show_image(self, image: QImage, length: str) -> None:
        """Show another picture."""
        self.image, self.length = QPixmap.fromImage(image) if not image.isNull() else QPixmap(), length
        self.update()

    def show_title(self, title: str) -> None:
        """Show another title where there is no picture."""
        self.title = title
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint picture and length; without a picture the title stands for it, as it does in the video."""
        painter, radius = QPainter(self), current().radius("card")
        if self.image.isNull():
            box(painter, self.rect(), fill="scrim", radius=radius)
            room = self.rect().adjusted(2 * _PAD, 2 * _PAD, -2 * _PAD, -2 * _PAD)
            role: TypeRole = "title-small" if self.width() > _LARGE_PX else "caption-strong"
            lines(painter, room, self.title, role=role, tint="on-scrim", most=3)
        else:
            picture(painter, self.rect(), self.image, radius=radius)
        if self.length:
            wide, high = plate_size(self.length)
            at = QPoint(self.width() - wide - _PAD, self.height() - high - _PAD)
            plate(painter, at, self.length, fill="scrim", tint="on-scrim")


class CardPreview(QWidget):
    """Picture, title, expert, level and roles."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = QHBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(12)
        column = QVBoxLayout()
        column.setSpacing(6)
        self.still = Still()
        self.title = Heading("", "title-small")
        self.title.setWordWrap(True)
        self.expert = Label("", "caption", tint="muted", wrap=True)
        self.level = LevelBars()
        self.roles, self._flow = flow()
        for part in (self.title, self.expert, self.level, self.roles):
            column.addWidget(part)
        column.addStretch(1)
        self._whole.addWidget(self.still, 0, Qt.AlignmentFlag.AlignTop)
        self._whole.addLayout(column, 1)
        follow(self._turn)

    def _turn(self) -> None:
        """Put the picture beside the words where there is room for both."""
        large = current().text_percent > _LARGE_PERCENT
        way = QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight
        self._whole.setDirection(way)
        self.still.setFixedWidth(_STILL_PX)

    def show_resource(self, resource: Resource, *, title: str) -> None:
        """Show a resource under the title that is being typed."""
        self.title.setText(title or messages.text("library.untitled"))
        self.still.show_title(self.title.text())
        self.expert.setText(expert_line(resource.brief.expert) or messages.text("library.no_expert"))
        self.level.show_level(resource.tags.level)
        clear(self._flow)
        for role in resource.tags.roles:
            self._flow.addWidget(Chip(role))
        self._flow.invalidate()
        show_when(self.roles, wanted=bool(resource.tags.roles))
