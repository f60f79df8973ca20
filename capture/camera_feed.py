"""Read a camera for as long as a session lasts: show it, watch it, and feed the take being recorded."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from capture.camera_track import CameraTrack
from capture.devices import Camera, CameraFormat, open_camera
from capture.encoder import EncoderChoice
from capture.feed import Feed
from capture.picture_watch import PictureWatch
from capture.preview_ring import Preview
from capture.tracks import Tell
from capture.video_file import shown_us

if TYPE_CHECKING:
    from av import Packet, VideoFrame
    from av.video.codeccontext import VideoCodecContext

US = 1_000_000
_MOST_REORDERED_US = US // 2  # a picture that lets others wait longer than this has lost them
_HELD_BACK_US = 200_000  # by a decoder that sorts pictures
_LATE_US = 500_000  # then there is no time for pictures that are only to be looked at
_MOST_SINCE_KEY = 300  # packets


class CameraFeed(Feed[Camera, "Packet[Any]", CameraTrack]):
    """A camera, read without end.

    Args:
        camera: It and what it delivers, open already; None to open it in the thread.
        paced: Whether a file plays at the speed of life.
        preview: Where its pictures are shown; None to show them nowhere.
        encoders: What has proven itself for pictures that cannot be kept.
    """

    name = "camera"
    opens_within_s = 30.0  # some networks, and a look at a picture every ten seconds

    def __init__(
        self,
        source: str,
        camera: tuple[Camera, CameraFormat] | None,
        *,
        paced: bool = True,
        preview: Preview | None = None,
        encoders: EncoderChoice | None = None,
        loops: bool = True,
        after: CameraFeed | None = None,
        tell: Tell,
        on_standing: Callable[[], None],
    ) -> None:
        device = camera[0] if camera is not None else None
        super().__init__(source, device, loops=loops, after=after, tell=tell, on_standing=on_standing)
        self._format = camera[1] if camera is not None else None
        self._paced = paced
        self._preview = preview
        self._encoders = encoders or EncoderChoice()
        self._watch: PictureWatch | None = None
        self._since_key: list[Packet[Any]] = []
        self._needs_key = False
        self._broken = 0
        self._last_shown_us = 0
        self._reorders = False
        self._onlooker: VideoCodecContext | None = None

    def _opened_again(self) -> Camera:
        # The id of a network camera lacks its password; that of one of ours says which it really is.
        is_network = "://" in self.source
        source = self.source if is_network or self._device is None else self._device.id
        camera = open_camera(source, paced=self._paced)
        if camera is None:
            raise ValueError("there was no camera")
        try:
            self._format = camera.open()
        except BaseException:
            camera.close()
            raise
        return camera

    @property
    def _camera(self) -> CameraFormat:
        if self._format is None:
            raise ValueError("not open")
        return self._format

    @property
    def _picture(self) -> dict[str, Any]:
        """What an encoder must be good for."""
        codec = self._camera.video.codec_context
        return {"width": codec.width & ~1, "height": codec.height & ~1, "rate": self._camera.rate}

    @property
    def _is_decoded(self) -> bool:
        """Whether its pictures are encoded anew."""
        return not self._camera.keep_packets

    def _items(self, device: Camera) -> Iterator[Packet[Any]]:
        return device.packets(self._zero_us)

    def _opened(self, device: Camera) -> None:
        self._since_key = []
        self._needs_key = False
        self._last_shown_us, self._reorders = 0, False
        self._onlooker = None
        self._watch = PictureWatch(self._camera, self._say_since_zero) if self.is_live else None
        if self.is_live and self._is_decoded:
            self._encoders.try_for(**self._picture)

    def _say_since_zero(self, key: str, at_us: int) -> None:
        self._say(key, self._zero_us + at_us)

    def _begin_file(self, track: CameraTrack) -> None:
        """Begin with the pictures that the first one of the take needs, where they are kept as they are."""
        if self.is_live:
            self._watch = PictureWatch(self._camera, self._say_since_zero)
        track.begin(self._camera, encoder=self._encoders.encoder(**self._picture))
        for packet in self._since_key:
            track.add(_copy(packet), None, shift_us=self._shift_us(track))

    def _shift_us(self, track: CameraTrack) -> int:
        return self._zero_us - track.start_us

    def _is_over(self, item: Packet[Any], track: CameraTrack) -> bool:
        # By decoding time: every frame shown before has come when that has passed.
        decoded = item.dts if item.dts is not None else item.pts
        at_us = round((decoded or 0) * item.time_base * US) + self._shift_us(track)
        held_back_us = _HELD_BACK_US if self.is_live and self._is_decoded and not self._is_intra else 0
        at_us -= held_back_us
        return track.ended(at_us) and (self._is_whole(item) or track.ended(at_us - _MOST_REORDERED_US))

    def _is_whole(self, item: Packet[Any]) -> bool:
        """Whether every picture has come that is shown before this one, or before the last that came.

        Where pictures come out of order, a file that ends in between has holes, and players hide its end.
        """
        if self._is_decoded or not self._reorders:
            return True
        return item.stream is self._camera.video and shown_us(item) >= self._last_shown_us

    def _heed(self, item: Packet[Any], track: CameraTrack | None) -> None:
        if item.stream is not self._camera.video:
            if track is not None:
                track.add(item, None, shift_us=self._shift_us(track))
            return
        at_us = shown_us(item)
        self._reorders = self._reorders or at_us < self._last_shown_us
        self._last_shown_us = max(self._last_shown_us, at_us)
        if self._watch is not None and self._device is not None:
            self._watch.add(item, at_us, lost_pictures=self._device.lost_pictures)
        frames = self._decoded(item, at_us, is_recorded=track is not None)
        if self.is_live and self._camera.keep_packets:
            self._remember(item)
        if track is not None:
            track.broken_packets += self._broken
            track.add(item, frames, shift_us=self._shift_us(track))
        self._broken = 0

    def _remember(self, packet: Packet[Any]) -> None:
        """Keep what the next picture needs that a take could begin with."""
        if packet.is_keyframe or len(self._since_key) >= _MOST_SINCE_KEY:
            self._since_key = []
        if packet.is_keyframe or self._since_key:
            self._since_key.append(_copy(packet))

    @property
    def _is_intra(self) -> bool:
        """Whether every picture stands for itself."""
        return self._camera.video.codec_context.name in {"mjpeg", "rawvideo", "wrapped_avframe"}

    def _decoded(self, packet: Packet[Any], at_us: int, *, is_recorded: bool) -> Sequence[VideoFrame]:
        """Decode what the take or the preview needs, and show it."""
        preview = self._preview
        is_late = time.monotonic_ns() // 1000 - self._zero_us - at_us > _LATE_US
        wants_to_show = preview is not None and preview.is_due(self._zero_us + at_us, seldom=is_late)
        if preview is not None and is_late and self.is_live and self._is_intra:
            self._show_newest(preview)
            wants_to_show = False
        if self._is_decoded and (is_recorded or not self._is_intra):
            frames = self._decode(packet)
        elif (
            preview is None or (self._is_intra and not wants_to_show) or not self._can_follow(packet, is_late)
        ):
            return ()
        else:
            frames = self._decode(packet)
        if preview is not None and wants_to_show and frames:
            preview.show(frames[-1], at_us=self._zero_us + at_us, rotation=self._camera.rotation)
        return frames

    def _show_newest(self, preview: Preview) -> None:
        """Show what the camera sees now, while the take is still coming to what it saw some seconds ago."""
        import av

        came = self._device.newest() if self._device is not None else None
        if came is None or not preview.is_due(came[1], seldom=True):
            return
        self._onlooker = self._onlooker or _decoder_beside(self._camera.video.codec_context)
        with contextlib.suppress(av.error.InvalidDataError, av.error.ArgumentError):
            for frame in self._onlooker.decode(came[0]):
                preview.show(frame, at_us=came[1], rotation=self._camera.rotation)

    def _can_follow(self, packet: Packet[Any], is_late: bool) -> bool:
        """Whether a picture that is only looked at can be decoded; gives way when there is no time."""
        self._needs_key = (self._needs_key and not packet.is_keyframe) or (is_late and not self._is_intra)
        return not self._needs_key

    def _decode(self, packet: Packet[Any]) -> Sequence[VideoFrame]:
        import av

        try:
            return packet.decode()
        except (av.error.InvalidDataError, av.error.ArgumentError):
            self._broken += 1  # the next one may be good
            return ()

    def _drain_into(self, track: CameraTrack) -> None:
        import av

        frames: Sequence[VideoFrame] = ()
        if self._is_decoded:
            with contextlib.suppress(av.error.FFmpegError, EOFError):
                frames = self._camera.video.decode(None)
        track.drain(frames, shift_us=self._shift_us(track))


def _decoder_beside(codec: VideoCodecContext) -> VideoCodecContext:
    """Return a decoder of the same pictures, for some that are not next in order."""
    import av

    made = cast("VideoCodecContext", av.CodecContext.create(codec.name, "r"))
    made.width, made.height, made.pix_fmt = codec.width, codec.height, codec.pix_fmt
    return made


def _copy(packet: Packet[Any]) -> Packet[Any]:
    """Return a packet of its own: one that was written belongs to its file."""
    import av

    copy = av.Packet(bytes(packet))
    copy.stream = packet.stream
    copy.time_base = packet.time_base
    copy.pts, copy.dts, copy.duration = packet.pts, packet.dts, packet.duration
    copy.is_keyframe = packet.is_keyframe
    return copy
