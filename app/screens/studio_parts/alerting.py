"""Say what went wrong in Studio so that it cannot be missed, and never stop a recording for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from app import messages
from app.desk import Door
from app.screens import studio_alerts
from app.screens.studio_parts.layout import StudioLayout
from capture.errors import UserError
from capture.take import Take


class Alerting(QObject):
    """Keeps the lines on the picture and the line above it; all of it is announced too."""

    def __init__(self, door: Door, view: StudioLayout) -> None:
        super().__init__()
        self._door, self._view = door, view
        self.keys: tuple[str, ...] = ()
        view.video.alerts.read.connect(self._on_read)

    def alert(self, key: str) -> None:
        """Say what happened, on the picture; good news ends what it is about.

        Args:
            key: Below ``events``.
        """
        before = self.keys
        self._show(studio_alerts.after(before, key))
        if key not in studio_alerts.ENDS:
            self._door.announce(studio_alerts.words_of(key))
        elif self.keys != before:
            self._door.toast(studio_alerts.words_of(key))

    def begin(self) -> None:
        """Forget what was about the take before."""
        self._show(studio_alerts.at_begin(self.keys))
        self._view.line.say_nothing()

    def forget(self, kind: str = "") -> None:
        """Forget what was about a device that was changed: "camera", "mic", "phone"; all without one."""
        self._show(studio_alerts.without(self.keys, kind) if kind else ())

    def say(self, error: UserError) -> None:
        """Say an error above the picture."""
        self.tell(messages.sentence(error))

    def tell(self, text: str, offers: Sequence[tuple[str, Callable[[], None]]] = ()) -> None:
        """Say something above the picture, with what can be done about it."""
        self._view.line.say(text, kind="warn", offers=offers)
        self._door.announce(text)

    def trouble(self, take: Take) -> None:
        """Say what is wrong with a take that was recorded."""
        why = studio_alerts.trouble_of(take)
        self.tell(messages.text("studio.damaged", number=take.number, why=why))

    def _on_read(self, key: str) -> None:
        self._show(tuple(each for each in self.keys if each != key))

    def _show(self, keys: tuple[str, ...]) -> None:
        self.keys = keys
        self._view.video.alerts.show_alerts(keys)
