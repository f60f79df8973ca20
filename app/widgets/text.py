"""Text in the type of the design."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.theme import TypeRole, current, follow
from app.widgets.paint import set_property


class Label(QLabel):
    """Plain text; whatever is in it, it is never read as markup.

    Args:
        text: What it says.
        role: Its type.
        tint: "text", "muted", "accent", "ok", "warn" or "record".
        wrap: Whether it breaks into lines.
        tabular: Whether figures are all as wide: for times and counts.
    """

    def __init__(
        self,
        text: str = "",
        role: TypeRole = "body",
        *,
        tint: str = "text",
        wrap: bool = False,
        tabular: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._role, self._tabular = role, tabular
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setProperty("tint", tint)
        follow(self.retheme)

    def retheme(self) -> None:
        """Take the font of the theme."""
        self.setFont(current().font(self._role, tabular=self._tabular))

    def set_tint(self, tint: str) -> None:
        """Take another colour."""
        set_property(self, "tint", tint)
        self.retheme()  # polishing anew forgets the font


class Heading(Label):
    """The title of a screen or panel."""

    def __init__(self, text: str = "", role: TypeRole = "title", *, parent: QWidget | None = None) -> None:
        super().__init__(text, role, parent=parent)


class ElidedLabel(Label):
    """One line that is shortened when there is no room; its whole text is the tooltip then."""

    def __init__(
        self, text: str = "", role: TypeRole = "body", *, tint: str = "text", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, role, tint=tint, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Return that it may be as narrow as you like."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what fits."""
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment() | Qt.TextFlag.TextSingleLine), shown)
