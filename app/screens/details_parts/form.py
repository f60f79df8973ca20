"""The left of Details: what helps the right person find it, and what the answers say about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app import messages
from app.screens import details_presenter as presenter
from app.screens.details_presenter import DetailsState
from app.theme import current, follow
from app.widgets.boxes import clear, flow, row
from app.widgets.buttons import Button
from app.widgets.checks import CheckBox
from app.widgets.chips import SuggestionChip, TokenField
from app.widgets.fields import Field, Leaving, LineEdit, TextArea
from app.widgets.paint import show_when
from app.widgets.segmented import Choice, Segmented
from app.widgets.text import Heading, Label
from editor.model import KINDS, LEVELS, Resource, Suggestion

_LARGE_PERCENT = 130
_TOKENS = ("roles", "prerequisites", "keywords")


class Suggestions(QWidget):
    """The chips below one field; hidden while there are none."""

    accepted = Signal(object)
    dismissed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 0)
        holder, self._flow = flow(spacing=6)
        column.addWidget(holder)
        self.chips: dict[Suggestion, SuggestionChip] = {}
        self._shown: tuple[Suggestion, ...] = ()
        self.hide()

    def show_suggestions(self, suggestions: Sequence[Suggestion], resource: Resource) -> None:
        """Show others."""
        if tuple(suggestions) != self._shown:
            self._shown = tuple(suggestions)
            clear(self._flow)
            self.chips = {}
            says = Label(messages.text("details.from_transcript"), "caption", tint="muted")
            says.setMinimumHeight(current().height("chip"))
            self._flow.addWidget(says)
            for each in suggestions:
                chip = SuggestionChip(presenter.words_of(each, resource), source=presenter.source_of(each))
                chip.accepted.connect(lambda each=each: self.accepted.emit(each))
                chip.dismissed.connect(lambda each=each: self.dismissed.emit(each))
                self._flow.addWidget(chip)
                self.chips[each] = chip
            self._flow.invalidate()
        show_when(self, wanted=bool(suggestions))


class DetailsForm(QWidget):
    """The fields; ``left`` names the one that is done with."""

    left = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.hints = {field: Suggestions() for field in presenter.SUGGESTED}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(32, 18, 32, 20)
        self.column.setSpacing(12)
        self._pairs: list[QBoxLayout] = []
        self._head()
        self._texts()
        self._tags()
        self.column.addStretch(1)
        follow(self._turn)

    # Building ---------------------------------------------------------------------------------------

    def _head(self) -> None:
        head = self._pair(spacing=8)
        head.addWidget(Heading(messages.text("stage.details")))
        head.addWidget(Label(messages.text("details.about"), tint="muted", wrap=True), 1)
        self.accept_all = Button("", icon="check")
        head.addWidget(self.accept_all, 0, Qt.AlignmentFlag.AlignLeft)

    def _texts(self) -> None:
        self.title = LineEdit(name=messages.text("details.title"), role="title-small", large=True)
        self.summary = TextArea(name=messages.text("details.summary"), rows=3)
        self.title_field = Field(messages.text("details.title"), self.title)
        self.summary_field = Field(messages.text("details.summary"), self.summary)
        for field, hints in ((self.title_field, "title"), (self.summary_field, "summary")):
            self._add(self.column, field, hints)
        self.title.textChanged.connect(self._count)
        self.summary.textChanged.connect(self._count)
        Leaving(self.title).left.connect(lambda: self.left.emit("title"))
        self.title.returnPressed.connect(lambda: self.left.emit("title"))
        self.summary.left.connect(lambda: self.left.emit("summary"))

    def _tags(self) -> None:
        levels = [Choice(each, messages.text(f"level.{each}")) for each in LEVELS]
        self.level = Segmented(levels, name=messages.text("details.level"))
        self.level.chosen.connect(lambda _: self.left.emit("level"))
        level, inside = row()
        inside.addWidget(self.level)
        inside.addStretch(1)
        level.setAccessibleName(messages.text("details.level"))
        self.kinds = {each: CheckBox(messages.text(f"kind.{each}")) for each in KINDS}
        kinds, inside = row(spacing=16)
        kinds.setAccessibleName(messages.text("details.kind"))
        for box in self.kinds.values():
            inside.addWidget(box)
            box.clicked.connect(lambda _: self.left.emit("kind"))
        inside.addStretch(1)
        self.tokens = {
            "roles": TokenField(messages.text("details.roles"), placeholder=messages.text("brief.add_role")),
            "prerequisites": TokenField(
                messages.text("details.prerequisites"), placeholder=messages.text("details.add_prerequisite")
            ),
            "keywords": TokenField(
                messages.text("details.keywords"), placeholder=messages.text("details.add_keyword")
            ),
        }
        for name, tokens in self.tokens.items():
            tokens.changed.connect(lambda name=name: self.left.emit(name))
        self.when = TextArea(
            name=messages.text("details.when"), placeholder=messages.text("details.add_moment"), rows=3
        )
        self.when.left.connect(lambda: self.left.emit("when_to_use"))
        self.language = LineEdit(name=messages.text("details.language"))
        Leaving(self.language).left.connect(lambda: self.left.emit("language"))
        self.language.returnPressed.connect(lambda: self.left.emit("language"))
        hint = messages.text("details.language_hint")
        self.language_field = Field(messages.text("details.language"), self.language, hint=hint)
        first, second = self._pair(spacing=24), self._pair(spacing=24)
        self.fields_by_name: dict[str, Field] = {
            "title": self.title_field,
            "summary": self.summary_field,
            "level": Field(messages.text("details.level"), level),
            "kind": Field(messages.text("details.kind"), kinds, extra=messages.text("details.kind_extra")),
            "when_to_use": Field(
                messages.text("details.when"), self.when, extra=messages.text("details.when_extra")
            ),
            **{name: Field(messages.text(f"details.{name}"), self.tokens[name]) for name in _TOKENS},
        }
        for pair, names in ((first, ("level", "kind")), (second, ("roles", "prerequisites"))):
            for name in names:
                half = QVBoxLayout()
                half.setSpacing(2)
                self._add(half, self.fields_by_name[name], name)
                half.addStretch(1)
                pair.addLayout(half, 1)
        for name in ("when_to_use", "keywords"):
            self._add(self.column, self.fields_by_name[name], name)
        self.chapters = Field(messages.text("details.chapters"), self.hints["chapter"])
        self.column.addWidget(self.chapters)
        self.column.addWidget(self.language_field)

    def _pair(self, *, spacing: int) -> QBoxLayout:
        pair = QHBoxLayout()
        pair.setSpacing(spacing)
        self._pairs.append(pair)
        self.column.addLayout(pair)
        return pair

    def _add(self, to: QVBoxLayout, field: Field, name: str) -> None:
        whole = QVBoxLayout()
        whole.setSpacing(2)
        whole.addWidget(field)
        whole.addWidget(self.hints[name])
        to.addLayout(whole)

    def _turn(self) -> None:
        """Put side by side what has room for it."""
        large = current().text_percent > _LARGE_PERCENT
        way = QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight
        for pair in self._pairs:
            pair.setDirection(way)

    # Showing ----------------------------------------------------------------------------------------

    @property
    def controls(self) -> dict[str, QWidget]:
        """Where to type, by the names of fields."""
        first_level = next(iter(self.level.parts.values()))
        first_kind = next(iter(self.kinds.values()))
        fixed = {
            "title": self.title,
            "summary": self.summary,
            "when_to_use": self.when,
            "language": self.language,
        }
        return {**fixed, "level": first_level, "kind": first_kind, **self.tokens}

    def show_state(self, state: DetailsState) -> None:
        """Show a resource; what is being typed stays."""
        resource, tags = state.resource, state.resource.tags
        self.title.show_text(resource.title)
        self.summary.show_text(resource.summary)
        self.level.choose(tags.level or "")
        for kind, box in self.kinds.items():
            box.setChecked(kind in tags.kind)
        for name, tokens in self.tokens.items():
            tokens.show_values(getattr(tags, name))
        self.tokens["roles"].know(state.roles)
        self.tokens["prerequisites"].know(state.titles)
        self.when.show_text(tags.when_to_use)
        self.language.show_text(tags.language)
        for field, hints in self.hints.items():
            hints.show_suggestions(state.of(field), resource)
        show_when(self.chapters, wanted=bool(state.of("chapter")))
        count = len(state.suggestions)
        show_when(self.accept_all, wanted=count > 0)
        self.accept_all.setText(messages.counted("details.accept", count))
        self.accept_all.retheme()
        self._count()

    def _count(self) -> None:
        for field, text, most in (
            (self.title_field, self.title.text(), presenter.LONGEST_TITLE),
            (self.summary_field, self.summary.toPlainText(), presenter.LONGEST_SUMMARY),
        ):
            field.extra.setText(presenter.counter(text, most))
            field.extra.set_tint("warn" if len(text) > most else "muted")
            field.show_hint(messages.text("details.too_long", most=most) if len(text) > most else "")
