"""Let the result be heard: blocks made ahead, at other speeds with the pitch kept, handed to an output."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from capture.errors import UserError
from capture.microphone import portaudio
from capture.work import Cancelled, Work
from editor.audio import RATE_HZ, Sound
from editor.play_clock import Clock, HeardClock, SteadyClock

if TYPE_CHECKING:
    from av.filter import Graph

US = 1_000_000
_AHEAD_BLOCKS = 6
_BLOCK = RATE_HZ // 100
_LATENCY_S = 0.1
_FORGET_S = 0.05
_NOTHING = np.zeros(0, np.float32)

#: Gives what is to be heard, block by block; called anew at each start.
Blocks = Callable[[Work], Iterator[Sound]]


class Output(Protocol):
    """Something that plays samples, and a clock that tells how far it is."""

    @property
    def clock(self) -> Clock:
        """Counts what has been heard since ``start``."""

    def start(self, take: Callable[[int], Sound]) -> None:
        """Play what ``take(n)`` returns: up to n samples; less means that no more is ready yet."""

    def stop(self) -> None:
        """Be silent at once."""

    def close(self) -> None:
        """Let the device go."""


class Speaker:
    """The computer's usual loudspeaker, through PortAudio.

    Its stream runs from the start and is fed silence at rest: a sound server takes a second to wake up.

    Raises:
        UserError: There is none.
    """

    def __init__(self) -> None:
        self._sounddevice = portaudio()
        self._take: Callable[[int], Sound] | None = None
        try:
            self._stream: Any = self._sounddevice.OutputStream(
                samplerate=RATE_HZ,
                channels=1,
                dtype="float32",
                blocksize=_BLOCK,
                latency=_LATENCY_S,
                callback=self._on_wanted,
            )
            self._stream.start()
        except self._sounddevice.PortAudioError as error:
            raise UserError("play.no_speaker") from error
        self._clock = HeardClock(RATE_HZ, late_us=round(_LATENCY_S * US))

    @property
    def clock(self) -> Clock:
        """Counts what has been heard since ``start``."""
        return self._clock

    def start(self, take: Callable[[int], Sound]) -> None:
        """Play what ``take`` returns."""
        self._clock.start()
        self._take = take

    def stop(self) -> None:
        """Feed it silence; what it holds, a tenth of a second, is still heard."""
        self._take = None

    def close(self) -> None:
        """Let the device go."""
        with contextlib.suppress(self._sounddevice.PortAudioError):
            self._stream.abort()
            self._stream.close()

    def _on_wanted(self, out: Any, count: int, at: Any, status: Any) -> None:  # noqa: ANN401 - PortAudio's
        take = self._take
        sound = take(count) if take is not None else _NOTHING
        out[: len(sound), 0] = sound
        out[len(sound) :] = 0
        if take is not None:
            late_us = round((at.outputBufferDacTime - at.currentTime) * US)
            self._clock.handed_over(len(sound), late_us=late_us)


class Silence:
    """No loudspeaker: playing goes on by the computer's clock, so that the pictures can be seen."""

    def __init__(self) -> None:
        self._clock = SteadyClock()

    @property
    def clock(self) -> Clock:
        """The computer's."""
        return self._clock

    def start(self, take: Callable[[int], Sound]) -> None:
        """Begin; nothing is taken."""
        self._clock.start()

    def stop(self) -> None:
        """Nothing to silence."""

    def close(self) -> None:
        """Nothing to let go."""


class SoundFeed:
    """Makes sound ahead in a thread of its own, and hands it over in the pieces that an output asks for.

    Args:
        blocks: What is to be heard.
        speed: 0.5 to 2; the pitch stays.
    """

    def __init__(self, blocks: Blocks, *, speed: float) -> None:
        self._blocks = blocks
        self._speed = speed
        self._made: queue.Queue[Sound | None] = queue.Queue(_AHEAD_BLOCKS)
        self._rest: Sound = _NOTHING
        self._work = Work()
        self._primed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound ahead", daemon=True)
        self.failed: BaseException | None = None

    def start(self) -> None:
        """Begin to make sound."""
        self._thread.start()

    def wait_ready(self, within_s: float) -> None:
        """Wait until the first of it can be taken."""
        self._primed.wait(within_s)

    def take(self, count: int) -> Sound:
        """Return up to ``count`` samples, without waiting."""
        while len(self._rest) < count:
            try:
                block = self._made.get_nowait()
            except queue.Empty:
                break
            if block is None:  # it is over: silence, so that the clock runs to the end of what was heard
                self._made.put_nowait(None)
                return np.concatenate([self._emptied(), np.zeros(count, np.float32)])[:count]
            self._rest = np.concatenate([self._rest, block]) if len(self._rest) else block
        sound, self._rest = self._rest[:count], self._rest[count:]
        return sound

    def _emptied(self) -> Sound:
        rest, self._rest = self._rest, np.zeros(0, np.float32)
        return rest

    def stop(self) -> None:
        """Make no more, and wait until that is so."""
        self._work.cancel()
        while self._thread.is_alive():
            with contextlib.suppress(queue.Empty):
                self._made.get_nowait()
            self._thread.join(_FORGET_S)

    def _run(self) -> None:
        try:
            source = self._blocks(self._work)
            for block in source if self._speed == 1 else paced(source, speed=self._speed):
                self._put(block)
            self._put(None)
        except Cancelled:
            pass
        except Exception as error:  # noqa: BLE001 - told by the player on its own thread
            self.failed = error
        finally:
            self._primed.set()

    def _put(self, block: Sound | None) -> None:
        while True:
            self._work.checkpoint()
            with contextlib.suppress(queue.Full):
                self._made.put(block, timeout=_FORGET_S)
                self._primed.set()
                return


def paced(blocks: Iterator[Sound], *, speed: float) -> Iterator[Sound]:
    """Yield sound faster or slower with its pitch kept.

    Args:
        blocks: Mono at 48 kHz.
        speed: 0.5 to 2.
    """
    from av import AudioFrame
    from av.filter import Graph

    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=RATE_HZ, format="flt", layout="mono", time_base=Fraction(1, RATE_HZ)
    )
    tempo, sink = graph.add("atempo", f"{speed:g}"), graph.add("abuffersink")
    source.link_to(tempo)
    tempo.link_to(sink)
    graph.configure()
    at = 0
    for block in blocks:
        if not len(block):
            continue
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(block[None, :]), format="flt", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = RATE_HZ, Fraction(1, RATE_HZ), at
        at += len(block)
        graph.push(frame)
        yield from _pulled(graph)
    graph.push(None)
    yield from _pulled(graph)


def _pulled(graph: Graph) -> Iterator[Sound]:
    import av

    while True:
        try:
            yield np.ascontiguousarray(graph.pull().to_ndarray()[0], np.float32)
        except (av.error.BlockingIOError, av.error.EOFError):
            return
