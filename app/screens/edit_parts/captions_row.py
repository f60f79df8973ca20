"""The row of the caption that is edited: its text as a field, what is to check, its fixes as buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app import messages
from app.screens.edit_parts import captions_presenter as presenter
from app.screens.edit_parts.captions_presenter import CaptionsState
from app.theme import Tint, current, follow
from app.widgets.boxes import clear, flow, row
from app.widgets.buttons import Button
from app.widgets.message import Icon
from app.widgets.paint import show_when
from app.widgets.text import Label
from editor.cue_report import Finding, Fix

#: Above and below the text of every row.
PAD = 8
_LARGE_PERCENT = 130


def finding_tint(finding: Finding) -> Tint:
    """Return the colour of a finding: red, amber, or quiet where nothing can be done."""
    if not presenter.is_open(finding):
        return "text-muted"
    return "record" if presenter.is_red(finding) else "warn"


class CaptionField(QPlainTextEdit):
    """The text of the current caption. ``entered`` tells Enter, ``left`` that the focus went elsewhere."""

    entered = Signal()
    left = Signal()
    grew = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(messages.text("captions.field_name"))
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self.grew)
        follow(self._retheme)

    def _retheme(self) -> None:
        self.setFont(current().font("body"))

    def wanted_px(self) -> int:
        """Return how high its text is, at least two lines."""
        lines = max(int(self.document().size().height()), 2)  # which counts lines here
        return lines * self.fontMetrics().lineSpacing() + 18

    def event(self, event: QEvent) -> bool:
        """Leave the keys to the screen that fields want on some systems, such as Ctrl+K."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            ctrl = event.modifiers() == Qt.KeyboardModifier.ControlModifier
            if ctrl and event.key() in (Qt.Key.Key_K, Qt.Key.Key_J):
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep with Enter, break the line with Shift+Enter, leave with Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.insertPlainText("\n")
            else:
                self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the person left."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class CaptionRow(QWidget):
    """What stands in the current row: its text as a field, what is to check, and its fixes as buttons."""

    mended = Signal(object, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, PAD - 2, 0, PAD)
        column.setSpacing(6)
        self.field = CaptionField()
        column.addWidget(self.field)
        self.below = QWidget()
        self._line = below = QHBoxLayout(self.below)
        below.setContentsMargins(0, 0, 0, 0)
        self.sign, self.words = (
            Icon("triangle-alert", "warn", size=14),
            Label("", "caption-strong", wrap=True),
        )
        said, line = row(spacing=5)
        line.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.words, 1)
        below.addWidget(said, 1)
        self._fixes, self._flow = flow(spacing=6)
        below.addWidget(self._fixes, 1)
        column.addWidget(self.below)
        column.addStretch(1)

    def show_findings(self, state: CaptionsState, index: int) -> None:
        """Say what is to check, and offer what mends it."""
        findings = state.findings.get(index, ())
        finding = presenter.worst(findings)
        clear(self._flow)
        show_when(self.below, wanted=finding is not None)
        if finding is None:
            return
        self.words.setText(presenter.finding_words(finding))
        self.words.set_tint({"text-muted": "muted"}.get(tint := finding_tint(finding), tint))
        self.sign.show_icon("triangle-alert", tint)
        offered: dict[Fix, Finding] = {}
        for each in findings:
            for fix in each.fixes:
                offered.setdefault(fix, each)
        for fix, found in offered.items():
            button = Button(presenter.fix_words(state, index, fix), size="small")
            button.clicked.connect(lambda _=False, found=found, fix=fix: self.mended.emit(found, fix))
            self._flow.addWidget(button)
            button.show()
        show_when(self._fixes, wanted=bool(offered))

    def wanted_px(self, width: int) -> int:
        """Return how high it is at a width."""
        self.field.setFixedHeight(self.field.wanted_px())
        high = self.field.height() + 2 * PAD
        if self.below.isHidden():
            return high
        large = current().text_percent > _LARGE_PERCENT
        way = QHBoxLayout.Direction.TopToBottom if large else QHBoxLayout.Direction.LeftToRight
        self._line.setDirection(way)
        if self._fixes.isHidden():
            return high + 6 + self._words_px(width)
        if large:
            return high + 18 + self._words_px(width) + self._flow.heightForWidth(width)
        half = max(width - 6, 2) // 2
        return high + 6 + max(self._flow.heightForWidth(half), self._words_px(half))

    def _words_px(self, width: int) -> int:
        return self.words.heightForWidth(max(width - current().text(14) - 5, 1))
