"""The bar on top: tabs of the library, or the stages of a resource with how far each is."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import messages
from app.desk import STAGES, ScreenName
from app.shell.keys import shown
from app.shell.stages import BarState
from app.theme import current, follow, pixmap
from app.widgets.boxes import rule
from app.widgets.buttons import Button, IconButton
from app.widgets.marks import Badge
from app.widgets.paint import box, line, width_of
from app.widgets.text import ElidedLabel, Label
from editor.model import UndoStep

_UNDERLINE_PX = 3


class Mark(QWidget):
    """Lapel's mark."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(28, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lapel."""
        painter = QPainter(self)
        box(painter, self.rect(), fill="accent", radius=7)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        ink = current().colour("on-accent")
        painter.setBrush(ink)
        painter.drawPolygon(
            QPolygonF([QPointF(7, 6), QPointF(13.2, 21.5), QPointF(9.2, 22), QPointF(6, 14.5)])
        )
        painter.drawEllipse(QPointF(14, 9.2), 2.4, 2.4)
        pale = QColor(ink)
        pale.setAlphaF(0.55)
        painter.setBrush(pale)
        painter.drawPolygon(
            QPolygonF([QPointF(21, 6), QPointF(14.8, 21.5), QPointF(18.8, 22), QPointF(22, 14.5)])
        )


class StageButton(QAbstractButton):
    """A stage: a number, filled for the current one, or a tick; or a tab with its icon."""

    def __init__(self, name: ScreenName, *, number: int = 0, icon: str = "") -> None:
        super().__init__()
        self.name, self.number, self.icon_name = name, number, icon
        self.done = False
        self.setText(messages.text(f"stage.{name}"))
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_state(current_one=False, done=False)
        follow(self.updateGeometry)

    def show_state(self, *, current_one: bool, done: bool) -> None:
        """Show whether it is the current one and whether its work is there."""
        self.done = done
        self.setChecked(current_one)
        state = "current" if current_one else "done" if done else "open"
        self.setAccessibleName(messages.text(f"stage.said_{state}", stage=self.text()))
        self.update()

    def nextCheckState(self) -> None:
        """Leave it to the window to say which is the current one."""

    def sizeHint(self) -> QSize:
        """Return the room of mark and word."""
        theme = current()
        return QSize(theme.text(20) + 8 + width_of(self.text(), theme.font("label")) + 24, theme.grown(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the mark, the word and the underline."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        if self.underMouse() and not on and self.isEnabled():
            high = current().grown(40)
            box(
                painter,
                QRect(0, (self.height() - high) // 2, self.width(), high),
                fill="surface-hover",
                radius=6,
            )
        tint = "accent-text" if on else "text" if self.done else "text-muted"
        if not self.isEnabled():
            tint = "text-disabled"
        side = current().text(20)
        dot = QRectF(12, (self.height() - side) / 2, side, side)
        if self.icon_name:
            painter.drawPixmap(QPointF(12, round(dot.top())), pixmap(self.icon_name, tint, size=18))
        else:
            self._paint_dot(painter, dot, on=on)
        room = QRect(round(dot.right()) + 8, 0, self.width(), self.height())
        line(painter, room, self.text(), role="label" if on else "strong", tint=tint)
        if on:
            bar = QRectF(12, self.height() - _UNDERLINE_PX, self.width() - 24, _UNDERLINE_PX)
            box(painter, bar, fill="accent", radius=1.5)

    def _paint_dot(self, painter: QPainter, dot: QRectF, *, on: bool) -> None:
        if self.done and not on:
            box(painter, dot, edge="ok" if self.isEnabled() else "border", radius=dot.width() / 2, width=1.5)
            tick = pixmap("check", "ok" if self.isEnabled() else "text-disabled", size=12)
            painter.drawPixmap(dot.center() - QPointF(current().text(6), current().text(6)), tick)
            return
        edge = "accent" if on else "border-strong"
        box(painter, dot, fill="accent" if on else "", edge=edge, radius=dot.width() / 2, width=1.5)
        tint = "on-accent" if on else "text-muted"
        align = Qt.AlignmentFlag.AlignHCenter
        line(
            painter,
            dot.toRect(),
            str(self.number),
            role="caption-strong",
            tint=tint,
            align=align,
            tabular=True,
        )


class StageBar(QFrame):
    """The bar; it only shows and tells, the window decides."""

    asked = Signal(str)
    new_asked = Signal()
    undo_asked = Signal()
    redo_asked = Signal()
    keys_asked = Signal()
    settings_asked = Signal()

    def __init__(self, *, built: frozenset[ScreenName]) -> None:
        super().__init__()
        self.setProperty("edge", "bottom")
        self.setAccessibleName(messages.text("stage.bar"))
        self._steps: tuple[UndoStep | None, UndoStep | None] = (None, None)
        self.sides = QStackedWidget()
        self.home, self.stages = self._home(), self._resource(built)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.sides)
        self.sides.addWidget(self.home)
        self.sides.addWidget(self.stages)
        follow(self._take_height)

    def _take_height(self) -> None:
        self.setFixedHeight(max(current().grown(56), 56) + 1)

    def _home(self) -> QWidget:
        side = QWidget()
        row = QHBoxLayout(side)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(10)
        self.library_tab = StageButton("library", icon="layout-grid")
        self.library_tab.clicked.connect(lambda: self.asked.emit("library"))
        self.home_settings = IconButton("settings", messages.text("keys.settings"))
        self.new_button = Button(messages.text("library.new"), icon="plus", kind="primary")
        row.addWidget(Mark())
        row.addWidget(Label("Lapel", "title-small"))
        row.addSpacing(4)
        row.addWidget(rule(upright=True))
        row.addWidget(self.library_tab)
        row.addStretch(1)
        row.addWidget(self.home_settings)
        row.addWidget(self.new_button)
        self.home_settings.clicked.connect(self.settings_asked)
        self.new_button.clicked.connect(self.new_asked)
        return side

    def _resource(self, built: frozenset[ScreenName]) -> QWidget:
        side = QWidget()
        row = QHBoxLayout(side)
        row.setContentsMargins(10, 0, 16, 0)
        row.setSpacing(4)
        row.addWidget(self._title_side(), 1)
        self.buttons: dict[ScreenName, StageButton] = {}
        for number, name in enumerate(STAGES, start=1):
            if number > 1:
                row.addWidget(_Between())
            button = StageButton(name, number=number)
            button.setProperty("unbuilt", name not in built)
            button.setEnabled(name in built)
            button.clicked.connect(lambda _=False, name=name: self.asked.emit(name))
            self.buttons[name] = button
            row.addWidget(button)
        row.addWidget(self._tool_side(), 1)
        return side

    def _title_side(self) -> QWidget:
        side = QWidget()
        row = QHBoxLayout(side)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self.back = IconButton("arrow-left", messages.text("stage.back"), icon_px=20)
        self.back.clicked.connect(lambda: self.asked.emit("library"))
        self.title = ElidedLabel("", "label")
        self.under = ElidedLabel("", "caption", tint="muted")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.title)
        words.addWidget(self.under)
        words.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(Mark())
        row.addLayout(words, 1)
        return side

    def _tool_side(self) -> QWidget:
        side = QWidget()
        row = QHBoxLayout(side)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.badge = Badge()
        self.undo = IconButton("undo-2", messages.text("keys.undo"))
        self.redo = IconButton("redo-2", messages.text("keys.redo"))
        self.keys = IconButton("keyboard", messages.text("keys.shortcuts"))
        self.settings = IconButton("settings", messages.text("keys.settings"))
        row.addStretch(1)
        row.addWidget(self.badge)
        row.addSpacing(4)
        row.addWidget(self.undo)
        row.addWidget(self.redo)
        row.addSpacing(2)
        row.addWidget(rule(upright=True))
        row.addSpacing(2)
        row.addWidget(self.keys)
        row.addWidget(self.settings)
        self.undo.clicked.connect(self.undo_asked)
        self.redo.clicked.connect(self.redo_asked)
        self.keys.clicked.connect(self.keys_asked)
        self.settings.clicked.connect(self.settings_asked)
        return side

    def show_screen(self, name: ScreenName) -> None:
        """Show the tabs, or the stages with one as the current."""
        self.sides.setCurrentWidget(self.stages if name in STAGES else self.home)
        self.library_tab.show_state(current_one=name == "library", done=False)
        for each, button in self.buttons.items():
            button.show_state(current_one=each == name, done=button.done)

    def show_shut(self, reason: str) -> None:
        """Close what needs the library while it is not open, and say why; "" opens it again."""
        for button in (self.library_tab, self.new_button):
            button.setEnabled(not reason)
            button.setToolTip(reason)

    def show_resource(self, state: BarState) -> None:
        """Show title, version and how far the resource is."""
        self.title.setText(state.title)
        self.under.setText(state.under)
        self.badge.say(state.badge)
        for name, button in self.buttons.items():
            button.show_state(current_one=button.isChecked(), done=name in state.done)

    def show_undo(self, undo: UndoStep | None, redo: UndoStep | None) -> None:
        """Show what undo and redo would do."""
        self._steps = (undo, redo)
        for button, step, key, keys in (
            (self.undo, undo, "undo", "Ctrl+Z"),
            (self.redo, redo, "redo", "Ctrl+Shift+Z"),
        ):
            button.setEnabled(step is not None)
            what = messages.text(f"keys.{key}")
            if step is not None:
                label = messages.done(step.label)
                what = messages.text(f"stage.{key}_what", what=label, keys="+".join(shown(keys)))
            button.set_name(what)

    def show_lock(self, reason: str) -> None:
        """Close the ways to other screens, and say why."""
        for button in (*self.buttons.values(), self.back):
            built = button.property("unbuilt") is not True
            button.setEnabled(built and (not reason or button.isChecked()))
            if reason:
                button.setToolTip(reason)
            elif isinstance(button, StageButton):
                button.setToolTip("")
        for button in (self.undo, self.redo):
            button.setEnabled(False)
            button.setToolTip(reason)
        if not reason:
            self.back.set_name(messages.text("stage.back"))
            self.show_undo(*self._steps)


class _Between(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(16)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setOpacity(0.6)
        painter.fillRect(0, self.height() // 2, self.width(), 1, current().colour("border-strong"))
