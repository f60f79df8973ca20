"""The card that lets a phone in: which network, the code, and what the phone's browser will say."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app import messages
from app.screens.edit_presenter import clock
from app.theme import current, follow
from app.widgets.boxes import Card, column, row, scrolled
from app.widgets.buttons import Button, IconButton
from app.widgets.fields import ComboBox, LineEdit
from app.widgets.paint import show_when
from app.widgets.text import Heading, Label
from capture.phone_network import Network
from capture.phone_server import Invitation

_CODE_PX = 232
_LARGE_PERCENT = 130


class Code(QWidget):
    """A QR code, dark on white whatever the theme: cameras read nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(messages.text("studio.code_name"))
        self._drawn: QSvgRenderer | None = None
        self._faded = False

    def show_code(self, svg: bytes, *, faded: bool = False) -> None:
        """Show a code; one that is no longer good is faded."""
        self._drawn = QSvgRenderer(QByteArray(svg)) if svg else None
        self._faded = faded
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square."""
        return QSize(_CODE_PX, _CODE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(Qt.GlobalColor.white))
        if self._drawn is not None:
            painter.setOpacity(0.12 if self._faded else 1.0)
            self._drawn.render(painter, QRectF(self.rect()))


class PairingCard(Card):
    """Stands in place of the picture; ``network_chosen`` tells an address, the others a press."""

    network_chosen = Signal(str)
    again = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(margins=20, spacing=12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(messages.text("studio.pairing"))
        head = QHBoxLayout()
        head.addWidget(Heading(messages.text("studio.pairing"), "title-small"), 1)
        self.close_button = IconButton("x", messages.text("studio.pairing_close"))
        self.close_button.clicked.connect(self.closed)
        head.addWidget(self.close_button)
        self.column.addLayout(head)
        inner, self._inner = row(spacing=24)
        self._inner.addWidget(self._left(), 0, Qt.AlignmentFlag.AlignTop)
        self._inner.addWidget(self._right(), 1, Qt.AlignmentFlag.AlignTop)
        self.column.addWidget(scrolled(inner, name=messages.text("studio.pairing")), 1)
        self._ends_at = 0.0
        self._svg = b""
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._show_time)
        follow(self._take_sizes)

    def _left(self) -> QWidget:
        made, inside = column()
        self.code = Code()
        self.left = Label("", "caption", tint="muted", wrap=True, tabular=True)
        self.new_code = Button(messages.text("studio.new_code"), icon="rotate-ccw")
        self.new_code.clicked.connect(self.again)
        inside.addWidget(self.code)
        inside.addWidget(self.left)
        inside.addWidget(self.new_code)
        inside.addStretch(1)
        return made

    def _right(self) -> QWidget:
        made, inside = column()
        self.network = ComboBox(name=messages.text("studio.network"), icon="wifi")
        self.network.activated.connect(lambda _: self.network_chosen.emit(self.network.currentData()))
        self.about = Label("", tint="muted", wrap=True)
        self.fingerprint = Label("", "caption", tint="muted", wrap=True)
        self.address = LineEdit(name=messages.text("studio.address"))
        self.address.setReadOnly(True)
        inside.addWidget(Label(messages.text("studio.pairing_1"), "label", wrap=True))
        inside.addWidget(self.network)
        inside.addWidget(self.about)
        for key in ("studio.pairing_2", "studio.pairing_3"):
            inside.addWidget(Label(messages.text(key), "label", wrap=True))
        inside.addWidget(self.fingerprint)
        inside.addWidget(Label(messages.text("studio.pairing_4"), "label", wrap=True))
        inside.addWidget(self.address)
        inside.addStretch(1)
        return made

    def show_waiting(self) -> None:
        """Say that the code is being made."""
        self._second.stop()
        self.code.show_code(b"")
        self.left.setText(messages.text("studio.making_code"))
        show_when(self.new_code, wanted=False)

    def show_invitation(self, invitation: Invitation, networks: Sequence[Network], address: str) -> None:
        """Show a code and over which network it leads here."""
        words = {each.address: f"{each.name} {each.address}".strip() for each in networks}
        self.network.show_choices(words, address)
        kind = next((each.kind for each in networks if each.address == address), "other")
        self.about.setText(messages.text(f"phone.network.{kind}"))
        broken = invitation.fingerprint.replace(":", ":\u200b")  # so that it wraps
        self.fingerprint.setText(messages.text("studio.fingerprint", fingerprint=broken))
        self.address.setText(invitation.url)
        self.address.setCursorPosition(0)
        self._svg, self._ends_at = invitation.qr_svg, invitation.ends_at
        self.code.show_code(self._svg)
        self._second.start()
        self._show_time()

    def _show_time(self) -> None:
        left_s = round(self._ends_at - time.time())
        over = left_s <= 0
        said = "studio.code_over" if over else "studio.code_left"
        self.left.setText(messages.text(said, left=clock(max(left_s, 0) * 1_000_000)))
        show_when(self.new_code, wanted=over)
        if over:
            self._second.stop()
            self.code.show_code(self._svg, faded=True)

    def _take_sizes(self) -> None:
        large = current().text_percent > _LARGE_PERCENT
        direction = QHBoxLayout.Direction.TopToBottom if large else QHBoxLayout.Direction.LeftToRight
        self._inner.setDirection(direction)
