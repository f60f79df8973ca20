"""How the phone is doing: link, battery, space, what was sent; and the way to its code."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app import messages
from app.screens.studio_presenter import PhoneLook
from app.theme import Tint
from app.widgets.boxes import Card
from app.widgets.buttons import Button
from app.widgets.measures import Progress
from app.widgets.message import Icon
from app.widgets.paint import show_when
from app.widgets.text import Label


class PhoneCard(Card):
    """The card below the camera's picker; ``code_wanted`` and ``rest_unwanted`` tell what was pressed."""

    code_wanted = Signal()
    rest_unwanted = Signal()

    def __init__(self) -> None:
        super().__init__(margins=12, spacing=8)
        self.column.setContentsMargins(10, 8, 8, 10)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._sign = Icon("wifi", "text-muted")
        self.link = Label("", "label", wrap=True)
        self.code = Button(messages.text("studio.qr_code"), kind="link")
        self.code.clicked.connect(self.code_wanted)
        head.addWidget(self._sign)
        head.addWidget(self.link, 1)
        head.addWidget(self.code)
        self.column.addLayout(head)
        self._rows = QWidget()
        grid = QGridLayout(self._rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self.values: dict[str, Label] = {}
        for n, (name, icon) in enumerate(_ROWS):
            grid.addWidget(Icon(icon, "text-muted", size=14), n, 0)
            grid.addWidget(Label(messages.text(f"studio.phone_{name}"), tint="muted", wrap=True), n, 1)
            self.values[name] = Label("", "strong", tabular=True)
            self.values[name].setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(self.values[name], n, 3)
        self.sent = Progress(messages.text("studio.phone_sent"))
        self.sent.setFixedWidth(44)
        grid.addWidget(self.sent, len(_ROWS) - 1, 2)
        self.column.addWidget(self._rows)
        self.rest = Button(messages.text("studio.phone_without_rest"), size="small")
        self.rest.setToolTip(messages.text("studio.phone_without_rest_about"))
        self.rest.clicked.connect(self.rest_unwanted)
        self.column.addWidget(self.rest)

    def show_phone(self, look: PhoneLook) -> None:
        """Show how it is."""
        tint: Tint = look.tint if look.tint != "muted" else "text-muted"
        self._sign.show_icon(look.icon, tint)
        self.link.setText(look.link)
        for name, text in (("battery", look.battery), ("space", look.space), ("sent", look.sent)):
            self.values[name].setText(text)
            self.values[name].set_tint(look.tints.get(name, "text"))
        self.sent.show_fraction(look.sent_share)
        show_when(self._rows, wanted=look.known)
        show_when(self.rest, wanted=look.may_go_without)


_ROWS = (("battery", "battery-medium"), ("space", "hard-drive"), ("sent", "cloud-upload"))
