"""The newest picture, whole or not at all, and never a wait for anybody."""

import subprocess
import sys
import time
import zlib
from pathlib import Path

import av
import numpy as np
import pytest

from capture.preview_ring import MOST_PX, Preview, PreviewReader, PreviewRing

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def ring(tmp_path):
    ring = PreviewRing(tmp_path / "preview")
    yield ring
    ring.close()


def put(ring: PreviewRing, value: int, *, width_px: int = 4, height_px: int = 2) -> None:
    ring.put(
        at_us=value, width_px=width_px, height_px=height_px, rgb=bytes([value]) * width_px * height_px * 3
    )


def test_a_window_gets_the_newest_picture_once(ring, tmp_path):
    with PreviewReader(tmp_path / "preview") as reader:
        assert reader.newest() is None
        for value in (7, 8, 9):
            put(ring, value)
        frame = reader.newest()
        assert frame is not None
        assert (frame.seq, frame.at_us, frame.width_px, frame.height_px) == (3, 9, 4, 2)
        assert frame.rgb == bytes([9]) * 24
        assert reader.newest(after=3) is None
        put(ring, 10)
        assert reader.newest(after=3).at_us == 10


def test_sizes_may_change_and_nothing_too_large_gets_in(ring, tmp_path):
    put(ring, 1, width_px=MOST_PX, height_px=360)
    put(ring, 2, width_px=360, height_px=MOST_PX)
    with PreviewReader(tmp_path / "preview") as reader:
        assert reader.newest().height_px == MOST_PX
    with pytest.raises(ValueError):
        put(ring, 3, width_px=MOST_PX + 2, height_px=2)
    with pytest.raises(ValueError):
        ring.put(at_us=0, width_px=2, height_px=2, rgb=b"short")


def test_what_is_no_preview_is_refused(tmp_path):
    (tmp_path / "other").write_bytes(b"something else")
    with pytest.raises(ValueError):
        PreviewReader(tmp_path / "other")
    with pytest.raises(OSError):
        PreviewReader(tmp_path / "nothing")


def test_a_picture_that_is_half_overwritten_is_not_shown(ring, tmp_path):
    """As when the reader was interrupted, and the writer came round to its slot."""
    put(ring, 1)
    put(ring, 2)
    with PreviewReader(tmp_path / "preview") as reader:
        data = bytearray((tmp_path / "preview").read_bytes())
        torn = data.index(bytes([2]) * 24) + 20
        with (tmp_path / "preview").open("rb+") as file:
            file.seek(torn)
            file.write(b"\xff")
        assert reader.newest().at_us == 1, "the one before is whole"


WRITE = """
import sys, time, zlib
from pathlib import Path
import numpy as np
from capture.preview_ring import PreviewRing
ring = PreviewRing(Path(sys.argv[1]))
end_s = time.monotonic() + float(sys.argv[2])
rng = np.random.default_rng(1)
noise = rng.integers(0, 256, 640 * 360 * 3 + 1000, np.uint8)
n = 0
while time.monotonic() < end_s:
    n += 1
    rgb = noise[n % 1000 : n % 1000 + 640 * 360 * 3].tobytes()
    ring.put(at_us=zlib.crc32(rgb), width_px=640, height_px=360, rgb=rgb)
print(n)
"""


def test_no_picture_is_ever_torn(tmp_path):
    """A writer as fast as it can, far beyond any camera, and readers beside it: what is read is whole."""
    path = tmp_path / "preview"
    command = [sys.executable, "-c", WRITE, str(path), "3"]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, text=True) as writer:
        while not path.exists() or not path.stat().st_size:
            time.sleep(0.01)
        time.sleep(0.05)
        whole, seen = 0, 0
        with PreviewReader(path) as reader:
            while writer.poll() is None:
                frame = reader.newest(after=seen)
                if frame is not None:
                    assert zlib.crc32(frame.rgb) == frame.at_us
                    assert frame.seq > seen
                    whole, seen = whole + 1, frame.seq
        assert writer.stdout is not None
        print(f"{writer.stdout.read().strip()} pictures written, {whole} read, none torn")
    assert whole > 20


def picture(width: int, height: int) -> av.VideoFrame:
    """White above, black below."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2] = 255
    return av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuvj420p")


@pytest.mark.parametrize(
    ("size", "rotation", "shown"),
    [
        ((1920, 1080), 0, (640, 360)),
        ((1080, 1920), 0, (360, 640)),
        ((1920, 1080), 90, (360, 640)),
        ((320, 240), 0, (320, 240)),
    ],
)
def test_pictures_are_made_small_and_upright(ring, tmp_path, size, rotation, shown):
    Preview(ring).show(picture(*size), at_us=5, rotation=rotation)
    with PreviewReader(tmp_path / "preview") as reader:
        frame = reader.newest()
    assert (frame.width_px, frame.height_px) == shown
    pixels = np.frombuffer(frame.rgb, np.uint8).reshape(frame.height_px, frame.width_px, 3)
    if rotation:  # what was above is on the left
        assert pixels[:, 5].min() > 240
        assert pixels[:, -5].max() < 15
    else:
        assert pixels[5].min() > 240
        assert pixels[-5].max() < 15


def test_no_more_than_fifteen_pictures_a_second(ring):
    preview = Preview(ring)
    frame = picture(64, 36)
    shown = 0
    for n in range(30):
        at_us = n * 33_333
        if preview.is_due(at_us):
            preview.show(frame, at_us=at_us)
            shown += 1
    assert shown == 15


def test_a_window_that_still_looks_does_no_harm(tmp_path):
    ring = PreviewRing(tmp_path / "preview")
    put(ring, 1)
    reader = PreviewReader(tmp_path / "preview")
    ring.close()
    assert not (tmp_path / "preview").exists()
    assert reader.newest().at_us == 1
    reader.close()
