"""Clean audio, in the panel at the right of Edit: how loud it is, how much noise goes, hear the original."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app import messages
from app.theme import follow
from app.widgets.boxes import flow, row
from app.widgets.buttons import Button
from app.widgets.checks import Toggle
from app.widgets.segmented import Choice, Segmented
from app.widgets.text import Heading, Label
from editor.model import CleanSound
from editor.result_sound import ResultSound

_STRENGTHS: tuple[CleanSound, ...] = ("low", "mid", "high")


class _Measured(QWidget):
    """A figure before and after: name, then "−21.4 → −16.0 LUFS"."""

    def __init__(self, name: str) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        self.before = Label("", "caption", tint="muted", tabular=True)
        self.after = Label("", "caption-strong", tint="ok", tabular=True)
        line.addWidget(Label(name, "caption"), 1)
        line.addWidget(self.before, 0, Qt.AlignmentFlag.AlignRight)
        line.addWidget(self.after, 0, Qt.AlignmentFlag.AlignRight)


class SoundPanel(QWidget):
    """Says how loud the result is.

    ``strength_chosen`` tells how much noise shall go, ``original_asked`` whether the original shall be heard.
    """

    strength_chosen = Signal(str)
    original_asked = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        head, line = row()
        line.addWidget(Heading(messages.text("edit.sound"), "title-small"), 1)
        self.original = Button(
            messages.text("edit.hear_original"), icon="ear", kind="plain", size="small", checkable=True
        )
        self.original.toggled.connect(self.original_asked)
        line.addWidget(self.original)
        column.addWidget(head)
        self.loudness = _Measured(messages.text("edit.loudness"))
        self.peak = _Measured(messages.text("edit.true_peak"))
        column.addWidget(self.loudness)
        column.addWidget(self.peak)
        noise, parts = flow(spacing=8)
        self.less = Toggle(messages.text("edit.less_noise"))
        self.less.toggled.connect(self._on_toggle)
        choices = [Choice(each, messages.text(f"edit.noise_{each}")) for each in _STRENGTHS]
        self.strength = Segmented(choices, name=messages.text("edit.noise_name"))
        self.strength.chosen.connect(self.strength_chosen)
        self._last: CleanSound = "mid"
        self.switch, pair = row()
        pair.addWidget(self.less)
        pair.addWidget(Label(messages.text("edit.less_noise")))
        for part in (self.switch, self.strength):
            parts.addWidget(part)
        column.addWidget(noise)
        self.show_strength("off")
        self.show_measured(None)
        follow(self._take_height)

    def show_strength(self, strength: CleanSound) -> None:
        """Show how much noise goes."""
        if strength != "off":
            self._last = strength
        self.less.blockSignals(True)
        self.less.setChecked(strength != "off")
        self.less.blockSignals(False)
        self.less.update()
        self.strength.choose(self._last)
        self.strength.setEnabled(strength != "off")

    def show_measured(self, sound: ResultSound | None) -> None:
        """Show how loud it was and is; None while that is being found out."""
        for part, measure, unit in (
            (self.loudness, "integrated_lufs", "LUFS"),
            (self.peak, "true_peak_dbtp", "dBTP"),
        ):
            if sound is None:
                part.before.setText(messages.text("edit.measuring"))
                part.after.setText("")
                continue
            before, after = (
                messages.number(getattr(each, measure), decimals=1) for each in (sound.before, sound.after)
            )
            part.before.setText(f"{before} →")
            part.after.setText(f"{after} {unit}")
        comparable = sound is not None and sound.original != sound.published
        self.original.setEnabled(comparable)
        words = "edit.hear_hint" if comparable or sound is None else "edit.hear_nothing"
        self.original.setToolTip(messages.text(words))
        if not comparable:
            self.show_original(on=False)

    def show_original(self, *, on: bool) -> None:
        """Show whether the original is heard."""
        self.original.blockSignals(True)
        self.original.setChecked(on)
        self.original.blockSignals(False)
        self.original.update()

    def _take_height(self) -> None:
        self.switch.setFixedHeight(self.strength.sizeHint().height())

    def _on_toggle(self, on: bool) -> None:
        self.strength_chosen.emit(self._last if on else "off")
