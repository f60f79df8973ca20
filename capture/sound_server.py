"""Ask a Linux desktop's sound server which microphones there are, and which one a recording comes from.

PulseAudio (and PipeWire in its place) silently moves a stream to another source when the first is gone, and
PortAudio tells nothing of it. Every function here may wait for ever when the server hangs: call it from a
thread that nobody waits for.
"""

from __future__ import annotations

import importlib
import os
import sys
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """A microphone as the sound server knows it: ``name`` stays the same, ``description`` is for people."""

    name: str
    description: str
    is_monitor: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """Which source this process records from (empty: none through the server), and which there are."""

    source: str
    sources: frozenset[str]


def sources() -> tuple[Source, ...]:
    """Return the sources of the sound server; none if there is no server."""
    pulsectl = _pulsectl()
    if pulsectl is None:
        return ()
    try:
        with pulsectl.Pulse("Lapel") as pulse:
            return tuple(
                Source(each.name, each.description, is_monitor=each.monitor_of_sink_name is not None)
                for each in pulse.source_list()
            )
    except pulsectl.PulseError:
        return ()


def heard() -> Heard | None:
    """Return what this process records from, or None if the server cannot be asked."""
    pulsectl = _pulsectl()
    if pulsectl is None:
        return None
    try:
        with pulsectl.Pulse("Lapel") as pulse:
            names = {each.index: str(each.name) for each in pulse.source_list()}
            own = [
                each
                for each in pulse.source_output_list()
                if each.proplist.get("application.process.id") == str(os.getpid())
            ]
    except pulsectl.PulseError:
        return None
    # The newest: one that was given up may still be there for a moment.
    newest = max(own, key=lambda each: int(each.index), default=None)
    return Heard(names.get(newest.source, "") if newest is not None else "", frozenset(names.values()))


def _pulsectl() -> Any:  # noqa: ANN401 - an untyped module, or None
    if not sys.platform.startswith("linux"):
        return None
    try:
        return importlib.import_module("pulsectl")
    except (ImportError, OSError):  # not installed, or no libpulse on this computer
        return None
