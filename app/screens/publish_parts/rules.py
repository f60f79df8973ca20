"""How a version counts, what learners get of it, how large it may be, and what is told of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from app import messages
from app.screens import publish_presenter as presenter
from app.screens.publish_presenter import PublishState
from app.settings import SettingsFile
from app.theme import current, follow
from app.widgets.boxes import Card, row, rule
from app.widgets.buttons import Button
from app.widgets.checks import Toggle
from app.widgets.fields import TextArea
from app.widgets.measures import Slider
from app.widgets.message import Icon
from app.widgets.segmented import Choice, Segmented
from app.widgets.text import ElidedLabel, Heading, Label


class Rules(QWidget):
    """Every choice is kept in the settings at once, so that the next version starts from it.

    ``changed`` tells that what would be published is another; ``folder_asked`` that another folder is wanted.
    """

    changed = Signal()
    folder_asked = Signal()

    def __init__(self, settings: SettingsFile) -> None:
        super().__init__()
        self._settings = settings
        self._state: PublishState | None = None
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(12)
        self._head = Heading(messages.text("publish.counts"), "title-small")
        inner.addWidget(self._head)
        inner.addWidget(self._counting())
        inner.addWidget(self._size())
        inner.addWidget(self._note())
        inner.addWidget(self._place())
        inner.addStretch(1)
        follow(self._retheme)

    # Building ----------------------------------------------------------------------------------------

    def _counting(self) -> Card:
        now = self._settings.now
        card = Card(margins=18, spacing=10)
        head = QHBoxLayout()
        head.addWidget(Label(messages.text("publish.complete"), "label", wrap=True), 1)
        self.percent = _number("publish.complete", "publish.percent", lowest=0, highest=100, step=5)
        self.percent.setValue(now.completion_percent)
        head.addWidget(self.percent)
        self.slider = Slider(messages.text("publish.complete"), value=now.completion_percent)
        self.slider.setSingleStep(5)
        self.watched = Label("", "caption", tint="muted", wrap=True, tabular=True)
        card.column.addLayout(head)
        card.column.addWidget(self.slider)
        card.column.addWidget(self.watched)
        self.feedback = self._switch(card, "feedback", on=now.feedback)
        self.transcript = self._switch(card, "transcript", on=now.transcript)
        self.download = self._switch(card, "download", on=now.download)
        self.slider.valueChanged.connect(self._on_percent)
        self.percent.valueChanged.connect(self._on_percent)
        return card

    def _switch(self, card: Card, key: str, *, on: bool) -> Toggle:
        toggle = Toggle(messages.text(f"publish.{key}"), on=on)
        toggle.toggled.connect(lambda on: self._keep(**{key: on}))
        card.column.addWidget(rule())
        card.column.addLayout(_line(key, toggle))
        return toggle

    def _size(self) -> Card:
        now = self._settings.now
        card = Card(margins=18, spacing=10)
        heights = [Choice(str(px), messages.text(f"publish.height_{px}")) for px in presenter.HEIGHTS_PX]
        self.lines = Segmented(heights, name=messages.text("publish.height"))
        self.lines.choose(str(now.height_px))
        self.lines.chosen.connect(lambda key: self._keep(height_px=int(key)))
        card.column.addLayout(_line("height", self.lines))
        card.column.addWidget(rule())
        self.limit = Toggle(messages.text("publish.limit"), on=bool(now.most_mb))
        self.most = _number("publish.most", "publish.megabytes", lowest=2, highest=9999, step=50)
        self.most.setValue(now.most_mb or presenter.USUAL_LIMIT_MB)
        self.most.setEnabled(bool(now.most_mb))
        sized, sized_row = row(spacing=10)
        sized_row.addWidget(self.most)
        sized_row.addWidget(self.limit)
        card.column.addLayout(_line("limit", sized))
        self.limit.toggled.connect(self._on_limit)
        self.most.valueChanged.connect(lambda _: self._on_limit(on=self.limit.isChecked()))
        self.lower_third = self._switch(card, "lower_third", on=now.lower_third)
        self.burnt_captions = self._switch(card, "burnt_captions", on=now.burnt_captions)
        return card

    def _note(self) -> Card:
        card = Card(margins=18, spacing=10)
        self.note_label = Label("", "label")
        self.note = TextArea(name=messages.text("publish.note"), rows=2)
        self.note_label.setBuddy(self.note)
        card.column.addWidget(self.note_label)
        card.column.addWidget(self.note)
        return card

    def _place(self) -> QWidget:
        place, line = row(spacing=8)
        line.addWidget(Icon("folder-open", "text-muted"))
        self.folder = ElidedLabel("", tint="muted")
        self.change = Button(messages.text("publish.change_folder"), size="small")
        self.change.clicked.connect(self.folder_asked)
        line.addWidget(self.folder, 1)
        line.addWidget(self.change)
        return place

    def _retheme(self) -> None:
        self._head.setMinimumHeight(current().height("control"))
        for each in (self.percent, self.most):
            each.setFont(current().font("label", tabular=True))
        self.percent.setFixedWidth(current().text(84))
        self.most.setFixedWidth(current().text(108))

    # Showing -----------------------------------------------------------------------------------------

    def show_state(self, state: PublishState) -> None:
        """Show what the rules mean for a video."""
        self._state = state
        self.watched.setText(presenter.watched(state, self.percent.value()))
        self.note_label.setText(messages.text("publish.changed", number=state.next_number))
        self.note.setPlaceholderText(messages.text("publish.note_hint") if state.versions else "")

    @property
    def said(self) -> str:
        """What changed in this version, in one line."""
        return " ".join(self.note.toPlainText().split())

    def keep_under(self, most_mb: int) -> None:
        """Ask for packages of no more than so many megabytes."""
        self.most.setValue(most_mb)
        self.limit.setChecked(True)

    # What the person does ------------------------------------------------------------------------------

    def _on_percent(self, percent: int) -> None:
        for control in (self.slider, self.percent):
            if control.value() != percent:
                control.setValue(percent)
        if self._state is not None:
            self.watched.setText(presenter.watched(self._state, percent))
        self._keep(completion_percent=percent)

    def _on_limit(self, on: bool) -> None:
        self.most.setEnabled(on)
        self._keep(most_mb=self.most.value() if on else 0)

    def _keep(self, **fields: object) -> None:
        if any(getattr(self._settings.now, name) != value for name, value in fields.items()):
            self._settings.change(**fields)
            self.changed.emit()


def _number(name: str, suffix: str, *, lowest: int, highest: int, step: int) -> QSpinBox:
    made = QSpinBox()
    made.setAccessibleName(messages.text(name))
    made.lineEdit().setAccessibleName(messages.text(name))
    made.setRange(lowest, highest)
    made.setSingleStep(step)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setSuffix(messages.text(suffix))
    return made


def _line(key: str, control: QWidget) -> QHBoxLayout:
    """Return what a control decides and what that means, with the control at its right."""
    line = QHBoxLayout()
    line.setSpacing(12)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(Label(messages.text(f"publish.{key}"), "label", wrap=True))
    words.addWidget(Label(messages.text(f"publish.{key}_about"), "caption", tint="muted", wrap=True))
    line.addLayout(words, 1)
    line.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
    return line
