"""The left half of Brief: what the business needs, who knows how, who will use it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app import messages
from app.screens import brief_presenter as presenter
from app.screens.brief_parts.option_card import Initials, OptionCard
from app.screens.brief_presenter import BriefState
from app.theme import current, follow
from app.widgets.boxes import rule
from app.widgets.buttons import Button
from app.widgets.checks import CheckBox
from app.widgets.chips import TokenField
from app.widgets.fields import ComboBox, Field, Leaving, LineEdit, TextArea, complete_from
from app.widgets.paint import show_when
from app.widgets.text import Heading, Label

_LARGE_PERCENT = 130


class BriefForm(QWidget):
    """The fields. ``start_chosen`` and ``left`` tell what the person did; ``left`` names the field."""

    start_chosen = Signal(str)
    left = Signal(str)
    see_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(32, 22, 40, 24)
        self.column.setSpacing(16)
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(Heading(messages.text("stage.brief")))
        head.addWidget(Label(messages.text("brief.about"), tint="muted", wrap=True))
        self.column.addLayout(head)
        self._start()
        self._need()
        self._people()
        self._agreed()
        self.column.addStretch(1)
        follow(self._turn)

    # Building ---------------------------------------------------------------------------------------

    def _start(self) -> None:
        area, self._options = QWidget(), QBoxLayout(QBoxLayout.Direction.LeftToRight)
        area.setLayout(self._options)
        area.setAccessibleName(messages.text("brief.start"))
        self._options.setContentsMargins(0, 0, 0, 0)
        self._options.setSpacing(12)
        self.starts = {
            key: OptionCard(messages.text(f"brief.{key}"), messages.text(f"brief.{key}_about"), icon=icon)
            for key, icon in (("priority", "trending-up"), ("gap", "circle-help"))
        }
        self._group = QButtonGroup(self)
        for key, card in self.starts.items():
            self._group.addButton(card)
            self._options.addWidget(card, 1)
            card.clicked.connect(lambda _=False, key=key: self.start_chosen.emit(key))
        self.column.addWidget(Field(messages.text("brief.start"), area))

    def _need(self) -> None:
        self.priority = ComboBox(
            name=messages.text("brief.priority"), icon="target", editable=True, large=True
        )
        self.priority.setInsertPolicy(ComboBox.InsertPolicy.NoInsert)
        self.gap = LineEdit(name=messages.text("brief.gap"), role="label", large=True)
        self.questions = TextArea(name=messages.text("brief.questions"), rows=5)
        self.outcome = TextArea(name=messages.text("brief.outcome"), rows=3)
        self.roles = TokenField(messages.text("brief.roles"), placeholder=messages.text("brief.add_role"))
        self.supported = Label("", "caption", tint="muted")
        self.see = Button(messages.text("brief.see"), kind="link", size="small")
        self.see.clicked.connect(self.see_asked)
        below = QHBoxLayout()
        below.setSpacing(4)
        below.addWidget(self.supported)
        below.addWidget(self.see)
        below.addStretch(1)
        self.priority_field = Field(messages.text("brief.priority"), self.priority)
        self.priority_field.layout().addLayout(below)  # type: ignore[union-attr]
        self.gap_field = Field(messages.text("brief.gap"), self.gap)
        extra = messages.text("brief.questions_extra")
        self.questions_field = Field(messages.text("brief.questions"), self.questions, extra=extra)
        outcome = Field(messages.text("brief.outcome"), self.outcome)
        roles = Field(messages.text("brief.roles"), self.roles)
        for field in (self.priority_field, self.gap_field, self.questions_field, outcome, roles):
            self.column.addWidget(field)
        self.priority.activated.connect(lambda _: self.left.emit("priority"))
        Leaving(self.priority).left.connect(lambda: self.left.emit("priority"))
        edit = self.priority.lineEdit()
        if edit is not None:
            edit.returnPressed.connect(lambda: self.left.emit("priority"))
        self._watch("gap", self.gap)
        self.questions.left.connect(lambda: self.left.emit("questions"))
        self.outcome.left.connect(lambda: self.left.emit("outcome"))
        self.roles.changed.connect(lambda: self.left.emit("roles"))

    def _people(self) -> None:
        self.expert = LineEdit(name=messages.text("brief.expert"))
        self.role = LineEdit(name=messages.text("brief.job_role"))
        self.expert_field = Field(messages.text("brief.expert"), self.expert)
        self.role_field = Field(messages.text("brief.job_role"), self.role)
        self.face = Initials()
        self.column.addWidget(rule())
        whole = QHBoxLayout()
        whole.setSpacing(16)
        whole.addWidget(self.face, 0, Qt.AlignmentFlag.AlignTop)
        both = QVBoxLayout()
        both.setSpacing(4)
        self._two = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._two.setSpacing(16)
        for field in (self.expert_field, self.role_field):
            self._two.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        self.before = Label("", "caption", tint="muted", wrap=True)
        both.addLayout(self._two)
        both.addWidget(self.before)
        whole.addLayout(both, 1)
        self.column.addLayout(whole)
        self._watch("expert", self.expert)
        self._watch("expert", self.role)

    def _agreed(self) -> None:
        self.agreed = CheckBox(messages.text("brief.agreed"))
        words = messages.text("brief.shown_to")
        self.shown_to = LineEdit(name=words, placeholder=words)
        self._consent = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._consent.setSpacing(16)
        self._consent.addWidget(self.agreed)
        self._consent.addWidget(self.shown_to, 1)
        self.column.addLayout(self._consent)
        self.agreed.clicked.connect(lambda _: self.left.emit("consent"))
        self._watch("shown_to", self.shown_to)

    def _watch(self, name: str, field: QLineEdit) -> None:
        Leaving(field).left.connect(lambda: self.left.emit(name))
        field.returnPressed.connect(lambda: self.left.emit(name))

    def _turn(self) -> None:
        """Put side by side what has room for it."""
        large = current().text_percent > _LARGE_PERCENT
        way = QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight
        for pair in (self._options, self._two, self._consent):
            pair.setDirection(way)

    # Showing ----------------------------------------------------------------------------------------

    @property
    def fields(self) -> dict[str, QWidget]:
        """The fields by the names that ``left`` and spots use."""
        return {
            "priority": self.priority,
            "gap": self.gap,
            "questions": self.questions,
            "outcome": self.outcome,
            "roles": self.roles,
            "expert": self.expert,
            "role": self.role,
            "consent": self.agreed,
            "shown_to": self.shown_to,
        }

    def show_state(self, state: BriefState) -> None:
        """Show a brief; what is being typed stays."""
        brief, known = state.brief, state.known
        for key, card in self.starts.items():
            card.setChecked(key == brief.start)
        gap = brief.start == "gap"
        for field, wanted in (
            (self.priority_field, not gap),
            (self.gap_field, gap),
            (self.questions_field, gap),
        ):
            show_when(field, wanted=wanted)
        self._show_priority(state)
        self.gap.show_text(brief.gap)
        self.questions.show_text("\n".join(brief.questions))
        self.outcome.show_text(brief.outcome)
        self.roles.show_values(brief.audience)
        self.roles.know(known.roles)
        self.expert.show_text(brief.expert.name)
        self.role.show_text(brief.expert.role)
        complete_from(self.expert, list(known.experts))
        complete_from(self.role, sorted({each for each in known.experts.values() if each}))
        self.face.show_letters(presenter.initials(brief.expert.name))
        words = presenter.expert_words(known, brief.expert.name)
        self.before.setText(words)
        show_when(self.before, wanted=bool(words))
        if brief.expert.name:
            self.expert_field.show_error("")
        self.agreed.setChecked(brief.consent.given)
        self.shown_to.show_text(brief.consent.shown_to)

    def _show_priority(self, state: BriefState) -> None:
        edit, now = self.priority.lineEdit(), state.brief.priority
        known = list(state.known.priorities)
        if [self.priority.itemText(n) for n in range(self.priority.count())] != known:
            typed = edit.text() if edit is not None else ""
            self.priority.clear()
            self.priority.addItems(known)
            self.priority.setEditText(typed)
        if edit is not None and not (edit.hasFocus() and edit.isModified()):
            self.priority.setEditText(now)
        words = presenter.priority_words(state.known, now)
        self.supported.setText(words)
        for part in (self.supported, self.see):
            show_when(part, wanted=bool(words))


__all__ = ["BriefForm"]
