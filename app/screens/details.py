"""Details: let the right person find it at the right moment (DESIGN.md 2.7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QWidget

from app import messages
from app.desk import Desk, ScreenName, Spot
from app.screens import details_presenter as presenter
from app.screens.details_parts.card_preview import CardPreview
from app.screens.details_parts.form import DetailsForm
from app.screens.details_parts.poster_picker import PosterPicker
from app.screens.details_presenter import DetailsState
from app.screens.publish_parts.previewing import Previewing
from app.screens.screen import Action, BaseScreen
from app.theme import current, follow
from app.widgets.boxes import Foot, Panel, column, rule, scrolled
from app.widgets.buttons import Button
from app.widgets.chips import SuggestionChip
from app.widgets.message import Icon
from app.widgets.text import Heading, Label
from capture.errors import BadInputError, UserError
from capture.work import Work
from editor.language import language_tag
from editor.library import Library
from editor.model import Resource, Suggestion

_SIDE_PX = 504
_LARGE_PERCENT = 130


class DetailsScreen(BaseScreen):
    """The form at the left, how it looks in the library at the right."""

    name: ClassVar[ScreenName] = "details"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.resource_id = ""
        self.state_now: DetailsState | None = None
        self.previewing = Previewing(desk, on_error=desk.door.error)
        self._spot: Spot | None = None
        self.form = DetailsForm()
        self.left = scrolled(self.form, name=messages.text("stage.details"))
        whole = QHBoxLayout()
        whole.setSpacing(0)
        whole.addWidget(self.left, 1)
        whole.addWidget(self._side())
        self.content.addLayout(whole, 1)
        self.content.addWidget(self._foot())
        self._connect()
        follow(self._take_width)

    def _side(self) -> QWidget:
        self.side = Panel(name=messages.text("details.poster_and_card"), edge="left")
        body, inside = column(margins=(24, 20, 24, 20), spacing=12)
        self.poster = PosterPicker(self.desk)
        self.preview = CardPreview()
        inside.addWidget(self.poster)
        inside.addSpacing(4)
        inside.addWidget(rule())
        inside.addSpacing(4)
        inside.addWidget(Heading(messages.text("details.in_library"), "title-small"))
        inside.addWidget(self.preview)
        inside.addStretch(1)
        self.side.column.addWidget(scrolled(body, name=messages.text("details.poster_and_card")))
        return self.side

    def _foot(self) -> QWidget:
        self.foot = Foot()
        self.back = Button(messages.text("stage.edit"), icon="arrow-left", kind="plain", size="large")
        self.mark = Icon("circle-check", "ok")
        self.complete = Label("", tint="muted")
        self.jump = Button("", kind="link")
        self.go_on = Button(
            messages.text("details.continue"), after="arrow-right", kind="primary", size="large"
        )
        self.foot.row.addWidget(self.back)
        self.foot.row.addStretch(1)
        for part in (self.mark, self.complete, self.jump, self.go_on):
            self.foot.row.addWidget(part)
        return self.foot

    def _connect(self) -> None:
        self.desk.holder.changed.connect(self._on_changed)
        self.form.left.connect(self._on_left)
        self.form.title.textChanged.connect(lambda _: self._show_preview())
        self.form.accept_all.clicked.connect(self.accept_all)
        for hints in self.form.hints.values():
            hints.accepted.connect(self._accept)
            hints.dismissed.connect(self._dismiss)
        self.poster.picked.connect(
            lambda poster: self._change(lambda now: presenter.set_poster(now, poster), "poster")
        )
        self.back.clicked.connect(lambda: self.desk.ways.to("edit", self.resource_id))
        self.jump.clicked.connect(self._jump)
        self.go_on.clicked.connect(self._go_on)

    def _take_width(self) -> None:
        self.side.setFixedWidth(_SIDE_PX if current().text_percent <= _LARGE_PERCENT else 400)

    # Reading ----------------------------------------------------------------------------------------

    def open(self, resource_id: str, spot: Spot | None) -> None:
        """Show a resource, perhaps at a field."""
        if resource_id != self.resource_id:
            self.resource_id, self.state_now = resource_id, None
            self.preview.still.show_image(QImage(), "")
            self.form.title_field.show_error("")
            self.show_loading("")
        self._spot = spot
        self._read()

    def _on_changed(self, resource_id: str) -> None:
        if resource_id in ("", self.resource_id) and self.resource_id and self.isVisible():
            self._read()

    def _read(self) -> None:
        resource_id = self.resource_id

        def read(library: Library, *, work: Work) -> tuple[DetailsState, QImage]:
            state = presenter.read_state(library, resource_id, work=work)
            poster = state.facts.poster
            return state, QImage(str(poster)) if poster is not None else QImage()

        def show(found: tuple[DetailsState, QImage]) -> None:
            state, image = found
            length_us = state.facts.length_us
            self.preview.still.show_image(image, messages.clock(length_us / 1e6) if length_us else "")
            self.poster.show_state(state.posters, image)
            self._show(state)

        self.read(read, show)

    def _show(self, state: DetailsState) -> None:
        self.state_now = state
        self.form.show_state(state)
        self._show_preview()
        self.show_content()  # laid out once, with all that is in it
        empty = presenter.missing(state.resource)
        words = presenter.missing_words(empty)
        self.mark.show_icon(*(("triangle-alert", "warn") if empty else ("circle-check", "ok")))
        self.complete.setText("" if empty else words)
        self.complete.setVisible(not empty)
        self.jump.setText(words if empty else "")
        self.jump.retheme()
        self.jump.setVisible(bool(empty))
        if self._spot is not None:
            self._focus(self._spot.part)
            self._spot = None

    def _show_preview(self) -> None:
        if self.state_now is not None:
            self.preview.show_resource(self.state_now.resource, title=self.form.title.text().strip())
            self.poster.still.show_title(self.preview.title.text())

    def _focus(self, field: str) -> None:
        control = self.form.controls.get(field)
        if control is not None:
            control.setFocus(Qt.FocusReason.OtherFocusReason)
            self.left.ensureWidgetVisible(control)

    # Changing ---------------------------------------------------------------------------------------

    def _change(self, change: Callable[[Resource], Resource], label: str) -> None:
        """Keep another resource as one undo step, and show it."""
        if self.state_now is None:
            return
        resource = self.desk.holder.library.resource(self.resource_id)
        wanted = change(resource)
        try:
            if wanted != resource:
                wanted = self.desk.holder.save(wanted, label=label)
        except UserError as error:
            self.desk.door.error(error)
            return
        left = presenter.still_open(wanted, self.state_now.suggestions)
        self._show(replace(self.state_now, resource=wanted, suggestions=left))

    def _on_left(self, field: str) -> None:
        form = self.form
        match field:
            case "title":
                typed = form.title.text()
                form.title_field.show_error("" if typed.strip() else messages.text("details.needs_title"))
                if typed.strip():
                    self._change(lambda now: presenter.set_title(now, typed), "title")
            case "summary":
                self._change(lambda now: presenter.set_summary(now, form.summary.toPlainText()), "summary")
            case "level":
                self._change(lambda now: presenter.set_level(now, form.level.value), "tags")
            case "kind":
                ticked = [kind for kind, box in form.kinds.items() if box.isChecked()]
                self._change(lambda now: presenter.set_kind(now, ticked), "tags")
            case "when_to_use":
                self._change(lambda now: presenter.set_when(now, form.when.toPlainText()), "tags")
            case "language":
                self._keep_language(form.language.text().strip())
            case _:
                values = form.tokens[field].values
                self._change(lambda now: presenter.set_values(now, field, values), "tags")

    def _keep_language(self, typed: str) -> None:
        try:
            tag = language_tag(typed) if typed else ""
        except BadInputError as error:
            self.form.language_field.show_error(messages.sentence(error))
            return
        self.form.language_field.show_error("")
        self._change(lambda now: replace(now, tags=replace(now.tags, language=tag)), "language")

    def _accept(self, each: Suggestion) -> None:
        self._change(lambda now: presenter.accept(now, each), "suggestions")

    def _dismiss(self, each: Suggestion) -> None:
        self._change(lambda now: presenter.dismiss(now, each), "suggestion_dismiss")

    def accept_all(self) -> None:
        """Take every suggestion over, as one step."""
        if self.state_now is not None and self.state_now.suggestions:
            wanted = self.state_now.suggestions
            self._change(lambda now: presenter.accept_all(now, wanted), "suggestions")

    # Going on ---------------------------------------------------------------------------------------

    def _jump(self) -> None:
        if self.state_now is not None:
            for field in presenter.missing(self.state_now.resource)[:1]:
                self._focus(field)

    def _go_on(self) -> None:
        if self.state_now is not None and presenter.missing(self.state_now.resource):
            self._jump()
        else:
            self.desk.ways.to("publish", self.resource_id)

    def leave(self) -> None:
        """Keep what is being typed."""
        focus = QApplication.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            focus.clearFocus()
        self.poster.keep_now()
        self.poster.stop()

    def bindings(self) -> Mapping[str, Action]:
        """Return what the keys of Details do."""
        return {
            "suggestions_all": self.accept_all,
            "suggestion_accept": self._accept_focused,
            "preview": self._preview,
            "check_first": self._jump,
        }

    def _preview(self) -> None:
        from app.screens import publish_presenter

        if self.state_now is None:
            return
        resource, settings = self.state_now.resource, self.desk.settings.now
        self.previewing.show(
            resource.id,
            title=resource.title,
            target=publish_presenter.preview_target(settings.targets or publish_presenter.FIRST_TARGETS),
            terms=publish_presenter.terms(settings, published=resource.version > 0),
        )

    def _accept_focused(self) -> None:
        focus = QApplication.focusWidget()
        if isinstance(focus, SuggestionChip):
            focus.accepted.emit()

    def primary(self) -> QAbstractButton | None:
        """Return Continue to Publish."""
        return self.go_on

    def panels(self) -> Sequence[QWidget]:
        """Return form, preview and foot."""
        return (self.form, self.side, self.foot)
