"""Tell how far each package is while a version is published, and leave one out on request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from capture.work import Work

StepState = Literal["waiting", "building", "done", "failed", "left"]


@dataclass(frozen=True, slots=True)
class Step:
    """One package: how far it is; ``left`` means that the person left it out."""

    target: str
    state: StepState = "waiting"
    fraction: float = 0.0


class Steps:
    """The packages of one publishing, safe to use from several threads.

    Args:
        targets: Their names.
        on_change: Told after each change, in the thread that builds.
    """

    def __init__(self, targets: Sequence[str], *, on_change: Callable[[], None] = lambda: None) -> None:
        self._lock = threading.Lock()
        self._steps = {target: Step(target) for target in targets}
        self._works: dict[str, Work] = {}
        self._on_change = on_change

    @property
    def now(self) -> tuple[Step, ...]:
        """How far each is."""
        with self._lock:
            return tuple(self._steps.values())

    def leave_out(self, target: str) -> None:
        """Ask not to build a package, or to stop building it; the others go on."""
        with self._lock:
            if self._steps[target].state == "waiting":
                self._steps[target] = Step(target, "left")
            work = self._works.get(target)
        if work is not None:
            work.cancel()
        self._on_change()

    def wants(self, target: str) -> bool:
        """Return whether a package is still to be built."""
        with self._lock:
            return target not in self._steps or self._steps[target].state != "left"

    def tell(self, target: str, state: StepState, fraction: float = 0.0) -> None:
        """Tell how far a package is."""
        with self._lock:
            self._steps[target] = Step(target, state, fraction)
        self._on_change()

    def work_of(self, target: str, whole: Work) -> Work:
        """Return the ``Work`` of one package, which can be stopped without the whole."""

        def told(fraction: float | None, note: str) -> None:
            whole.checkpoint()
            whole.report(fraction, note)
            self.tell(target, "building", fraction or 0.0)

        own = Work(told)
        with self._lock:
            self._works[target] = own
        return own
