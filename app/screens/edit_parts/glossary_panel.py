"""The company's own words beside the captions: what is heard, what to write, how often it is written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app import messages
from app.widgets.boxes import clear, column, rule, scrolled
from app.widgets.buttons import Button, IconButton
from app.widgets.fields import LineEdit
from app.widgets.message import Icon
from app.widgets.text import ElidedLabel, Heading, Label
from editor.model import Term


class GlossaryPanel(QWidget):
    """``added`` tells heard and write, ``removed`` a term, ``applied`` the wish to write old captions so."""

    added = Signal(str, str)
    removed = Signal(object)
    applied = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(messages.text("captions.glossary"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 4, 16, 4)
        head.addWidget(Heading(messages.text("captions.glossary"), "title-small"), 1)
        self.add = Button(messages.text("captions.add_term"), kind="link", checkable=True)
        head.addWidget(self.add)
        whole.addLayout(head)
        whole.addWidget(rule())
        self.form, form = column(margins=(16, 8, 16, 8), spacing=6)
        line = QHBoxLayout()
        self.heard = LineEdit(
            name=messages.text("captions.heard"), placeholder=messages.text("captions.heard_hint")
        )
        self.write = LineEdit(
            name=messages.text("captions.write"), placeholder=messages.text("captions.write")
        )
        self.take = Button(messages.text("captions.add"))
        for each in (self.heard, self.write):
            line.addWidget(each, 1)
            each.returnPressed.connect(self._add)
        line.addWidget(self.take)
        form.addLayout(line)
        self.form.hide()
        body, inside = column(spacing=0)
        inside.addWidget(self.form)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(16, 6, 12, 6)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(2, 1)
        inside.addLayout(self._grid)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 8)
        self.words = Label("", "caption", tint="muted", wrap=True)
        self.apply = Button(messages.text("captions.apply_again"), size="small")
        foot.addWidget(self.words, 1)
        foot.addWidget(self.apply)
        inside.addLayout(foot)
        inside.addStretch(1)
        area = scrolled(body, name=messages.text("captions.glossary"))
        area.setMinimumHeight(1)  # it scrolls before anything else is cut
        whole.addWidget(area, 1)
        self.add.toggled.connect(self._on_add)
        self.take.clicked.connect(self._add)
        self.apply.clicked.connect(self.applied)
        self._shown: tuple[tuple[Term, int], ...] | None = None

    def show_terms(self, terms: Sequence[tuple[Term, int]]) -> None:
        """Show other terms, or that they are written more often."""
        if tuple(terms) == self._shown:
            return
        self._shown = tuple(terms)
        clear(self._grid)
        self.words.setText(messages.text("captions.terms", count=len(terms)))
        self.apply.setEnabled(any(term.heard for term, _ in terms))
        for row, (term, times) in enumerate(terms):
            drop = IconButton("x", messages.text("captions.drop_term", write=term.write), size="small")
            drop.clicked.connect(lambda _=False, term=term: self.removed.emit(term))
            used = messages.text("captions.times_used", count=times)
            parts: list[QWidget] = [
                ElidedLabel(term.heard or messages.text("captions.any_sound"), tint="muted"),
                Icon("arrow-right", "text-muted", size=14),
                ElidedLabel(term.write, "label"),
                Label(used, "caption", tint="muted", tabular=True),
                drop,
            ]
            for place, part in enumerate(parts):
                self._grid.addWidget(part, row, place)

    def say_nothing(self) -> None:
        """Close the form."""
        self.heard.clear()
        self.write.clear()
        self.add.setChecked(False)

    def _on_add(self, on: bool) -> None:
        self.form.setVisible(on)
        if on:
            self.heard.setFocus()

    def _add(self) -> None:
        if self.write.text().strip():
            self.added.emit(self.heard.text(), self.write.text())
