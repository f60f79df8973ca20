"""Choose what encodes a camera's pictures: the computer's own chip where it proves itself, else x264.

Drivers promise much, and some hang or crash: a chip is only trusted after it has encoded some pictures in a
process of its own (``python -m capture.encoder``), and what came out was decoded and looked at.
"""

from __future__ import annotations

import io
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from capture.launch import start_child

if TYPE_CHECKING:
    import numpy as np
    from av import VideoStream
    from numpy.typing import NDArray

PROVEN_WITHIN_S = 20.0
TICK = Fraction(1, 90_000)
KEY_EVERY_US = 1_000_000
_US = 1_000_000
_CRF = "20"
_QUALITY = "24"  # of constant quantizers, which have no look at the picture as x264 has
_PROBE_FRAMES = 75
_MOST_OFF = 12.0  # of 255: how far a decoded picture may be from what was encoded, on average
#: Where Linux shows that there is a chip at all.
_LINUX_SIGNS = {"h264_nvenc": "dev/nvidia0", "h264_qsv": "dev/dri/renderD128", "h264_v4l2m2m": "dev/video11"}


@dataclass(frozen=True, slots=True)
class Encoder:
    """An H.264 encoder of FFmpeg and how to set it; every one makes a closed group of pictures a second."""

    name: str
    options: dict[str, str] = field(default_factory=dict)
    pix_fmt: str = "yuv420p"


def software(rate: Fraction) -> Encoder:
    """Return x264, set to be fast."""
    most = max(1, round(rate))  # a bound only: key frames are asked for by time, cameras vary their rate
    params = f"open-gop=0:scenecut=0:keyint={most}:min-keyint=1:rc-lookahead=0:sync-lookahead=0"
    options = {"preset": "ultrafast", "crf": _CRF, "forced-idr": "1", "x264-params": params}
    return Encoder("libx264", options)


def hardware(*, platform: str = sys.platform, root: Path = Path("/")) -> tuple[Encoder, ...]:
    """Return the encoders that this computer's chips might have, best first.

    Args:
        platform: As ``sys.platform``.
        root: Where Linux keeps its devices.
    """
    nvenc = Encoder(
        "h264_nvenc", {"preset": "p1", "rc": "constqp", "qp": _QUALITY, "bf": "0", "forced-idr": "1"}
    )
    qsv = Encoder(
        "h264_qsv", {"preset": "veryfast", "global_quality": _QUALITY, "bf": "0", "forced_idr": "1"}, "nv12"
    )
    if platform == "darwin":
        return (Encoder("h264_videotoolbox", {"realtime": "1", "q": "65", "bf": "0"}),)
    if platform == "win32":
        amf = Encoder(
            "h264_amf", {"usage": "lowlatency", "rc": "cqp", "qp_i": _QUALITY, "qp_p": _QUALITY}, "nv12"
        )
        return (nvenc, qsv, amf)
    if platform.startswith("linux"):
        v4l2 = Encoder("h264_v4l2m2m", {"b": "12000000", "bf": "0"})
        return tuple(each for each in (nvenc, qsv, v4l2) if (root / _LINUX_SIGNS[each.name]).exists())
    return ()


def proves(encoder: Encoder, *, width: int, height: int, rate: Fraction) -> bool:
    """Whether an encoder makes what was asked for: every picture, key frames on demand, the right picture.

    A driver may hang or crash here.
    """
    import av

    asked = [n for n in range(_PROBE_FRAMES) if n % round(rate) == 0]
    try:
        data = _encoded(encoder, width=width, height=height, rate=rate, keys=asked)
        with av.open(io.BytesIO(data), mode="r") as container:
            frames = list(container.decode(video=0))
    except (av.error.FFmpegError, ValueError, OSError):
        return False
    if len(frames) != _PROBE_FRAMES or [n for n, each in enumerate(frames) if each.key_frame] != asked:
        return False
    return all(
        _off(frames[n].to_ndarray(format="gray"), _picture(n, width, height)) < _MOST_OFF for n in (0, 40)
    )


def _encoded(encoder: Encoder, *, width: int, height: int, rate: Fraction, keys: list[int]) -> bytes:
    import av
    from av.video.frame import PictureType

    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as file:
        exact = Fraction(round(rate * 1000), 1000)
        stream = cast("VideoStream", file.add_stream(encoder.name, rate=exact, options=encoder.options))
        stream.width, stream.height, stream.pix_fmt = width, height, encoder.pix_fmt
        stream.codec_context.time_base = TICK
        for n in range(_PROBE_FRAMES):
            gray = av.VideoFrame.from_ndarray(_picture(n, width, height), format="gray")
            frame = gray.reformat(format=encoder.pix_fmt)
            frame.time_base, frame.pts = TICK, round(n / (rate * TICK))
            frame.pict_type = PictureType.I if n in keys else PictureType.NONE
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return target.getvalue()


def _picture(n: int, width: int, height: int) -> NDArray[np.uint8]:
    """Return a slope that moves, inside the range of television."""
    import numpy as np

    row = (np.arange(width) + 4 * n) * 200 // width % 200 + 20
    return np.broadcast_to(row.astype(np.uint8), (height, width)).copy()


def _off(shown: NDArray[Any], truth: NDArray[Any]) -> float:
    import numpy as np

    return float(np.abs(shown.astype(np.int16) - truth).mean())


class EncoderChoice:
    """What to encode with: x264 until a chip has proven itself, which is tried beside everything else.

    Args:
        candidates: Returns what to try, best first.
    """

    def __init__(self, candidates: Callable[[], tuple[Encoder, ...]] = hardware) -> None:
        self._candidates = candidates
        self._proven: dict[tuple[int, int, Fraction], Encoder] = {}
        self._asked: set[tuple[int, int, Fraction]] = set()

    def encoder(self, *, width: int, height: int, rate: Fraction) -> Encoder:
        """Return the best that is proven for pictures like these by now."""
        return self._proven.get((width, height, rate)) or software(rate)

    def try_for(self, *, width: int, height: int, rate: Fraction) -> threading.Thread | None:
        """Begin to try what there is for pictures like these; return the thread, if there is one."""
        key = (width, height, rate)
        candidates = () if key in self._asked else self._candidates()
        self._asked.add(key)
        if not candidates:
            return None

        def prove() -> None:
            for each in candidates:
                if _proven_apart(each.name, width=width, height=height, rate=rate):
                    self._proven[key] = each
                    return

        thread = threading.Thread(target=prove, name="prove encoder", daemon=True)
        thread.start()
        return thread


def _proven_apart(name: str, *, width: int, height: int, rate: Fraction) -> bool:
    """Let an encoder prove itself in a process of its own."""
    args = [name, str(width), str(height), str(rate)]
    with start_child("capture.encoder", args, low_priority=True, own_session=True) as child:
        end_s = time.monotonic() + PROVEN_WITHIN_S
        while child.running and time.monotonic() < end_s:
            child.wait(0.1)
        code = child.wait(0)
        if code is None:
            child.kill()
        return code == 0


def main(name: str, width: str, height: str, rate: str) -> int:
    """Return 0 if the encoder of this name proves itself here."""
    known = {each.name: each for each in (*hardware(), software(Fraction(rate)))}
    good = name in known and proves(known[name], width=int(width), height=int(height), rate=Fraction(rate))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5]))
