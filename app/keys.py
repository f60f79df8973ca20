"""Listen to single keys in a terminal, and leave the terminal as it was whatever happens."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping

_POLL_S = 0.1
_MOST_BYTES = 64


@contextlib.contextmanager
def keys_pressed(actions: Mapping[str, Callable[[], None]]) -> Iterator[bool]:
    """Call an action for each press of its key, in a thread, for as long as the block.

    Yields whether keys can be heard: not where stdin is no terminal, or belongs to another job.

    Args:
        actions: What each key does; letters count in lower and upper case.
    """
    if os.name == "nt":
        with _windows_keys(actions) as heard:
            yield heard
        return
    handle = _terminal()
    if handle is None:
        yield False
        return
    import termios
    import tty

    before = termios.tcgetattr(handle)
    over = threading.Event()
    listener = threading.Thread(target=_listen, args=(handle, actions, over), name="keys", daemon=True)
    try:
        tty.setcbreak(handle, termios.TCSADRAIN)
        listener.start()
        yield True
    finally:
        over.set()
        with contextlib.suppress(RuntimeError):  # it was never started
            listener.join()
        # A terminal that was closed meanwhile is nobody's any more.
        with contextlib.suppress(termios.error):
            termios.tcsetattr(handle, termios.TCSADRAIN, before)


def _terminal() -> int | None:
    """Return stdin if it is a terminal and ours: reading another job's would halt this one."""
    try:
        handle = sys.stdin.fileno()
        return handle if os.isatty(handle) and os.tcgetpgrp(handle) == os.getpgrp() else None
    except (AttributeError, OSError, ValueError):  # closed, or a stand-in
        return None


def _listen(handle: int, actions: Mapping[str, Callable[[], None]], over: threading.Event) -> None:
    import select

    while not over.is_set():
        try:
            if not select.select([handle], [], [], _POLL_S)[0]:
                continue
            typed = os.read(handle, _MOST_BYTES)
        except OSError:
            return
        if not typed:
            return
        _act(typed.decode(errors="ignore"), actions)


def _act(typed: str, actions: Mapping[str, Callable[[], None]]) -> None:
    if typed.startswith("\x1b"):  # an arrow key is no three letters
        return
    for key in typed.lower():
        if key in actions:
            actions[key]()


@contextlib.contextmanager
def _windows_keys(actions: Mapping[str, Callable[[], None]]) -> Iterator[bool]:
    import msvcrt

    hit: Callable[[], bool] = getattr(msvcrt, "kbhit")  # noqa: B009 - known to the type checker there only
    read: Callable[[], str] = getattr(msvcrt, "getwch")  # noqa: B009
    over = threading.Event()

    def listen() -> None:
        while not over.wait(_POLL_S):
            while hit():
                _act(read(), actions)

    if not sys.stdin.isatty():
        yield False
        return
    listener = threading.Thread(target=listen, name="keys", daemon=True)
    listener.start()
    try:
        yield True
    finally:
        over.set()
        listener.join()
