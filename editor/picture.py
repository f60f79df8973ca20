"""Say which camera frame stands behind each frame of the result, and fetch exactly that one.

A camera's frames come when the camera likes: earlier than the sound, a little fast, with gaps. Each is
given its place on the take's constant frame grid by its time stamp; a frame of the grid shows the nearest
one that came by then, so nothing is seen before it happened. Before the first and after the last the
picture stands still.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from capture.errors import UserError
from capture.probe import VideoInfo, open_media, picture_stream, probe
from capture.take import Take
from capture.work import Work
from editor.audio import media_file, picture_segments
from editor.fit import FrameKind, Size

if TYPE_CHECKING:
    from av import Packet, VideoFrame, VideoStream
    from av.container import InputContainer

US = 1_000_000
_SAME_RATE = 0.02
_STICKY_FRAMES = 0.75  # jitter around half a frame must not drop one and show the next twice
_TIE_FRAMES = 1e-4  # half a frame is half a frame, whatever floating point makes of it
_WORTH_SEEKING_S = 0.5
_TRIED_FRAMES = 24
_STEPS_BACK = (0, 1, 4)  # key frames to go back when a container's index points too far


class NoPictureError(UserError):
    """The picture of a take cannot be decoded."""

    message_key = "render.no_picture"


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """The frames of one file of a take, in the order they are shown.

    Args:
        path: The file.
        pts: Time stamp of each frame in the file's ticks, rising, shape (n,).
        keys: Time stamps at which decoding can start.
        shown: Index of each frame that has a place on the grid, rising, shape (m,).
        shown_from: From which frame of the grid it is shown, rising, shape (m,).
        counted: Whether frames can be told by their order only, as decoded ones carry no true time stamps.
        sample_aspect: Width of a stored sample against its height.
        size: At which its first frame is meant to be seen, upright.
    """

    path: Path
    pts: NDArray[np.int64]
    keys: NDArray[np.int64]
    shown: NDArray[np.int64]
    shown_from: NDArray[np.int64]
    counted: bool
    sample_aspect: Fraction
    size: Size


def take_pictures(folder: Path, take: Take, *, rate: Fraction, work: Work) -> tuple[Picture, ...]:
    """Return the picture files of a take in order of time; none of a take that is sound only.

    Args:
        folder: The take's folder.
        take: What stands in it.
        rate: Frames per second of the grid.
        work: Asked often whether to stop.

    Raises:
        MediaMissingError: A file of the take is gone.
        BadInputError: A file cannot be read.
        Cancelled: The person stopped the job.
    """
    speed = 1.0 + clock_drift_ppm(take) / US
    found: list[Picture] = []
    for segment, start_us in picture_segments(take):
        path = media_file(folder, take, segment)
        info = probe(path, work=work.quiet())
        if info.video is None:
            continue
        zero_us = min(part.start_us for part in (info.video, info.audio) if part is not None)
        with open_media(path) as container:
            stream = picture_stream(container)
            if stream is None:
                continue
            pts, keys = _scan(container, stream, work=work)
            tick_us = float(Fraction(stream.time_base or 1) * US)
        at_us = (pts.astype(np.float64) * tick_us - zero_us + start_us) * speed
        shown, shown_from = grid_frames(at_us, rate=rate)
        counted = not _is_stamped(path, pts)
        aspect, size = info.video.sample_aspect, _shown_size(info.video)
        found.append(Picture(path, pts, keys, shown, shown_from, counted, aspect, size))
    return tuple(found)


def clock_drift_ppm(take: Take) -> float:
    """Return how fast the camera's clock runs through all its files, as ``capture.sync`` defines it."""
    return take.sync.drift_ppm if take.sync is not None else take.mic_drift_ppm


def _shown_size(video: VideoInfo) -> Size:
    turned = video.rotation % 180 != 0
    stored = (video.height_px, video.width_px) if turned else (video.width_px, video.height_px)
    return FrameKind(*stored, "", rotation=video.rotation, sample_aspect=video.sample_aspect).shown


def grid_frames(at_us: NDArray[np.float64], *, rate: Fraction) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which camera frames have a place on a constant grid, and from which of its frames each is shown.

    Where the camera runs at about the grid's rate, one frame follows another for as long as that is true
    to three quarters of a frame, so that jitter neither drops nor doubles any.

    Args:
        at_us: When each frame starts on the take's clock, rising, shape (n,).
        rate: Frames per second of the grid.
    """
    places = at_us * float(rate / US)
    nearest = np.floor(places + 0.5 + _TIE_FRAMES).astype(np.int64)
    if len(places) > 2 and abs(float(np.median(np.diff(places))) - 1) <= _SAME_RATE:
        nearest = _in_step(places, nearest)
    # Of those with one place the nearest to it; the first of two as near.
    order = np.lexsort((np.arange(len(places)), np.round(np.abs(places - nearest), 3), nearest))
    shown_from, first = np.unique(nearest[order], return_index=True)
    return order[first].astype(np.int64), shown_from


def _in_step(places: NDArray[np.float64], nearest: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return places that follow one another for as long as they are not too far off."""
    found = nearest.tolist()
    last = found[0]
    for n, place in enumerate(places.tolist()[1:], 1):
        last = last + 1 if abs(place - last - 1) <= _STICKY_FRAMES else max(last, found[n])
        found[n] = last
    return np.array(found, np.int64)


def frames_shown(
    pictures: Sequence[Picture], first: int, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which file and which of its frames each of ``count`` frames of the grid shows.

    Args:
        pictures: The files of a take, at least one, each with at least one frame.
        first: Frame of the grid.
        count: How many.

    Returns:
        Index into ``pictures`` and index into that file's ``pts``, each of shape (count,).
    """
    shown_from = np.concatenate([picture.shown_from for picture in pictures])
    files = np.repeat(np.arange(len(pictures)), [len(picture.shown) for picture in pictures])
    frames = np.concatenate([picture.shown for picture in pictures])
    places = np.searchsorted(np.maximum.accumulate(shown_from), np.arange(first, first + count), side="right")
    places = np.clip(places - 1, 0, len(frames) - 1)
    return files[places], frames[places]


def _scan(
    container: InputContainer, stream: VideoStream, *, work: Work
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the time stamps of all frames that are shown, and those of the key frames, both rising."""
    pts: list[int] = []
    keys: list[int] = []
    following = 0
    for packet in _packets(container, stream):
        if len(pts) % 500 == 0:
            work.checkpoint()
        if packet.is_discard or not packet.size:
            continue
        stamp = packet.pts if packet.pts is not None else packet.dts
        at = following if stamp is None else stamp
        following = at + (packet.duration or 1)
        pts.append(at)
        if packet.is_keyframe:
            keys.append(at)
    # Two frames with one time stamp cannot both be shown.
    return np.unique(np.array(pts, np.int64)), np.unique(np.array(keys, np.int64))


def _packets(container: InputContainer, stream: VideoStream) -> Iterator[Packet[VideoStream]]:
    """Yield the packets of a stream; a file that breaks off ends there."""
    import av

    packets = container.demux(stream)
    while True:
        try:
            yield next(packets)
        except (StopIteration, av.error.FFmpegError):
            return


def _is_stamped(path: Path, pts: NDArray[np.int64]) -> bool:
    """Whether decoded frames carry the time stamps of their packets; H.264 in AVI and raw streams do not."""
    last: int | None = None
    tried = 0
    with open_media(path) as container:
        stream = picture_stream(container)
        for frame in _decoded(container, stream) if stream is not None else ():
            if frame.pts is None or (last is not None and frame.pts <= last) or not _holds(pts, frame.pts):
                return False
            last, tried = frame.pts, tried + 1
            if tried >= _TRIED_FRAMES:
                break
    return True


def _holds(rising: NDArray[np.int64], value: int) -> bool:
    place = int(np.searchsorted(rising, value))
    return place < len(rising) and int(rising[place]) == value


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Yield decoded frames; what cannot be decoded is left out."""
    import av

    for packet in _packets(container, stream):
        with contextlib.suppress(av.error.FFmpegError):
            yield from packet.decode()


class PictureReader:
    """Fetches frames of one file, forward, decoding no more than it must."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._container: InputContainer | None = None
        self._frames: Iterator[VideoFrame] = iter(())
        self._held: tuple[int, VideoFrame] | None = None
        self._before: tuple[int, VideoFrame] | None = None
        self._count = 0

    def frame(self, index: int) -> VideoFrame:
        """Return a frame by its index; one that cannot be decoded is stood in for by that before it.

        Raises:
            NoPictureError: Nothing can be decoded.
        """
        wanted = int(self._picture.pts[index])
        self._go_near(wanted)
        while self._held is None or self._held[0] < wanted:
            following = next(self._frames, None)
            if following is None:
                break
            self._before, self._held = self._held, (self._stamp(following), following)
        if self._held is None:
            raise NoPictureError(file=self._picture.path.name)
        if self._held[0] > wanted and self._before is not None:
            return self._before[1]
        return self._held[1]

    def close(self) -> None:
        """Let the file go."""
        self._frames = iter(())
        if self._container is not None:
            self._container.close()
            self._container = None

    def _stamp(self, frame: VideoFrame) -> int:
        self._count += 1
        if not self._picture.counted and frame.pts is not None:
            return frame.pts
        return int(self._picture.pts[min(self._count, len(self._picture.pts)) - 1])

    def _go_near(self, wanted: int) -> None:
        """Put decoding at the last key frame that helps, unless going on is as quick."""
        at = self._held[0] if self._held is not None else None
        if self._container is None or (at is not None and wanted < at and not self._is_before(wanted)):
            self._open()
            at = None
        if self._picture.counted or wanted == at:
            return
        before = int(np.searchsorted(self._picture.keys, wanted, side="right")) - 1
        if before <= 0 and at is None:
            return
        assert self._container is not None
        stream = picture_stream(self._container)
        assert stream is not None
        worth = _WORTH_SEEKING_S / float(stream.time_base or 1)
        if at is not None and (before < 0 or self._picture.keys[before] - at < worth):
            return
        for back in _STEPS_BACK:
            if before - back < 0:
                break
            self._container.seek(int(self._picture.keys[before - back]), stream=stream)
            self._start(_decoded(self._container, stream))
            if self._held is not None and self._held[0] <= wanted:
                return
        self._open()

    def _is_before(self, wanted: int) -> bool:
        return self._before is not None and self._before[0] <= wanted

    def _open(self) -> None:
        self.close()
        self._container = open_media(self._picture.path)
        stream = picture_stream(self._container)
        if stream is None:
            raise NoPictureError(file=self._picture.path.name)
        stream.thread_type = "AUTO"
        self._count = 0
        self._start(_decoded(self._container, stream))

    def _start(self, frames: Iterator[VideoFrame]) -> None:
        self._frames, self._before = frames, None
        first = next(frames, None)
        self._held = None if first is None else (self._stamp(first), first)
