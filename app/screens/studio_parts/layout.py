"""What stands where in Studio: prompts at the left, question and picture, devices at the right."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app import messages
from app.screens.edit_presenter import clock
from app.screens.studio_parts.device_panel import DevicePanel
from app.screens.studio_parts.pairing import PairingCard
from app.screens.studio_parts.picture import StudioPicture
from app.screens.studio_parts.prompt_list import PromptList
from app.screens.studio_parts.record_button import RecordButton
from app.screens.studio_presenter import TABS, PromptRow, StudioState
from app.theme import current, follow
from app.widgets.boxes import Panel, column, row, rule, scrolled
from app.widgets.buttons import Button, IconButton
from app.widgets.message import InlineMessage
from app.widgets.paint import show_when
from app.widgets.segmented import Choice, Tabs
from app.widgets.text import Label

#: Size of the question, and in how many lines it must fit to have it.
_PROMPT_PX = ((52, 1), (44, 2), (36, 2), (30, 3))
_LARGE_PROMPT_PX = 36
_LARGE_PERCENT = 130
#: Without margins and the line above the question: 208 and 144 with them (DESIGN.md 2.4).
_BAND_PX, _TRANSPORT_PX = 126, 120


class PromptLabel(Label):
    """The question, readable from 1.5 m: in one line at 52 px, else in two, smaller where it must."""

    def __init__(self) -> None:
        super().__init__("", "prompt-studio", wrap=True)

    def retheme(self) -> None:
        """Take the font of the theme in the size that fits."""
        self.setFont(self._fitted())

    def _fitted(self) -> QFont:
        """Return the font; it is large already, so it does not grow with the text."""
        font = current().font("prompt-studio")
        most = _PROMPT_PX[0][0] if current().text_percent <= _LARGE_PERCENT else _LARGE_PROMPT_PX
        for size, lines in _PROMPT_PX:
            font.setPixelSize(min(size, most))
            metrics = QFontMetrics(font)
            room = QRect(0, 0, max(self.width(), 1), 10_000)
            high = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self.text()).height()
            if high <= lines * metrics.lineSpacing() + 1:
                break
        return font

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure again."""
        super().resizeEvent(event)
        font = self._fitted()
        if font.pixelSize() != self.font().pixelSize():
            self.setFont(font)


class HintLabel(Label):
    """What stands below the question: as large as a title, and quiet."""

    def __init__(self) -> None:
        super().__init__("", "title", tint="muted", wrap=True)

    def retheme(self) -> None:
        """Take the size of a title and the weight of text."""
        theme = current()
        font = theme.font("body")
        font.setPixelSize(theme.font("title").pixelSize())
        self.setFont(font)


class StudioLayout(QWidget):
    """The parts of Studio, laid out."""

    def __init__(self) -> None:
        super().__init__()
        self._large = False
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._left())
        whole.addWidget(self._centre(), 1)
        whole.addWidget(self._right())

    def _left(self) -> QWidget:
        self.left = Panel(name=messages.text("studio.prompts_name"), edge="right", width="promptList")
        choices = [Choice(each, messages.text(f"brief.tab_{each}")) for each in TABS]
        self.tabs = Tabs(choices, name=messages.text("studio.prompts_name"))
        self.left.column.addWidget(self.tabs)
        self.prompts = PromptList()
        self.left.column.addWidget(scrolled(self.prompts, name=messages.text("studio.prompts_name")), 1)
        foot, inside = column(margins=(16, 12, 16, 12), spacing=10)
        so_far = QHBoxLayout()
        so_far.addWidget(Label(messages.text("studio.so_far"), tint="muted"), 1)
        self.recorded = Label("0:00", "strong", tabular=True)
        so_far.addWidget(self.recorded)
        inside.addLayout(so_far)
        self.edit = Button(messages.text("studio.edit"), icon="scissors")
        inside.addWidget(self.edit)
        self.left.column.addWidget(rule())
        self.left.column.addWidget(foot)
        return self.left

    def _centre(self) -> QWidget:
        self.centre, inside = column(spacing=8)
        self.inside = inside
        self.centre.setAccessibleName(messages.text("studio.picture_name"))
        head = QHBoxLayout()
        self.number = Label("", "label", tint="accent", tabular=True)
        self.about = Label("", tint="muted", tabular=True)
        self.prompter = Button(
            messages.text("studio.prompter_open"), icon="monitor", kind="plain", size="small", keys=("P",)
        )
        self.prompter_look = IconButton("settings", messages.text("studio.prompter_look"), size="small")
        head.setSpacing(8)
        head.addWidget(self.number)
        head.addWidget(self.about)
        head.addStretch(1)
        head.addWidget(self.prompter)
        head.addWidget(self.prompter_look)
        inside.addLayout(head)
        self.question, self.hint = PromptLabel(), HintLabel()
        self.band = QWidget()
        words = QVBoxLayout(self.band)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(6)
        words.addWidget(self.question)
        words.addWidget(self.hint)
        words.addStretch(1)
        inside.addWidget(self.band)
        self.line = InlineMessage()
        inside.addWidget(self.line)
        self.video = StudioPicture()
        self.video.alerts.changed.connect(self._show_hint)
        inside.addWidget(self.video, 1)
        self.no_camera, steps = row(spacing=8)
        self.try_again = Button(messages.text("studio.try_again"), icon="rotate-ccw")
        self.use_phone = Button(messages.text("studio.use_phone"), icon="smartphone")
        self.go_without = Button(messages.text("studio.go_without"), icon="mic")
        steps.addStretch(1)
        for button in (self.try_again, self.use_phone, self.go_without):
            steps.addWidget(button)
        steps.addStretch(1)
        self.no_camera.hide()
        inside.addWidget(self.no_camera)
        self.pairing = PairingCard()
        self.pairing.hide()
        inside.addWidget(self.pairing, 1)
        inside.addWidget(self._transport())
        follow(self._take_sizes)
        return self.centre

    def _transport(self) -> QWidget:
        made = self.transport = QWidget()
        self._grid = QGridLayout(made)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self.record = RecordButton()
        self.time = Label("0:00", "timer", tabular=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.state, self.kept = Label("", "label"), Label("", "caption", tint="muted")
        words.addStretch(1)
        words.addWidget(self.state)
        words.addWidget(self.kept)
        words.addStretch(1)
        self._grid.addWidget(self.record, 0, 0)
        self._grid.addWidget(self.time, 0, 1)
        self._grid.addLayout(words, 0, 2)
        self._grid.setColumnStretch(2, 1)
        self._buttons = QWidget()
        line = QHBoxLayout(self._buttons)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        self.mark = Button(messages.text("studio.mark"), icon="bookmark", size="large", keys=("M",))
        self.again = Button(messages.text("studio.new_take"), icon="rotate-ccw", size="large", keys=("T",))
        self.following = Button(messages.text("studio.next"), kind="primary", size="large", keys=("N",))
        for button in (self.mark, self.again, self.following):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return made

    def _right(self) -> QWidget:
        self.right = Panel(name=messages.text("studio.devices_name"), edge="left", width="devicePanel")
        self.devices = DevicePanel()
        self.right.column.addWidget(scrolled(self.devices, name=messages.text("studio.devices_name")), 1)
        return self.right

    # What is shown --------------------------------------------------------------------------------------

    def show_tabs(self, state: StudioState) -> None:
        """Show the tabs where the guide asks something in both."""
        show_when(self.tabs, wanted=len(state.tabs) > 1)
        if len(state.tabs) == 1:
            self.tabs.choose(state.tabs[0])

    def show_no_camera(self, *, missing: bool, opening: bool) -> None:
        """Offer what can be done where there is no camera, or none yet; sound is recorded all the same."""
        show_when(self.go_without, wanted=opening)
        for button in (self.try_again, self.use_phone):
            show_when(button, wanted=missing)
        show_when(self.no_camera, wanted=(missing or opening) and self.video.isVisibleTo(self))

    def show_pairing(self, *, shown: bool) -> None:
        """Show the code for the phone in place of the picture."""
        show_when(self.video, wanted=not shown)
        show_when(self.band, wanted=not shown)  # the code wants the room, and nobody is asked anything yet
        self.no_camera.hide()
        show_when(self.pairing, wanted=shown)

    def show_prompt(self, number: int, count: int, asked: PromptRow) -> None:
        """Ask a question."""
        prompt = asked.prompt
        self.number.setText(messages.text("studio.prompt_of", number=number, count=count))
        self.about.setText(messages.text("brief.about_seconds", seconds=asked.about_s))
        if self.question.text() != prompt.text:
            self.question.setText(prompt.text)
            self.question.retheme()
        self.hint.setText(prompt.hint)
        self._show_hint()

    def _show_hint(self) -> None:
        """Show the hint, unless large text and warnings want its room."""
        wanted = bool(self.hint.text()) and not (self._large and self.video.alerts.keys)
        show_when(self.hint, wanted=wanted)

    def show_recording(self, *, recording: bool, number: int) -> None:
        """Show whether a take is recorded."""
        self.record.show_recording(recording=recording)
        self.video.show_recording(on=recording)
        words = (
            messages.text("studio.recording", number=number) if recording else messages.text("studio.ready")
        )
        self.state.setText(words)
        self.state.set_tint("record" if recording else "muted")
        self.kept.setText(messages.text("studio.kept_as_recorded") if recording else "")
        show_when(self.kept, wanted=recording and not self._large)
        self.mark.setEnabled(recording)

    def show_recorded(self, us: int) -> None:
        """Show how much there is."""
        self.recorded.setText(clock(us))

    def show_last(self, *, last: bool) -> None:
        """Say what comes after this prompt."""
        self.following.setText(messages.text("studio.to_edit" if last else "studio.next"))

    def _take_sizes(self) -> None:
        large = current().text_percent > _LARGE_PERCENT  # then the buttons stand below
        self._grid.removeWidget(self._buttons)
        self._grid.addWidget(self._buttons, *((1, 0, 1, 3) if large else (0, 3, 1, 1)))
        self.band.setMinimumHeight(current().text(_BAND_PX) if not large else 0)
        self.transport.setMinimumHeight(_TRANSPORT_PX if not large else 0)
        self.inside.setContentsMargins(24, 12 if large else 36, 24, 16)
        show_when(self.about, wanted=not large)
        keyed = ((self.mark, "M"), (self.again, "T"), (self.following, "N"), (self.prompter, "P"))
        for button, cap in keyed:
            button.keys = () if large else (cap,)
            button.updateGeometry()
        self._large = large
        self._show_hint()
        show_when(self.kept, wanted=bool(self.kept.text()) and not large)
