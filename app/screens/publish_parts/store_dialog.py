"""The record store that answers are read from: its address, our name there, the key, and whether it works."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app import messages
from app.desk import Desk
from app.jobs import JobHandle
from app.screens import store_presenter as presenter
from app.theme import current, dress
from app.widgets.boxes import column, rule, scrolled
from app.widgets.buttons import Button
from app.widgets.fields import Field, LineEdit
from app.widgets.message import InlineMessage
from app.widgets.text import Heading, Label
from capture.errors import UserError
from capture.work import Work
from export.iri import base_iri
from export.store_check import StoreAnswer


class StoreDialog(QDialog):
    """Nothing is kept before Keep; trying the connection keeps nothing either."""

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent)
        dress(self)
        self._desk = desk
        self._trying: JobHandle | None = None
        self.setWindowTitle(messages.text("publish.store.title"))
        wide, high = current().text(540), current().text(720)
        self.resize(min(wide, parent.width() - 40), min(high, parent.height() - 40))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 16, 16)
        outer.setSpacing(14)
        outer.addWidget(Heading(messages.text("publish.store.title")))
        content, inner = column(margins=(0, 0, 8, 0), spacing=14)
        inner.addWidget(Label(messages.text("publish.store.about"), tint="muted", wrap=True))
        self._add_store(inner)
        inner.addWidget(rule())
        self._add_names(inner)
        inner.addStretch(1)
        outer.addWidget(scrolled(content, name=messages.text("publish.store.title")), 1)
        self.says = InlineMessage()
        outer.addWidget(self.says)
        outer.addLayout(self._foot())
        desk.jobs.changed.connect(self._on_jobs)
        self.finished.connect(self._stop)
        self._look_for_key()

    def _add_store(self, inner: QVBoxLayout) -> None:
        now = self._desk.settings.now
        self.address = LineEdit(now.record_store, name=messages.text("publish.store.address"))
        self.address.setPlaceholderText("https://")
        self.user = LineEdit(now.record_store_user, name=messages.text("publish.store.user"))
        self.key = LineEdit("", name=messages.text("publish.store.key"))
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.where = Field(
            messages.text("publish.store.address"),
            self.address,
            hint=messages.text("publish.store.address_hint"),
        )
        inner.addWidget(self.where)
        inner.addWidget(Field(messages.text("publish.store.user"), self.user))
        hint = messages.text("publish.store.key_hint")
        inner.addWidget(Field(messages.text("publish.store.key"), self.key, hint=hint))
        self.trial = Button("", icon="signal")
        self.trial.clicked.connect(self.try_it)
        line = QHBoxLayout()
        line.addWidget(self.trial)
        line.addStretch(1)
        inner.addLayout(line)
        self._show_trial()

    def _add_names(self, inner: QVBoxLayout) -> None:
        words = messages.text("publish.store.names")
        self.base = LineEdit(self._desk.settings.now.base_iri, name=words)
        self.base.setPlaceholderText("https://learning.example.com/")
        self.names = Field(words, self.base, hint=messages.text("publish.store.names_hint"))
        inner.addWidget(self.names)

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.addStretch(1)
        cancel = Button(messages.text("widgets.cancel"))
        cancel.clicked.connect(self.reject)
        self.keep = Button(messages.text("publish.store.save"), kind="primary")
        self.keep.clicked.connect(self.save)
        foot.addWidget(cancel)
        foot.addWidget(self.keep)
        return foot

    # The key ------------------------------------------------------------------------------------------

    def _look_for_key(self) -> None:
        address, user = self.address.text(), self.user.text()
        if address:
            self._desk.jobs.read(
                lambda *, work: presenter.has_key(address, user), on_done=self._show_whether_kept
            )

    def _show_whether_kept(self, kept: bool) -> None:
        self.key.setPlaceholderText(messages.text("publish.store.kept") if kept else "")

    # Trying it ----------------------------------------------------------------------------------------

    def try_it(self) -> None:
        """Ask the store whether it is there and takes the key; while it is asked, stop asking."""
        if self._trying is not None:
            self._stop()
            return
        address, user, key = self.address.text().strip(), self.user.text().strip(), self.key.text()
        if not self._is_right(address):
            return
        self.says.say(messages.text("publish.store.asking"), closable=False)

        def ask(*, work: Work) -> StoreAnswer:
            return presenter.try_store(address, user, key, work=work)

        self._trying = self._desk.jobs.start(
            "jobs.store", ask, on_done=self._on_answer, on_error=self._on_refusal
        )
        self._show_trial()

    def _is_right(self, address: str) -> bool:
        good = presenter.is_address(address)
        self.where.show_error("" if good else messages.text("errors.store.bad_address"))
        if not good:
            self.address.setFocus()
        return good

    def _on_answer(self, answer: StoreAnswer) -> None:
        key = "publish.store.works_as" if answer.version else "publish.store.works"
        self._end_trial()
        self.says.say(messages.text(key, version=answer.version), kind="ok")

    def _on_refusal(self, error: UserError) -> None:
        self._end_trial()
        self.says.say(messages.sentence(error), kind="error")

    def _on_jobs(self) -> None:
        if self._trying is not None and self._trying.state == "cancelled":
            self._end_trial()
            self.says.say_nothing()

    def _end_trial(self) -> None:
        self._trying = None
        self._show_trial()

    def _stop(self) -> None:
        if self._trying is not None:
            self._trying.cancel()

    def _show_trial(self) -> None:
        self.trial.setText(messages.text(f"publish.store.{'stop' if self._trying is not None else 'try'}"))
        self.trial.retheme()

    # Keeping it ---------------------------------------------------------------------------------------

    def save(self) -> None:
        """Keep address and names in the settings and the key in the keyring; what is wrong stays here."""
        address, user, key = self.address.text().strip(), self.user.text().strip(), self.key.text()
        if address and not self._is_right(address):
            return
        self.where.show_error("")
        try:
            base = base_iri(self.base.text())
        except UserError as error:
            self.names.show_error(messages.sentence(error))
            self.base.setFocus()
            return
        self.names.show_error("")
        self._desk.settings.change(record_store=address, record_store_user=user, base_iri=base)
        if not (key and address):
            self.accept()
            return
        self.keep.setEnabled(False)
        self._desk.jobs.read(lambda *, work: presenter.keep_key(address, user, key), on_done=self._on_kept)

    def _on_kept(self, kept: bool) -> None:
        self.keep.setEnabled(True)
        if kept:
            self.accept()
        else:
            self.says.say(messages.text("publish.store.no_keyring"), kind="warn", closable=False)
