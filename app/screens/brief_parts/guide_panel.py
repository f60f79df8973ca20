"""The right half of Brief: the interview guide in its two tabs, and the tip for the current prompt."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app import messages
from app.screens import brief_presenter as presenter
from app.screens.brief_parts.guide_list import GuideList
from app.screens.brief_presenter import BriefState, Tab
from app.widgets.boxes import Panel, row
from app.widgets.buttons import Button, IconButton
from app.widgets.message import Icon, InlineMessage
from app.widgets.paint import show_when
from app.widgets.segmented import Choice, Tabs
from app.widgets.text import Heading, Label

_TABS: tuple[Tab, ...] = ("expert", "questions")


class GuidePanel(Panel):
    """Head, tabs, prompts, and what can be done with the guide as a whole."""

    def __init__(self) -> None:
        super().__init__(name=messages.text("brief.guide_name"), edge="left")
        head, line = row(margins=(24, 16, 24, 4), spacing=8)
        self.total = Label("", tint="muted", tabular=True)
        line.addWidget(Heading(messages.text("brief.guide"), "title-small"), 1)
        line.addWidget(self.total)
        choices = [Choice(each, messages.text(f"brief.tab_{each}")) for each in _TABS]
        self.tabs = Tabs(choices, name=messages.text("brief.guide_name"))
        self.list = GuideList()
        self.line = InlineMessage()
        self.none = Label(messages.text("brief.no_questions"), tint="muted", wrap=True)
        self.none.setContentsMargins(24, 20, 24, 12)
        self.tip = Label("", tint="muted", wrap=True)
        for part in (head, self.tabs, self.line, self.none):
            self.column.addWidget(part)
        self.column.addWidget(self.list)
        self.column.addWidget(self._buttons())
        self.column.addStretch(1)
        self.column.addWidget(self._tip())

    def _buttons(self) -> QWidget:
        foot, line = row(margins=(16, 12, 16, 12), spacing=4)
        self.add = Button(messages.text("brief.add_prompt"), icon="plus")
        self.copy = Button(messages.text("brief.copy"), icon="copy", kind="plain")
        self.more = IconButton("ellipsis", messages.text("brief.more"))
        for button in (self.add, self.copy, self.more):
            line.addWidget(button)
        line.addStretch(1)
        return foot

    def _tip(self) -> QWidget:
        self._tip_area, line = row(margins=(24, 8, 24, 16), spacing=8)
        inside: QHBoxLayout = line
        inside.addWidget(Icon("info", "text-muted"), 0, Qt.AlignmentFlag.AlignTop)
        inside.addWidget(self.tip, 1)
        return self._tip_area

    @property
    def tab(self) -> Tab:
        """The tab that is open."""
        return "questions" if self.tabs.value == "questions" else "expert"

    def show_state(self, state: BriefState, *, choose: str = "") -> None:
        """Show a guide."""
        for each in _TABS:
            self.tabs.show_count(each, len(state.prompts(each)))
        prompts = state.prompts(self.tab)
        self.total.setText(presenter.guide_words(prompts))
        self.list.show_prompts(prompts, choose=choose)
        show_when(self.list, wanted=bool(prompts))
        show_when(self.none, wanted=not prompts)
        self.show_tip()

    def show_tip(self) -> None:
        """Show what helps the producer with the current prompt."""
        prompt = self.list.prompt
        tip = prompt.tip if prompt is not None and self.list.isVisibleTo(self) else ""
        self.tip.setText(messages.text("brief.tip", tip=tip) if tip else "")
        show_when(self._tip_area, wanted=bool(tip))
