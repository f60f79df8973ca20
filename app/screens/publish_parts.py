"""The parts of Publish: a card a target, a line a check and a version, the record store's dialog."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app import messages
from app.desk import Desk
from app.screens import publish_presenter as presenter
from app.theme import current, follow, pixmap
from app.widgets.buttons import Button, IconButton
from app.widgets.checks import tick_box
from app.widgets.fields import Field, LineEdit
from app.widgets.marks import Badge
from app.widgets.message import Icon, InlineMessage
from app.widgets.paint import box, line, lines, picture, width_of
from app.widgets.text import Heading, Label
from editor.model import Version
from export.checks import Check, fix, text
from export.steps import Step

CHECK_LOOKS = {
    "error": ("circle-x", "record"),
    "warning": ("triangle-alert", "warn"),
    "ok": ("circle-check", "ok"),
}


class TargetCard(QCheckBox):
    """A target to tick: its icon, its name, what it is for and how large; while it is built, how far."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self.target = target
        self.words = messages.text(f"publish.target.{target}.name")
        self.about = messages.text(f"publish.target.{target}.about")
        self.extent, self.step = "", Step(target)
        self.locked = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.toggled.connect(lambda _: self._name())
        self._name()
        follow(self.updateGeometry)

    def show_size(self, size: str) -> None:
        """Show how large it will be."""
        self.extent = size
        self._name()
        self.update()

    def show_step(self, step: Step, *, locked: bool) -> None:
        """Show how far it is; while anything is published, nothing can be ticked."""
        self.step, self.locked = step, locked
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, locked)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if locked else Qt.FocusPolicy.StrongFocus)
        self._name()
        self.update()

    def _name(self) -> None:
        state = messages.text(f"publish.step.{self.step.state}") if self.locked and self.isChecked() else ""
        parts = [self.words, self.about, self.extent if self.isChecked() else "", state]
        self.setAccessibleName(", ".join(part for part in parts if part))

    def sizeHint(self) -> QSize:
        """Return the room of a card."""
        return QSize(current().text(240), current().text(72))

    def minimumSizeHint(self) -> QSize:
        """Return the least."""
        return QSize(current().text(180), current().text(72))

    def hitButton(self, pos: object) -> bool:
        """Take clicks anywhere on it."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        painter, theme = QPainter(self), current()
        on, faded = self.isChecked(), self.locked and not self.isChecked()
        painter.setOpacity(0.45 if faded else 1)
        fill = "accent-soft" if on else "surface-hover" if self.underMouse() else "surface"
        width = 2 if on else 1
        box(painter, self.rect(), fill=fill, edge="accent" if on else "border", radius=8, width=width)
        side = theme.text(16)
        mark = QRectF(14, (self.height() - side) / 2, side, side)
        if self.locked and on:
            self._paint_state(painter, mark)
        else:
            tick_box(painter, mark, on=on)
        left = round(mark.right()) + 10
        big = theme.text(20)
        tint = "accent-text" if on else "text-muted"
        sign = pixmap(presenter.TARGET_ICONS[self.target], tint, size=20)
        painter.drawPixmap(QPointF(left, round((self.height() - big) / 2)), sign)
        self._paint_words(painter, left + big + 12)

    def _paint_words(self, painter: QPainter, left: int) -> None:
        theme = current()
        right = self.width() - 14
        busy = self.locked and self.isChecked()
        side = messages.text(f"publish.step.{self.step.state}") if busy else self.extent
        wide = width_of(side, theme.font("caption", tabular=True)) if side and self.isChecked() else 0
        first, second = theme.text(20), theme.text(16)
        top = (self.height() - first - second) // 2
        line(painter, QRect(left, top, right - left - wide - 8, first), self.words, role="label")
        if wide:
            room = QRect(right - wide, top, wide + 2, first)
            line(painter, room, side, role="caption", tint="text-muted", tabular=True)
        below = QRect(left, top + first, right - left, second)
        if busy and self.step.state == "building":
            bar = QRectF(left, below.center().y() - 2, right - left, 6)
            box(painter, bar, fill="track", radius=3)
            bar.setWidth(max(bar.width() * self.step.fraction, 6))
            box(painter, bar, fill="accent", radius=3)
        else:
            line(painter, below, self.about, role="caption", tint="text-muted")

    def _paint_state(self, painter: QPainter, mark: QRectF) -> None:
        signs = {
            "waiting": ("clock", "text-muted"),
            "building": ("clock", "accent-text"),
            "done": ("circle-check", "ok"),
            "failed": ("circle-x", "record"),
            "left": ("x", "text-muted"),
        }
        painter.drawPixmap(mark.topLeft(), pixmap(*signs[self.step.state]))


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


class CheckLine(QWidget):
    """What was looked at, and a way to where it is mended."""

    def __init__(self, check: Check, *, go: Callable[[], None] | None, words: str = "") -> None:
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
        if go is not None:
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


class StoreDialog(QDialog):
    """The record store that feedback is read from: its address, our name there, and the key."""

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent)
        self._desk = desk
        now = desk.settings.now
        self.setWindowTitle(messages.text("publish.store.title"))
        self.setMinimumWidth(current().text(460))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(14)
        column.addWidget(Heading(messages.text("publish.store.title")))
        column.addWidget(Label(messages.text("publish.store.about"), tint="muted", wrap=True))
        self.address = LineEdit(now.record_store, name=messages.text("publish.store.address"))
        self.address.setPlaceholderText("https://")
        self.user = LineEdit(now.record_store_user, name=messages.text("publish.store.user"))
        self.key = LineEdit("", name=messages.text("publish.store.key"))
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        kept = bool(now.record_store) and presenter.has_key(now.record_store, now.record_store_user)
        if kept:
            self.key.setPlaceholderText(messages.text("publish.store.kept"))
        self.where = Field(messages.text("publish.store.address"), self.address)
        column.addWidget(self.where)
        column.addWidget(Field(messages.text("publish.store.user"), self.user))
        hint = messages.text("publish.store.key_hint")
        column.addWidget(Field(messages.text("publish.store.key"), self.key, hint=hint))
        self.says = InlineMessage()
        column.addWidget(self.says)
        foot = QHBoxLayout()
        foot.addStretch(1)
        cancel = Button(messages.text("widgets.cancel"))
        cancel.clicked.connect(self.reject)
        self.keep = Button(messages.text("publish.store.save"), kind="primary")
        self.keep.clicked.connect(self.save)
        foot.addWidget(cancel)
        foot.addWidget(self.keep)
        column.addLayout(foot)

    def save(self) -> None:
        """Keep address and name in the settings and the key in the keyring; a wrong address stays here."""
        address, user = self.address.text().strip(), self.user.text().strip()
        if address and not presenter.is_address(address):
            self.where.show_error(messages.text("publish.store.bad_address"))
            self.address.setFocus()
            return
        self.where.show_error("")
        self._desk.settings.change(record_store=address, record_store_user=user)
        if self.key.text() and address and not presenter.keep_key(address, user, self.key.text()):
            self.says.say(messages.text("publish.store.no_keyring"), kind="warn", closable=False)
            return
        self.accept()
