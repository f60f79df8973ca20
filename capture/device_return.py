"""Close what was lost and open it again, in threads that nobody waits for: devices hang, servers too."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from capture.errors import UserError

RETRY_S = 0.5
CLOSED_WITHIN_S = 3.0

log = logging.getLogger(__name__)


class Closable(Protocol):
    """What every device has in common here."""

    @property
    def id(self) -> str:
        """What to give to ``lapel record`` to get it again."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def length_us(self) -> int | None:
        """None for a live one."""

    def close(self) -> None:
        """Let it go."""


Device = TypeVar("Device", bound=Closable)


class Return(threading.Thread, Generic[Device]):
    """Waits for a device to be there (again), whatever hangs meanwhile.

    Args:
        lost: The device that was lost; closed first.
        reopen: Returns it, open again.
        name: What people call it.
        within_s: What takes longer than this to open has hung; it is left behind.
        after: Waits, no longer than it is told, until another device has been let go.
    """

    def __init__(
        self,
        lost: Device | None,
        reopen: Callable[[], Device],
        *,
        name: str,
        within_s: float,
        after: Callable[[float], None] | None,
    ) -> None:
        super().__init__(name="device return", daemon=True)
        self._hung = UserError("device.hangs", name=name)
        self.opened: queue.SimpleQueue[Device] = queue.SimpleQueue()
        self.trouble: UserError | None = None
        self._lost = lost
        self._reopen = reopen
        self._within_s = within_s
        self._after = after
        self._given_up = threading.Event()

    def give_up(self) -> None:
        """Try no more."""
        self._given_up.set()

    def run(self) -> None:
        """Try until it is there or nobody wants it any more."""
        if self._after is not None:
            self._after(CLOSED_WITHIN_S)
        if self._lost is not None and not let_go(self._lost, within_s=CLOSED_WITHIN_S):
            log.warning("a lost device does not close")
        while not self._given_up.is_set():
            attempt = _Attempt(self._reopen)
            attempt.start()
            attempt.join(self._within_s)
            device = attempt.result()
            has_hung = device is None and attempt.is_alive()
            self.trouble = attempt.trouble or (self._hung if has_hung else self.trouble)
            if device is None:
                self._given_up.wait(RETRY_S)
            elif self._given_up.is_set():
                device.close()
            else:
                self.opened.put(device)
                return


class _Attempt(threading.Thread, Generic[Device]):
    """Opens a device once, in a thread that may hang for as long as its driver or server does."""

    def __init__(self, reopen: Callable[[], Device]) -> None:
        super().__init__(name="device attempt", daemon=True)
        self.trouble: UserError | None = None
        self._reopen = reopen
        self._lock = threading.Lock()
        self._device: Device | None = None
        self._is_left = False

    def result(self) -> Device | None:
        """Return the device if it is open; one that still comes after this is closed again."""
        with self._lock:
            self._is_left = True
            return self._device

    def run(self) -> None:
        """Open it."""
        try:
            device = self._reopen()
        except UserError as error:
            self.trouble = error
        except Exception:  # a driver's: tried again
            log.exception("a device cannot be opened")
        else:
            with self._lock:
                is_left = self._is_left
                self._device = None if is_left else device
            if is_left:
                device.close()


def let_go(device: Closable, *, within_s: float) -> bool:
    """Close a device, but leave it behind if that hangs; return whether it is closed."""

    def close() -> None:
        try:
            device.close()
        except Exception:  # it is lost already: what counts is whether it comes back
            log.exception("closing a device failed")

    closing = threading.Thread(target=close, name="close device", daemon=True)
    closing.start()
    closing.join(within_s)
    return not closing.is_alive()
