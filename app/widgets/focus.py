"""Show where the keyboard is: one ring, 2 px, 2 px away, around whatever control has the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from app.theme import current
from app.widgets.paint import box

_OUT = 4


class FocusRing(QWidget):
    """The ring of one window. Lists paint their own, around the row that is current."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("focus-ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._window = window
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self.hide()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def _on_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        self._leave()
        if new is None or new.window() is not self._window or isinstance(new, QAbstractItemView):
            return
        if not new.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return
        typing = isinstance(new, QLineEdit | QPlainTextEdit | QComboBox)
        by_mouse = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if by_mouse and not typing:
            return
        target = _frame_of(new)
        self._target = target
        each: QWidget | None = target
        while each is not None and each is not self._window:
            each.installEventFilter(self)
            self._watched.append(each)
            each = each.parentWidget()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what has the focus."""
        if event.type() in (
            QEvent.Type.Move,
            QEvent.Type.Resize,
            QEvent.Type.Show,
            QEvent.Type.Hide,
            QEvent.Type.LayoutRequest,
        ):
            self._place()
        return False

    def _leave(self) -> None:
        for each in self._watched:
            try:
                each.removeEventFilter(self)
            except RuntimeError:  # Qt has deleted it already
                continue
        self._watched, self._target = [], None
        self.hide()

    def _place(self) -> None:
        target = self._target
        try:
            if target is None or not target.isVisible():
                self.hide()
                return
            seen = _visible_part(target, self._window)
        except RuntimeError:  # Qt has deleted it already
            self._leave()
            return
        if seen.isEmpty():
            self.hide()
            return
        self.setGeometry(seen)
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring."""
        if self._target is None:
            return
        corner = self._target.mapTo(self._window, QPoint(0, 0)) - self.pos()
        rect = QRect(corner, self._target.size()).adjusted(-_OUT, -_OUT, _OUT, _OUT)
        box(QPainter(self), rect, edge="focus", radius=current().radius("control") + 3, width=2)


def _frame_of(widget: QWidget) -> QWidget:
    """Return what is framed: the whole field where the text sits inside one."""
    parent = widget.parentWidget()
    for _ in range(2):
        if isinstance(parent, QComboBox) or (isinstance(parent, QFrame) and parent.property("field")):
            return parent
        parent = parent.parentWidget() if parent is not None else None
    return widget


def _visible_part(target: QWidget, window: QWidget) -> QRect:
    """Return the ring's place in the window, cut to what scrolls around it."""
    rect = QRect(target.mapTo(window, QPoint(0, 0)), target.size()).adjusted(-_OUT, -_OUT, _OUT, _OUT)
    parent = target.parentWidget()
    while parent is not None and parent is not window:
        if isinstance(parent, QAbstractScrollArea):
            port = parent.viewport()
            rect &= QRect(port.mapTo(window, QPoint(0, 0)), port.size())
        parent = parent.parentWidget()
    return rect


__all__ = ["FocusRing"]
