"""Record from a live camera: one of the network by its URL, or one of this computer."""

from __future__ import annotations

import collections
import contextlib
import itertools
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from capture.camera_clock import SenderClock, TornClockError, rate_of
from capture.devices import CameraFormat, DeviceLostError
from capture.errors import BadInputError, UserError
from capture.file_device import LONGEST_KEY_INTERVAL_US
from capture.packet_scan import PacketScan
from capture.probe import picture_stream, sound_stream

if TYPE_CHECKING:
    from av import AudioStream, Packet, VideoStream
    from av.container import InputContainer

US = 1_000_000
TICK = Fraction(1, 90_000)
SCHEMES = frozenset({"http", "https", "tcp", "udp", "rtsp", "rtsps"})
FROZEN_S = 2.0
OPEN_WITHIN_S = 8.0
READ_WITHIN_S = 4.0
_LOOK_S = 1.2  # at what comes first, for its rate and key frames
_LOOK_AT_MOST_S = 12.0  # some send a key frame every ten seconds
_BURST_S = 0.15  # what was already on its way when we came
_LEAST_PICTURES = 5
_MOST_WAITING = 300  # packets: ten seconds that the encoder may lag
#: What a network camera may send. A playlist would make us read other files, or other hosts.
_NETWORK_FORMATS = "mpjpeg,mpegts,rtsp,rtp,sdp,mjpeg,h264"
_NETWORK_OPTIONS = {
    "format_whitelist": _NETWORK_FORMATS,
    "protocol_whitelist": "http,https,httpproxy,tls,tcp,udp,rtp,rtsp,rtsps,crypto",
    "analyzeduration": "1000000",
    "rtsp_transport": "tcp",
}
#: These say nothing of when a picture was taken.
_WITHOUT_CLOCK = frozenset({"mpjpeg", "mjpeg", "h264"})
#: Every picture of these stands for itself.
_INTRA = frozenset({"mjpeg", "rawvideo", "wrapped_avframe"})


@dataclass(frozen=True, slots=True)
class Input:
    """How FFmpeg is to open a camera.

    Args:
        url: Or the device's name.
        format: FFmpeg's device format; empty to find out.
        choices: Options to try, one set after the other.
    """

    url: str
    format: str = ""
    choices: tuple[dict[str, str], ...] = field(default_factory=lambda: ({},))


@dataclass(frozen=True, slots=True)
class _Came:
    packet: Packet[Any]
    at_us: int  # on the monotonic clock


class LiveCamera:
    """A camera that delivers as life goes on.

    Args:
        source: What to give to ``--camera`` to get it again.
        name: What people call it.
        way: How to open it.
    """

    def __init__(self, source: str, *, name: str, way: Input) -> None:
        self._source = source
        self._name = name
        self._way = way
        self._container: InputContainer | None = None
        self._video: VideoStream | None = None
        self._has_clock = True
        self._clock = SenderClock()
        self._waiting: collections.deque[_Came] = collections.deque()
        self._arrivals: queue.Queue[_Came | None] = queue.Queue(_MOST_WAITING)
        self._newest: _Came | None = None
        self._lost_pictures = 0
        self._closed = threading.Event()
        self._entered = False

    @property
    def id(self) -> str:
        """What to give to ``--camera`` to get it again; a password in it is left out."""
        return without_password(self._source)

    @property
    def name(self) -> str:
        """What people call it."""
        return self._name

    @property
    def length_us(self) -> int | None:
        """It goes on for ever."""
        return None

    @property
    def lost_pictures(self) -> int:
        """How many came and were not taken in, since nobody came for them in time."""
        return self._lost_pictures

    def open(self) -> CameraFormat:
        """Connect, and look at the first second: how many pictures, how often a key frame.

        Raises:
            UserError: It is not there, or sends nothing that can be recorded.
        """
        container = self._container = self._opened()
        video = self._video = picture_stream(container)
        if video is None:
            raise BadInputError("device.no_picture", name=self._name)
        sound = sound_stream(container)
        self._has_clock = container.format.name not in _WITHOUT_CLOCK
        streams: list[VideoStream | AudioStream] = [video, *([sound] if sound is not None else [])]
        threading.Thread(target=self._read, args=(container, streams), name="camera", daemon=True).start()
        scan, rate = self._look(video)
        keep = video.codec_context.name == "h264" and self._has_clock and _is_keepable(scan)
        return CameraFormat(
            video=video, sound=sound, rate=rate, keep_packets=keep, tick=None if self._has_clock else TICK
        )

    def packets(self, start_us: int) -> Iterator[Packet[Any]]:
        """Yield its packets as they come, from the last key frame on.

        Raises:
            DeviceLostError: It sends no more, or its connection is gone.
        """
        self._drop_before(start_us)
        while True:
            came = self._waiting.popleft() if self._waiting else self._next()
            self._entered = self._entered or self._is_entry(came.packet)
            if self._entered:  # what comes before needs pictures that we do not have
                yield self._stamped(came, start_us)

    def newest(self) -> tuple[Packet[Any], int] | None:
        """Return the packet of the picture that came last, and when; ``packets`` may be far behind."""
        came = self._newest
        return None if came is None else (came.packet, came.at_us)

    def close(self) -> None:
        """Let it go; the reading thread closes the connection."""
        self._closed.set()

    def _drop_before(self, start_us: int) -> None:
        """Keep of what has come already only what the first picture after the start needs."""
        while not self._arrivals.empty():
            came = self._next()
            if self._is_entry(came.packet) and came.at_us <= start_us:
                self._waiting.clear()
            self._waiting.append(came)

    def _is_entry(self, packet: Packet[Any]) -> bool:
        """Whether pictures can be decoded from here on."""
        video = self._video
        return packet.stream is video and (packet.is_keyframe or video.codec_context.name in _INTRA)

    def _opened(self) -> InputContainer:
        import av

        reason = ""
        for options in self._way.choices:
            try:
                return av.open(
                    self._way.url,
                    format=self._way.format or None,
                    options=options,
                    timeout=(OPEN_WITHIN_S, READ_WITHIN_S),
                )
            except (av.error.FFmpegError, OSError) as error:
                reason = getattr(error, "strerror", "") or type(error).__name__
        raise UserError("device.camera_refused", name=self._name, reason=reason)

    def _read(self, container: InputContainer, streams: list[VideoStream | AudioStream]) -> None:
        """Stamp what comes and pass it on; in a thread of its own, which ends with the connection."""
        import av

        lagging = False
        with contextlib.suppress(av.error.FFmpegError, OSError):
            for packet in container.demux(streams):
                if self._closed.is_set():
                    break
                if not packet.size:
                    continue
                came = _Came(packet, time.monotonic_ns() // 1000)
                if packet.stream is self._video:
                    self._newest = came
                # After a gap only a key frame can be decoded.
                lagging = (lagging and not packet.is_keyframe) or not self._passed_on(came)
                self._lost_pictures += lagging and packet.stream is self._video
        while not self._closed.is_set():
            with contextlib.suppress(queue.Full):
                self._arrivals.put(None, timeout=0.2)
                break
        self._closed.wait()  # the other thread still uses its decoders
        container.close()

    def _passed_on(self, came: _Came) -> bool:
        try:
            self._arrivals.put_nowait(came)
        except queue.Full:
            return False
        return True

    def _next(self) -> _Came:
        try:
            came = self._arrivals.get(timeout=FROZEN_S)
        except queue.Empty:
            raise DeviceLostError(self.id, event="camera.frozen") from None
        if came is None:
            raise DeviceLostError(self.id)
        return came

    def _look(self, video: VideoStream) -> tuple[PacketScan, Fraction]:
        """Return what the first second says, and keep what comes from its last key frame on.

        Raises:
            UserError: Too little came.
        """
        scan = PacketScan(video)
        times_us: list[int] = []
        lags_us: list[int] = []
        began_us = time.monotonic_ns() // 1000
        while not self._has_seen_enough(scan, times_us, began_us=began_us):
            try:
                came = self._next()
            except DeviceLostError:
                raise UserError("device.camera_mute", name=self._name) from None
            if came.at_us > began_us + _LOOK_AT_MOST_S * US:
                raise UserError("device.camera_mute", name=self._name)
            is_entry = self._is_entry(came.packet)
            if is_entry:
                self._waiting.clear()
            if self._waiting or is_entry:
                self._waiting.append(came)
            if came.packet.stream is not video:
                continue
            if scan.keys or is_entry:
                scan.add(came.packet)
            if came.at_us < began_us + _BURST_S * US:  # says nothing of how often pictures come
                continue
            stamp_us = _stamp_us(came.packet) if self._has_clock else came.at_us
            if stamp_us is not None:
                times_us.append(stamp_us)
                lags_us.append(came.at_us - stamp_us)
        if lags_us:
            self._clock.settle(lags_us)
        return scan, rate_of(sorted(times_us))

    def _has_seen_enough(self, scan: PacketScan, times_us: list[int], *, began_us: int) -> bool:
        looked_us = time.monotonic_ns() // 1000 - began_us
        if looked_us < _LOOK_S * US or len(times_us) < _LEAST_PICTURES:
            return False
        is_intra = self._video is not None and self._video.codec_context.name in _INTRA
        has_looked_long = looked_us > LONGEST_KEY_INTERVAL_US + _BURST_S * US
        return bool(self._waiting) and (is_intra or len(scan.keys) > 1 or has_looked_long)

    def _stamped(self, came: _Came, start_us: int) -> Packet[Any]:
        """Return a packet with its time from the recorder's start."""
        packet = came.packet
        if not self._has_clock:
            packet.time_base = TICK
            packet.pts = packet.dts = round((came.at_us - start_us) / (TICK * US))
            packet.duration = 0
            return packet
        stamp_us = _stamp_us(packet)
        try:
            at_us = self._clock.at_us(came.at_us if stamp_us is None else stamp_us, came.at_us) - start_us
        except TornClockError:
            raise DeviceLostError(self.id) from None
        ticks = round((at_us - (came.at_us if stamp_us is None else stamp_us)) / (packet.time_base * US))
        packet.pts = None if packet.pts is None else packet.pts + ticks
        packet.dts = None if packet.dts is None else packet.dts + ticks
        return packet


def network_camera(url: str) -> LiveCamera:
    """Return the camera at this URL, not yet opened.

    Raises:
        BadInputError: It is no URL of a camera.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        name = f"{host}:{parts.port}" if parts.port else host
    except ValueError as error:
        raise BadInputError("device.unknown", option="--camera", source=url) from error
    if parts.scheme not in SCHEMES or not (host or parts.scheme == "udp"):
        raise BadInputError("device.unknown", option="--camera", source=without_password(url))
    return LiveCamera(url, name=name, way=Input(url, choices=(_NETWORK_OPTIONS,)))


def without_password(url: str) -> str:
    """Return a URL without the name and password in it, which must get into no file."""
    if "://" not in url or "@" not in url:
        return url
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def _stamp_us(packet: Packet[Any]) -> int | None:
    at = packet.pts if packet.pts is not None else packet.dts
    return None if at is None else round(at * packet.time_base * US)


def _is_keepable(scan: PacketScan) -> bool:
    keys = list(scan.keys)
    gaps_us = [round((b - a) * scan.tick * US) for a, b in itertools.pairwise(keys)]
    return scan.keepable and bool(gaps_us) and max(gaps_us) <= LONGEST_KEY_INTERVAL_US
