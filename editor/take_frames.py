"""Fetch any frame of a take for the window: out of its working copy, else out of what the camera made."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from capture.take import Take
from capture.work import Work
from editor.fit import Fitter, Size
from editor.picture import NoPictureError, Picture, PictureReader, frames_shown, take_pictures
from editor.working_copy import working_copy

if TYPE_CHECKING:
    from av import Packet, VideoFrame, VideoStream
    from av.container import InputContainer

#: On from the last frame by up to this many, decoding on is as quick as entering anew.
_ON_FRAMES = 12


class CopyFrames:
    """A working copy: frame n of the file is frame n of the take's grid, and every second can be entered.

    Args:
        path: The file.
        rate: Frames a second of it and of the grid.

    Raises:
        NoPictureError: It cannot be decoded.
    """

    def __init__(self, path: Path, rate: Fraction) -> None:
        self._path = path
        self._rate = rate
        self._container, self._stream = _opened(path)
        self._begins = self._stream.start_time or 0
        self._count = max(1, self._stream.frames)
        self._packets: Iterator[Packet[VideoStream]] = iter(())
        self._ready: list[VideoFrame] = []
        self._at: int | None = None
        self._held: VideoFrame | None = None

    def frame(self, number: int) -> VideoFrame:
        """Return a frame of the grid; before the first and after the last the picture stands still.

        Raises:
            NoPictureError: It cannot be decoded.
        """
        number = min(max(number, 0), self._count - 1)
        if self._held is not None and number == self._at:
            return self._held
        if self._at is None or not 0 < number - self._at <= _ON_FRAMES:
            self._container.seek(self._stamp(number), stream=self._stream)
            self._packets = self._container.demux(self._stream)
            self._ready.clear()
        self._held = self._decode_to(number)
        self._at = number
        return self._held

    def close(self) -> None:
        """Let the file go."""
        self._container.close()

    def _decode_to(self, number: int) -> VideoFrame:
        wanted = self._stamp(number)
        last = self._held
        while True:
            while self._ready:
                last = self._ready.pop(0)
                if last.pts is not None and last.pts >= wanted:
                    return last
            if not self._decode_more(wanted):
                break
        if last is None:
            raise NoPictureError(file=self._path.name)
        return last

    def _decode_more(self, wanted: int) -> bool:
        import av

        packet = next(self._packets, None)
        if packet is None:
            return False
        # What nothing else is made from and nobody sees need not be decoded on the way.
        is_on_the_way = packet.pts is not None and packet.pts < wanted
        self._stream.codec_context.skip_frame = "NONREF" if is_on_the_way else "DEFAULT"
        with contextlib.suppress(av.error.FFmpegError):
            self._ready += packet.decode()
        return True

    def _stamp(self, number: int) -> int:
        tick = self._stream.time_base or Fraction(1, 90_000)
        return self._begins + round(number / self._rate / tick)


class CameraFrames:
    """What the camera made, on the take's grid; entered where it can be.

    Args:
        pictures: The files of a take, at least one.
    """

    def __init__(self, pictures: tuple[Picture, ...]) -> None:
        self._pictures = pictures
        self._readers: dict[int, PictureReader] = {}
        self._fitters: dict[int, Fitter] = {}

    def frame(self, number: int) -> VideoFrame:
        """Return a frame of the grid, upright and with square samples.

        Raises:
            NoPictureError: It cannot be decoded.
        """
        files, indexes = frames_shown(self._pictures, number, 1)
        at = int(files[0])
        picture = self._pictures[at]
        if at not in self._readers:
            self._readers[at] = PictureReader(picture)
            self._fitters[at] = Fitter(_even(picture.size))
        decoded = self._readers[at].frame(int(indexes[0]))
        return self._fitters[at].fit(decoded, sample_aspect=picture.sample_aspect)

    def close(self) -> None:
        """Let the files go."""
        for reader in self._readers.values():
            reader.close()
        self._readers.clear()


def open_take_frames(take: Take, folder: Path, rate: Fraction) -> CopyFrames | CameraFrames | None:
    """Open the pictures of a take: its working copy if there is one of this rate, else the camera's files.

    Raises:
        UserError: A file is gone, or cannot be read.
    """
    copy = working_copy(take, folder)
    if copy is not None and copy.rate == rate:
        return CopyFrames(copy.path, rate)
    return camera_frames(take, folder, rate, work=Work())


def camera_frames(take: Take, folder: Path, rate: Fraction, *, work: Work) -> CameraFrames | None:
    """Open what the camera of a take made; None where it made nothing.

    Raises:
        MediaMissingError: A file of the take is gone.
        BadInputError: A file cannot be read.
        Cancelled: The person stopped the job.
    """
    found = tuple(each for each in take_pictures(folder, take, rate=rate, work=work) if len(each.pts))
    return CameraFrames(found) if found else None


def _even(size: Size) -> Size:
    return Size(max(2, size.width_px // 2 * 2), max(2, size.height_px // 2 * 2))


def _opened(path: Path) -> tuple[InputContainer, VideoStream]:
    from capture.probe import open_media, picture_stream

    container = open_media(path)
    stream = picture_stream(container)
    if stream is None:
        container.close()
        raise NoPictureError(file=path.name)
    stream.thread_type = "AUTO"
    return container, stream
