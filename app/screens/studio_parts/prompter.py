"""The expert sees only the question: a window for the second screen (DESIGN.md 2.11)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QScreen, QTextLayout
from PySide6.QtWidgets import QWidget

from app import messages
from app.theme import Tint, current, pixmap
from app.widgets.paint import box

_DESIGN_PX = 1440
_PROMPT_PX, _HINT_PX = (104, 116), (36, 48)
_LEAST_TEXT_PX = 12
_TIGHT_FROM_PX = 60  # large letters stand closer
_DOT = (40, 8, 10)  # width, height, gap


@dataclass(frozen=True, slots=True)
class Asked:
    """What the expert is shown.

    Args:
        number: Of the prompt, from 1, ``of`` so many.
        done: Which of them are answered.
    """

    prompt: str = ""
    hint: str = ""
    time: str = ""
    following: str = ""
    number: int = 0
    of: int = 0
    done: tuple[bool, ...] = ()
    recording: bool = False


@dataclass(frozen=True, slots=True)
class PrompterLook:
    """How it is shown: turned round for a mirror, how large, with or without the time."""

    mirror: bool = False
    percent: int = 100
    time: bool = True


class Prompter(QWidget):
    """Question, hint, whether it is recorded, time, and what comes next; no controls, Esc closes it.

    It never takes the keyboard: Studio's keys go on working while the expert reads.

    Args:
        beside: What Studio is shown in: its screen is not covered.
    """

    def __init__(self, beside: QWidget) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus)
        self._beside = beside
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle(messages.text("studio.prompter"))
        self.asked = Asked()
        self.look = PrompterLook()
        self.resize(1280, 720)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(self.on_screen_gone)

    def open(self) -> None:
        """Fill a screen that Studio is not on, or be a window where there is only one."""
        here = self._beside.screen()
        other = next((each for each in QGuiApplication.screens() if each is not here), None)
        if other is not None:
            self.setGeometry(other.geometry())
            self.setWindowState(Qt.WindowState.WindowFullScreen)  # showFullScreen would take the keyboard
        self.show()

    def on_screen_gone(self, screen: QScreen) -> None:
        """Close with the screen it was on; the recording goes on."""
        if self.isFullScreen() and screen is self.screen():
            self.close()

    def tell(self, asked: Asked, look: PrompterLook) -> None:
        """Follow Studio."""
        if (asked, look) != (self.asked, self.look):
            self.asked, self.look = asked, look
            self.setAccessibleName(f"{messages.text('studio.prompter')}. {asked.prompt} {asked.hint}".strip())
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes, where a system gives it the keyboard all the same."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it large, at the top, near the lens."""
        painter, theme = QPainter(self), current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dark = theme.scheme == "dark"
        painter.fillRect(self.rect(), Qt.GlobalColor.black if dark else theme.colour("surface"))
        if self.look.mirror:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        scale = min(self.width() / _DESIGN_PX, self.height() / 900)
        side = round(80 * scale)
        self._paint_head(painter, QRect(side, 0, self.width() - 2 * side, round(88 * scale)), scale)
        foot_px = round(132 * scale)
        room = QRect(side, round(144 * scale), self.width() - 2 * side, self.height())
        room.setBottom(self.height() - foot_px - round(12 * scale))
        self._paint_question(painter, room, scale * self.look.percent / 100)
        foot = QRect(side, self.height() - foot_px, self.width() - 2 * side, foot_px)
        painter.fillRect(
            foot.left(), foot.top(), foot.width(), max(round(2 * scale), 1), theme.colour("border")
        )
        self._paint_foot(painter, foot, scale)

    def _paint_head(self, painter: QPainter, room: QRect, scale: float) -> None:
        asked = self.asked
        left = room.left()
        if asked.recording:
            words = messages.text("studio.recording_now")
            wide = self._width(painter, words, 24 * scale, bold=True)
            high = round(44 * scale)
            plate = QRectF(left, room.center().y() - high / 2, wide + 64 * scale, high)
            box(painter, plate, fill="record-fill", radius=8 * scale)
            dot = QRectF(left + 18 * scale, room.center().y() - 8 * scale, 16 * scale, 16 * scale)
            box(painter, dot, fill="on-record", radius=8 * scale)
            inside = QRect(round(left + 46 * scale), room.top(), wide + 8, room.height())
            self._line(painter, inside, words, 24 * scale, tint="on-record", bold=True)
            left = round(plate.right() + 20 * scale)
        else:
            words = messages.text("studio.ready")
            left += self._line(painter, room, words, 24 * scale, tint="text-muted") + round(20 * scale)
        if self.look.time:
            after = QRect(left, room.top(), room.width(), room.height())
            self._line(painter, after, asked.time, 32 * scale, bold=True)
        place = messages.text("studio.place", number=asked.number, count=asked.of)
        self._line(painter, room, place, 24 * scale, tint="text-muted", align=Qt.AlignmentFlag.AlignRight)
        lens = messages.text("studio.lens")
        wide, side = self._width(painter, lens, 24 * scale, bold=True), round(28 * scale)
        start = room.center().x() - (wide + side + 10) // 2
        arrow = pixmap("arrow-up", "accent-text", size=28)
        where = QRectF(start, room.center().y() - side / 2, side, side)
        painter.drawPixmap(where, arrow, QRectF(arrow.rect()))
        words_room = QRect(start + side + 10, room.top(), wide + 8, room.height())
        self._line(painter, words_room, lens, 24 * scale, tint="accent-text", bold=True)

    def _paint_question(self, painter: QPainter, room: QRect, scale: float) -> None:
        """Paint question and hint, smaller where they would not fit."""
        for share in (1.0, 0.85, 0.7, 0.55, 0.45):
            size = scale * share
            used = self._text(painter, room, self.asked.prompt, _PROMPT_PX, size, bold=True, paint=False)
            below = room.adjusted(0, used + round(24 * size), 0, 0)
            under = self._text(painter, below, self.asked.hint, _HINT_PX, size, bold=False, paint=False)
            if used + under + round(24 * size) <= room.height():
                break
        self._text(painter, room, self.asked.prompt, _PROMPT_PX, size, bold=True, paint=True)
        self._text(painter, below, self.asked.hint, _HINT_PX, size, bold=False, paint=True)

    def _paint_foot(self, painter: QPainter, room: QRect, scale: float) -> None:
        theme = current()
        wide, high, gap = (each * scale for each in _DOT)
        wide = min(wide, (room.width() * 0.4) / max(self.asked.of, 1) - gap)
        for n, done in enumerate(self.asked.done):
            now = n + 1 == self.asked.number
            tint = "accent" if now else "ok-fill" if done else "border-strong"
            at = QPointF(room.left() + n * (wide + gap), room.center().y() - high / 2)
            painter.setOpacity(1.0 if now or done else 0.5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(tint))
            painter.drawRoundedRect(QRectF(at.x(), at.y(), wide, high), high / 2, high / 2)
        painter.setOpacity(1.0)
        if not self.asked.following:
            return
        half = room.adjusted(round(room.width() * 0.45), 0, 0, 0)
        right = Qt.AlignmentFlag.AlignRight
        used = self._line(painter, half, self.asked.following, 24 * scale, bold=True, align=right)
        before = half.adjusted(0, 0, -used - round(32 * scale), 0)
        if before.width() > 0:
            said = messages.text("studio.following")
            self._line(painter, before, said, 24 * scale, tint="text-muted", align=right)

    def _line(
        self,
        painter: QPainter,
        room: QRect,
        text: str,
        px: float,
        *,
        tint: Tint = "text",
        bold: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> int:
        self._take_font(painter, px, bold=bold)
        painter.setPen(current().colour(tint))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(room.width(), 0))
        painter.drawText(room, int(align | Qt.AlignmentFlag.AlignVCenter), shown)
        return painter.fontMetrics().horizontalAdvance(shown)

    def _width(self, painter: QPainter, text: str, px: float, *, bold: bool) -> int:
        self._take_font(painter, px, bold=bold)
        return painter.fontMetrics().horizontalAdvance(text)

    def _text(
        self,
        painter: QPainter,
        room: QRect,
        text: str,
        px: tuple[int, int],
        scale: float,
        *,
        bold: bool,
        paint: bool,
    ) -> int:
        """Lay wrapped text out, perhaps paint it, and return how high it is; ``px``: size and line height."""
        self._take_font(painter, px[0] * scale, bold=bold)
        line_px = max(px[1] * scale, _LEAST_TEXT_PX * px[1] / px[0])
        layout = QTextLayout(text, painter.font())
        layout.beginLayout()
        high = 0.0
        while text and (line := layout.createLine()).isValid():
            line.setLineWidth(room.width())
            line.setPosition(QPointF(0, high + (line_px - line.height()) / 2))
            high += line_px
        layout.endLayout()
        if paint:
            painter.setPen(current().colour("text" if bold else "text-muted"))
            layout.draw(painter, QPointF(room.topLeft()))
        return round(high)

    def _take_font(self, painter: QPainter, px: float, *, bold: bool) -> None:
        font = current().font("prompt-second-screen" if bold else "body", tabular=True)
        font.setPixelSize(max(round(px), _LEAST_TEXT_PX))
        if px > _TIGHT_FROM_PX:
            font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 97)
        painter.setFont(font)
