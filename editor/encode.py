"""Write the result as one MP4 that every browser and learning system plays, the same bits every time.

All encodes that may be joined packet by packet are made here, by PyAV's x264 (FFmpeg's binary has another).
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from capture.errors import UserError
from editor.audio import RATE_HZ, Sound
from editor.fit import Size

if TYPE_CHECKING:
    from av import Packet, VideoCodecContext, VideoFrame, VideoStream

#: Quality a producer cannot tell from the original at normal size, see docs/measurements.md.
BEST_CRF = 23.0
WORST_CRF = 40.0
SOUND_BITS_PER_S = 128_000
LEAST_SOUND_BITS_PER_S = 64_000
#: Every group of pictures can be played and copied on its own; a longer one would make cuts slower.
GOP_S = 1
# To be the same bits every time: no cap on the bit rate (with it x264's threads are not repeatable; instead
# the constant quality is chosen beforehand to fit the size), and numbers of threads that do not follow the
# machine. A single lookahead thread is not repeatable either: on a busy machine one encode in forty differed.
_THREADS, _LOOKAHEAD_THREADS = 4, 2
_BT709, _TV_RANGE = 1, 1
_REORDERED_FRAMES = 2  # B frames that B frames refer to: decoding is so far ahead of showing


class CannotJoinError(Exception):
    """Pictures were not encoded alike, so they cannot stand in one file; encoding all of them anew helps."""


@dataclass(frozen=True, slots=True)
class PictureSettings:
    """All that decides how pictures are encoded; what is encoded by the same can be joined.

    Args:
        rate: Frames per second.
        size: Of every picture.
        options: x264's as FFmpeg names them.
    """

    rate: Fraction
    size: Size
    options: dict[str, str]

    @property
    def crf(self) -> float:
        """x264's constant quality: lower is better and larger."""
        return float(self.options["crf"])


def house_settings(rate: Fraction, size: Size, *, crf: float = BEST_CRF) -> PictureSettings:
    """Return what Lapel encodes with.

    ``superfast`` with the lookahead of ``veryfast`` is as good as that in half the time, see
    docs/measurements.md.
    """
    x264 = {
        "mbtree": "1",
        "rc-lookahead": "10",
        "cpu-independent": "1",
        "lookahead-threads": str(_LOOKAHEAD_THREADS),
        "open-gop": "0",
        "stitchable": "1",  # nothing in the headers depends on what is filmed, or on the quality
        "annexb": "0",  # packets as they stand in an MP4, so that they can be joined with those of one
    }
    options = {
        "preset": "superfast",
        "profile": "high",
        "crf": f"{crf:.2f}",
        "g": str(max(1, round(rate * GOP_S))),
        "threads": str(_THREADS),
        "flags": "+bitexact+global_header",
        "a53cc": "0",  # captions that a camera hid in its frames are not ours
        "x264-params": ":".join(f"{name}={value}" for name, value in x264.items()),
    }
    return PictureSettings(rate, size, options)


def _set_up(codec: VideoCodecContext, settings: PictureSettings) -> None:
    codec.width, codec.height = settings.size.width_px, settings.size.height_px
    codec.pix_fmt = "yuv420p"
    codec.time_base = 1 / settings.rate
    codec.framerate = settings.rate
    codec.sample_aspect_ratio = Fraction(1)
    codec.colorspace = codec.color_primaries = codec.color_trc = _BT709
    codec.color_range = _TV_RANGE
    codec.options = dict(settings.options)  # PyAV adds to it


class PictureEncoder:
    """Encodes pictures from a key frame on, for a file that is put together of several such runs."""

    def __init__(self, settings: PictureSettings) -> None:
        import av

        self._codec: VideoCodecContext = av.CodecContext.create("libx264", "w")
        _set_up(self._codec, settings)
        self._codec.open()
        self._rate = settings.rate
        self.frames = 0

    @property
    def headers(self) -> bytes:
        """Parameter sets as they stand in an MP4; only what agrees in them can be joined."""
        return bytes(self._codec.extradata or b"")

    def picture(self, frame: VideoFrame) -> list[Packet[VideoStream]]:
        """Take the next picture and return what is ready; time stamps count frames from 0."""
        frame.pts, frame.time_base = self.frames, 1 / self._rate
        frame.pict_type = 0  # what it was in the camera's file is no order to the encoder
        self.frames += 1
        return self._codec.encode(frame)

    def finish(self) -> list[Packet[VideoStream]]:
        """Return what the encoder still holds back."""
        return self._codec.encode(None)


def encoded(
    settings: PictureSettings, frames: Iterable[VideoFrame], *, headers: bytes = b""
) -> Iterator[Packet[VideoStream]]:
    """Yield pictures encoded as one run from a key frame on; time stamps count frames from 0.

    Raises:
        CannotJoinError: The encoder's parameter sets are not ``headers``, where those are given.
    """
    encoder = PictureEncoder(settings)
    if headers and encoder.headers != headers:
        raise CannotJoinError
    for frame in frames:
        yield from encoder.picture(frame)
    yield from encoder.finish()


class ResultFile:
    """The MP4 that is being written; pictures and sound may come in any interleaving.

    Args:
        path: Where it goes.
        settings: What its pictures are encoded with.
        title: As a player shows it.
        sound_bits_per_s: Of its sound; 0 where none will come.
    """

    def __init__(
        self,
        path: Path,
        *,
        settings: PictureSettings,
        title: str,
        sound_bits_per_s: int = SOUND_BITS_PER_S,
    ) -> None:
        import av

        self._container = av.open(
            f"file:{path.absolute()}",
            "w",
            format="mp4",
            options={"movflags": "+faststart", "fflags": "+bitexact"},
        )
        self._container.metadata["title"] = title
        self._rate = settings.rate
        # Never encodes: it only says what the header must.
        self._picture = self._container.add_stream("libx264", rate=settings.rate)
        _set_up(self._picture.codec_context, settings)
        self._sound = None
        if sound_bits_per_s:
            self._sound = self._container.add_stream("aac", rate=RATE_HZ, layout="mono")
            self._sound.codec_context.bit_rate = sound_bits_per_s
            self._sound.codec_context.options = {"flags": "+bitexact"}
        self._container.start_encoding()
        self.frames = 0
        self.samples = 0

    @property
    def headers(self) -> bytes:
        """The parameter sets that every picture of the file must go by."""
        return bytes(self._picture.codec_context.extradata or b"")

    def picture(self, packet: Packet[VideoStream], *, run_frame: int) -> None:
        """Append an encoded picture; they come in the order of decoding.

        Args:
            packet: Its time stamp counts frames from the start of its run, which begins with a key frame.
            run_frame: Where its run starts in the file.

        Raises:
            CannotJoinError: It would be shown before it is decoded.
        """
        shown = run_frame + (packet.pts or 0)
        decoded = self.frames - _REORDERED_FRAMES
        if shown < decoded:
            raise CannotJoinError
        packet.stream = self._picture
        packet.time_base = 1 / self._rate
        packet.pts, packet.dts, packet.duration = shown, decoded, 1
        self._container.mux(packet)
        self.frames += 1

    def sound(self, samples: Sound) -> None:
        """Append mono sound at 48 kHz, shape (n,)."""
        from av import AudioFrame

        assert self._sound is not None
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples[None, :]), format="fltp", layout="mono")
        frame.sample_rate = RATE_HZ
        frame.pts, frame.time_base = self.samples, Fraction(1, RATE_HZ)
        self._container.mux(self._sound.encode(frame))
        self.samples += len(samples)

    def finish(self) -> None:
        """Write what the sound's encoder holds back, and the index in front.

        Raises:
            OSError: The disk is full or gone.
        """
        if self._sound is not None:
            self._container.mux(self._sound.encode(None))
        self._container.close()

    def close(self) -> None:
        """Let the file go, finished or not."""
        import av

        with contextlib.suppress(av.error.FFmpegError):
            self._container.close()


@dataclass(frozen=True, slots=True)
class Counted:
    """What stands in a written file.

    Args:
        frames: How many pictures.
        uneven: How many of them lie off an even grid.
        keys: Which of them are key frames, rising.
        samples: Length of the sound.
    """

    frames: int
    uneven: int
    keys: tuple[int, ...]
    samples: int


def count(path: Path) -> Counted:
    """Return what stands in a file that ``ResultFile`` wrote."""
    import av

    with av.open(f"file:{path.absolute()}") as container:
        picture = container.streams.video[0]
        sound = next(iter(container.streams.audio), None)
        step = 1 / (picture.average_rate or Fraction(1)) / (picture.time_base or Fraction(1))
        stamps: list[int] = []
        keys: list[int] = []
        end = 0
        for packet in container.demux():
            if packet.size and packet.stream is picture:
                stamps.append(packet.pts or 0)
                if packet.is_keyframe:
                    keys.append(round((packet.pts or 0) / step))
            elif packet.size:
                end = max(end, (packet.pts or 0) + (packet.duration or 0))
        uneven = sum(abs(stamp - n * step) >= 1 for n, stamp in enumerate(sorted(stamps)))
        samples = 0 if sound is None else round(end * (sound.time_base or 0) * RATE_HZ)
        return Counted(len(stamps), uneven, tuple(keys), samples)


@contextlib.contextmanager
def told_of_disk(out: Path) -> Iterator[None]:
    """Say in words what the system says of the place a file was to go to.

    Raises:
        UserError: The disk is full or cannot be written to.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise UserError("render.disk_full", folder=out.parent) from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM, errno.ENOENT, errno.ENOTDIR):
            raise UserError("render.cannot_write", folder=out.parent, reason=error.strerror or "") from error
        raise
