"""The expert sees only the question: a window for the second screen (DESIGN.md 2.11)."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app import messages
from app.theme import current
from app.widgets.paint import box, line


class Prompter(QWidget):
    """Question, hint, whether it is recorded, time, and what comes next; no controls, Esc closes it."""

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setWindowTitle(messages.text("studio.prompter"))
        self.setAccessibleName(messages.text("studio.prompter"))
        self.prompt = self.hint = self.time = self.following = ""
        self.recording = False
        self.resize(1280, 720)

    def open(self) -> None:
        """Fill the second screen, or be a window where there is only one."""
        screens = QGuiApplication.screens()
        if len(screens) > 1:
            self.setGeometry(screens[1].geometry())
            self.showFullScreen()
        else:
            self.show()

    def tell(self, *, prompt: str, hint: str, time: str, following: str, recording: bool) -> None:
        """Follow Studio."""
        told = (prompt, hint, time, following, recording)
        if told != (self.prompt, self.hint, self.time, self.following, self.recording):
            self.prompt, self.hint, self.time, self.following, self.recording = told
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it large, at the top, near the lens."""
        painter, theme = QPainter(self), current()
        painter.fillRect(self.rect(), theme.colour("window"))
        scale = self.width() / 1920
        side, top = round(120 * scale), round(80 * scale)
        room = QRect(side, top, self.width() - 2 * side, self.height())
        used = self._text(
            painter, room, self.prompt, px=104 * scale, line_px=116 * scale, weight=True, tint="text"
        )
        room = room.adjusted(0, used + round(32 * scale), 0, 0)
        self._text(
            painter, room, self.hint, px=36 * scale, line_px=48 * scale, weight=False, tint="text-muted"
        )
        foot = QRect(side, self.height() - round(96 * scale), self.width() - 2 * side, round(48 * scale))
        if self.recording:
            dot = QRect(foot.left(), foot.center().y() - 7, 14, 14)
            box(painter, dot, fill="record-fill", radius=7)
        words = messages.text("studio.recording_now") if self.recording else messages.text("studio.ready")
        after = foot.adjusted(26 if self.recording else 0, 0, 0, 0)
        tint = "record" if self.recording else "text-muted"
        wide = line(painter, after, words, role="title", tint=tint)
        line(painter, after.adjusted(wide + 16, 0, 0, 0), self.time, role="title", tint="text", tabular=True)
        if self.following:
            said = messages.text("studio.following", prompt=self.following)
            line(
                painter, foot, said, role="title-small", tint="text-muted", align=Qt.AlignmentFlag.AlignRight
            )

    def _text(
        self, painter: QPainter, room: QRect, text: str, *, px: float, line_px: float, weight: bool, tint: str
    ) -> int:
        font = current().font("prompt-second-screen" if weight else "body")
        font.setPixelSize(max(round(px), 14))
        painter.setFont(font)
        painter.setPen(current().colour(tint))
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop)
        used = painter.boundingRect(room, flags, text).height()
        painter.drawText(room, flags, text)
        return used
