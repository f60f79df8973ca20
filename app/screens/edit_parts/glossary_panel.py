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
from editor.glossary import Misheard
from editor.model import Term

_MOST_PLACES = 6


class GlossaryPanel(QWidget):
    """The terms, and below them where one of them may have been meant.

    ``added`` tells heard, write and the term in whose place that comes, or None; ``removed`` a term;
    ``applied`` the wish to write old captions so; ``taken`` a place where a term shall be written; ``went``
    a moment to go to.
    """

    added = Signal(str, str, object)
    removed = Signal(object)
    applied = Signal()
    taken = Signal(object)
    went = Signal(int)

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
        self._meant, meant = column(margins=(16, 6, 12, 6), spacing=2)
        meant.addWidget(Label(messages.text("captions.meant"), "caption", tint="muted"))
        self._places = QGridLayout()
        self._places.setHorizontalSpacing(8)
        self._places.setVerticalSpacing(2)
        self._places.setColumnStretch(0, 1)
        self._places.setColumnStretch(2, 1)
        meant.addLayout(self._places)
        inside.addWidget(self._meant)
        self._meant.hide()
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
        self._shown_places: tuple[tuple[Misheard, int], ...] = ()
        self._changed: Term | None = None

    def show_terms(self, terms: Sequence[tuple[Term, int]]) -> None:
        """Show other terms, or that they are written more often."""
        if tuple(terms) == self._shown:
            return
        self._shown = tuple(terms)
        clear(self._grid)
        self.words.setText(messages.counted("captions.terms", len(terms)))
        self.apply.setEnabled(any(term.heard for term, _ in terms))
        for row, (term, times) in enumerate(terms):
            name = messages.text("captions.change_term", write=term.write)
            pencil = IconButton("pencil", name, size="small")
            pencil.clicked.connect(lambda _=False, term=term: self._change(term))
            drop = IconButton("x", messages.text("captions.drop_term", write=term.write), size="small")
            drop.clicked.connect(lambda _=False, term=term: self.removed.emit(term))
            used = messages.counted("captions.times_used", times)
            parts: list[QWidget] = [
                ElidedLabel(term.heard or messages.text("captions.any_sound"), tint="muted"),
                Icon("arrow-right", "text-muted", size=14),
                ElidedLabel(term.write, "label"),
                Label(used, "caption", tint="muted", tabular=True),
                pencil,
                drop,
            ]
            for place, part in enumerate(parts):
                self._grid.addWidget(part, row, place)

    def show_places(self, places: Sequence[tuple[Misheard, int]]) -> None:
        """Show where a term may have been meant, the first few of them."""
        shown = tuple(places[:_MOST_PLACES])
        if shown == self._shown_places:
            return
        self._shown_places = shown
        clear(self._places)
        self._meant.setVisible(bool(shown))
        for row, (place, at_us) in enumerate(shown):
            heard, when = " ".join(word.text for word in place.words), messages.clock(at_us / 1e6)
            go = Button(when, kind="link")
            go.setAccessibleName(messages.text("captions.meant_go", heard=heard, time=when))
            go.clicked.connect(lambda _=False, at_us=at_us: self.went.emit(at_us))
            write = Button(messages.text("captions.meant_write"), size="small")
            write.setAccessibleName(messages.text("captions.meant_name", heard=heard, write=place.text))
            write.clicked.connect(lambda _=False, place=place: self.taken.emit(place))
            parts: list[QWidget] = [
                ElidedLabel(heard, tint="muted"),
                Icon("arrow-right", "text-muted", size=14),
                ElidedLabel(place.text, "label"),
                go,
                write,
            ]
            for column_now, part in enumerate(parts):
                self._places.addWidget(part, row, column_now)

    def say_nothing(self) -> None:
        """Close the form."""
        self.add.setChecked(False)

    def _on_add(self, on: bool) -> None:
        self.form.setVisible(on)
        if on:
            self.heard.setFocus()
        else:
            self._fill(None)

    def _change(self, term: Term) -> None:
        self._fill(term)
        self.add.setChecked(True)
        self.write.setFocus()

    def _fill(self, term: Term | None) -> None:
        self._changed = term
        self.heard.setText(term.heard if term is not None else "")
        self.write.setText(term.write if term is not None else "")
        self.take.setText(messages.text("captions.add" if term is None else "captions.change"))
        self.take.retheme()

    def _add(self) -> None:
        if self.write.text().strip():
            self.added.emit(self.heard.text(), self.write.text(), self._changed)
