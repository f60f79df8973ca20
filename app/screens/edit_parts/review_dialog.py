"""Look at every filler and long silence, and decide about each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app import messages
from app.screens.edit_parts.tidy_presenter import length_us
from app.widgets.boxes import column, scrolled
from app.widgets.buttons import Button, IconButton
from app.widgets.checks import CheckBox
from app.widgets.text import Heading, Label
from editor.review import Candidate


class ReviewDialog(QDialog):
    """Each candidate with the words around it; ticked ones go. ``heard`` asks to play one."""

    heard = Signal(object)

    def __init__(self, parent: QWidget, candidates: Sequence[Candidate]) -> None:
        super().__init__(parent)
        self.setWindowTitle(messages.text("edit.review"))
        self.resize(620, 560)
        self.boxes: list[tuple[Candidate, CheckBox]] = []
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addWidget(Heading(messages.text("edit.review")))
        whole.addWidget(Label(messages.text("edit.review_hint"), tint="muted", wrap=True))
        body, rows = column(spacing=4)
        for candidate in candidates:
            rows.addWidget(self._row(candidate))
        rows.addStretch(1)
        whole.addWidget(scrolled(body, name=messages.text("edit.review")), 1)
        foot = QHBoxLayout()
        self.count = Label("", tint="muted", tabular=True)
        foot.addWidget(self.count, 1)
        cancel = Button(messages.text("edit.review_cancel"))
        cancel.clicked.connect(self.reject)
        self.apply = Button(messages.text("edit.review_apply"), kind="primary")
        self.apply.clicked.connect(self.accept)
        foot.addWidget(cancel)
        foot.addWidget(self.apply)
        whole.addLayout(foot)
        self._show_count()

    @property
    def wanted(self) -> tuple[Candidate, ...]:
        """Those that shall go."""
        return tuple(each for each, box in self.boxes if box.isChecked())

    @property
    def unwanted(self) -> tuple[Candidate, ...]:
        """Those that shall stay, or come back."""
        return tuple(each for each, box in self.boxes if not box.isChecked())

    def _row(self, candidate: Candidate) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        seconds = f"{(candidate.cut.out_us - candidate.cut.in_us) / 1e6:.1f}"
        said = candidate.text or messages.text("edit.pause", seconds=seconds)
        words = messages.text("edit.review_words", before=candidate.before, said=said, after=candidate.after)
        box = CheckBox("", name=words)
        box.setChecked(candidate.done or candidate.clean)
        box.toggled.connect(self._show_count)
        self.boxes.append((candidate, box))
        row.addWidget(box)
        row.addWidget(Label(words, wrap=True), 1)
        if candidate.kind == "filler":
            sure = messages.text("edit.review_sure", percent=round(candidate.confidence * 100))
            row.addWidget(Label(sure, "caption", tint="muted" if candidate.clean else "warn", tabular=True))
        play = IconButton("play", messages.text("edit.play_selection"), size="small")
        play.clicked.connect(lambda: self.heard.emit(candidate))
        row.addWidget(play)
        return made

    def _show_count(self) -> None:
        saves = f"{length_us(self.wanted) / 1e6:.1f}"
        self.count.setText(messages.text("edit.review_count", count=len(self.wanted), seconds=saves))
