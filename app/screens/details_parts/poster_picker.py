"""Choose the still that stands for the video: scrub, take a proposed one, or bring a picture of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app import messages
from app.desk import Desk
from app.jobs import JobHandle
from app.screens.details_parts import posters
from app.screens.details_parts.card_preview import Still
from app.screens.details_parts.posters import PosterState
from app.theme import current, follow
from app.widgets.boxes import clear
from app.widgets.buttons import Button
from app.widgets.measures import Slider
from app.widgets.message import InlineMessage
from app.widgets.paint import box, picture, plate, plate_size, show_when
from app.widgets.text import Heading, Label
from capture.errors import UserError
from capture.work import Work
from editor.model import Poster
from editor.poster_frames import MOST, Proposal

_REST_MS = 500  # of the slider, before what it stands at is chosen
_PAD = 4
_LARGE_PERCENT = 130


class StillButton(QAbstractButton):
    """A proposed still; the one that is chosen has a frame."""

    def __init__(self, image: QImage, *, at: str, says: str) -> None:
        super().__init__()
        self._image, self._at = QPixmap.fromImage(image), at
        self.setCheckable(True)
        self.setAccessibleName(says)
        self.setToolTip(says)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """Return a quarter of the side."""
        return QSize(96, 60)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep 16 to 9 inside the frame."""
        self.setFixedHeight((self.width() - 2 * _PAD) * 9 // 16 + 2 * _PAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint frame, picture and time."""
        painter = QPainter(self)
        if self.isChecked():
            box(painter, self.rect(), edge="accent", radius=6, width=2)
        inner = self.rect().adjusted(_PAD, _PAD, -_PAD, -_PAD)
        picture(painter, inner, self._image, radius=3)
        wide, high = plate_size(self._at, pad=4)
        at = QPoint(inner.right() - wide - 2, inner.bottom() - high - 2)
        plate(painter, at, self._at, fill="scrim", tint="on-scrim", pad=4)


class PosterPicker(QWidget):
    """The large still, the slider over the result, four proposals, and a picture of one's own.

    ``picked`` tells a ``Poster`` to keep, or None to let Lapel choose again.
    """

    picked = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.state: PosterState | None = None
        self._wanted: Poster | None = None
        self._looking = False
        self._job: JobHandle | None = None
        self._film: PosterState | None = None  # for which stills are proposed, or being looked for
        self.buttons: list[tuple[Proposal, StillButton]] = []
        self._lay_out()
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._pick_moment)
        self.slider.valueChanged.connect(self._on_scrub)
        self.slider.sliderReleased.connect(self._pick_moment)
        self.image.clicked.connect(self._choose_image)
        self.automatic.clicked.connect(lambda: self.picked.emit(None))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._head = QHBoxLayout()
        self._head.setSpacing(8)
        self.image = Button(messages.text("details.choose_image"), icon="folder-open", size="small")
        self.image.setToolTip(messages.text("details.choose_image_how"))
        self._head.addWidget(Heading(messages.text("details.poster"), "title-small"), 1)
        self._head.addWidget(self.image, 0, Qt.AlignmentFlag.AlignLeft)
        self.still = Still()
        self.still.setAccessibleName(messages.text("details.poster"))
        self.slider = Slider(messages.text("details.poster_moment"))
        proposals = QWidget()
        self._grid = QGridLayout(proposals)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)
        self.proposals = proposals
        self.says = InlineMessage()
        self.hint = Label("", "caption", tint="muted", wrap=True)
        self.automatic = Button(messages.text("details.poster_automatic"), kind="link", size="small")
        column.addLayout(self._head)
        for part in (self.still, self.slider, proposals, self.says, self.hint, self.automatic):
            column.addWidget(part)
        column.setAlignment(self.automatic, Qt.AlignmentFlag.AlignLeft)
        follow(self._arrange)

    # Showing ----------------------------------------------------------------------------------------

    def show_state(self, state: PosterState, card: QImage) -> None:
        """Show the choice of a resource.

        Args:
            state: The result.
            card: What stands for it on cards, until the still itself is there.
        """
        before, self.state = self.state, state
        if before is None or before.resource_id != state.resource_id:
            self.says.say_nothing()
            self._wanted = None
            self.still.show_image(card, "")
        for part in (self.slider, self.proposals):
            show_when(part, wanted=state.has_picture)
        self.image.setEnabled(state.home is not None)
        show_when(self.automatic, wanted=state.chosen is not None)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(state.cut_list.frames - 1, 0))
        self.slider.setPageStep(max(1, round(state.cut_list.rate)))
        frame = posters.frame_of(state, state.chosen) if state.chosen is not None else None
        if frame is not None:
            self.slider.setValue(frame)
        self.slider.blockSignals(False)
        if state.chosen is None:
            self.still.show_image(card, "")
        else:
            self._look_at(state.chosen)
        if not state.same_film(self._film):
            self._propose()
        self._mark()

    def _mark(self) -> None:
        state = self.state
        if state is None:
            return
        for proposal, button in self.buttons:
            chosen = posters.is_moment(proposal, state.chosen, rate=state.cut_list.rate)
            button.setChecked(chosen)
            button.update()
        if state.home is None:
            hint = messages.text("details.poster_no_take")
        elif not state.has_picture:
            hint = messages.text("details.poster_sound_only")
        elif self._job is not None:
            hint = messages.text("details.poster_looking")
        else:
            hint = messages.text("details.poster_proposed" if self.buttons else "details.poster_none")
        self.hint.setText(hint)

    # Proposals --------------------------------------------------------------------------------------

    def _propose(self) -> None:
        self.stop()
        self._show_proposals(())
        state = self._film = self.state
        if state is None or not state.has_picture:
            return

        def done(found: Sequence[tuple[Proposal, QImage]]) -> None:
            self._job = None
            self._show_proposals(found)
            self._mark()

        def failed(error: UserError) -> None:
            self._job = None
            self.say(error)
            self._mark()

        self._job = self._desk.jobs.start(
            "jobs.posters",
            lambda *, work: posters.propose(state, work=work),
            on_done=done,
            on_error=failed,
        )

    def stop(self) -> None:
        """Look for no more proposals until the next showing."""
        if self._job is not None:
            self._job.cancel()
            self._job = self._film = None

    def _show_proposals(self, found: Sequence[tuple[Proposal, QImage]]) -> None:
        clear(self._grid)
        self.buttons = []
        for proposal, image in found:
            at = messages.clock(proposal.result_us / 1e6)
            button = StillButton(image, at=at, says=posters.said_at(proposal))
            button.clicked.connect(lambda _=False, each=proposal: self._take(each))
            self.buttons.append((proposal, button))
        self._arrange()

    def _arrange(self) -> None:
        large = current().text_percent > _LARGE_PERCENT
        way = QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight
        self._head.setDirection(way)
        columns = 2 if large else MOST
        for n, (_, button) in enumerate(self.buttons):
            self._grid.addWidget(button, n // columns, n % columns)
        for column in range(MOST):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def _take(self, proposal: Proposal) -> None:
        self._mark()  # it is checked once it is kept
        self.picked.emit(Poster(proposal.suggestion.take_id, proposal.suggestion.start_us))

    # Scrubbing --------------------------------------------------------------------------------------

    def _on_scrub(self, frame: int) -> None:
        if self.state is None or not self.state.has_picture:
            return
        self.says.say_nothing()
        self._look_at(posters.moment_of(self.state, frame))
        if not self.slider.isSliderDown():
            self._rest.start()

    def _pick_moment(self) -> None:
        self._rest.stop()
        if self.state is not None and self.state.has_picture:
            self.picked.emit(posters.moment_of(self.state, self.slider.value()))

    def keep_now(self) -> None:
        """Keep what the slider stands at, if it has moved and is not kept yet."""
        if self._rest.isActive():
            self._pick_moment()

    def _look_at(self, poster: Poster) -> None:
        """Show a still; while one is being fetched only the last of those asked for waits."""
        self._wanted = poster
        if not self._looking:
            self._fetch()

    def _fetch(self) -> None:
        state, poster = self.state, self._wanted
        if state is None or poster is None or poster.take_id not in state.takes:
            return
        self._looking = True

        def fetch(*, work: Work) -> QImage:
            return posters.look(state, poster, work=work)

        def ended(image: QImage) -> None:
            self._looking = False
            if self._wanted != poster:
                self._fetch()
            if self.state is not None and self.state.resource_id == state.resource_id and not image.isNull():
                frame = posters.frame_of(state, poster)
                self.still.show_image(image, "" if frame is None else posters.clock_of(state, frame))

        def failed(error: UserError) -> None:
            self._looking = False
            self.say(error)

        self._desk.jobs.read(fetch, on_done=ended, on_error=failed)

    # A picture of one's own -------------------------------------------------------------------------

    def _choose_image(self) -> None:
        kinds = f"{messages.text('details.images')} (*.jpg *.jpeg *.png *.webp)"
        title = messages.text("details.choose_image")
        path, _ = QFileDialog.getOpenFileName(self, title, str(Path.home()), kinds)
        state = self.state
        if not path or state is None:
            return
        self.says.say_nothing()
        self._desk.jobs.start(
            "jobs.poster_image",
            lambda *, work: posters.keep_picture(state, Path(path), work=work),
            on_done=self.picked.emit,
            on_error=self.say,
        )

    def say(self, error: UserError) -> None:
        """Say below the still what went wrong."""
        self.says.say(messages.sentence(error), kind="error")
