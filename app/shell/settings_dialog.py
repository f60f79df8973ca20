"""Settings: how Lapel looks, what recording and publishing start from, and what it is made of."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

import assets
from app import messages
from app.desk import Desk
from app.settings import caption_languages
from app.theme import current, dress
from app.widgets.boxes import column, scrolled
from app.widgets.buttons import Button
from app.widgets.checks import Toggle
from app.widgets.fields import ComboBox
from app.widgets.segmented import Choice, Segmented
from app.widgets.text import Heading, Label

_TEXT_PERCENTS = (100, 125, 150, 200)


class SettingsDialog(QDialog):
    """Every change holds at once; there is nothing to confirm."""

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent)
        dress(self)
        self._desk = desk
        self.setWindowTitle(messages.text("settings.title"))
        self.resize(current().text(600), min(current().text(620), max(parent.height() - 40, 400)))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 16, 16)
        outer.setSpacing(12)
        outer.addWidget(Heading(messages.text("settings.title")))
        content, self._column = column(margins=(0, 4, 12, 4), spacing=14)
        self._looks()
        self._recording()
        self._library()
        self._column.addStretch(1)
        outer.addWidget(scrolled(content, name=messages.text("settings.title")), 1)
        foot = QHBoxLayout()
        self.about = Button(messages.text("about.title"), kind="plain", icon="info")
        self.about.clicked.connect(lambda: AboutDialog(self).exec())
        done = Button(messages.text("widgets.done"), kind="primary")
        done.clicked.connect(self.accept)
        foot.addWidget(self.about)
        foot.addStretch(1)
        foot.addWidget(done)
        outer.addLayout(foot)

    def _looks(self) -> None:
        now = self._desk.settings.now
        self._head("settings.looks")
        themes = [Choice(key, messages.text(f"settings.theme_{key}")) for key in ("system", "light", "dark")]
        self.theme = Segmented(themes, name=messages.text("settings.theme"))
        self.theme.choose(now.theme)
        self.theme.chosen.connect(lambda key: self._desk.settings.change(theme=key))
        self._line("settings.theme", self.theme)
        self.dark = Toggle(messages.text("settings.dark"), on=now.dark_in_studio_and_edit)
        self.dark.toggled.connect(lambda on: self._desk.settings.change(dark_in_studio_and_edit=on))
        self._line("settings.dark", self.dark)
        sizes = [Choice(str(each), messages.percent(each / 100)) for each in _TEXT_PERCENTS]
        self.text_size = Segmented(sizes, name=messages.text("settings.text_size"))
        self.text_size.choose(str(now.text_percent))
        self.text_size.chosen.connect(lambda key: self._desk.settings.change(text_percent=int(key)))
        self._line("settings.text_size", self.text_size)
        self.motion = Toggle(messages.text("settings.motion"), on=now.reduced_motion)
        self.motion.toggled.connect(lambda on: self._desk.settings.change(reduced_motion=on))
        self._line("settings.motion", self.motion)

    def _recording(self) -> None:
        now = self._desk.settings.now
        self._head("settings.recording")
        counts = [Choice(str(each), messages.text("units.seconds", count=each)) for each in (0, 3, 5)]
        self.countdown = Segmented(counts, name=messages.text("settings.countdown"))
        self.countdown.choose(str(now.countdown_s))
        self.countdown.chosen.connect(lambda key: self._desk.settings.change(countdown_s=int(key)))
        self._line("settings.countdown", self.countdown)
        self.tick = Toggle(messages.text("settings.tick"), on=now.start_tick)
        self.tick.toggled.connect(lambda on: self._desk.settings.change(start_tick=on))
        self._line("settings.tick", self.tick)
        self.copy = Button("", size="small", icon="folder-open")
        self.copy.clicked.connect(self._choose_copy)
        self._line("settings.second_copy", self.copy)
        self._show_copy()
        self.language = ComboBox(name=messages.text("settings.language"))
        self.language.show_choices(caption_languages(), now.caption_language)
        self.language.setFixedWidth(current().text(240))
        self.language.activated.connect(
            lambda _: self._desk.settings.change(caption_language=self.language.currentData())
        )
        self._line("settings.language", self.language)

        self.checks = Button(messages.text("settings.checks"), size="small", icon="circle-check")
        self.checks.clicked.connect(self._check_again)
        self._line("settings.checks_what", self.checks)

    def _check_again(self) -> None:
        self.accept()
        self._desk.ways.to("first-run")

    def _library(self) -> None:
        self._head("settings.library")
        path = Label(str(self._desk.folder), "caption", tint="muted", wrap=True)
        self._column.addWidget(path)
        self._column.addWidget(
            Label(messages.text("settings.library_how"), "caption", tint="muted", wrap=True)
        )

    def _choose_copy(self) -> None:
        if self._desk.settings.now.second_copy:
            self._desk.settings.change(second_copy="")
        else:
            chosen = QFileDialog.getExistingDirectory(
                self, messages.text("settings.second_copy"), str(Path.home())
            )
            if chosen:
                self._desk.settings.change(second_copy=chosen)
        self._show_copy()

    def _show_copy(self) -> None:
        folder = self._desk.settings.now.second_copy
        text = messages.text("settings.copy_stop", name=Path(folder).name) if folder else ""
        self.copy.setText(text or messages.text("settings.copy_choose"))
        self.copy.retheme()

    def _head(self, key: str) -> None:
        self._column.addSpacing(4)
        self._column.addWidget(Heading(messages.text(key), "title-small"))

    def _line(self, key: str, control: QWidget) -> None:
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(Label(messages.text(key), wrap=True), 1)
        line.addWidget(control)
        self._column.addLayout(line)


class AboutDialog(QDialog):
    """What Lapel is, and whose work is in it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        dress(self)
        self.setWindowTitle(messages.text("about.title"))
        self.resize(current().text(560), current().text(480))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 16, 16)
        outer.setSpacing(8)
        outer.addWidget(Heading(messages.text("about.heading", version=_version())))
        outer.addWidget(Label(messages.text("about.licence"), wrap=True))
        self.licences = QPlainTextEdit()
        self.licences.setReadOnly(True)
        self.licences.setTabChangesFocus(True)
        self.licences.setAccessibleName(messages.text("about.licences"))
        self.licences.setFont(current().font("caption"))
        self.licences.setPlainText(_licences())
        outer.addWidget(self.licences, 1)
        done = Button(messages.text("widgets.close"), kind="primary")
        done.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(done)
        outer.addLayout(foot)


def _licences() -> str:
    """Return every licence that ships, each under the folder it is about."""
    found = []
    for path in sorted(assets.ROOT.joinpath("assets").rglob("LICENSE*")):
        words = path.read_text(encoding="utf-8", errors="replace").strip()
        found.append(f"{path.parent.relative_to(assets.ROOT).as_posix()}\n\n{words}")
    return "\n\n\n".join(found)


def _version() -> str:
    from importlib import metadata

    try:
        return metadata.version("lapel")
    except metadata.PackageNotFoundError:
        return ""
