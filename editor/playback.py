"""Play the result as learners will see it, before anything is rendered: cuts applied, no gap at the joins.

The window shows what ``on_frame`` hands out and sends the person's wishes; every wish returns at once.
Pictures follow what is heard, so lips stay in step whatever the computer is busy with.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from capture.errors import UserError
from capture.take import Take
from capture.work import Work
from editor.audio import Sound, result_sound, sample_at
from editor.cutlist import frame_at, frame_us
from editor.fit import Size
from editor.model import CutList, Expert
from editor.play_clock import Clock, SteadyClock
from editor.play_sound import Output, SoundFeed
from editor.result_sound import file_sound
from editor.viewing import OpenFrames, Shown, Viewer

log = logging.getLogger(__name__)

US = 1_000_000
SLOWEST, FASTEST_HEARD = 0.5, 2.0
SHUTTLE_SPEEDS = (1.0, 2.0, 4.0)
_AHEAD_FRAMES = 12
_TICK_S = 0.004
_READY_WITHIN_S = 1.0
_BLOCK_S = 0.25


@dataclass(frozen=True, slots=True)
class Programme:
    """What is played.

    Args:
        cut_list: The result.
        takes: Its takes by their ids.
        folders: The folder of each take by its id.
        sound: All of its sound in a file of ``editor.result_sound``; None plays what the takes have.
        gain_db: How much louder than it was recorded the takes' own sound is played.
        named: Whom the lower third names; None where the video gets none.
    """

    cut_list: CutList
    takes: Mapping[str, Take] = field(default_factory=dict)
    folders: Mapping[str, Path] = field(default_factory=dict)
    sound: Path | None = None
    gain_db: float = 0.0
    named: Expert | None = None

    def missing(self) -> tuple[str, ...]:
        """Return the takes of which a file is gone: black and silent, while the others play on."""
        used = dict.fromkeys(each.span.take_id for each in self.cut_list.placed)
        return tuple(take_id for take_id in used if not self._is_whole(take_id))

    def without(self, missing: tuple[str, ...]) -> Programme:
        """Return the programme in which these takes hold nothing."""
        takes = {
            each: replace(take, segments=()) if each in missing else take for each, take in self.takes.items()
        }
        return replace(self, takes=takes)

    def _is_whole(self, take_id: str) -> bool:
        folder = self.folders[take_id]
        return all((folder / each.file).is_file() for each in self.takes[take_id].segments)


@dataclass(frozen=True, slots=True)
class PlayState:
    """How playing stands. ``speed`` is below 0 backwards and 0 at rest; ``problem`` says why it rests."""

    frame: int
    at_us: int
    speed: float
    missing: tuple[str, ...] = ()
    problem: UserError | None = None


class Player:
    """Plays one programme after the other; safe to call from any thread.

    Args:
        programme: What to play first; it rests at its start.
        size: The room for pictures on the screen.
        output: Where it is heard.
        open_frames: How a take's pictures are opened.
        on_frame: Told each picture to show, on the player's own thread; must not wait.
        on_state: Told when it starts, rests, or cannot go on; likewise.
        silent_clock: What pictures follow where nothing can be heard: backwards, and faster than twice.
    """

    def __init__(
        self,
        programme: Programme,
        *,
        size: Size,
        output: Output,
        open_frames: OpenFrames,
        on_frame: Callable[[Shown], None],
        on_state: Callable[[PlayState], None] = lambda _: None,
        silent_clock: Clock | None = None,
    ) -> None:
        self._missing = programme.missing()
        self._programme = programme.without(self._missing)
        self._viewer = Viewer(
            self._programme.takes,
            programme.folders,
            programme.cut_list,
            named=programme.named,
            size=size,
            open_frames=open_frames,
        )
        self._viewing = threading.Lock()
        self._output = output
        self._on_frame, self._on_state = on_frame, on_state
        self._silent_clock = silent_clock or SteadyClock()
        self._clock: Clock = self._silent_clock
        self._loop: tuple[int, int] | None = None
        self._speed, self._pace = 0.0, 1.0
        self._from = self._frame = 0
        self._feed: SoundFeed | None = None
        self._ahead: _Ahead | None = None
        self._wishes: deque[tuple[str, Callable[[], None]]] = deque()
        self._wished = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="playback", daemon=True)
        self._wish("seek", lambda: self._rest_at(0))
        self._thread.start()

    # Wishes ---------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Play on from here, from the start if it is over."""
        self._wish("play", lambda: self._go(self._pace))

    def pause(self) -> None:
        """Rest."""
        self._wish("pause", lambda: self._rest_at(self._now()))

    def toggle(self) -> None:
        """Play or rest."""
        self._wish("toggle", lambda: self._rest_at(self._now()) if self._speed else self._go(self._pace))

    def set_pace(self, pace: float) -> None:
        """Play at another speed from now on, 0.5 to 2; the voice keeps its pitch.

        Raises:
            ValueError: Slower or faster than that.
        """
        if not SLOWEST <= pace <= FASTEST_HEARD:
            raise ValueError(pace)
        self._wish("pace", lambda: self._set_pace(pace))

    def shuttle(self, direction: int) -> None:
        """J (-1) and L (1): play that way, and at twice and four times the speed when pressed again."""
        self._wish("shuttle", lambda: self._shuttle(direction))

    def seek(self, at_us: int) -> None:
        """Go to a moment of the result; while scrubbing only the newest wish counts."""
        self._wish("seek", lambda: self._seek(frame_at(at_us, self._programme.cut_list.rate)))

    def step(self, frames: int) -> None:
        """Rest, so many frames on or back."""
        self._wish("step", lambda: self._rest_at(self._now() + frames))

    def loop(self, in_us: int, out_us: int) -> None:
        """Play a stretch of the result again and again."""
        self._wish("loop", lambda: self._start_loop(in_us, out_us))

    def end_loop(self) -> None:
        """Play on past the stretch."""
        self._wish("loop", self._end_loop)

    def resize(self, size: Size) -> None:
        """Hand pictures out at another size."""
        self._wish("resize", lambda: self._resize(size))

    def load(self, programme: Programme, *, at_us: int) -> None:
        """Play another result, such as the same one after a cut, from a moment of it."""
        self._wish("load", lambda: self._load(programme, at_us=at_us))

    def hear(self, sound: Path | None, *, gain_db: float) -> None:
        """Let the same result sound otherwise from here on (``Programme.sound``); a loop goes on."""
        self._wish("hear", lambda: self._hear(sound, gain_db=gain_db))

    def refresh(self, take_id: str) -> None:
        """Take up what has changed in a take's folder: its working copy is there, or it was found again."""
        self._wish("refresh", lambda: self._refresh(take_id))

    def close(self) -> None:
        """Be silent and let every file and device go."""
        with self._wished:
            self._closed = True
            self._wished.notify()
        self._thread.join()

    def _wish(self, name: str, act: Callable[[], None]) -> None:
        with self._wished:
            if name in {"seek", "resize"} and self._wishes and self._wishes[-1][0] == name:
                self._wishes.pop()
            self._wishes.append((name, act))
            self._wished.notify()

    # The player's own thread ----------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while True:
                with self._wished:
                    if not self._wishes and not self._closed:
                        self._wished.wait(_TICK_S if self._speed else None)
                    if self._closed:
                        break
                    act = self._wishes.popleft()[1] if self._wishes else None
                self._guarded(act if act is not None else self._tick)
        finally:
            self._halt()
            with self._viewing:
                self._viewer.close()
            self._output.close()

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except UserError as error:
            self._halt()
            self._tell(error)
        except Exception:
            log.exception("playing failed")
            self._halt()
            self._tell(UserError("play.failed"))

    def _tick(self) -> None:
        if not self._speed:
            return
        if self._feed is not None and self._feed.failed is not None:
            failed = self._feed.failed
            self._halt()
            raise failed
        now = self._now()
        last = self._programme.cut_list.frames - 1
        if self._loop is not None and self._speed > 0 and now >= self._loop[1]:
            self._go(self._speed, at=self._loop[0])
        elif self._position() > last or (self._speed < 0 and now <= 0):
            self._rest_at(now)
        elif (
            self._ahead is not None and (shown := self._ahead.due(now, backwards=self._speed < 0)) is not None
        ):
            self._on_frame(shown)

    def _position(self) -> int:
        """Return the frame that is due by the clock, which may lie beyond the result."""
        if not self._speed:
            return self._frame
        rate = self._programme.cut_list.rate
        gone = int(self._clock.elapsed_us() * abs(self._speed) * float(rate) / US)
        return self._from + (gone if self._speed > 0 else -gone)

    def _now(self) -> int:
        return self._inside(self._position())

    def _inside(self, frame: int) -> int:
        return min(max(frame, 0), max(0, self._programme.cut_list.frames - 1))

    def _go(self, speed: float, *, at: int | None = None) -> None:
        start = self._now() if at is None else at
        frames = self._programme.cut_list.frames
        if not frames:
            return
        if speed > 0 and start >= frames - 1:
            start = self._loop[0] if self._loop is not None else 0
        self._halt()
        self._from = self._frame = self._inside(start)
        self._ahead = _Ahead(self._look, first=self._from, step=_step(speed), frames=frames)
        self._ahead.start()
        heard = SLOWEST <= speed <= FASTEST_HEARD
        if heard:
            programme, first = self._programme, self._from
            self._feed = SoundFeed(lambda work: _sound(programme, first, work=work), speed=speed)
            self._feed.start()
            self._feed.wait_ready(_READY_WITHIN_S)
        self._clock = self._output.clock if heard else self._silent_clock
        if heard and self._feed is not None:
            self._output.start(self._feed.take)
        else:
            self._silent_clock.start()
        self._speed = speed
        self._tell()

    def _halt(self) -> None:
        """Stop what is going on; the place stays."""
        self._frame = self._now()
        self._speed = 0.0
        self._output.stop()
        if self._feed is not None:
            self._feed.stop()
        if self._ahead is not None:
            self._ahead.stop()
        self._feed = self._ahead = None

    def _rest_at(self, frame: int) -> None:
        self._halt()
        self._frame = self._inside(frame)
        if self._programme.cut_list.frames:
            self._on_frame(self._look(self._frame))
        self._tell()

    def _seek(self, frame: int) -> None:
        if self._speed:
            self._go(self._speed, at=self._inside(frame))
        else:
            self._rest_at(frame)

    def _set_pace(self, pace: float) -> None:
        self._pace = pace
        if self._speed > 0:
            self._go(pace)

    def _shuttle(self, direction: int) -> None:
        same_way = self._speed * direction > 0
        faster = (each for each in SHUTTLE_SPEEDS if not same_way or each > abs(self._speed))
        self._go(direction * next(faster, SHUTTLE_SPEEDS[-1]))

    def _start_loop(self, in_us: int, out_us: int) -> None:
        rate = self._programme.cut_list.rate
        first, last = self._inside(frame_at(in_us, rate)), self._inside(frame_at(out_us, rate))
        self._loop = (first, max(first + 1, last))
        self._go(self._pace, at=first)

    def _end_loop(self) -> None:
        self._loop = None

    def _resize(self, size: Size) -> None:
        with self._viewing:
            self._viewer.resize(size)
        if not self._speed:
            self._rest_at(self._frame)

    def _load(self, programme: Programme, *, at_us: int) -> None:
        speed = self._speed
        self._halt()
        self._loop = None
        self._missing = programme.missing()
        self._programme = programme.without(self._missing)
        with self._viewing:
            self._viewer.show(
                self._programme.takes, programme.folders, programme.cut_list, named=programme.named
            )
        self._frame = self._inside(frame_at(at_us, programme.cut_list.rate))
        if speed:
            self._go(speed)
        else:
            self._rest_at(self._frame)

    def _hear(self, sound: Path | None, *, gain_db: float) -> None:
        self._programme = replace(self._programme, sound=sound, gain_db=gain_db)
        if self._speed:
            self._go(self._speed)

    def _refresh(self, take_id: str) -> None:
        with self._viewing:
            self._viewer.refresh(take_id)
        if not self._speed:
            self._rest_at(self._frame)

    def _look(self, frame: int) -> Shown:
        with self._viewing:
            return self._viewer.shown(frame)

    def _tell(self, problem: UserError | None = None) -> None:
        at_us = frame_us(self._frame, self._programme.cut_list.rate)
        self._on_state(PlayState(self._frame, at_us, self._speed, self._missing, problem))


class _Ahead:
    """Decodes the pictures that come next, in a thread of its own, so that a join is ready before it is due.

    Args:
        look: Returns a frame.
        first: The first one.
        step: From one to the next; below 0 backwards.
        frames: How many the result has.
    """

    def __init__(self, look: Callable[[int], Shown], *, first: int, step: int, frames: int) -> None:
        self._look = look
        self._next, self._step, self._frames = first, step, frames
        self._ready: queue.Queue[Shown] = queue.Queue(_AHEAD_FRAMES)
        self._held: Shown | None = None
        self._due = first
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pictures ahead", daemon=True)
        self.failed: UserError | None = None

    def start(self) -> None:
        """Begin to decode."""
        self._thread.start()

    def due(self, frame: int, *, backwards: bool) -> Shown | None:
        """Return the picture that should be seen by now, if it is not yet seen."""
        if self.failed is not None:
            raise self.failed
        self._due = frame
        found: Shown | None = None
        while True:
            if self._held is None:
                with contextlib.suppress(queue.Empty):
                    self._held = self._ready.get_nowait()
            if self._held is None or (self._held.frame < frame if backwards else self._held.frame > frame):
                return found
            found, self._held = self._held, None

    def stop(self) -> None:
        """Decode no more, and wait until that is so."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopped.is_set() and 0 <= self._next < self._frames:
                self._put(self._look(self._next))
                self._next = self._following()
        except UserError as error:
            self.failed = error

    def _following(self) -> int:
        """Return the next frame; what has become too late is passed over."""
        following = self._next + self._step
        return max(following, self._due) if self._step > 0 else min(following, self._due)

    def _put(self, shown: Shown) -> None:
        while not self._stopped.is_set():
            with contextlib.suppress(queue.Full):
                self._ready.put(shown, timeout=0.02)
                return


def _step(speed: float) -> int:
    """Return which frames are worth decoding: at four times the speed every fourth."""
    return max(1, round(abs(speed))) * (1 if speed > 0 else -1)


def _sound(programme: Programme, first_frame: int, *, work: Work) -> Iterator[Sound]:
    if programme.sound is not None:
        start = sample_at(first_frame, programme.cut_list.rate)
        yield from file_sound(programme.sound, start=start, block_s=_BLOCK_S, work=work)
        return
    factor = np.float32(10 ** (programme.gain_db / 20))
    blocks = result_sound(
        programme.cut_list,
        programme.takes,
        programme.folders,
        first_frame=first_frame,
        block_s=_BLOCK_S,
        work=work,
    )
    for block in blocks:
        yield np.clip(block * factor, -1.0, 1.0)
