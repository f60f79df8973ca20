"""The bar below: what is being done and how far, keys of the screen, when it was saved, room on the disk."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app import messages
from app.jobs import JobHandle, Jobs
from app.shell.keys import shown
from app.shell.shortcuts import Shortcut
from app.theme import current, follow
from app.widgets.boxes import clear, flow, row
from app.widgets.buttons import Button
from app.widgets.marks import KeyCaps
from app.widgets.measures import Progress
from app.widgets.message import Icon
from app.widgets.text import ElidedLabel, Label

_DISK_EVERY_MS = 15_000
_JOB_EVERY_MS = 250
_LOW_DISK_GB = 5
_HINT_GAP = 14


class JobLine(QWidget):
    """One job: name, bar, percent, time left, Cancel."""

    def __init__(self) -> None:
        super().__init__()
        self.job: JobHandle | None = None
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self.name = ElidedLabel("", "caption", tint="muted")
        self.bar = Progress(messages.text("statusbar.progress"))
        self.bar.setFixedWidth(164)
        self.percent = Label("", "caption", tint="muted", tabular=True)
        self.left = Label("", "caption", tint="muted", tabular=True)
        self.cancel = Button(messages.text("statusbar.cancel"), kind="link", size="small")
        self.cancel.clicked.connect(self._on_cancel)
        for each in (self.name, self.bar, self.percent, self.left, self.cancel):
            line.addWidget(each)

    def show_job(self, job: JobHandle) -> None:
        """Show how far a job is."""
        self.job = job
        name = job_name(job)
        self.name.setText(name)
        self.bar.setAccessibleName(name)
        self.bar.show_fraction(job.fraction)
        self.percent.setText("" if job.fraction is None else messages.percent(job.fraction))
        self.left.setText(messages.time_left(job.left_s))
        self.cancel.setAccessibleName(messages.text("statusbar.cancel_what", what=name))

    def _on_cancel(self) -> None:
        if self.job is not None:
            self.job.cancel()


def job_name(job: JobHandle) -> str:
    """Return what a job is doing: its name, and the step it is at."""
    name = messages.text(job.label, **job.params)
    step = messages.note(job.note)
    return messages.text("statusbar.step", name=name, step=step) if step else name


class StatusBar(QFrame):
    """The bar; it follows the jobs by itself."""

    def __init__(self, jobs: Jobs, folder: Path) -> None:
        super().__init__()
        self.setProperty("edge", "top")
        self.setAccessibleName(messages.text("statusbar.bar"))
        self._jobs, self._folder = jobs, folder
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 0, 16, 0)
        line.setSpacing(12)
        self.job = JobLine()
        self.more = Button("", kind="link", size="small")
        self.more.clicked.connect(self._show_list)
        self.said = ElidedLabel("", "caption", tint="muted")
        self.hints, self._hint_row = flow(spacing=_HINT_GAP)
        self.hints.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        line.addWidget(self.job)
        line.addWidget(self.more)
        line.addWidget(self.said)
        line.addWidget(self.hints, 100)
        line.addStretch(1)
        self.count = Label("", "caption", tint="muted", tabular=True)
        self._disk_icon, self.disk = (
            Icon("hard-drive", "text-muted", size=14),
            Label("", "caption", tint="muted", tabular=True),
        )
        self._saved_icon, self.saved = (
            Icon("check", "text-muted", size=14),
            Label("", "caption", tint="muted", tabular=True),
        )
        for icon, label in ((None, self.count), (self._disk_icon, self.disk), (self._saved_icon, self.saved)):
            if icon is not None:
                line.addWidget(icon)
                line.addSpacing(-6)
            line.addWidget(label)
        self._saved_icon.hide()
        self._list: JobList | None = None
        self._known: tuple[int, ...] = ()
        jobs.changed.connect(self._on_jobs)
        self._tick = QTimer(self)
        self._tick.setInterval(_JOB_EVERY_MS)
        self._tick.timeout.connect(self.show_jobs)
        self._disk_tick = QTimer(self)
        self._disk_tick.setInterval(_DISK_EVERY_MS)
        self._disk_tick.timeout.connect(self.show_disk)
        self._disk_tick.start()
        self.show_jobs()
        follow(self._take_height)

    def _take_height(self) -> None:
        high = current().grown(28) + 1
        self.setFixedHeight(high)
        # What has no room wraps to where it is not seen: no hint is cut in the middle.
        self._hint_row.setContentsMargins(0, max((high - current().text(20) - 2) // 2, 0), 0, 0)

    def _on_jobs(self) -> None:
        known = tuple(each.number for each in self._jobs.running if each.shown)
        if known != self._known:  # how far each is, is looked at four times a second only
            self._known = known
            self.show_jobs()

    def show_jobs(self) -> None:
        """Show the oldest job, and how many more there are."""
        shown_jobs = [each for each in self._jobs.running if each.shown]
        self.job.setVisible(bool(shown_jobs))
        self.hints.setVisible(not shown_jobs)
        self.said.setVisible(bool(self.said.text()) and not shown_jobs)
        self.more.setVisible(len(shown_jobs) > 1)
        if shown_jobs:
            self.job.show_job(shown_jobs[0])
            self.more.setText(messages.text("statusbar.more", count=len(shown_jobs) - 1))
            self.more.retheme()
        if self._list is not None:
            self._list.show_jobs(shown_jobs)
        if bool(shown_jobs) != self._tick.isActive():
            self._tick.start() if shown_jobs else self._tick.stop()

    def show_hints(self, shortcuts: Sequence[Shortcut]) -> None:
        """Show the keys of a screen."""
        clear(self._hint_row)
        for each in sorted((s for s in shortcuts if s.hint), key=lambda s: s.hint):
            hint, line = row(spacing=6)
            line.addWidget(KeyCaps(shown(each.keys[0])))
            line.addWidget(Label(messages.text(f"keys.{each.action}"), "caption", tint="muted"))
            self._hint_row.addWidget(hint)

    def say(self, text: str) -> None:
        """Say something quiet at the left, as long as no job runs."""
        self.said.setText(text)
        self.show_jobs()

    def show_saved(self, when: float | None = None) -> None:
        """Show when something was saved last."""
        clock = time.strftime("%H:%M", time.localtime(when))
        self.saved.setText(messages.text("statusbar.saved", at=clock))
        self._saved_icon.show()

    def show_count(self, text: str) -> None:
        """Show how many resources there are."""
        self.count.setText(text)

    def show_disk(self) -> None:
        """Show how much room the library's disk has."""
        there = next((each for each in (self._folder, *self._folder.parents) if each.exists()), None)
        try:
            free_gb = shutil.disk_usage(there).free / 1e9 if there is not None else None
        except OSError:  # a stick that was pulled out: the bar is not the place to complain
            free_gb = None
        self.disk.setVisible(free_gb is not None)
        self._disk_icon.setVisible(free_gb is not None)
        if free_gb is not None:
            low = free_gb < _LOW_DISK_GB
            self.disk.setText(messages.text("statusbar.free", gigabytes=f"{free_gb:.{1 if low else 0}f}"))
            self.disk.set_tint("warn" if low else "muted")
            self._disk_icon.show_icon(
                "triangle-alert" if low else "hard-drive", "warn" if low else "text-muted"
            )

    def _show_list(self) -> None:
        self._list = JobList(self)
        self._list.show_jobs([each for each in self._jobs.running if each.shown])
        self._list.destroyed.connect(self._forget_list)
        self._list.show_above(self.more)

    def _forget_list(self) -> None:
        self._list = None


class JobList(QFrame):
    """Every job that runs, over the status bar."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("card", True)
        self.setAccessibleName(messages.text("statusbar.jobs"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._lines: list[JobLine] = []

    def show_jobs(self, jobs: Sequence[JobHandle]) -> None:
        """Show these jobs."""
        while len(self._lines) < len(jobs):
            line = JobLine()
            line.name.setMinimumWidth(260)
            self._column.addWidget(line)
            self._lines.append(line)
        for line, job in zip(self._lines, jobs, strict=False):
            line.show_job(job)
        for line in self._lines[len(jobs) :]:
            line.hide()
        if not jobs:
            self.close()

    def show_above(self, widget: QWidget) -> None:
        """Open over a widget."""
        self.adjustSize()
        self.move(widget.mapToGlobal(QPoint(0, -self.height() - 4)))
        self.show()
