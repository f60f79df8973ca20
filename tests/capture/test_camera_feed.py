"""A camera on a machine that is too busy: the take comes later, the preview shows what is."""

import time

import av
import numpy as np

from capture.camera_feed import CameraFeed
from capture.camera_track import CameraTrack
from capture.devices import CameraFormat
from capture.preview_ring import Preview, PreviewReader, PreviewRing

US = 1_000_000


class LaggingCamera:
    """Delivers a black picture of five seconds ago, while a white one has come just now."""

    id = name = "lagging"
    length_us = None
    lost_pictures = 0

    def __init__(self, folder) -> None:
        with av.open(str(folder / "camera.mjpeg"), "w", format="mjpeg") as out:
            stream = out.add_stream("mjpeg", rate=30)
            stream.width, stream.height, stream.pix_fmt = 64, 36, "yuvj420p"
            for value in (0, 255):
                pixels = np.full((36, 64, 3), value, np.uint8)
                out.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            out.mux(stream.encode(None))
        self._container = av.open(str(folder / "camera.mjpeg"))
        self._stream = self._container.streams.video[0]
        self._black, self._white = [each for each in self._container.demux(self._stream) if each.size]
        self.came_us = 0

    def open(self) -> CameraFormat:
        return CameraFormat(video=self._stream, sound=None, rate=30, keep_packets=False)

    def packets(self, start_us):
        self.came_us = time.monotonic_ns() // 1000
        late_s = (self.came_us - start_us) / US - 5
        self._black.pts = self._black.dts = round(late_s / self._black.time_base)
        yield self._black
        time.sleep(0.3)

    def newest(self):
        return self._white, self.came_us

    def close(self) -> None:
        self._container.close()


class BrokenCamera(LaggingCamera):
    """Its driver fails where nobody expects it."""

    @property
    def length_us(self):
        raise ValueError("a bug")


def test_takes_come_to_an_end_although_reading_the_camera_failed(tmp_path):
    camera = BrokenCamera(tmp_path)
    opened = (camera, camera.open())
    feed = CameraFeed("broken", opened, tell=lambda key, at_us: None, on_standing=lambda: None)
    given = {
        "folder": tmp_path,
        "start_us": 0,
        "limit_us": None,
        "live": True,
        "tell": lambda key, at_us: None,
    }
    first, second = CameraTrack(**given), CameraTrack(**given)
    feed.go_on(first)
    feed.start(0)
    assert first.join(10), "the one that was recorded"
    feed.hold()
    feed.go_on(second)
    assert second.join(10), "and the next one"
    assert feed.state.standing == "gone"


def test_a_take_that_is_seconds_behind_does_not_hold_up_the_preview(tmp_path):
    camera = LaggingCamera(tmp_path)
    feed = CameraFeed(
        "lagging",
        (camera, camera.open()),
        preview=Preview(PreviewRing(tmp_path / "preview")),
        loops=False,
        tell=lambda key, at_us: None,
        on_standing=lambda: None,
    )
    feed.start(time.monotonic_ns() // 1000)
    with PreviewReader(tmp_path / "preview") as reader:
        end_s = time.monotonic() + 10
        while (frame := reader.newest()) is None:
            assert time.monotonic() < end_s
            time.sleep(0.01)
    feed.close()
    feed.join(5)
    assert frame.at_us == camera.came_us
    assert min(frame.rgb) > 240, "white: what is, not what was"
