"""A short tick when a take is about to start, for those who have turned it on."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs import JobHandle, Jobs
from capture.work import Work
from editor.audio import RATE_HZ, Sound
from editor.play_sound import Output, Speaker

#: So long before the take it is told to sound, so that it is over when the microphone counts.
BEFORE_MS = 250
_TICK_S, _TICK_HZ, _LOUD = 0.04, 1320, 0.3
_OVER_AFTER_MS, _LATE_S = 400, 0.5


class StartTick(QObject):
    """Opens the loudspeaker while it is counted in: a sound server takes a second to wake up.

    Nothing waits for it: a take starts whether it could be heard or not. ``said`` tells why it could not.

    Args:
        jobs: The window's.
        open_output: Opens a loudspeaker; may take its time.
    """

    said = Signal(object)

    def __init__(self, jobs: Jobs, *, open_output: Callable[[], Output] = Speaker) -> None:
        super().__init__()
        self._jobs, self._open_output = jobs, open_output
        self._opening: JobHandle | None = None
        self._output: Output | None = None
        self._due_s = 0.0
        self._over = QTimer(self)
        self._over.setSingleShot(True)
        self._over.setInterval(_OVER_AFTER_MS)
        self._over.timeout.connect(self.put_away)

    def get_ready(self) -> None:
        """Open the loudspeaker."""
        self.put_away()

        def open_it(*, work: Work) -> Output:
            return self._open_output()

        job = self._opening = self._jobs.read(
            open_it, on_done=lambda output: self._opened(job, output), on_error=self.said.emit
        )

    def tick(self) -> None:
        """Sound now, or in a moment where the loudspeaker is still being opened."""
        self._due_s = time.monotonic()
        if self._output is not None:
            self._output.start(_Tick())
            self._over.start()

    def put_away(self) -> None:
        """Let the loudspeaker go."""
        self._over.stop()
        self._due_s, self._opening = 0.0, None
        output, self._output = self._output, None
        if output is not None:
            self._jobs.finish(output.close)

    def _opened(self, job: JobHandle, output: Output) -> None:
        if job is not self._opening:  # called off meanwhile
            self._jobs.finish(output.close)
            return
        self._opening, self._output = None, output
        if self._due_s and time.monotonic() - self._due_s > _LATE_S:  # it would sound into the answer
            self.put_away()
        elif self._due_s:
            self.tick()


class _Tick:
    """Hands out the samples of one tick, and then nothing."""

    def __init__(self) -> None:
        at_s = np.arange(round(_TICK_S * RATE_HZ)) / RATE_HZ
        wave = np.sin(2 * np.pi * _TICK_HZ * at_s) * np.exp(-at_s * 5 / _TICK_S)
        self._left: Sound = (wave * _LOUD).astype(np.float32)

    def __call__(self, count: int) -> Sound:
        """Return up to so many samples."""
        taken, self._left = self._left[:count], self._left[count:]
        return taken
