"""Cards of Library as they are painted: poster, title, expert, roles or what was found, status and level."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QMouseEvent, QPainter, QPixmap, QPixmapCache
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app import messages
from app.screens import library_presenter as presenter
from app.screens.library_presenter import CardFacts, Row
from app.theme import current, pixmap
from app.widgets.marks import BADGE_TINTS, BadgeKind
from app.widgets.paint import (
    box,
    focus_ring,
    hit_marks,
    level_bars,
    line,
    lines,
    picture,
    plate,
    plate_size,
    width_of,
)
from editor.model import LEVELS, Resource

ROW_ROLE = Qt.ItemDataRole.UserRole
FACTS_ROLE = Qt.ItemDataRole.UserRole + 1

GAP = 16
Index = QModelIndex | QPersistentModelIndex

STATUS_LOOKS: dict[str, tuple[BadgeKind, str]] = {
    "draft": ("neutral", "pencil"),
    "recorded": ("neutral", "video"),
    "captioned": ("accent", "captions"),
    "published": ("ok", "circle-check"),
}


@dataclass(frozen=True, slots=True)
class Spots:
    """Where on a card a click means something else than the card."""

    menu: QRect
    hit: QRect


class CardDelegate(QStyledItemDelegate):
    """Paints cards or rows; ``opened_at`` tells of a click on a found place, ``menu_asked`` of the dots."""

    opened_at = Signal(object)
    menu_asked = Signal(object, object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.as_cards = True
        self.words = ""
        self.cell = QSize(330, 320)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size of a cell."""
        return self.cell

    def body_height(self, *, searching: bool) -> int:
        """Return how high a card is below its poster."""
        theme = current()
        third = 3 * theme.line("caption") + theme.text(8) if searching else theme.height("chip")
        return theme.text(50) + theme.text(20) + third + theme.text(20) + 4 * 8 + 6

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a card or a row."""
        row, facts = index.data(ROW_ROLE), index.data(FACTS_ROLE)
        if not isinstance(row, Row):
            return
        rect: QRect = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        live = bool(state & QStyle.StateFlag.State_MouseOver) or bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if self.as_cards:
            self._paint_card(painter, _card_rect(rect), row, facts, live=live, focused=focused)
        else:
            self._paint_row(painter, rect, row, facts, live=live, focused=focused)
        painter.restore()

    def _paint_card(
        self, painter: QPainter, card: QRect, row: Row, facts: CardFacts | None, *, live: bool, focused: bool
    ) -> None:
        theme, resource = current(), row.resource
        box(painter, card, fill="surface", edge="border", radius=8)
        poster = _poster_rect(card)
        _paint_poster(painter, poster, facts, radius=7)
        if live:
            _paint_dots(painter, _menu_rect(poster))
        left, wide = card.left() + 12, card.width() - 24
        top = poster.bottom() + 1 + 10
        lines(
            painter,
            QRect(left, top, wide, theme.text(40)),
            resource.title,
            role="card-title",
            line_px=theme.text(20),
            marks=hit_marks(resource.title, self.words),
        )
        top += theme.text(40) + 8
        _paint_expert(painter, QRect(left, top, wide, theme.text(20)), resource)
        top += theme.text(20) + 8
        if row.hit is not None and row.hit.snippet:
            _paint_hit(painter, _hit_rect(card, self.body_height(searching=True)), row)
        else:
            _paint_roles(painter, QRect(left, top, wide, theme.height("chip")), resource)
        foot = QRect(left, card.bottom() - 12 - theme.text(20) + 1, wide, theme.text(20))
        self._paint_foot(painter, foot, row)
        if focused:
            focus_ring(painter, card, radius=8)

    def _paint_foot(self, painter: QPainter, foot: QRect, row: Row) -> None:
        resource = row.resource
        kind, icon = STATUS_LOOKS[resource.status]
        fill, tint = BADGE_TINTS[kind]
        text = presenter.status_words(resource)
        badge = plate(painter, foot.topLeft(), text, fill=fill, tint=tint, icon=icon, most_px=foot.width())
        room = QRect(badge.right() + 8, foot.top(), foot.right() - badge.right() - 8, foot.height())
        right = Qt.AlignmentFlag.AlignRight
        if row.hit is not None and row.hit.places:
            words = presenter.places_words(row.hit)
            line(painter, room, words, role="caption-strong", tint="accent-text", align=right, tabular=True)
        elif resource.tags.level:
            _paint_level(painter, room, resource)

    def _paint_row(
        self, painter: QPainter, rect: QRect, row: Row, facts: CardFacts | None, *, live: bool, focused: bool
    ) -> None:
        theme, resource = current(), row.resource
        inner = rect.adjusted(4, 0, -4, -1)
        box(painter, inner, fill="surface-selected" if focused or live else "surface", radius=6)
        painter.fillRect(QRect(rect.left() + 8, rect.bottom(), rect.width() - 16, 1), theme.colour("border"))
        poster = QRect(
            inner.left() + 8, inner.top() + 6, (inner.height() - 12) * 16 // 9, inner.height() - 12
        )
        _paint_poster(painter, poster, facts, radius=4, quiet=True)
        left, end = poster.right() + 16, inner.right() - 16
        columns = (0.44, 0.22, 0.16, 0.18)
        room = end - left - theme.text(28)
        starts = [left + round(room * sum(columns[:n])) for n in range(5)]
        half = inner.height() // 2
        title = QRect(left, inner.top() + 6, starts[1] - left - 16, half - 6)
        marks = hit_marks(resource.title, self.words)
        if marks:
            high = theme.text(20)
            spot = QRect(title.left(), title.center().y() - high // 2, title.width(), high)
            lines(painter, spot, resource.title, role="label", most=1, line_px=high, marks=marks)
        else:
            line(painter, title, resource.title, role="label")
        below = QRect(left, inner.top() + half, starts[1] - left - 16, half - 6)
        if row.hit is not None and row.hit.take_id:
            _paint_hit_line(painter, below, row)
        else:
            _paint_expert(painter, below, resource)
        middle = QRect(starts[1], inner.top(), starts[2] - starts[1] - 12, inner.height())
        _paint_roles(painter, middle, resource)
        _paint_level(
            painter, QRect(starts[2], inner.top(), starts[3] - starts[2] - 12, inner.height()), resource
        )
        kind, icon = STATUS_LOOKS[resource.status]
        fill, tint = BADGE_TINTS[kind]
        text = presenter.status_words(resource)
        at = QPoint(starts[3], inner.center().y() - plate_size(text)[1] // 2)
        plate(painter, at, text, fill=fill, tint=tint, icon=icon, most_px=starts[4] - starts[3])
        if live:
            _paint_dots(painter, self._row_menu(rect))
        if focused:
            focus_ring(painter, inner.adjusted(2, 4, -2, -4), radius=6)

    def _row_menu(self, rect: QRect) -> QRect:
        side = current().text(28)
        return QRect(rect.right() - side - 10, rect.center().y() - side // 2, side, side)

    def spots(self, rect: QRect, row: Row) -> Spots:
        """Return where a click means something else than the card."""
        if not self.as_cards:
            poster = QRect(rect.left(), rect.top(), rect.width() // 2, rect.height())
            return Spots(self._row_menu(rect), poster if row.hit and row.hit.take_id else QRect())
        card = _card_rect(rect)
        hit = _hit_rect(card, self.body_height(searching=True)) if row.hit and row.hit.take_id else QRect()
        return Spots(_menu_rect(_poster_rect(card)), hit)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Take clicks on a found place and on the three dots."""
        row = index.data(ROW_ROLE)
        if not isinstance(event, QMouseEvent) or not isinstance(row, Row):
            return False
        if event.type() != QEvent.Type.MouseButtonRelease or event.button() != Qt.MouseButton.LeftButton:
            return False
        spots, at = self.spots(option.rect, row), event.position().toPoint()
        if spots.menu.contains(at):
            self.menu_asked.emit(row, event.globalPosition().toPoint())
            return True
        if spots.hit.contains(at):
            self.opened_at.emit(row)
            return True
        return False


def _card_rect(rect: QRect) -> QRect:
    half = GAP // 2
    return rect.adjusted(half, half, -half, -half)


def _poster_rect(card: QRect) -> QRect:
    return QRect(card.left() + 1, card.top() + 1, card.width() - 2, (card.width() - 2) * 9 // 16)


def _menu_rect(poster: QRect) -> QRect:
    side = current().text(28)
    return QRect(poster.right() - side - 7, poster.top() + 8, side, side)


def _hit_rect(card: QRect, body_px: int) -> QRect:
    theme = current()
    top = card.bottom() - 12 - theme.text(20) - 8 - 3 * theme.line("caption")
    return QRect(card.left() + 12, top, card.width() - 24, 3 * theme.line("caption"))


def _words(row: Row) -> str:
    found = row.hit.found if row.hit is not None else ()
    return " ".join({place.text[a:b] for place in found[:3] for a, b in place.marks})


def _paint_poster(
    painter: QPainter, rect: QRect, facts: CardFacts | None, *, radius: float, quiet: bool = False
) -> None:
    box(painter, rect, fill="surface-sunken", radius=radius)
    image = _image(facts.poster) if facts is not None and facts.poster is not None else None
    if image is not None:
        picture(painter, rect, image, radius=radius)
    else:
        size = 24 if quiet else 40
        drawn = pixmap("video", "border-strong", size=size)
        side = current().text(size)
        if side < rect.height():
            painter.drawPixmap(rect.center() - QPoint(side // 2, side // 2), drawn)
    if facts is None:
        return
    if facts.missing:
        words = messages.text("library.missing")
        most = rect.width() - 16
        at = rect.topLeft() + QPoint(8, 8)
        plate(painter, at, words, fill="warn-fill", tint="on-warn", icon="triangle-alert", most_px=most)
    if facts.length_us and not quiet:
        length = messages.clock(facts.length_us / 1e6)
        wide, high = plate_size(length)
        at = QPoint(rect.right() - wide - 7, rect.bottom() - high - 7)
        plate(painter, at, length, fill="scrim", tint="on-scrim")


def _paint_dots(painter: QPainter, rect: QRect) -> None:
    box(painter, rect, fill="surface-raised", edge="control-border", radius=6)
    side = current().text(16)
    painter.drawPixmap(rect.center() - QPoint(side // 2 - 1, side // 2 - 1), pixmap("ellipsis", "text"))


def _paint_expert(painter: QPainter, rect: QRect, resource: Resource) -> None:
    expert = resource.brief.expert
    if not expert.name:
        line(painter, rect, messages.text("library.no_expert"), role="caption", tint="text-muted")
        return
    used = line(painter, rect, expert.name + ("," if expert.role else ""), role="caption-strong")
    rest = rect.adjusted(used + 4, 0, 0, 0)
    if expert.role and rest.width() > 24:
        line(painter, rest, expert.role, role="caption", tint="text-muted")


def _paint_roles(painter: QPainter, rect: QRect, resource: Resource) -> None:
    roles = resource.tags.roles or resource.brief.audience
    left, high = rect.left(), current().height("chip")
    top = rect.center().y() - high // 2
    for number, role in enumerate(roles):
        more = len(roles) - number
        wide = plate_size(role, pad=8)[0]
        tail = plate_size(f"+{more - 1}", pad=8)[0] + 6 if more > 1 else 0
        if number and left + wide + tail > rect.right():
            text = f"+{more}"
            plate(painter, QPoint(left, top), text, fill="surface-sunken", tint="text", pad=8, height=high)
            return
        most = rect.right() - left - tail
        made = plate(
            painter,
            QPoint(left, top),
            role,
            fill="surface-sunken",
            tint="text",
            pad=8,
            height=high,
            most_px=most,
        )
        left = made.right() + 7


def _paint_level(painter: QPainter, rect: QRect, resource: Resource, *, rightmost: bool = True) -> None:
    level = resource.tags.level
    if level is None:
        return
    words = messages.text(f"level.{level}")
    theme = current()
    wide = theme.text(22) + width_of(words, theme.font("caption-strong"))
    left = max(rect.right() - wide, rect.left()) if rightmost else rect.left()
    level_bars(painter, left, rect.center().y(), LEVELS.index(level) + 1, scale=theme.text_percent / 100)
    room = QRect(left + theme.text(22), rect.top(), rect.right() - left - theme.text(22) + 2, rect.height())
    line(painter, room, words, role="caption-strong", tint="text-muted")


def _hit_text(row: Row) -> tuple[str, str]:
    hit = row.hit
    if hit is None:
        return "", ""
    return (messages.clock(hit.start_us / 1e6) if hit.take_id else ""), hit.snippet


def _paint_hit(painter: QPainter, rect: QRect, row: Row) -> None:
    at, snippet = _hit_text(row)
    painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), current().colour("accent"))
    text = f"{at}  {snippet}" if at else snippet
    room = rect.adjusted(10, 0, 0, 0)
    marks = [(a, b) for a, b in hit_marks(text, _words(row)) if a >= len(at)]
    lines(painter, room, text, role="caption", tint="text-muted", most=3, marks=marks)
    if at:
        first = QRect(room.left(), room.top(), room.width(), current().line("caption"))
        wide = width_of(at, current().font("caption-strong"))
        painter.fillRect(QRect(first.left(), first.top(), wide, first.height()), current().colour("surface"))
        line(painter, first, at, role="caption-strong", tint="accent-text")


def _paint_hit_line(painter: QPainter, rect: QRect, row: Row) -> None:
    at, snippet = _hit_text(row)
    used = line(painter, rect, at, role="caption-strong", tint="accent-text", tabular=True)
    high = current().line("caption")
    rest = QRect(rect.left() + used + 8, rect.center().y() - high // 2, rect.width() - used - 8, high)
    marks = hit_marks(snippet, _words(row))
    lines(painter, rest, snippet, role="caption", tint="text-muted", most=1, marks=marks)


def _image(path: Path) -> QPixmap | None:
    found = QPixmap()
    if QPixmapCache.find(str(path), found):
        return found
    found = QPixmap(str(path))
    if found.isNull():
        return None
    QPixmapCache.insert(str(path), found)
    return found


__all__ = ["CardDelegate"]
