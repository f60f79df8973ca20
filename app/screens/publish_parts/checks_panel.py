"""What was looked at, and the versions published so far: the panel at the right of Publish."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app import messages
from app.screens import publish_presenter as presenter
from app.screens.publish_presenter import PublishState
from app.widgets.boxes import Panel, clear, column, row, rule, scrolled
from app.widgets.buttons import Button, IconButton
from app.widgets.marks import Badge
from app.widgets.message import Icon
from app.widgets.text import Heading, Label
from editor.model import Version
from export.checks import Check, fix, text

CHECK_LOOKS = {
    "error": ("circle-x", "record"),
    "warning": ("triangle-alert", "warn"),
    "ok": ("circle-check", "ok"),
}
#: What mends a check: what it does, and the words of its button, "" for Fix.
Way = tuple[Callable[[], None], str]


class ChecksPanel(Panel):
    """A line a check with a way to where it is mended, then a line a version.

    Args:
        way_of: Returns how a check is mended, None where nothing is to be done.
        open_folder: Shows a folder in the system's file window.
    """

    def __init__(self, *, way_of: Callable[[Check], Way | None], open_folder: Callable[[Path], None]) -> None:
        super().__init__(name=messages.text("publish.checks"), edge="left", width=376)
        self._way_of, self._open_folder = way_of, open_folder
        content, inner = column(margins=(24, 20, 20, 20), spacing=8)
        head, line = row(spacing=8)
        line.addWidget(Heading(messages.text("publish.checks"), "title-small"))
        line.addStretch(1)
        self.badge = Badge()
        line.addWidget(self.badge)
        inner.addWidget(head)
        checks, self._checks = column(spacing=0)
        inner.addWidget(checks)
        inner.addSpacing(8)
        inner.addWidget(rule())
        inner.addSpacing(4)
        inner.addWidget(Heading(messages.text("publish.versions"), "title-small"))
        versions, self._versions = column(spacing=0)
        inner.addWidget(versions)
        inner.addStretch(1)
        self.column.addWidget(scrolled(content, name=messages.text("publish.checks")))

    @property
    def lines(self) -> tuple[CheckLine, ...]:
        """The checks that are shown."""
        found = (self._checks.itemAt(place) for place in range(self._checks.count()))
        widgets = (item.widget() for item in found if item is not None)
        return tuple(each for each in widgets if isinstance(each, CheckLine))

    def show_state(self, state: PublishState) -> None:
        """Show checks and versions."""
        clear(self._checks)
        for check in state.checks:
            self._checks.addWidget(CheckLine(check, way=self._way_of(check)))
        if state.blocked:
            self.badge.say(messages.text("publish.mend"), kind="record", icon="circle-x")
        elif state.to_look_at:
            words = messages.text("publish.to_look", count=state.to_look_at)
            self.badge.say(words, kind="warn", icon="triangle-alert")
        else:
            self.badge.say(messages.text("publish.all_well"), kind="ok", icon="circle-check")
        clear(self._versions)
        for version in state.versions:
            folder = presenter.folder_of(version)
            go = (lambda folder=folder: self._open_folder(folder)) if folder is not None else None
            self._versions.addWidget(VersionLine(version, go=go))
        if not state.versions:
            self._versions.addWidget(Label(messages.text("publish.no_versions"), tint="muted", wrap=True))

    def mend_first(self) -> None:
        """Go where the first check is mended."""
        first = next((each.fix for each in self.lines if each.fix is not None), None)
        if first is not None:
            first.click()


class CheckLine(QWidget):
    """What was looked at, and a way to where it is mended."""

    def __init__(self, check: Check, *, way: Way | None) -> None:
        super().__init__()
        self.check = check
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(10)
        icon, tint = CHECK_LOOKS[check.level]
        said = text(check)
        label = Label(said, wrap=True)
        label.setAccessibleName(messages.text(f"publish.level_{check.level}", what=said))
        self.setToolTip(fix(check))
        sign = Icon(icon, tint)
        sign.in_line = True
        label.setContentsMargins(0, 3, 0, 3)
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label, 1, Qt.AlignmentFlag.AlignTop)
        self.fix: Button | None = None
        if way is not None:
            go, words = way
            self.fix = Button(words or messages.text("publish.fix"), kind="link", size="small")
            self.fix.setAccessibleName(messages.text("publish.fix_what", what=said))
            self.fix.clicked.connect(go)
            row.addWidget(self.fix, 0, Qt.AlignmentFlag.AlignTop)


class VersionLine(QWidget):
    """A version published before, and its folder."""

    def __init__(self, version: Version, *, go: Callable[[], None] | None) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 6, 0, 6)
        row.setSpacing(10)
        row.addWidget(
            Badge(messages.text("stage.version", number=version.number)), 0, Qt.AlignmentFlag.AlignTop
        )
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(presenter.version_line(version), wrap=True))
        if version.note:
            words.addWidget(Label(version.note, "caption", tint="muted", wrap=True))
        row.addLayout(words, 1)
        if go is not None:
            name = messages.text("publish.show_version", number=version.number)
            button = IconButton("folder-open", name)
            button.clicked.connect(go)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        else:
            gone = Label(messages.text("publish.gone"), "caption", tint="muted")
            row.addWidget(gone, 0, Qt.AlignmentFlag.AlignTop)
