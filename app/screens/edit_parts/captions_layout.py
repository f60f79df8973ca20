"""What stands where in the Captions tab: list at the left, picture and glossary at the right, strip below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app import messages
from app.screens.edit_parts.captions_list import CaptionList
from app.screens.edit_parts.captions_timeline import CaptionTimeline
from app.screens.edit_parts.glossary_panel import GlossaryPanel
from app.screens.edit_parts.transport import PlayButton
from app.theme import current, follow
from app.widgets.boxes import Panel, column, flow, row, rule
from app.widgets.buttons import Button, IconButton
from app.widgets.fields import LineEdit, SearchField
from app.widgets.message import EmptyState, InlineMessage
from app.widgets.paint import show_when
from app.widgets.segmented import Choice, Segmented
from app.widgets.text import Label
from app.widgets.video import VideoSurface

_SIDE_PX, _PICTURE_PX = 560, 297
_LARGE_PERCENT = 130


def parts_of_edit(chosen: str) -> Segmented:
    """Return the choice between Cut and Captions."""
    cut = Choice("cut", messages.text("captions.part_cut"), icon="scissors")
    captions = Choice("captions", messages.text("captions.part_captions"), icon="captions")
    made = Segmented((cut, captions), name=messages.text("captions.parts"))
    made.choose(chosen)
    return made


class CaptionsLayout(QWidget):
    """The parts of the Captions tab, laid out."""

    def __init__(self) -> None:
        super().__init__()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        top = QHBoxLayout()
        top.setSpacing(0)
        top.addWidget(self._left(), 1)
        top.addWidget(self._right())
        whole.addLayout(top, 1)
        self.bottom = Panel(name=messages.text("captions.timeline_name"), edge="top")
        self.timeline = CaptionTimeline()
        self.bottom.column.addWidget(self.timeline)
        whole.addWidget(self.bottom)
        follow(self._take_sizes)

    # Left -----------------------------------------------------------------------------------------------

    def _left(self) -> QWidget:
        self.list_panel, inside = column(spacing=0)
        self.list_panel.setAccessibleName(messages.text("captions.list_name"))
        self.list_panel.setProperty("ground", "surface")
        self.parts = parts_of_edit("captions")
        bar, line = row(margins=(16, 7, 16, 7), spacing=4)
        tools, left = flow(spacing=4)
        line.addWidget(tools, 1)
        self.join = Button(messages.text("captions.join"), icon="merge", kind="plain", size="small")
        self.split = Button(messages.text("captions.split"), icon="split", kind="plain", size="small")
        self.shift = Button(
            messages.text("captions.shift"), icon="timer", kind="plain", size="small", checkable=True
        )
        self.check = Button("", icon="triangle-alert", size="small", checkable=True)
        self.find_button = IconButton("search", messages.text("captions.find"), checkable=True)
        self.files = IconButton("import", messages.text("captions.files"))
        for tool in (self.parts, self.join, self.split, self.shift):
            left.addWidget(tool)
        right, end = row(spacing=4)
        for tool in (self.check, self.find_button, self.files):
            end.addWidget(tool)
        line.addWidget(right, 0, Qt.AlignmentFlag.AlignTop)
        inside.addWidget(bar)
        inside.addWidget(rule())
        for each in (self._shift_row(), self._find_row()):
            inside.addWidget(each)
            each.hide()
        self.line, self.gaps_line = InlineMessage(), InlineMessage()
        inside.addWidget(self.line)
        inside.addWidget(self.gaps_line)
        self.states = QStackedWidget()
        self.list = CaptionList()
        self.words = EmptyState()
        self.states.addWidget(self.list)
        self.states.addWidget(self.words)
        inside.addWidget(self.states, 1)
        return self.list_panel

    def _shift_row(self) -> QWidget:
        self.shift_row, line = flow(spacing=8)
        line.setContentsMargins(16, 6, 16, 6)
        self.shift_words = Label(messages.text("captions.shift_by"))
        self.seconds = LineEdit("0.5", name=messages.text("captions.shift_name"))
        self.seconds.setFixedWidth(96)
        all_of_them = Choice("all", messages.text("captions.shift_all"))
        from_here = Choice("here", messages.text("captions.shift_here"))
        self.shift_from = Segmented((all_of_them, from_here), name=messages.text("captions.shift_which"))
        self.shift_from.choose("all")
        self.shift_now = Button(messages.text("captions.shift_now"))
        for each in (self.shift_words, self.seconds, self.shift_from, self.shift_now):
            line.addWidget(each)
        return self.shift_row

    def _find_row(self) -> QWidget:
        self.find_row, line = flow(spacing=8)
        line.setContentsMargins(16, 6, 16, 6)
        self.search = SearchField(
            name=messages.text("captions.find"), placeholder=messages.text("captions.find_hint")
        )
        self.by = LineEdit(
            name=messages.text("captions.replace_by"),
            placeholder=messages.text("captions.replace_by"),
            large=True,
        )
        self.found = Label("", "caption", tint="muted", tabular=True)
        self.replace = Button(messages.text("captions.replace_all"), size="large")
        for each in (self.search, self.by):
            each.setFixedWidth(220)
        for part in (self.search, self.by, self.replace, self.found):
            line.addWidget(part)
        return self.find_row

    # Right ----------------------------------------------------------------------------------------------

    def _right(self) -> QWidget:
        self.side = Panel(name=messages.text("edit.picture_name"), edge="left", width=_SIDE_PX)
        top, inside = column(margins=(16, 16, 16, 4), spacing=4)
        self.video = VideoSurface(messages.text("edit.picture_name"))
        inside.addWidget(self.video)
        line = QHBoxLayout()
        line.setSpacing(8)
        self.play = PlayButton()
        self.repeat = Button(
            messages.text("captions.repeat"), icon="repeat-2", kind="plain", size="small", checkable=True
        )
        self.time = Label("0:00.00", "label", tabular=True)
        self.length = Label("/ 0:00", tint="muted", tabular=True)
        for each in (self.play, self.repeat):
            line.addWidget(each)
        line.addStretch(1)
        line.addWidget(self.time)
        line.addWidget(self.length)
        inside.addLayout(line)
        self.side.column.addWidget(top)
        self.glossary = GlossaryPanel()
        self.side.column.addWidget(self.glossary, 1)
        self.side.column.addWidget(rule())
        foot, end = row(margins=(16, 12, 16, 12), spacing=8)
        buttons, ends = flow(spacing=8, at_end=True)
        self.count = Label("", "caption", tint="muted", tabular=True)
        self.next = Button(messages.text("captions.next_to_check"), size="large", keys=("F8",))
        self.primary = Button(
            messages.text("edit.continue"), after="arrow-right", kind="primary", size="large"
        )
        for each in (self.next, self.primary):
            ends.addWidget(each)
        end.addWidget(self.count)
        end.addWidget(buttons, 1)
        self.side.column.addWidget(foot)
        return self.side

    def _take_sizes(self) -> None:
        theme = current()
        large = theme.text_percent > _LARGE_PERCENT
        self.side.setFixedWidth(_SIDE_PX)  # large text needs the room in the list
        self.video.setFixedHeight(_PICTURE_PX if not large else _PICTURE_PX * 2 // 3)
        show_when(self.count, wanted=not large)
        self.seconds.setFixedWidth(theme.text(96))
        for each in (self.search, self.by):
            each.setFixedWidth(theme.text(220))
