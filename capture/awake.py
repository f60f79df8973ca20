"""Keep the computer from falling asleep while a take is recorded; whatever happens here, the take goes on."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator

_WITHIN_S = 3.0
# A closed lid may be beyond what a user may forbid: then the rest is asked for.
_WHAT = ("sleep:idle:handle-lid-switch", "sleep:idle")

_LOGIND = "org.freedesktop.login1"

log = logging.getLogger(__name__)


class Awake:
    """Holds the computer awake from ``start`` to ``stop``, in a thread of its own: services may hang.

    ``held`` says by which means; empty until then, or if nobody could be asked.

    Args:
        after_s: When to ask: not while a recording is getting under way.
    """

    def __init__(self, *, after_s: float = 0.0) -> None:
        self._after_s = after_s
        self.held = ""
        self._asked = threading.Event()
        self._end = threading.Event()
        # A daemon: a service that hangs must not keep the recorder.
        self._thread = threading.Thread(target=self._hold, name="awake", daemon=True)

    def start(self) -> None:
        """Ask for it; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Let it sleep again; returns at once."""
        self._end.set()

    def wait(self, within_s: float = _WITHIN_S) -> str:
        """Return by which means it is held, once that is known."""
        self._asked.wait(within_s)
        return self.held

    def join(self, within_s: float = _WITHIN_S) -> None:
        """Wait until it is let go."""
        self._thread.join(within_s)

    def _hold(self) -> None:
        try:
            if self._end.wait(self._after_s):
                return
            with contextlib.ExitStack() as held:
                self.held = held.enter_context(_logind()) or held.enter_context(_desktop())
                self._asked.set()
                if not self.held:
                    log.debug("nothing here can be asked to keep the computer awake")
                self._end.wait()
        except Exception:  # a recording never fails for this
            log.exception("keeping the computer awake failed")
        finally:
            self.held = ""
            self._asked.set()


@contextlib.contextmanager
def _logind() -> Iterator[str]:
    """Hold logind's lock, which counts without a desktop too; ends by itself when this process dies.

    https://systemd.io/INHIBITOR_LOCKS
    """
    is_linux = sys.platform.startswith("linux")
    tries = (_logind_lock(what) for what in (_WHAT if is_linux else ()))
    handle = next((lock for lock in tries if lock is not None), None)
    try:
        yield "logind" if handle is not None else ""
    finally:
        if handle is not None:
            os.close(handle)


def _logind_lock(what: str) -> int | None:
    from jeepney import DBusAddress, DBusErrorResponse, new_method_call
    from jeepney.io.blocking import open_dbus_connection
    from jeepney.wrappers import unwrap_msg

    manager = DBusAddress("/org/freedesktop/login1", bus_name=_LOGIND, interface=f"{_LOGIND}.Manager")
    call = new_method_call(manager, "Inhibit", "ssss", (what, "Lapel", "Recording a take", "block"))
    try:
        with open_dbus_connection(bus="SYSTEM", enable_fds=True) as bus:
            (answer,) = unwrap_msg(bus.send_and_get_reply(call, timeout=_WITHIN_S))
            return int(answer.to_raw_fd())
    except (OSError, DBusErrorResponse, TimeoutError, KeyError, ValueError) as error:
        log.debug("logind does not keep %s back: %s", what, error)
        return None


@contextlib.contextmanager
def _desktop() -> Iterator[str]:
    """Ask the desktop, Windows or macOS."""
    import wakepy

    # Or its many words on what it tried would stand in the log beside the take.
    logging.getLogger("wakepy").setLevel(logging.ERROR)
    with wakepy.keep.running(on_fail="pass") as mode:
        yield str(mode.method) if mode.active else ""


def slept_us() -> int | None:
    """Return for how long the computer has slept since it was started; None where nobody can say.

    It is the clock that goes on during sleep less the one that does not.
    """
    if hasattr(time, "CLOCK_BOOTTIME"):
        return _us_between(time.CLOCK_MONOTONIC, time.CLOCK_BOOTTIME)
    if hasattr(time, "CLOCK_UPTIME_RAW"):  # macOS
        return _us_between(time.CLOCK_UPTIME_RAW, time.CLOCK_MONOTONIC)
    return _windows_slept_us() if os.name == "nt" else None


def _us_between(awake: int, always: int) -> int:
    """Return by how much one clock is ahead of another, however busy the computer is between two readings."""
    readings = [_reading(awake, always) for _ in range(3)]
    return min(readings)[1]


def _reading(awake: int, always: int) -> tuple[int, int]:
    """Return how long reading took and the difference, in microseconds."""
    before = time.clock_gettime_ns(awake)
    now = time.clock_gettime_ns(always)
    after = time.clock_gettime_ns(awake)
    return (after - before) // 1000, (now - (before + after) // 2) // 1000


def _windows_slept_us() -> int:
    import ctypes

    # https://learn.microsoft.com/windows/win32/api/realtimeapiset: in tenths of a microsecond
    awake, always = ctypes.c_ulonglong(), ctypes.c_ulonglong()
    realtime = ctypes.CDLL("api-ms-win-core-realtime-l1-1-1")
    realtime.QueryUnbiasedInterruptTimePrecise(ctypes.byref(awake))
    realtime.QueryInterruptTimePrecise(ctypes.byref(always))
    return (always.value - awake.value) // 10
