"""Hear a take as one mono sound on its own clock, and the result as its cut list has it, to the sample.

Any codec, rate and number of channels comes out as mono. Long takes are read piece by piece, so an hour
needs no more memory than a minute.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from capture.errors import UserError
from capture.probe import open_media, probe, sound_stream
from capture.take import Segment, Take, camera_start_us
from capture.work import Work
from editor.model import CutList, Placed

if TYPE_CHECKING:
    from av import AudioFrame, AudioResampler, AudioStream
    from av.container import InputContainer
    from soundfile import SoundFile

RATE_HZ = 48_000
US = 1_000_000
FADE_US = 5_000  # long enough that no join clicks, too short to be heard as a fade
_BLOCK_S = 10
_JUMP_US = 50_000  # a time stamp this far off is a gap in the recording, not jitter
_CREEP_US = 4_000
_CREEP_SHARE = 0.05
_WORTH_SEEKING_S = 2
_PRE_ROLL_US = 300_000  # what comes after a jump into a compressed file is true only from its second frame on

Sound = NDArray[np.float32]
Piece = tuple[int, Sound]


class NoSoundError(UserError):
    """A take that should be heard has no sound at all."""

    message_key = "edit.no_sound"


class MediaMissingError(UserError):
    """A file of a take is not where it belongs."""

    message_key = "edit.media_missing"


def sample_at(position: int | Fraction, rate: Fraction, *, rate_hz: int = RATE_HZ) -> int:
    """Return the sample at which a frame starts, rounded from the start so that nothing adds up."""
    return int(position * rate_hz / rate + Fraction(1, 2))


def read_sound(path: Path, *, rate_hz: int = RATE_HZ, work: Work) -> Sound:
    """Return the sound of a file, mono, shape (n,), full scale +/-1.0, from where its media begin.

    Raises:
        BadInputError: It cannot be read.
        NoSoundError: It holds no sound.
        Cancelled: The person stopped the job.
    """
    pieces = list(_file_pieces(path, rate_hz=rate_hz, work=work))
    if not pieces:
        raise NoSoundError(name=path.name)
    sound = np.zeros(pieces[-1][0] + len(pieces[-1][1]), np.float32)
    for at, piece in pieces:
        sound[at : at + len(piece)] = piece
    return sound


def take_sound(folder: Path, take: Take, *, rate_hz: int = RATE_HZ, work: Work) -> Sound:
    """Return the sound of a take on its clock, mono, shape (n,): the lapel's, else the camera's own.

    Args:
        folder: The take's folder.
        take: What stands in it.
        rate_hz: Samples per second wanted.
        work: Asked often whether to stop.

    Raises:
        MediaMissingError: A file of the take is gone.
        NoSoundError: Nothing of it can be heard.
        Cancelled: The person stopped the job.
    """
    with contextlib.closing(TakeSound(folder, take, rate_hz=rate_hz, work=work)) as reader:
        sound = reader.read(0, take.duration_us * rate_hz // US)
        if not reader.heard:
            raise NoSoundError(name=take.prompt.title or take.prompt.text)
        return sound


class TakeSound:
    """The sound of a take on its clock, read forward; where nothing was recorded it is silent.

    Args:
        folder: The take's folder.
        take: What stands in it.
        rate_hz: Samples per second wanted.
        start: The first sample that will be read; the file is entered there, to the sample where it is a WAV
            and to a few hundred microseconds where it is compressed.
        work: Asked often whether to stop.
    """

    def __init__(
        self, folder: Path, take: Take, *, rate_hz: int = RATE_HZ, start: int = 0, work: Work
    ) -> None:
        self._pieces = _take_pieces(folder, take, rate_hz=rate_hz, start=start, work=work)
        self._ahead: Piece | None = None
        self.at = start
        self.heard = 0

    def read(self, start: int, end: int) -> Sound:
        """Return samples ``start`` to ``end``; ``start`` may not lie before the last ``end``."""
        if start < self.at:
            raise ValueError(start)
        sound = np.zeros(max(0, end - start), np.float32)
        while True:
            if self._ahead is None:
                self._ahead = next(self._pieces, None)
                if self._ahead is None:
                    break
            at, piece = self._ahead
            first, last = max(at, start), min(at + len(piece), end)
            if first < last:
                sound[first - start : last - start] = piece[first - at : last - at]
                self.heard += last - first
            if at + len(piece) > end:
                break
            self._ahead = None
        self.at = end
        return sound

    def close(self) -> None:
        """Let the files go."""
        self._pieces.close()


def result_sound(
    cut_list: CutList,
    takes: Mapping[str, Take],
    folders: Mapping[str, Path],
    *,
    first_frame: int = 0,
    block_s: float = _BLOCK_S,
    work: Work,
) -> Iterator[Sound]:
    """Yield the sound of the result in blocks: exactly as many samples as its frames last.

    Every span starts at the sample nearest to its first frame, counted from the start of the result, so
    no rounding adds up. Where the sound jumps it fades out and in, 5 ms each.

    Args:
        cut_list: The result.
        takes: Its takes by their ids.
        folders: The folder of each take by its id.
        first_frame: Where to begin; it fades in there.
        block_s: About how long each block is; playing wants short ones.
        work: Told of progress; asked often whether to stop.

    Raises:
        MediaMissingError: A file of a take is gone.
        Cancelled: The person stopped the job.
    """
    reader: TakeSound | None = None
    reading = ""
    enter = first_frame > 0
    try:
        for n, each in enumerate(cut_list.placed):
            skipped = max(0, first_frame - each.result_frame)
            if skipped >= each.frames:
                continue
            start = sample_at(each.take_frame + skipped, cut_list.rate)
            if reader is None or reading != each.span.take_id or start < reader.at or enter:
                if reader is not None:
                    reader.close()
                reading = each.span.take_id
                begin = start if enter else 0
                reader = TakeSound(folders[reading], takes[reading], start=begin, work=work)
            yield from _span_sound(reader, cut_list, n, skipped=skipped, block_s=block_s)
            work.report((each.result_frame + each.frames) / cut_list.frames)
    finally:
        if reader is not None:
            reader.close()


def _span_sound(
    reader: TakeSound, cut_list: CutList, n: int, *, skipped: int, block_s: float
) -> Iterator[Sound]:
    """Yield the sound of one placed span, faded where its neighbour does not continue it."""
    each = cut_list.placed[n]
    fade_in = skipped > 0 or n == 0 or not _continues(cut_list.placed[n - 1], each)
    fade_out = n + 1 == len(cut_list.placed) or not _continues(each, cut_list.placed[n + 1])
    first = sample_at(each.result_frame + skipped, cut_list.rate)
    samples = sample_at(each.result_frame + each.frames, cut_list.rate) - first
    start = sample_at(each.take_frame + skipped, cut_list.rate)
    fade = (
        np.sin(np.linspace(0, np.pi / 2, min(RATE_HZ * FADE_US // US, samples // 2)), dtype=np.float32) ** 2
    )
    blocks = max(1, int(samples // (block_s * RATE_HZ)))
    edges = [samples * block // blocks for block in range(blocks + 1)]
    for block in range(blocks):
        sound = reader.read(start + edges[block], start + edges[block + 1])
        if fade_in and block == 0:
            sound[: len(fade)] *= fade
        if fade_out and block == blocks - 1 and len(fade):
            sound[-len(fade) :] *= fade[::-1]
        yield sound


def _continues(before: Placed, after: Placed) -> bool:
    same = before.span.take_id == after.span.take_id
    return same and before.take_frame + before.frames == after.take_frame


# Files --------------------------------------------------------------------------------------------------


def media_file(folder: Path, take: Take, segment: Segment) -> Path:
    """Return where a segment's file is.

    Raises:
        MediaMissingError: It is not there.
    """
    path = folder / segment.file
    if not path.is_file():
        raise MediaMissingError(
            file=segment.file, folder=folder, prompt=take.prompt.title or take.prompt.text
        )
    return path


def picture_segments(take: Take) -> tuple[tuple[Segment, int], ...]:
    """Return the segments that the camera or phone made, each with when it starts on the take's clock.

    Of both only that with the longest segment counts. A sync is measured on it (``capture.sync``); the
    others lie against it as their time stamps say.
    """
    longest = max((s for s in take.segments if s.track != "mic"), key=lambda s: s.duration_us, default=None)
    if longest is None:
        return ()
    shift_us = camera_start_us(take, longest) - longest.start_us
    own = sorted((s for s in take.segments if s.track == longest.track), key=lambda s: s.start_us)
    return tuple((segment, segment.start_us + shift_us) for segment in own)


def _take_pieces(folder: Path, take: Take, *, rate_hz: int, start: int = 0, work: Work) -> Generator[Piece]:
    """Yield the sound of a take in order of time: position in samples on its clock, samples."""
    lapel = sorted((s for s in take.segments if s.track == "mic"), key=lambda s: s.start_us)
    end = start
    for segment, start_us in [(s, s.start_us) for s in lapel] or picture_segments(take):
        begin = round(start_us * rate_hz / US)
        if start and begin + (segment.duration_us + US) * rate_hz // US < start:
            continue
        path = media_file(folder, take, segment)
        skipped = max(0, start - begin)
        with contextlib.closing(_file_pieces(path, rate_hz=rate_hz, skipped=skipped, work=work)) as pieces:
            for at, piece in pieces:
                late = max(0, end - begin - at)  # what lies before 0, or in an earlier segment
                if late < len(piece):
                    end = begin + at + len(piece)
                    yield begin + at + late, piece[late:]


def _file_pieces(path: Path, *, rate_hz: int, skipped: int = 0, work: Work) -> Generator[Piece]:
    """Yield the sound of a file in order: position in samples from where its media begin, samples.

    Of a file that can be entered the first ``skipped`` samples, or some less, are left out.

    Time stamps rule, not the count of samples: phones leave gaps. Single ones are rounded, so only a jump
    or a lasting difference counts.
    """
    lapel = _opened_plain(path, rate_hz=rate_hz)
    if lapel is not None:
        with lapel:
            lapel.seek(min(skipped, lapel.frames))
            while len(piece := lapel.read(_BLOCK_S * rate_hz, dtype="float32")):
                work.checkpoint()
                yield lapel.tell() - len(piece), piece
        return
    with open_media(path) as container:
        stream = sound_stream(container)
        if stream is None:
            return
        zero_us: float | None = _zero_us(path, container, stream, work=work)
        if skipped > _WORTH_SEEKING_S * rate_hz:
            zero_us = _enter(container, stream, skipped * US // rate_hz, zero_us=zero_us)
        end: int | None = None
        creep = 0.0
        for stamp_us, piece in _decoded(container, stream, rate_hz=rate_hz, work=work):
            zero_us = stamp_us if zero_us is None else zero_us
            at = (stamp_us - zero_us) * rate_hz / US
            end = round(at) if end is None else end
            creep += (at - end - creep) * _CREEP_SHARE
            if abs(at - end) > _JUMP_US * rate_hz / US or abs(creep) > _CREEP_US * rate_hz / US:
                skipped = max(0, end - round(at))
                end, creep = max(end, round(at)), 0.0
            else:
                skipped = 0
            if len(piece) > skipped:
                yield end, piece[skipped:]
                end += len(piece) - skipped


def _opened_plain(path: Path, *, rate_hz: int) -> SoundFile | None:
    """Return a lapel's WAV opened, as the recorder writes them, which need no decoder; else None."""
    import soundfile

    if path.suffix != ".wav":
        return None
    with contextlib.suppress(soundfile.SoundFileError):
        file = soundfile.SoundFile(path)
        if file.samplerate == rate_hz and file.channels == 1 and file.frames:
            return file
        file.close()
    return None


def _enter(
    container: InputContainer, stream: AudioStream, at_us: int, *, zero_us: float | None
) -> float | None:
    """Go to shortly before a moment of the sound and return what its times count from."""
    import av

    tick = stream.time_base
    if tick is None:
        return zero_us
    begins_us = zero_us if zero_us is not None else float((stream.start_time or 0) * tick * US)
    # A file that cannot be entered is read from its start.
    with contextlib.suppress(av.error.FFmpegError):
        container.seek(round((begins_us + at_us - _PRE_ROLL_US) / US / tick), stream=stream)
    return begins_us


def _zero_us(path: Path, container: InputContainer, stream: AudioStream, *, work: Work) -> int | None:
    """Return the time stamp where the file's media begin, or None where its first sound is that."""
    if len(container.streams) == 1 and container.streams[0] is stream:
        return None
    info = probe(path, work=work.quiet())
    return min(part.start_us for part in (info.video, info.audio) if part is not None)


def _decoded(
    container: InputContainer, stream: AudioStream, *, rate_hz: int, work: Work
) -> Iterator[tuple[float, Sound]]:
    """Yield time stamps in microseconds and samples; what cannot be decoded is left out."""
    import av

    mono = _Mono(rate_hz)
    packets = container.demux(stream)
    while True:
        work.checkpoint()
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError):  # a file that breaks off ends there
            break
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            continue
        for frame in frames:
            yield from mono.push(frame)
    yield from mono.flush()


class _Mono:
    """Turns decoded sound of any kind into mono at one rate, also where the kind changes midway."""

    def __init__(self, rate_hz: int) -> None:
        self._resampler: AudioResampler | None = None
        self._kind: tuple[str, str, int] | None = None
        self._rate_hz = rate_hz

    def push(self, frame: AudioFrame) -> Iterator[tuple[float, Sound]]:
        from av import AudioResampler

        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._resampler is None or kind != self._kind:
            yield from self.flush()
            self._resampler, self._kind = AudioResampler("flt", "mono", self._rate_hz), kind
        yield from self._out(self._resampler.resample(frame))

    def flush(self) -> Iterator[tuple[float, Sound]]:
        if self._resampler is not None:
            yield from self._out(self._resampler.resample(None))

    def _out(self, frames: list[AudioFrame]) -> Iterator[tuple[float, Sound]]:
        for frame in frames:
            time_base = frame.time_base or Fraction(1, self._rate_hz)
            yield float((frame.pts or 0) * time_base * US), frame.to_ndarray()[0]
