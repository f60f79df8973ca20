"""What stands where in Edit: text at the left, picture in the middle, tidying at the right, timeline."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QVBoxLayout, QWidget

from app import messages
from app.screens.edit_parts.captions_layout import parts_of_edit
from app.screens.edit_parts.chapters_panel import ChaptersPanel
from app.screens.edit_parts.selection_bar import SelectionBar
from app.screens.edit_parts.sound_panel import SoundPanel
from app.screens.edit_parts.takes_strip import TakesStrip
from app.screens.edit_parts.tidy_panel import TidyPanel
from app.screens.edit_parts.timeline import Timeline
from app.screens.edit_parts.transcript import TranscriptView
from app.screens.edit_parts.transport import Transport
from app.screens.edit_presenter import EditState
from app.theme import current, follow
from app.widgets.boxes import Panel, column, rule, scrolled
from app.widgets.buttons import Button, IconButton
from app.widgets.fields import SearchField
from app.widgets.measures import Slider
from app.widgets.message import InlineMessage
from app.widgets.paint import show_when
from app.widgets.text import Label
from app.widgets.video import VideoSurface

_ZOOM_STEPS = 100
_LARGE_PERCENT = 130
_LARGE_TEXT_PX = 560  # of the transcript, so that the picture keeps some room beside it
_CAPS = {"split": "S", "set_in": "I", "set_out": "O", "cut_selection": "Del"}


class EditLayout(QWidget):
    """The parts of Edit, laid out. ``located`` asks where the files of missing takes are."""

    located = Signal()

    def __init__(self) -> None:
        super().__init__()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self.gone, self.line = InlineMessage(), InlineMessage()
        for message in (self.gone, self.line):
            whole.addWidget(message)
        top = QHBoxLayout()
        top.setSpacing(0)
        for part in (self._text(), self._centre()):
            top.addWidget(part, 1 if part is self.centre else 0)
        top.addWidget(self._side())
        whole.addLayout(top, 1)
        whole.addWidget(self._bottom())
        follow(self._take_height)

    # Left -----------------------------------------------------------------------------------------------

    def _text(self) -> QWidget:
        self.text_panel = Panel(name=messages.text("edit.transcript_name"), edge="right", width="transcript")
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 6, 8, 6)
        self.parts = parts_of_edit("cut")
        row.addWidget(self.parts)
        row.addStretch(1)
        self.cuts_shown = Button(
            messages.text("edit.cuts_shown"), icon="eye", kind="plain", checkable=True, size="small"
        )
        self.cuts_shown.setChecked(True)
        self.find_button = IconButton("search", messages.text("edit.find"))
        row.addWidget(self.cuts_shown)
        row.addWidget(self.find_button)
        self.search = SearchField(
            name=messages.text("edit.find"), placeholder=messages.text("edit.find_placeholder")
        )
        self.found = Label("", "caption", tint="muted")
        self.search_row = QWidget()
        line = QHBoxLayout(self.search_row)
        line.setContentsMargins(16, 6, 16, 6)
        line.addWidget(self.search, 1)
        line.addWidget(self.found)
        self.search_row.hide()
        self.transcript = TranscriptView()
        self.bar = SelectionBar(self.transcript.viewport())
        self.cuts_shown.toggled.connect(self._on_cuts_shown)
        self.find_button.clicked.connect(self._on_find)
        for part in (head, rule(), self.search_row):
            self.text_panel.column.addWidget(part)
        self.text_panel.column.addWidget(self.transcript, 1)
        return self.text_panel

    def _on_cuts_shown(self, on: bool) -> None:
        self.cuts_shown.set_icon("eye" if on else "eye-off")
        self.cuts_shown.setText(messages.text("edit.cuts_shown" if on else "edit.cuts_hidden"))
        self.transcript.show_cuts(on=on)

    def open_search(self, words: str = "") -> None:
        """Show the search field, perhaps with words, and put the caret there."""
        self.search_row.show()
        if words:
            self.search.edit.setText(words)
        self.search.setFocus()
        self.search.edit.selectAll()

    def close_search(self) -> None:
        """Put the search field away, and its marks."""
        self.search_row.hide()
        self.search.edit.clear()
        self.transcript.setFocus()

    def _on_find(self) -> None:
        if self.search_row.isVisible():
            self.close_search()
        else:
            self.open_search()

    def show_hits(self, count: int, typed: str) -> None:
        """Say how often it was found."""
        self.found.setText(messages.text("edit.found", count=count) if typed.strip() else "")

    # Middle ---------------------------------------------------------------------------------------------

    def _centre(self) -> QWidget:
        self.centre, inside = column(margins=(16, 16, 16, 12), spacing=4)
        self.centre.setAccessibleName(messages.text("edit.picture_name"))
        self.video = VideoSurface(messages.text("edit.picture_name"))
        self.transport = Transport()
        self.takes = TakesStrip()
        inside.addWidget(self.video, 1)
        inside.addWidget(self.transport)
        inside.addWidget(self.takes)
        return self.centre

    # Right ----------------------------------------------------------------------------------------------

    def _side(self) -> QWidget:
        self.side = Panel(name=messages.text("edit.tidy"), edge="left", width="inspector")
        self.tidy, self.sound, self.chapters = TidyPanel(), SoundPanel(), ChaptersPanel()
        body, inside = column(spacing=0)
        for part in (self.tidy, rule(), self.sound, rule()):
            inside.addWidget(part)
        inside.addWidget(self.chapters, 1)
        self.side.column.addWidget(scrolled(body, name=messages.text("edit.tidy")), 1)
        foot, row = column(margins=(16, 12, 16, 12))
        self.primary = Button(
            messages.text("edit.continue"), after="arrow-right", kind="primary", size="large"
        )
        row.addWidget(self.primary)
        self.side.column.addWidget(rule())
        self.side.column.addWidget(foot)
        return self.side

    # Below ----------------------------------------------------------------------------------------------

    def _bottom(self) -> QWidget:
        self.bottom = Panel(name=messages.text("edit.timeline_name"), edge="top")
        tools = QWidget()
        row = QHBoxLayout(tools)
        row.setContentsMargins(16, 4, 16, 4)
        row.setSpacing(4)
        self.tools = {
            key: Button(messages.text(f"edit.{key}"), icon=icon, kind="plain", keys=(cap,))
            for key, icon, cap in (
                ("split", "split", _CAPS["split"]),
                ("set_in", "", _CAPS["set_in"]),
                ("set_out", "", _CAPS["set_out"]),
                ("cut_selection", "scissors", _CAPS["cut_selection"]),
            )
        }
        for button in self.tools.values():
            row.addWidget(button)
        self.snap = Button(messages.text("edit.snap"), icon="magnet", checkable=True)
        self.snap.setChecked(True)
        row.addWidget(rule(upright=True))
        row.addWidget(self.snap)
        row.addStretch(1)
        self.cut_words = Label("", "caption", tint="muted", tabular=True)
        row.addWidget(self.cut_words)
        row.addWidget(rule(upright=True))
        self.zoom = Slider(messages.text("edit.zoom"), lowest=0, highest=_ZOOM_STEPS)
        self.zoom.setFixedWidth(120)
        self.fit = Button(messages.text("edit.fit"), kind="plain", keys=("\\",))
        out, closer = (IconButton(f"zoom-{way}", messages.text(f"edit.zoom_{way}")) for way in ("out", "in"))
        for tool in (out, self.zoom, closer, self.fit):
            row.addWidget(tool)
        self.timeline = Timeline()
        self.bar_below = QScrollBar(Qt.Orientation.Horizontal)
        self.bar_below.setAccessibleName(messages.text("edit.scroll_name"))
        out.clicked.connect(lambda: self.timeline.zoom(1 / 1.5))
        closer.clicked.connect(lambda: self.timeline.zoom(1.5))
        self.fit.clicked.connect(self.timeline.fit)
        self.zoom.valueChanged.connect(self._on_zoom)
        self.bar_below.valueChanged.connect(lambda ms: self.timeline.scroll_to(ms * 1000))
        self.timeline.view_changed.connect(self._show_view)
        for part in (tools, rule()):
            self.bottom.column.addWidget(part)
        self.bottom.column.addWidget(self.timeline, 1)
        self.bottom.column.addWidget(self.bar_below)
        return self.bottom

    def _on_zoom(self, step: int) -> None:
        view = self.timeline.view
        closest = max(400.0 / view.fit_px_s, 1.001)
        self.timeline.zoom(view.fit_px_s * closest ** (step / _ZOOM_STEPS) / view.px_s)

    def _show_view(self) -> None:
        from math import log

        view = self.timeline.view
        for each in (self.zoom, self.bar_below):
            each.blockSignals(True)
        closest = max(400.0 / view.fit_px_s, 1.001)
        self.zoom.setValue(round(_ZOOM_STEPS * log(max(view.px_s / view.fit_px_s, 1)) / log(closest)))
        self.bar_below.setRange(0, view.last_first_us // 1000)
        self.bar_below.setPageStep(max(view.seen_us // 1000, 1))
        self.bar_below.setValue(view.first_us // 1000)
        for each in (self.zoom, self.bar_below):
            each.blockSignals(False)
        self.zoom.update()

    # What is shown --------------------------------------------------------------------------------------

    def show_state(self, state: EditState) -> None:
        """Show a resource."""
        self.transcript.show_state(state)
        self.timeline.show_state(state)
        cut = messages.counted("edit.cut_in", state.cuts, seconds=f"{state.cut_us / 1e6:.1f}")
        self.cut_words.setText(cut if state.cuts else messages.text("edit.nothing_cut"))

    def show_missing(self, state: EditState) -> None:
        """Say which takes lost their files, until they are back."""
        if not state.missing:
            self.gone.say_nothing()
            return
        takes = [state.take(take_id) for take_id in state.missing]
        named = [
            messages.text("edit.gone_take", number=take.number, prompt=take.prompt.title or take.prompt.text)
            for take in takes
        ]
        locate = (messages.text("edit.locate"), self.located.emit)
        words = messages.text("edit.gone", takes=", ".join(named))
        self.gone.say(words, kind="warn", offers=(locate,), closable=False)

    def show_selected(self, *, selected: bool) -> None:
        """Offer what needs a selection."""
        self.tools["cut_selection"].setEnabled(selected)

    def _take_height(self) -> None:
        theme = current()
        large = theme.text_percent > _LARGE_PERCENT  # what has another way goes, so that the rest has room
        for key, cap in _CAPS.items():
            self.tools[key].keys = () if large else (cap,)
            self.tools[key].updateGeometry()
        for spare in (self.cut_words, self.zoom, self.takes.hint, self.takes.title):
            show_when(spare, wanted=not large)
        if large:
            self.text_panel.setFixedWidth(_LARGE_TEXT_PX)
        self.bottom.setFixedHeight(theme.layout("timeline"))
