"""The band on top of Publish: what is published, whether it can be, and the one primary button.

While a version is published it is the progress; afterwards it leads to what was made.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app import messages
from app.jobs import JobHandle
from app.shell.keys import shown
from app.theme import follow
from app.widgets.boxes import Card, flow, row
from app.widgets.buttons import Button
from app.widgets.measures import Progress
from app.widgets.message import Icon
from app.widgets.paint import box, lines, picture
from app.widgets.text import Heading, Label


class Band(Card):
    """Poster, headline, verdict, facts and what can be done now."""

    def __init__(self) -> None:
        super().__init__(margins=20)
        line = QHBoxLayout()
        line.setSpacing(24)
        self.poster = Poster()
        line.addWidget(self.poster, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(6)
        self.headline = Heading("", "display")
        self.headline.setWordWrap(True)
        verdict, verdict_row = row(spacing=8)
        self._sign = Icon("info", "text-muted", size=20)
        self.verdict = Label("", "title-small", wrap=True)
        verdict_row.addWidget(self._sign)
        verdict_row.addWidget(self.verdict, 1)
        self.facts = Label("", tint="muted", wrap=True, tabular=True)
        self._acts = self._ready, self._busy, self._ended = (
            self._ready_acts(),
            self._busy_acts(),
            self._ended_acts(),
        )
        words.addWidget(self.headline)
        words.addWidget(verdict)
        words.addWidget(self.facts)
        words.addSpacing(14)
        for acts in self._acts:
            words.addWidget(acts)
        words.addStretch(1)
        line.addLayout(words, 1)
        self.column.addLayout(line)
        self._offer(self._ready)  # not before it has a parent: it would be a window of its own

    def _ready_acts(self) -> QWidget:
        page, line = flow(spacing=12)
        self.go = Button("", icon="upload", kind="primary", size="large", keys=shown("Ctrl+Return"))
        self.preview = Button(messages.text("library.preview"), icon="external-link", size="large")
        line.addWidget(self.go)
        line.addWidget(self.preview)
        return page

    def _busy_acts(self) -> QWidget:
        page, line = row(spacing=12)
        self.bar = Progress(messages.text("statusbar.progress"))
        self.bar.setFixedHeight(8)
        self.share = Label("", "label", tabular=True)
        self.left = Label("", tint="muted", tabular=True)
        self.stop = Button(messages.text("publish.cancel_all"), size="large")
        for each, stretch in ((self.bar, 1), (self.share, 0), (self.left, 0), (self.stop, 0)):
            line.addWidget(each, stretch)
        return page

    def _ended_acts(self) -> QWidget:
        page, line = flow(spacing=12)
        words = messages.text("library.show_folder")
        self.show_folder = Button(words, icon="folder-open", kind="primary", size="large")
        self.see = Button(messages.text("library.preview"), icon="external-link", size="large")
        self.copy = Button(messages.text("publish.copy_path"), icon="copy", size="large")
        self.again = Button(messages.text("publish.again"), kind="plain", size="large")
        for button in (self.show_folder, self.see, self.copy, self.again):
            line.addWidget(button)
        return page

    def say(self, headline: str, icon: str, tint: str, verdict: str) -> None:
        """Say what is published, and whether it can be or was."""
        self.headline.setText(headline)
        self._sign.show_icon(icon, "text-muted" if tint == "muted" else tint)
        self.verdict.setText(verdict)
        self.verdict.set_tint(tint)

    def show_ready(self, words: str, *, can: bool, can_preview: bool, why: str) -> None:
        """Offer to publish; ``why`` not, where it cannot be."""
        self.go.setText(words)
        self.go.setEnabled(can)
        self.go.setToolTip("" if can else why)
        self.go.retheme()
        self.preview.setEnabled(can_preview)
        self.preview.setToolTip("" if can_preview else why)
        self._offer(self._ready)

    def show_busy(self) -> None:
        """Show the progress."""
        self._offer(self._busy)

    def show_ended(self) -> None:
        """Offer what comes after publishing."""
        self._offer(self._ended)

    def _offer(self, acts: QWidget) -> None:
        for each in self._acts:
            each.setVisible(each is acts)

    def show_progress(self, job: JobHandle) -> None:
        """Show how far the whole is and how much longer it takes."""
        self.bar.show_fraction(job.fraction)
        self.share.setText("" if job.fraction is None else messages.percent(job.fraction))
        self.left.setText(messages.time_left(job.left_s))


class Poster(QWidget):
    """The picture that stands for the video."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QPixmap()
        self._title = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return 16 to 9."""
        return QSize(256, 144)

    def show_picture(self, image: QPixmap, title: str) -> None:
        """Show a picture; without one, the title stands for it."""
        self._image, self._title = image, title
        self.setAccessibleName(messages.text("publish.poster", title=title))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        if self._image.isNull():
            box(painter, self.rect(), fill="scrim", radius=8)
            room = self.rect().adjusted(16, 16, -16, -16)
            lines(painter, room, self._title, role="title-small", tint="on-scrim", most=3)
        else:
            picture(painter, self.rect(), self._image, radius=8)
