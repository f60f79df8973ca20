"""Record from the microphones of this computer, and notice what PortAudio does not tell: stalls and moves.

PortAudio reports neither a stream that stalls nor one that the sound server moves elsewhere, and its times
of capture can be off by most of a second (PulseAudio), so blocks are stamped as they arrive.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from capture import sound_server
from capture.arrivals import Arrived, Resampler, Stamper
from capture.devices import MIC_PREFIX, MIC_RATE_HZ, DeviceInfo, DeviceLostError, SoundBlock
from capture.errors import BadInputError, UserError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

US = 1_000_000
BLOCK_SAMPLES = 480  # 10 ms; left to PortAudio (0), blocks of a single sample came
LATENCY_S = 0.05
STALLED_S = 0.5
FIRST_WITHIN_S = 4.0  # PulseAudio takes a second or two to wake a source up
WATCH_S = 0.5
REFRESH_WITHIN_S = 1.0
_SETTLE_BLOCKS = 20  # their least late one says when the first began
_MOST_WAITING = 3000  # blocks: half a minute that the disk may take
_SERVER_PREFIX = "pulse:"
_SERVER_DEVICE = "pulse"  # the name of ALSA's way to the sound server
_SERVER_SOURCE = "PULSE_SOURCE"  # libpulse reads it when a stream is opened
_SERVER_LATENCY = ("PULSE_LATENCY_MSEC", "30")  # likewise; else it may deliver every two seconds
_ALSA_NUMBER = re.compile(r" \(hw:\d+,\d+\)$")  # counts in the order of plugging in


@dataclass(frozen=True, slots=True)
class _Device:
    """A microphone of PortAudio's list."""

    index: int
    name: str
    rate_hz: int
    is_default: bool


class LiveMicrophone:
    """A microphone of this computer.

    Args:
        source: ``mic:NAME``, ``NAME``, or a number of PortAudio's list; ``default`` for the usual one.
    """

    #: Held while a stream of this process is closed, which PortAudio must not be bothered in.
    _closing: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, source: str) -> None:
        self._wanted = source.removeprefix(MIC_PREFIX)
        self._name = self._wanted
        self._stream: Any = None
        self._rate_hz = MIC_RATE_HZ
        self._blocks: queue.Queue[Arrived | None] = queue.Queue(_MOST_WAITING)
        self._heard = threading.Event()
        self._moves = _Moves(os.environ)

    @property
    def id(self) -> str:
        """What to give to ``--mic`` to get it again."""
        return f"{MIC_PREFIX}{self._wanted}"

    @property
    def name(self) -> str:
        """What people call it."""
        return self._name

    @property
    def length_us(self) -> int | None:
        """It goes on for ever."""
        return None

    def open(self) -> None:
        """Get ready; it listens from now on.

        Raises:
            UserError: It is not there, or cannot be used.
        """
        # It may have been plugged in since. But while another stream hangs in PortAudio, as when its sound
        # server died, initialising it anew would hang as well: then it knows what it knew.
        if self._closing.acquire(timeout=REFRESH_WITHIN_S):
            try:
                refresh()
            finally:
                self._closing.release()
        sounddevice = portaudio()
        device = self._choose()
        self._stream = None
        for rate_hz in dict.fromkeys((MIC_RATE_HZ, device.rate_hz)):
            with contextlib.suppress(sounddevice.PortAudioError):
                self._stream = sounddevice.InputStream(
                    device=device.index,
                    samplerate=rate_hz,
                    channels=1,  # PortAudio's first channel; a sound server mixes
                    dtype="float32",
                    blocksize=BLOCK_SAMPLES * rate_hz // MIC_RATE_HZ,
                    latency=LATENCY_S,
                    callback=self._on_block,
                    finished_callback=self._on_finished,
                )
                self._rate_hz = rate_hz
                break
        if self._stream is None:
            raise UserError("device.mic_refused", name=self._name)
        try:
            self._stream.start()
        except sounddevice.PortAudioError as error:
            raise UserError("device.mic_refused", name=self._name) from error
        if not self._heard.wait(FIRST_WITHIN_S):
            raise UserError("device.mic_mute", name=self._name)
        self._moves.start()

    def blocks(self, start_us: int) -> Iterator[SoundBlock]:
        """Yield its sound as it comes, until it is lost.

        Raises:
            DeviceLostError: It stalled, went away, or can be had again after it was moved.
        """
        while not self._blocks.empty():  # heard before the start
            self._blocks.get_nowait()
        arrivals = self._arrivals()
        first = [next(arrivals) for _ in range(_SETTLE_BLOCKS)]
        begins_us, counted = [], 0
        for each in first:
            counted += len(each.samples)
            begins_us.append(each.at_us - counted * US // MIC_RATE_HZ)
        stamper = Stamper(min(begins_us) - start_us, start_us)
        for each in first:
            yield stamper.stamped(each)
        for each in arrivals:
            yield stamper.stamped(each)

    def close(self) -> None:
        """Let it go. May hang with the sound server; whoever calls it must be able to bear that."""
        self._moves.stop()
        if self._stream is not None:
            with self._closing, contextlib.suppress(portaudio().PortAudioError):
                self._stream.abort()
                self._stream.close()

    def _choose(self) -> _Device:
        wanted = self._wanted
        os.environ.setdefault(*_SERVER_LATENCY)
        if wanted.startswith(_SERVER_PREFIX):
            name = wanted.removeprefix(_SERVER_PREFIX)
            known = {each.name: each.description for each in sound_server.sources()}
            if name not in known:
                raise BadInputError("device.no_such_mic", name=name)
            self._name = known[name]
            os.environ[_SERVER_SOURCE] = name
            wanted = _SERVER_DEVICE
        else:
            os.environ.pop(_SERVER_SOURCE, None)
        device = _find(wanted, _devices())
        if device is None:
            raise BadInputError("device.no_such_mic", name=wanted)
        if wanted != _SERVER_DEVICE:
            self._name = device.name
            if wanted != "default":
                self._wanted = stable_name(device.name)
        return device

    def _on_block(self, samples: NDArray[np.float32], count: int, times: object, status: object) -> None:
        self._heard.set()
        with contextlib.suppress(queue.Full):  # the gap is filled when there is room again
            self._blocks.put_nowait(Arrived(samples[:, 0].copy(), time.monotonic_ns() // 1000))

    def _on_finished(self) -> None:
        with contextlib.suppress(queue.Full):
            self._blocks.put_nowait(None)

    def _arrivals(self) -> Iterator[Arrived]:
        """Yield what arrives, at ``MIC_RATE_HZ``."""
        resampled = Resampler(self._rate_hz)
        while True:
            try:
                arrived = self._blocks.get(timeout=STALLED_S)
            except queue.Empty:
                raise DeviceLostError(self.id, event="mic.stalled") from None
            if arrived is None:
                raise DeviceLostError(self.id, event="mic.lost")
            moved = self._moves.news()
            if moved is not None and moved.is_back:
                raise DeviceLostError(self.id, event="mic.returned")
            yield Arrived(
                resampled(arrived.samples), arrived.at_us, "mic.moved" if moved is not None else None
            )


@dataclass(frozen=True, slots=True)
class _Move:
    """The sound server gives us another microphone; ``is_back``: the first one could be had again."""

    is_back: bool


class _Moves:
    """Watches which source the sound server lets us hear.

    Args:
        environment: Where the wanted source stands, if one was named.
    """

    def __init__(self, environment: os._Environ[str]) -> None:
        self._environment = environment
        self._stop = threading.Event()
        self._news: queue.SimpleQueue[_Move] = queue.SimpleQueue()

    def start(self) -> None:
        """Begin to watch, in a thread that may hang with the server."""
        threading.Thread(target=self._watch, name="microphone moves", daemon=True).start()

    def stop(self) -> None:
        """Watch no more."""
        self._stop.set()

    def news(self) -> _Move | None:
        """Return what happened since the last call, if anything."""
        try:
            return self._news.get_nowait()
        except queue.Empty:
            return None

    def _watch(self) -> None:
        first, moved = "", False
        while not self._stop.wait(WATCH_S):
            now = sound_server.heard()
            if now is None or not now.source:
                continue
            if not first:
                first = self._environment.get(_SERVER_SOURCE) or now.source
            if now.source != first and not moved:
                moved = True
                self._news.put(_Move(is_back=False))
            if now.source != first and first in now.sources:
                self._news.put(_Move(is_back=True))
                return


def list_mics() -> tuple[DeviceInfo, ...]:
    """Return the microphones of this computer, the usual one first.

    Looks anew, which would end streams that this process has open: only the recorder ever has one.

    Raises:
        UserError: There is no PortAudio on this computer.
    """
    refresh()
    devices = _devices()
    found = [
        DeviceInfo(f"{MIC_PREFIX}{stable_name(each.name)}", each.name, is_default=each.is_default)
        for each in sorted(devices, key=lambda each: not each.is_default)
    ]
    if any(each.name == _SERVER_DEVICE for each in devices):
        known = sound_server.sources()
        # What the loudspeakers play is no microphone, but better than nothing.
        mics = [each for each in known if not each.is_monitor] or known
        served = [DeviceInfo(f"{MIC_PREFIX}{_SERVER_PREFIX}{each.name}", each.description) for each in mics]
        # Its other names only repeat one of these.
        ways = {f"{MIC_PREFIX}{name}" for name in (_SERVER_DEVICE, "default")} if served else set()
        found = [*served, *(each for each in found if each.id not in ways)]
    return tuple({each.id: each for each in found}.values())


def stable_name(name: str) -> str:
    """Return a name of PortAudio's without what changes from plugging in to plugging in."""
    return _ALSA_NUMBER.sub("", name)


def portaudio() -> Any:  # noqa: ANN401 - an untyped module
    """Return the module that speaks to PortAudio.

    Raises:
        UserError: The library is not on this computer.
    """
    try:
        import sounddevice
    except OSError as error:
        raise UserError("device.no_portaudio") from error
    return sounddevice


def refresh() -> None:
    """Let PortAudio see what was plugged in since it looked last; ends every stream of this process."""
    sounddevice = portaudio()
    with contextlib.suppress(sounddevice.PortAudioError):
        sounddevice._terminate()
    with contextlib.suppress(sounddevice.PortAudioError):
        sounddevice._initialize()


def _devices() -> list[_Device]:
    sounddevice = portaudio()
    try:
        systems = sounddevice.query_hostapis()
        listed = sounddevice.query_devices()
    except sounddevice.PortAudioError:
        return []
    # Windows shows every microphone once for each of its sound systems, in three of them badly.
    best = next((n for n, each in enumerate(systems) if "WASAPI" in each["name"]), None)
    best = best if sys.platform == "win32" else None
    defaults = {each["default_input_device"] for n, each in enumerate(systems) if best in (None, n)}
    return [
        _Device(each["index"], each["name"], round(each["default_samplerate"]), each["index"] in defaults)
        for each in listed
        if each["max_input_channels"] > 0 and best in (None, each["hostapi"])
    ]


def _find(wanted: str, devices: list[_Device]) -> _Device | None:
    """Return the device that is meant: by whole name, stable name, number, or as the usual one."""
    for matches in (
        lambda each: each.name == wanted,
        lambda each: stable_name(each.name) == wanted,
        lambda each: str(each.index) == wanted,
        lambda each: wanted == "default" and each.is_default,
    ):
        for each in devices:
            if matches(each):
                return each
    return None
