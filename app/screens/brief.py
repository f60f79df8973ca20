"""Brief: what the business needs, who knows how, and what is asked (DESIGN.md 2.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QHBoxLayout, QMenu, QWidget

from app import messages
from app.desk import Desk, ScreenName, Spot
from app.screens import brief_presenter as presenter
from app.screens.brief_parts.form import BriefForm
from app.screens.brief_parts.guide_panel import GuidePanel
from app.screens.brief_presenter import BriefState
from app.screens.screen import Action, BaseScreen, is_built
from app.widgets.boxes import Foot, scrolled
from app.widgets.buttons import Button
from app.widgets.message import Icon
from app.widgets.text import Label
from capture.errors import BadInputError, UserError
from editor import guides
from editor.model import Brief


class BriefScreen(BaseScreen):
    """The form at the left, the interview guide at the right."""

    name: ClassVar[ScreenName] = "brief"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.resource_id = ""
        self.state_now: BriefState | None = None
        self._spot: Spot | None = None
        self.form = BriefForm()
        self.guide = GuidePanel()
        self.left = scrolled(self.form, name=messages.text("stage.brief"))
        halves = QHBoxLayout()
        halves.setSpacing(0)
        halves.addWidget(self.left, 1)
        halves.addWidget(self.guide, 1)
        self.content.addLayout(halves, 1)
        self.content.addWidget(self._foot())
        self._connect()

    def _foot(self) -> QWidget:
        self.foot = Foot()
        self.sitting = Label("", tint="muted", wrap=True)
        self.reason = Label("", tint="muted")
        self.open_studio = Button(
            messages.text("brief.open_studio"), after="arrow-right", kind="primary", size="large"
        )
        self.foot.row.addWidget(Icon("clock", "text-muted"))
        self.foot.row.addWidget(self.sitting, 1)
        self.foot.row.addWidget(self.reason)
        self.foot.row.addWidget(self.open_studio)
        return self.foot

    def _connect(self) -> None:
        self.desk.holder.changed.connect(self._on_changed)
        form, guide = self.form, self.guide
        form.start_chosen.connect(self._start_from)
        form.left.connect(self._on_left)
        form.see_asked.connect(self._see_priority)
        self.open_studio.clicked.connect(lambda: self.desk.ways.to("studio", self.resource_id))
        guide.tabs.chosen.connect(lambda _: self._show_guide())
        prompts = guide.list
        prompts.ticked.connect(
            lambda each, on: self._change(
                lambda now: presenter.include(now.brief, each, included=on), "guide"
            )
        )
        prompts.moved.connect(self._move)
        prompts.reworded.connect(self._reword)
        prompts.removed.connect(self._remove)
        prompts.doubleClicked.connect(lambda index: self._edit_words(index.row()))
        prompts.current_changed.connect(lambda _: guide.show_tip())
        guide.add.clicked.connect(self._add)
        guide.copy.clicked.connect(self._copy)
        guide.more.clicked.connect(self._show_menu)

    # Reading ----------------------------------------------------------------------------------------

    def open(self, resource_id: str, spot: Spot | None) -> None:
        """Show a resource, perhaps at a field."""
        if resource_id != self.resource_id:
            self.resource_id, self.state_now = resource_id, None
            self.form.expert_field.show_error("")
            self.guide.line.say_nothing()
        self._spot = spot
        self._read()

    def _on_changed(self, resource_id: str) -> None:
        if resource_id in ("", self.resource_id) and self.resource_id and self.isVisible():
            self._read()

    def _read(self) -> None:
        resource_id = self.resource_id
        self.read(lambda library, *, work: presenter.read_state(library, resource_id, work=work), self._show)

    def _show(self, state: BriefState) -> None:
        fresh = self.state_now is None
        self.state_now = state
        self.show_content()
        self.form.show_state(state)
        if fresh and not state.prompts("expert") and state.prompts("questions"):
            self.guide.tabs.choose("questions")
        self._show_guide()
        self.sitting.setText(presenter.sitting_words(state.brief))
        why = presenter.missing(state) or ("" if is_built("studio") else messages.text("brief.no_studio"))
        self.reason.setText(why)
        self.open_studio.setEnabled(not why)
        self.open_studio.setAccessibleDescription(why)
        if self._spot is not None:
            self._go_to(self._spot)
            self._spot = None

    def _show_guide(self, choose: str = "") -> None:
        if self.state_now is not None:
            self.guide.show_state(self.state_now, choose=choose)

    def _go_to(self, spot: Spot) -> None:
        field = self.form.fields.get(spot.part)
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            self.left.ensureWidgetVisible(field)

    # Changing ---------------------------------------------------------------------------------------

    def _change(self, change: Callable[[BriefState], Brief], label: str = "brief") -> bool:
        """Keep another brief as one undo step, and show it; return whether that went well."""
        if self.state_now is None:
            return False
        resource = self.desk.holder.library.resource(self.resource_id)
        state = replace(self.state_now, resource=resource)
        try:
            brief = change(state)
            if brief != resource.brief:
                resource = self.desk.holder.save(replace(resource, brief=brief), label=label)
        except BadInputError:
            raise
        except UserError as error:
            self.desk.door.error(error)
            return False
        self._show(replace(state, resource=resource))
        return True

    def _start_from(self, start: str) -> None:
        self._change(lambda now: replace(now.brief, start=start))  # type: ignore[arg-type]

    def _on_left(self, field: str) -> None:
        form = self.form
        match field:
            case "priority":
                typed = form.priority.currentText()
                self._change(lambda now: presenter.set_text(now.brief, "priority", typed))
            case "gap":
                self._change(lambda now: presenter.set_text(now.brief, "gap", form.gap.text()))
            case "outcome":
                typed = form.outcome.toPlainText()
                self._change(lambda now: presenter.set_text(now.brief, "outcome", typed))
            case "questions":
                self._keep_questions(form.questions.toPlainText())
            case "roles":
                self._change(lambda now: replace(now.brief, audience=form.roles.values))
            case "expert":
                self._keep_expert()
            case "consent":
                self._keep_consent(given=form.agreed.isChecked())
            case "shown_to":
                typed = form.shown_to.text().strip()
                known = self.state_now.brief.consent.shown_to if self.state_now is not None else ""
                # Whoever says where it may be shown was given leave.
                self._keep_consent(given=form.agreed.isChecked() or typed not in ("", known))

    def _keep_questions(self, typed: str) -> None:
        try:
            self._change(lambda now: presenter.set_questions(now, typed))
        except BadInputError as error:
            self.form.questions_field.show_error(messages.sentence(error))
        else:
            self.form.questions_field.show_error("")

    def _keep_expert(self) -> None:
        form = self.form
        name, role = form.expert.text(), form.role.text()
        self._change(lambda now: presenter.set_expert(now.brief, now.known, name=name, role=role))
        form.expert_field.show_error("" if name.strip() else messages.text("brief.needs_expert"))

    def _keep_consent(self, *, given: bool) -> None:
        where = self.form.shown_to.text()
        self._change(lambda now: presenter.set_consent(now.brief, given=given, shown_to=where), "consent")

    # The guide --------------------------------------------------------------------------------------

    def _move(self, row: int, to: int) -> None:
        if 0 <= to < len(self.guide.list.rows.prompts):
            self._change(lambda now: presenter.move(now, self.guide.tab, row=row, to=to), "guide")

    def _move_by(self, step: int) -> None:
        row = self.guide.list.currentIndex().row()
        if row >= 0:
            self._move(row, row + step)

    def _edit_words(self, row: int) -> None:
        state = self.state_now
        if state is not None and 0 <= row < len(self.guide.list.rows.prompts):
            prompt = self.guide.list.rows.prompts[row]
            removable = prompt.id not in state.answered
            self.guide.list.edit_words(row, removable=removable)

    def _reword(self, prompt_id: str, text: str, hint: str) -> None:
        try:
            self._change(lambda now: presenter.reword(now.brief, prompt_id, text=text, hint=hint), "guide")
        except BadInputError as error:
            if self.guide.list.editor is not None:
                self.guide.list.editor.show_error(messages.sentence(error))
        else:
            self.guide.list.stop_editing()

    def _add(self) -> None:
        added = ""

        def add(now: BriefState) -> Brief:
            nonlocal added
            brief, added = presenter.add_prompt(now, self.guide.tab)
            return brief

        if self._change(add, "prompt_add"):
            self._show_guide(choose=added)
            self._edit_words(self.guide.list.currentIndex().row())

    def _remove(self, prompt_id: str) -> None:
        self.guide.list.stop_editing()
        self._change(lambda now: presenter.remove_prompt(now, prompt_id), "prompt_remove")

    def _copy(self) -> None:
        if self.state_now is not None:
            QApplication.clipboard().setText(presenter.guide_text(self.state_now.resource))
            self.desk.door.toast(messages.text("brief.copied"))

    def _show_menu(self) -> None:
        menu = QMenu(self)
        menu.addAction(messages.text("brief.read_guide")).triggered.connect(self._choose_guide)
        menu.addAction(messages.text("brief.keep_guide")).triggered.connect(self._choose_place)
        menu.addAction(messages.text("brief.shipped_guide")).triggered.connect(
            lambda: self.take_guide(guides.LOCAL_EXPERT)
        )
        menu.exec(self.guide.more.mapToGlobal(self.guide.more.rect().bottomLeft()))

    def _choose_guide(self) -> None:
        words = messages.text("brief.read_guide")
        chosen, _ = QFileDialog.getOpenFileName(self, words, str(Path.home()), "TOML (*.toml)")
        if chosen:
            self.take_guide(Path(chosen))

    def take_guide(self, which: str | Path) -> None:
        """Ask by another guide: a shipped one, or one in a file."""
        self.guide.line.say_nothing()
        try:
            found = guides.find_guide(which)
            if self._change(lambda now: presenter.use_guide(now, found), "guide"):
                self.desk.door.toast(messages.text("brief.guide_taken", title=found.title))
        except UserError as error:
            self.guide.line.say(messages.sentence(error), kind="error")

    def _choose_place(self) -> None:
        words = messages.text("brief.keep_guide")
        suggested = str(Path.home() / "guide.toml")
        chosen, _ = QFileDialog.getSaveFileName(self, words, suggested, "TOML (*.toml)")
        if chosen:
            self.keep_guide(Path(chosen))

    def keep_guide(self, file: Path) -> None:
        """Write the prompts as a guide of one's own."""
        if self.state_now is None:
            return
        self.guide.line.say_nothing()
        try:
            guides.write_guide(presenter.own_guide(self.state_now, file.stem), file)
        except UserError as error:
            self.guide.line.say(messages.sentence(error), kind="error")
        else:
            self.desk.door.toast(messages.text("brief.guide_kept", name=file.name))

    def _see_priority(self) -> None:
        if self.state_now is not None:
            spot = Spot(part="priority", words=self.state_now.brief.priority)
            self.desk.ways.to("library", spot=spot)

    # What the shell asks ------------------------------------------------------------------------------

    def leave(self) -> None:
        """Keep what is being typed."""
        editor = self.guide.list.editor
        if editor is not None and editor.has_focus():
            editor.keep()
        self.guide.list.stop_editing()
        focus = QApplication.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            focus.clearFocus()

    def bindings(self) -> Mapping[str, Action]:
        """Return what Brief's keys do."""
        prompts = self.guide.list
        return {
            "prompt_up": lambda: self._move_by(-1),
            "prompt_down": lambda: self._move_by(1),
            "prompt_edit": lambda: self._edit_words(prompts.currentIndex().row()),
            "prompt_include": self._tick,
        }

    def _tick(self) -> None:
        prompt = self.guide.list.prompt
        if prompt is not None:
            self.guide.list.ticked.emit(prompt.id, not prompt.included)

    def primary(self) -> QAbstractButton | None:
        """Return Open Studio."""
        return self.open_studio

    def panels(self) -> Sequence[QWidget]:
        """Return form, guide and foot."""
        return (self.form, self.guide, self.foot)
