"""Write the result as one MP4 that every browser and learning system plays, the same bits every time."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from editor.audio import RATE_HZ, Sound
from editor.fit import Size

if TYPE_CHECKING:
    from av import VideoCodecContext, VideoFrame

#: Quality a producer cannot tell from the original at normal size, see docs/measurements.md.
BEST_CRF = 23.0
WORST_CRF = 40.0
SOUND_BITS_PER_S = 128_000
GOP_S = 2
# To be the same bits every time: no cap on the bit rate (with it x264's threads are not repeatable; instead
# the constant quality is chosen beforehand to fit the size), and numbers of threads that do not follow the
# machine. A single lookahead thread is not repeatable either: on a busy machine one encode in forty differed.
_THREADS, _LOOKAHEAD_THREADS = 4, 2
_BT709, _TV_RANGE = 1, 1


def picture_options(rate: Fraction, *, crf: float) -> dict[str, str]:
    """Return x264's options as FFmpeg names them."""
    gop_frames = max(1, round(rate * GOP_S))
    return {
        "preset": "veryfast",
        "profile": "high",
        "crf": f"{crf:.2f}",
        "g": str(gop_frames),
        "threads": str(_THREADS),
        "flags": "+bitexact",
        "a53cc": "0",  # captions that a camera hid in its frames are not ours
        "x264-params": f"cpu-independent=1:lookahead-threads={_LOOKAHEAD_THREADS}:open-gop=0:stitchable=1",
    }


def _set_up(codec: VideoCodecContext, rate: Fraction, size: Size, *, crf: float) -> None:
    codec.width, codec.height = size.width_px, size.height_px
    codec.pix_fmt = "yuv420p"
    codec.time_base = 1 / rate
    codec.framerate = rate
    codec.sample_aspect_ratio = Fraction(1)
    codec.colorspace = codec.color_primaries = codec.color_trc = _BT709
    codec.color_range = _TV_RANGE
    codec.options = picture_options(rate, crf=crf)


def _ready(frame: VideoFrame, number: int, rate: Fraction) -> VideoFrame:
    frame.pts, frame.time_base = number, 1 / rate
    frame.pict_type = 0  # what it was in the camera's file is no order to the encoder
    return frame


class TrialEncoder:
    """Tells how many bytes pictures come to, without keeping them."""

    def __init__(self, rate: Fraction, size: Size, *, crf: float) -> None:
        import av

        self._codec: VideoCodecContext = av.CodecContext.create("libx264", "w")
        _set_up(self._codec, rate, size, crf=crf)
        self._rate = rate
        self.frames = 0
        self.bytes = 0

    def picture(self, frame: VideoFrame) -> None:
        """Take the next picture."""
        self._count(_ready(frame, self.frames, self._rate))
        self.frames += 1

    def finish(self) -> None:
        """Take account of what the encoder still holds back."""
        self._count(None)

    def _count(self, frame: VideoFrame | None) -> None:
        self.bytes += sum(packet.size for packet in self._codec.encode(frame))


class ResultFile:
    """The MP4 that is being written; pictures and sound may come in any interleaving.

    Args:
        path: Where it goes.
        rate: Frames per second.
        size: Of every picture.
        title: As a player shows it.
        crf: x264's constant quality.
    """

    def __init__(self, path: Path, *, rate: Fraction, size: Size, title: str, crf: float) -> None:
        import av

        self._container = av.open(
            f"file:{path.absolute()}",
            "w",
            format="mp4",
            options={"movflags": "+faststart", "fflags": "+bitexact"},
        )
        self._container.metadata["title"] = title
        self._rate = rate
        self._picture = self._container.add_stream("libx264", rate=rate)
        _set_up(self._picture.codec_context, rate, size, crf=crf)
        self._sound = self._container.add_stream("aac", rate=RATE_HZ, layout="mono")
        self._sound.codec_context.bit_rate = SOUND_BITS_PER_S
        self._sound.codec_context.options = {"flags": "+bitexact"}
        self.frames = 0
        self.samples = 0

    def picture(self, frame: VideoFrame) -> None:
        """Append a picture; the same one may come again."""
        self._container.mux(self._picture.encode(_ready(frame, self.frames, self._rate)))
        self.frames += 1

    def sound(self, samples: Sound) -> None:
        """Append mono sound at 48 kHz, shape (n,)."""
        from av import AudioFrame

        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples[None, :]), format="fltp", layout="mono")
        frame.sample_rate = RATE_HZ
        frame.pts, frame.time_base = self.samples, Fraction(1, RATE_HZ)
        self._container.mux(self._sound.encode(frame))
        self.samples += len(samples)

    def finish(self) -> None:
        """Write what the encoders hold back, and the index in front.

        Raises:
            OSError: The disk is full or gone.
        """
        for stream in (self._picture, self._sound):
            self._container.mux(stream.encode(None))
        self._container.close()

    def close(self) -> None:
        """Let the file go, finished or not."""
        import av

        with contextlib.suppress(av.error.FFmpegError):
            self._container.close()


def count_frames(path: Path) -> tuple[int, int, int]:
    """Return how many pictures a result file has, how many lie off an even grid, and its sound in samples."""
    import av

    with av.open(f"file:{path.absolute()}") as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        step = 1 / (picture.average_rate or Fraction(1)) / (picture.time_base or Fraction(1))
        stamps: list[int] = []
        samples = 0
        for packet in container.demux(picture, sound):
            if packet.size and packet.stream is picture:
                stamps.append(packet.pts or 0)
            elif packet.size:
                samples = max(samples, (packet.pts or 0) + (packet.duration or 0))
        uneven = sum(abs(stamp - n * step) >= 1 for n, stamp in enumerate(sorted(stamps)))
        return len(stamps), uneven, round(samples * (sound.time_base or 0) * RATE_HZ)
