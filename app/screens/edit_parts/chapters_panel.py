"""The chapters of the result, in the panel at the right of Edit: go there, rename, move, add, remove."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QInputDialog, QMenu, QSizePolicy, QVBoxLayout, QWidget

from app import messages
from app.screens.edit_presenter import EditState, clock
from app.theme import current, follow
from app.widgets.boxes import clear, row
from app.widgets.buttons import IconButton
from app.widgets.paint import box, line
from app.widgets.text import Heading, Label
from editor.chapters import Part


class _ChapterRow(QAbstractButton):
    """One chapter; a press goes there, a double click renames it, its menu has the rest."""

    renamed = Signal()
    removed = Signal()
    moved_here = Signal()
    moved_by = Signal(int)

    def __init__(self, number: int, part: Part, *, playing: bool) -> None:
        super().__init__()
        self.part, self.playing = part, playing
        self.start, self.length = clock(part.start_us), clock(part.end_us - part.start_us)
        name = messages.text("edit.chapter_name", number=number, title=part.title, start=self.start)
        self.setAccessibleName(name)
        self.setToolTip(messages.text("edit.chapter_hint"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow(self.updateGeometry)

    def event(self, event: QEvent) -> bool:
        """Take its keys before the screen does."""
        wanted = isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Delete)
        if wanted and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rename with F2, remove with Del."""
        if event.key() == Qt.Key.Key_F2:
            self.renamed.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Return a row of 30 px."""
        return QSize(200, current().grown(30))

    def minimumSizeHint(self) -> QSize:
        """Return the same height."""
        return QSize(100, current().grown(30))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Rename."""
        self.renamed.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with it."""
        self.menu().popup(event.globalPos())

    def menu(self) -> QMenu:
        """Return what can be done with it; an answer moves as a whole."""
        menu = QMenu(self)
        menu.addAction(messages.text("edit.chapter_rename")).triggered.connect(self.renamed)
        menu.addAction(messages.text("edit.chapter_here")).triggered.connect(self.moved_here)
        if self.part.point is None:
            for key, step in (("edit.chapter_earlier", -1), ("edit.chapter_later", 1)):
                action = menu.addAction(messages.text(key))
                action.triggered.connect(lambda _=False, step=step: self.moved_by.emit(step))
        menu.addAction(messages.text("edit.chapter_remove")).triggered.connect(self.removed)
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint start, title and length."""
        painter, theme = QPainter(self), current()
        if self.playing or self.underMouse():
            box(painter, self.rect(), fill="surface-selected" if self.playing else "surface-hover", radius=0)
        wide = theme.text(52)
        room = QRect(16, 0, wide, self.height())
        line(painter, room, self.start, role="caption-strong", tint="accent-text", tabular=True)
        line(painter, QRect(16 + wide, 0, self.width() - wide - 72, self.height()), self.part.title)
        end = QRect(self.width() - 56, 0, 40, self.height())
        align = Qt.AlignmentFlag.AlignRight
        line(painter, end, self.length, role="caption", tint="text-muted", tabular=True, align=align)


class ChaptersPanel(QWidget):
    """The chapters of the result.

    ``went`` tells a start; ``added`` asks for one at the playhead; ``renamed`` (with a title), ``removed``,
    ``moved_here`` (to the playhead) and ``moved_by`` (steps) tell a ``Part``; ``taken_out`` asks for a new
    resource from some of them.
    """

    went = Signal(object)
    added = Signal()
    renamed = Signal(object, str)
    removed = Signal(object)
    moved_here = Signal(object)
    moved_by = Signal(object, int)
    taken_out = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 4)
        column.setSpacing(2)
        head, line_of = row(margins=(16, 0, 12, 0), spacing=4)
        line_of.addWidget(Heading(messages.text("edit.chapters"), "title-small"))
        line_of.addWidget(Label(messages.text("edit.from_prompts"), "caption", tint="muted"), 1)
        self.take_out = IconButton("file-play", messages.text("edit.new_from_chapters"))
        self.take_out.clicked.connect(self.taken_out)
        add = IconButton("plus", messages.text("edit.chapter_add"))
        add.clicked.connect(self.added)
        line_of.addWidget(self.take_out)
        line_of.addWidget(add)
        column.addWidget(head)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(0)
        column.addLayout(self.rows)
        column.addStretch(1)
        self._shown: tuple[object, ...] = ()

    def show_state(self, state: EditState, playing: int | None) -> None:
        """Show the chapters, and which one plays."""
        shown = (state.parts, playing)
        if shown == self._shown:
            return
        self._shown = shown
        self.take_out.setEnabled(bool(state.parts))
        clear(self.rows)
        for n, part in enumerate(state.parts):
            each = _ChapterRow(n + 1, part, playing=n == playing)
            each.clicked.connect(lambda _=False, at_us=part.start_us: self.went.emit(at_us))
            each.renamed.connect(lambda part=part: self._rename(part))
            each.removed.connect(lambda part=part: self.removed.emit(part))
            each.moved_here.connect(lambda part=part: self.moved_here.emit(part))
            each.moved_by.connect(lambda step, part=part: self.moved_by.emit(part, step))
            self.rows.addWidget(each)

    def _rename(self, part: Part) -> None:
        words, label = messages.text("edit.chapter_rename"), messages.text("edit.chapter_title")
        title, wanted = QInputDialog.getText(self, words, label, text=part.title)
        if wanted:
            self.renamed.emit(part, title)
