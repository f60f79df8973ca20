"""Paint the design's small parts, for widgets of our own and for the delegates of lists."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap, QTextLayout, QTextOption
from PySide6.QtWidgets import QWidget

from app.theme import Theme, Tint, TypeRole, current, pixmap

LEVEL_HEIGHTS = (5, 8, 11)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and let it look again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def show_when(widget: QWidget, *, wanted: bool) -> None:
    """Show or hide a part; a new one that has no place yet does not become a window of its own."""
    if not wanted:
        widget.hide()
    elif widget.parent() is not None or widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
        widget.show()


def width_of(text: str, font: QFont) -> int:
    """Return how wide a text is, in whole pixels."""
    return QFontMetrics(font).horizontalAdvance(text) + 1


def box(
    painter: QPainter,
    rect: QRect | QRectF,
    *,
    fill: Tint = "",
    edge: Tint = "",
    radius: float = 4,
    width: float = 1,
) -> None:
    """Paint a rounded rectangle; its edge lies inside ``rect``."""
    theme = current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme.colour(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour(edge), width) if edge else QPen(Qt.PenStyle.NoPen))
    inset = width / 2 if edge else 0
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.restore()


def focus_ring(painter: QPainter, rect: QRect | QRectF, *, radius: float) -> None:
    """Paint the ring of the keyboard focus around ``rect``: 2 px, 2 px away (DESIGN.md 1)."""
    box(painter, QRectF(rect).adjusted(-4, -4, 4, 4), edge="focus", radius=radius + 3, width=2)


def picture(painter: QPainter, rect: QRect, image: QPixmap, *, radius: float = 0) -> None:
    """Paint a picture so that it fills ``rect``, cut at the sides or above and below."""
    size = image.deviceIndependentSize()
    if size.isEmpty():
        return
    scale = max(rect.width() / size.width(), rect.height() / size.height())
    wanted_w, wanted_h = rect.width() / scale, rect.height() / scale
    ratio = image.devicePixelRatio()
    source = QRectF((size.width() - wanted_w) / 2, (size.height() - wanted_h) / 2, wanted_w, wanted_h)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if radius:
        from PySide6.QtGui import QPainterPath

        path = QPainterPath()
        path.addRoundedRect(QRectF(rect), radius, radius)
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    painter.drawPixmap(
        QRectF(rect),
        image,
        QRectF(source.x() * ratio, source.y() * ratio, source.width() * ratio, source.height() * ratio),
    )
    painter.restore()


def line(
    painter: QPainter,
    rect: QRect,
    text: str,
    *,
    role: TypeRole = "body",
    tint: Tint = "text",
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    tabular: bool = False,
) -> int:
    """Paint one line of text, shortened to fit, centred in height; return how wide it is."""
    font = current().font(role, tabular=tabular)
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.setFont(font)
    painter.setPen(current().colour(tint))
    painter.drawText(rect, int(align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), shown)
    return metrics.horizontalAdvance(shown)


def lines(
    painter: QPainter,
    rect: QRect,
    text: str,
    *,
    role: TypeRole = "body",
    tint: Tint = "text",
    most: int = 2,
    line_px: int = 0,
    marks: Sequence[tuple[int, int]] = (),
) -> int:
    """Paint wrapped text in at most so many lines, the last shortened; return how high it is.

    Args:
        painter: Paints.
        rect: Where; what does not fit is left out.
        text: What.
        role: Its type.
        tint: Its colour.
        most: How many lines there may be.
        line_px: Line height; 0 means that of ``role``.
        marks: Ranges of characters to highlight, as search hits are.
    """
    theme = current()
    font, height = theme.font(role), line_px or theme.line(role)
    metrics = QFontMetrics(font)
    layout = QTextLayout(text, font)
    layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
    layout.beginLayout()
    painter.setFont(font)
    count = 0
    while count < most and (one := layout.createLine()).isValid():
        one.setLineWidth(rect.width())
        start, length = one.textStart(), one.textLength()
        rest = text[start : start + length]
        if count == most - 1 and start + length < len(text):
            rest = metrics.elidedText(text[start:], Qt.TextElideMode.ElideRight, rect.width())
        room = QRect(rect.left(), rect.top() + count * height, rect.width(), height)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        painter.setPen(theme.colour(tint))
        painter.drawText(room, flags, rest.rstrip())
        for first, last in marks:
            a, b = max(first - start, 0), min(last - start, len(rest))
            if a < b:
                left = metrics.horizontalAdvance(rest[:a])
                wide = metrics.horizontalAdvance(rest[:b]) - left
                hit = QRect(room.left() + left - 1, room.top(), wide + 2, height)
                box(painter, hit, fill="highlight", radius=2)
                painter.save()
                painter.setClipRect(hit)
                painter.setPen(theme.colour("on-highlight"))
                painter.drawText(room, flags, rest.rstrip())
                painter.restore()
        count += 1
    layout.endLayout()
    return count * height


def level_bars(painter: QPainter, left: int, middle: int, level: int, *, scale: float = 1) -> int:
    """Paint the three bars of a level, of which ``level`` are filled; return how wide they are."""
    for number, height in enumerate(LEVEL_HEIGHTS):
        high = height * scale
        rect = QRectF(left + number * 6 * scale, middle + 5.5 * scale - high, 4 * scale, high)
        box(painter, rect, fill="accent" if number < level else "track", radius=1)
    return round(16 * scale)


def plate_size(
    text: str, *, role: TypeRole = "caption-strong", icon: str = "", pad: int = 7
) -> tuple[int, int]:
    """Return width and height of a badge, chip or plate."""
    theme = current()
    wide = width_of(text, theme.font(role, tabular=True)) + 2 * pad
    return wide + (theme.text(12) + 4 if icon else 0), theme.text(20)


def plate(
    painter: QPainter,
    at: QPoint,
    text: str,
    *,
    fill: Tint,
    tint: Tint,
    role: TypeRole = "caption-strong",
    icon: str = "",
    pad: int = 7,
    height: int = 0,
    most_px: int = 0,
) -> QRect:
    """Paint a badge, chip or plate with its top left at ``at`` and return where it is."""
    wide, high = plate_size(text, role=role, icon=icon, pad=pad)
    rect = QRect(at.x(), at.y(), min(wide, most_px) if most_px else wide, height or high)
    box(painter, rect, fill=fill, radius=4)
    left = rect.left() + pad
    if icon:
        drawn = pixmap(icon, tint, size=12)
        side = current().text(12)
        painter.drawPixmap(QPointF(left, rect.center().y() - side / 2 + 0.5), drawn)
        left += side + 4
    room = QRect(left, rect.top(), rect.right() - left - pad + 2, rect.height())
    line(painter, room, text, role=role, tint=tint, tabular=True)
    return rect


def faded(colour: QColor, share: float) -> QColor:
    """Return a colour that is partly see-through."""
    made = QColor(colour)
    made.setAlphaF(share)
    return made


def hit_marks(text: str, words: str) -> list[tuple[int, int]]:
    """Return where words that start like the typed ones stand in a text, as ranges of characters."""
    import re

    typed = [re.escape(each) for each in words.split() if each]
    if not typed:
        return []
    return [found.span() for found in re.finditer(rf"\b(?:{'|'.join(typed)})\w*", text, re.IGNORECASE)]


__all__ = [
    "Theme",
    "box",
    "faded",
    "focus_ring",
    "hit_marks",
    "level_bars",
    "line",
    "lines",
    "picture",
    "plate",
    "plate_size",
    "set_property",
    "show_when",
    "width_of",
]
