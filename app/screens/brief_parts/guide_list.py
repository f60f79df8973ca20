"""The prompts of one tab of the guide: tick, order by the grip, and the way to their words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app import messages
from app.screens import brief_presenter as presenter
from app.screens.brief_parts.prompt_editor import PromptEditor
from app.theme import current, follow, pixmap
from app.widgets.checks import tick_box
from app.widgets.paint import focus_ring, line, lines, width_of
from editor.model import Prompt

Index = QModelIndex | QPersistentModelIndex
_PROMPT_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_LARGE_PERCENT = 130
_PAD = 8


class GuideModel(QAbstractListModel):
    """The prompts; ``editing`` is the id of the one whose words are being changed."""

    def __init__(self) -> None:
        super().__init__()
        self.prompts: tuple[Prompt, ...] = ()
        self.editing = ""

    def show_prompts(self, prompts: Sequence[Prompt]) -> None:
        """Show other prompts; the same ones in the same order only change in place."""
        same = [each.id for each in prompts] == [each.id for each in self.prompts]
        if same:
            self.prompts = tuple(prompts)
            if prompts:
                self.dataChanged.emit(self.index(0), self.index(len(prompts) - 1))
            return
        self.beginResetModel()
        self.prompts = tuple(prompts)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many there are."""
        return 0 if parent is not None and parent.isValid() else len(self.prompts)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a prompt, or what a screen reader says of it."""
        if not index.isValid() or index.row() >= len(self.prompts):
            return None
        prompt = self.prompts[index.row()]
        if role == _PROMPT_ROLE:
            return prompt
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (prompt.text, prompt.hint)))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            key = "brief.said_asked" if prompt.included else "brief.said_left_out"
            return messages.text(key, number=index.row() + 1, text=prompt.text, hint=prompt.hint)
        return None


class GuideDelegate(QStyledItemDelegate):
    """Paints a prompt: grip, box, number, question with its hint, time, pencil."""

    def parts(self, rect: QRect) -> dict[str, QRect]:
        """Return where what is."""
        theme = current()
        side, figure, time = theme.text(16), theme.text(24), theme.text(80)
        left, found = rect.left() + _PAD, {}
        for name, wide in (("grip", 20), ("tick", side + 4), ("number", figure)):
            found[name] = QRect(left, rect.top(), wide, rect.height())
            left += wide + _PAD
        edit = QRect(rect.right() - 15 - theme.text(28), rect.top(), theme.text(28), rect.height())
        found["edit"] = edit
        found["time"] = QRect(edit.left() - _PAD - time, rect.top(), time, rect.height())
        end = (edit if _is_large() else found["time"]).left() - _PAD
        found["text"] = QRect(left, rect.top(), end - left, rect.height())
        return found

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room of two lines, or of the fields to change them."""
        view = option.widget
        if isinstance(view, GuideList) and view.editor is not None and view.editing_row == index.row():
            return QSize(200, view.editor.sizeHint().height())
        return QSize(200, row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint it."""
        prompt, rect, theme = index.data(_PROMPT_ROLE), option.rect, current()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.colour("surface-hover"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("border"))
        view = option.widget
        if isinstance(view, GuideList) and view.editing_row == index.row():
            return
        parts = self.parts(rect)
        painter.setOpacity(1 if chosen else 0.45)
        grip = parts["grip"]
        side = theme.text(16)
        top = grip.center().y() - side // 2
        painter.drawPixmap(QPointF(grip.left() + 2, top), pixmap("grip-vertical", "text-muted"))
        painter.setOpacity(1)
        tick = parts["tick"]
        tick_box(
            painter, QRectF(tick.left() + 2, tick.center().y() - side / 2, side, side), on=prompt.included
        )
        number = parts["number"]
        right = Qt.AlignmentFlag.AlignRight
        line(painter, number, str(index.row() + 1), role="label", tint="text-muted", align=right)
        self._words(painter, parts["text"], prompt)
        if not _is_large():
            words = presenter.seconds_words(prompt)
            time = parts["time"].adjusted(-40, 0, 0, 0) if not prompt.hint else parts["time"]
            line(painter, time, words, role="caption", tint="text-muted", align=right, tabular=True)
        pencil = parts["edit"].center()
        small = theme.text(14)
        painter.drawPixmap(
            QPointF(pencil.x() - small // 2, pencil.y() - small // 2), pixmap("pencil", "text-muted", size=14)
        )
        if chosen and isinstance(view, GuideList) and view.hasFocus():
            focus_ring(painter, rect.adjusted(4, 4, -4, -5), radius=4)

    def _words(self, painter: QPainter, rect: QRect, prompt: Prompt) -> None:
        theme = current()
        first, second = theme.line("label"), theme.line("caption")
        tint = "text" if prompt.included else "text-muted"
        below = prompt.hint
        if _is_large():
            below = " · ".join(filter(None, (presenter.seconds_words(prompt), prompt.hint)))
            wide = width_of(prompt.text, theme.font("label"))
            first *= 2 if wide > rect.width() else 1
        top = rect.center().y() - (first + (second if below else 0)) // 2
        room = QRect(rect.left(), top, rect.width(), first)
        lines(painter, room, prompt.text, role="label", tint=tint)
        if below:
            room = QRect(rect.left(), top + first, rect.width(), second)
            line(painter, room, below, role="caption", tint="text-muted")


def row_height() -> int:
    """Return how high a prompt is; large text has two lines for the question."""
    theme = current()
    return theme.line("label") * (2 if _is_large() else 1) + theme.line("caption") + 20


def _is_large() -> bool:
    return current().text_percent > _LARGE_PERCENT


class GuideList(QListView):
    """The prompts of a tab as a list; what is done to one is told by its row or id."""

    ticked = Signal(str, bool)
    moved = Signal(int, int)
    reworded = Signal(str, str, str)
    removed = Signal(str)
    current_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.rows = GuideModel()
        self.editor: PromptEditor | None = None
        self.editing_row = -1
        self._dragged, self._drop = -1, -1
        self.painter = GuideDelegate(self)
        self.setModel(self.rows)
        self.setItemDelegate(self.painter)
        self.setAccessibleName(messages.text("brief.guide_name"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(96)
        self.selectionModel().currentChanged.connect(lambda now, _: self.current_changed.emit(now.row()))
        follow(self._retheme)

    def _retheme(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the room of every prompt."""
        high = row_height() * self.rows.rowCount()
        if self.editor is not None:
            high += self.editor.sizeHint().height() - row_height()
        return QSize(400, max(high, 1))

    @property
    def prompt(self) -> Prompt | None:
        """The current prompt."""
        row = self.currentIndex().row()
        return self.rows.prompts[row] if 0 <= row < len(self.rows.prompts) else None

    def show_prompts(self, prompts: Sequence[Prompt], *, choose: str = "") -> None:
        """Show other prompts; the current one stays current."""
        wanted = choose or (self.prompt.id if self.prompt is not None else "")
        ids = [each.id for each in prompts]
        if ids != [each.id for each in self.rows.prompts]:
            self.stop_editing()
        self.rows.show_prompts(prompts)
        row = ids.index(wanted) if wanted in ids else 0 if ids else -1
        if row >= 0 and row != self.currentIndex().row():
            self.setCurrentIndex(self.rows.index(row))
        self.updateGeometry()

    # Editing ----------------------------------------------------------------------------------------

    def edit_words(self, row: int, *, removable: bool) -> None:
        """Open the fields for wording and hint in place of a prompt."""
        self.stop_editing()
        if not 0 <= row < len(self.rows.prompts):
            return
        prompt = self.rows.prompts[row]
        index = self.rows.index(row)
        self.setCurrentIndex(index)
        self.editor, self.editing_row = PromptEditor(prompt, removable=removable), row
        self.editor.kept.connect(lambda text, hint: self.reworded.emit(prompt.id, text, hint))
        self.editor.removed.connect(lambda: self.removed.emit(prompt.id))
        self.editor.given_up.connect(self.stop_editing)
        self.editor.grown.connect(self._retheme)
        self.editor.setParent(self.viewport())
        self.editor.show()
        self._retheme()
        self.doItemsLayout()
        self.scrollTo(index)
        self.editor.text.setFocus()
        self.editor.text.selectAll()

    def stop_editing(self) -> None:
        """Close the fields."""
        editor, self.editor, self.editing_row = self.editor, None, -1
        if editor is not None:
            had_focus = editor.has_focus()
            editor.close_quietly()
            editor.hide()
            editor.deleteLater()
            self._retheme()
            if had_focus:
                self.setFocus()

    def _place_editor(self) -> None:
        if self.editor is not None:
            self.editor.setGeometry(self.visualRect(self.rows.index(self.editing_row)).adjusted(0, 0, 0, -1))

    def updateGeometries(self) -> None:
        """Let the fields stay where their prompt is."""
        super().updateGeometries()
        self._place_editor()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Let the fields scroll with their prompt."""
        super().scrollContentsBy(dx, dy)
        self._place_editor()

    # Keys and mouse ----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick with Space."""
        if event.key() == Qt.Key.Key_Space and self.prompt is not None:
            self.ticked.emit(self.prompt.id, not self.prompt.included)
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tick, open the words, or take the grip."""
        super().mousePressEvent(event)
        at = event.position().toPoint()
        index = self.indexAt(at)
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            return
        parts = self.painter.parts(self.visualRect(index))
        prompt = self.rows.prompts[index.row()]
        if parts["tick"].adjusted(-4, 0, 4, 0).contains(at):
            self.ticked.emit(prompt.id, not prompt.included)
        elif parts["grip"].adjusted(-_PAD, 0, 0, 0).contains(at):
            self._dragged = self._drop = index.row()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop what is dragged, or open the words where the pencil is."""
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        if self._dragged >= 0:
            row, to = self._dragged, self._drop
            self._dragged = self._drop = -1
            self.unsetCursor()
            self.viewport().update()
            if to != row:
                self.moved.emit(row, to)
            return
        index = self.indexAt(at)
        if index.isValid() and self.painter.parts(self.visualRect(index))["edit"].contains(at):
            self.doubleClicked.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show where what is dragged would go, and what a click would do."""
        at = event.position().toPoint()
        if self._dragged >= 0:
            self._drop = self._row_at(at)
            self.viewport().update()
            return
        super().mouseMoveEvent(event)
        index = self.indexAt(at)
        over = index.isValid() and self.painter.parts(self.visualRect(index))["grip"].contains(at)
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if over else Qt.CursorShape.ArrowCursor)

    def _row_at(self, at: QPoint) -> int:
        index = self.indexAt(QPoint(20, at.y()))
        if index.isValid():
            return index.row()
        return 0 if at.y() < 0 else len(self.rows.prompts) - 1

    def paintEvent(self, event: QPaintEvent) -> None:
        """Add the line where what is dragged would go."""
        super().paintEvent(event)
        if self._dragged >= 0 and self._drop != self._dragged:
            rect = self.visualRect(self.rows.index(self._drop))
            y = rect.bottom() if self._drop > self._dragged else rect.top()
            painter = QPainter(self.viewport())
            painter.fillRect(0, y - 1, rect.width(), 3, current().colour("accent"))


__all__ = ["GuideList", "GuideModel"]
