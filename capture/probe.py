"""Say exactly what a media file holds, so that no later step has to trust what its header claims.

Headers lie: browsers write none, cameras round, edit lists hide frames. Every packet is looked at
(demuxed, not decoded), which takes as long as reading the file.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

from capture.boxes import read_boxes
from capture.errors import BadInputError
from capture.packet_scan import PacketScan
from capture.work import Work

if TYPE_CHECKING:
    from av import AudioStream, Packet, VideoFrame, VideoStream
    from av.container import InputContainer

US = 1_000_000
#: A playlist is no recording, and reading one would read other files, or the network.
_NO_RECORDINGS = frozenset({"hls", "dash", "concat", "sdp", "rtsp", "tty", "webm_dash_manifest", "imf"})
_STILL_PICTURES = frozenset({"image2", "ico"})
_JITTER_US = 1100  # Matroska and FLV round to whole milliseconds
_USUAL_RATES = tuple(
    Fraction(each) for each in (24, 25, 30, 50, 60, "24000/1001", "30000/1001", "60000/1001")
)
_FIRST_FRAME_WITHIN_PACKETS = 600
_CHECK_EVERY_PACKETS = 500


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """The picture of a file.

    Args:
        width_px: As shown upright, not yet stretched by ``sample_aspect``.
        height_px: Likewise.
        rotation: Degrees, counter-clockwise, that turn stored frames upright: 0, 90, 180 or 270.
        rate: Frames a second on average.
        variable_rate: Whether frames lie off the even grid of ``rate``.
        start_us: Time stamp of the first frame shown.
        duration_us: From the first frame to the end of the last.
        longest_key_interval_us: Longest stretch that cannot be entered.
        keepable: Whether its packets can be kept as they are and entered at every key frame: no frame is
            hidden by an edit list, reaches past a key frame, or lacks its time.
    """

    codec: str
    width_px: int
    height_px: int
    rotation: int
    rate: Fraction
    variable_rate: bool
    frames: int
    start_us: int
    duration_us: int
    sample_aspect: Fraction
    longest_key_interval_us: int
    keepable: bool
    pixel_format: str


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """The sound of a file. ``bits`` is the depth of a sample, 0 where the codec has none."""

    codec: str
    rate_hz: int
    channels: int
    layout: str
    bits: int
    start_us: int
    duration_us: int


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a file holds. ``duration_us`` runs from the first picture or sound to the end of the last."""

    container: str
    duration_us: int
    video: VideoInfo | None
    audio: AudioInfo | None

    @property
    def start_us(self) -> int:
        """Time stamp of the first picture or sound: 0 of a segment, whatever its file calls it."""
        return min(part.start_us for part in (self.video, self.audio) if part is not None)

    @property
    def picture_end_us(self) -> int:
        """When the last picture ends, counted from ``start_us``; 0 without a picture."""
        return self.video.start_us + self.video.duration_us - self.start_us if self.video is not None else 0


def probe(path: Path, *, work: Work | None = None) -> MediaInfo:
    """Return what the file holds.

    Raises:
        BadInputError: It cannot be used; the key below ``import`` says why.
        Cancelled: The person stopped the job.
    """
    require_file(path)
    work = work or Work()
    with open_media(path) as container:
        video = picture_stream(container)
        audio = sound_stream(container)
        if video is None and audio is None:
            # A camera that was started and stopped at once writes a movie without a single track.
            key = "import.not_media" if len(container.streams) else "import.no_length"
            raise BadInputError(key, name=path.name)
        streams = [stream for stream in (video, audio) if stream is not None]
        if any(getattr(stream, "codec_context", None) is None for stream in streams):
            raise BadInputError("import.unknown_codec", name=path.name)
        scans = {stream.index: PacketScan(stream) for stream in streams}
        for packet in _packets(container, streams, size_bytes=path.stat().st_size, work=work):
            scans[packet.stream_index].add(packet)
        shown = _video_info(path, video, scans[video.index]) if video is not None else None
        heard = _audio_info(audio, scans[audio.index]) if audio is not None else None
        return _media_info(path, container.format.name, shown, heard)


def require_file(path: Path) -> None:
    """Raise ``BadInputError`` unless ``path`` is a file that can be read and holds something."""
    try:
        if path.is_dir():
            raise BadInputError("import.directory", name=path.name or str(path))
        if not path.exists():
            raise BadInputError("import.missing", path=path)
        if not path.is_file():
            raise BadInputError("import.not_file", name=path.name)
        with path.open("rb") as file:
            if not file.read(1):
                raise BadInputError("import.empty", name=path.name)
    except OSError as error:  # no permission, a name longer than the file system allows, a dead disk
        raise BadInputError("import.unreadable", name=path.name[:80], reason=error.strerror or "") from error


def open_media(path: Path) -> InputContainer:
    """Return ``path`` opened with PyAV; only this one file is ever read.

    Raises:
        BadInputError: It is no recording, or its end is missing.
    """
    import av

    boxes = read_boxes(path)
    if boxes.is_truncated:
        raise BadInputError("import.truncated", name=path.name)
    try:
        container = av.open(
            f"file:{path.absolute()}",
            mode="r",
            options={"protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except (av.error.FFmpegError, ValueError) as error:
        raise BadInputError("import.not_media", name=path.name) from error
    kind = container.format.name
    if kind in _NO_RECORDINGS or kind in _STILL_PICTURES or kind.endswith("_pipe"):
        container.close()
        still = kind in _STILL_PICTURES or kind.endswith("_pipe")
        raise BadInputError("import.still_picture" if still else "import.not_media", name=path.name)
    return container


def picture_stream(container: InputContainer) -> VideoStream | None:
    """Return the moving picture; a cover picture in a sound file is none."""
    from av.stream import Disposition

    stills = Disposition.attached_pic | Disposition.timed_thumbnails
    moving = [stream for stream in container.streams.video if not stream.disposition & stills]
    best = container.streams.best("video")
    return next((stream for stream in moving if stream is best), moving[0] if moving else None)


def sound_stream(container: InputContainer) -> AudioStream | None:
    """Return the sound that a player would choose."""
    return cast("AudioStream | None", container.streams.best("audio"))


def _packets(
    container: InputContainer, streams: list[VideoStream | AudioStream], *, size_bytes: int, work: Work
) -> Iterator[Packet[VideoStream] | Packet[AudioStream]]:
    """Yield every packet; a file that breaks off ends there."""
    import av

    packets = container.demux(streams)
    count = 0
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError):
            return
        count += 1
        if count % _CHECK_EVERY_PACKETS == 0:
            work.checkpoint()
            if packet.pos is not None and packet.pos > 0:
                work.report(packet.pos / size_bytes)
        if packet.size:  # one without data only flushes
            yield cast("Packet[VideoStream] | Packet[AudioStream]", packet)


def _video_info(path: Path, stream: VideoStream, scan: PacketScan) -> VideoInfo | None:
    import numpy as np

    if not scan.shown:
        return None
    frame = _first_frame(path)
    shown = np.sort(np.frombuffer(scan.shown, np.int64))
    claimed = stream.average_rate or stream.guessed_rate
    rate = _average_rate(len(shown), int(shown[-1] - shown[0]) * scan.tick, claimed)
    last = scan.last_duration * scan.tick or 1 / rate
    end_us = _us(max(scan.end * scan.tick, int(shown[-1]) * scan.tick + last))
    start_us = _us(int(shown[0]) * scan.tick)
    keys_us = [_us(key * scan.tick) for key in sorted(scan.keys)]
    gaps_us = [after - before for before, after in zip(keys_us, [*keys_us[1:], end_us], strict=True)]
    turned = frame.rotation % 180 != 0
    return VideoInfo(
        codec=stream.codec_context.name,
        width_px=frame.height if turned else frame.width,
        height_px=frame.width if turned else frame.height,
        rotation=round(frame.rotation / 90) * 90 % 360,
        rate=rate,
        variable_rate=not _is_even(shown * float(scan.tick * US), float(US / rate)),
        frames=len(shown),
        start_us=start_us,
        duration_us=end_us - start_us,
        sample_aspect=Fraction(stream.sample_aspect_ratio or 1) or Fraction(1),
        longest_key_interval_us=max(gaps_us, default=end_us - start_us),
        keepable=scan.keepable and bool(keys_us) and keys_us[0] <= start_us,
        pixel_format=frame.format.name,
    )


def _first_frame(path: Path) -> VideoFrame:
    """Return the first frame that can be decoded, from a container of its own."""
    import av

    with open_media(path) as container:
        stream = picture_stream(container)
        packets = container.demux(stream) if stream is not None else iter(())
        for packet in itertools.islice(packets, _FIRST_FRAME_WITHIN_PACKETS):
            with contextlib.suppress(av.error.FFmpegError):
                for frame in packet.decode():
                    return frame
    raise BadInputError("import.cannot_decode", name=path.name)


def _average_rate(frames: int, span_s: Fraction, claimed: Fraction | None) -> Fraction:
    """Return frames a second; a usual rate or the container's claim where it agrees: times are rounded."""
    if frames < 2 or span_s <= 0:
        return Fraction(claimed or 25)
    measured = (frames - 1) / span_s
    for known in (*_USUAL_RATES, claimed):
        if known and abs(known / measured - 1) < Fraction(1, 2500):
            return Fraction(known)
    return measured.limit_denominator(90_000)


def _is_even(shown_us: object, frame_us: float) -> bool:
    """Whether times lie on an even grid: every step alike, and no creeping away from the average."""
    import numpy as np

    times = np.asarray(shown_us, np.float64)
    if len(times) < 3:
        return True
    steps = np.diff(times)
    grid = times[0] + np.arange(len(times)) * (times[-1] - times[0]) / (len(times) - 1)
    return bool(
        np.abs(steps - np.median(steps)).max() <= _JITTER_US * 2
        and np.abs(times - grid).max() <= frame_us / 2
    )


def _audio_info(stream: AudioStream, scan: PacketScan) -> AudioInfo | None:
    codec = stream.codec_context
    if not scan.shown or not codec.sample_rate:
        return None
    start_us = _us(scan.shown[0] * scan.tick + Fraction(scan.skipped_samples, codec.sample_rate))
    end_us = _us(scan.end * scan.tick - Fraction(scan.cut_samples, codec.sample_rate))
    return AudioInfo(
        codec=codec.name,
        rate_hz=codec.sample_rate,
        channels=codec.channels,
        layout=codec.layout.name,
        bits=codec.format.bits if codec.name.startswith("pcm") or codec.name in ("flac", "alac") else 0,
        start_us=start_us,
        duration_us=end_us - start_us,
    )


def _media_info(path: Path, container: str, video: VideoInfo | None, audio: AudioInfo | None) -> MediaInfo:
    parts = [part for part in (video, audio) if part is not None]
    if not parts or all(part.duration_us <= 0 for part in parts):
        raise BadInputError("import.no_length", name=path.name)
    end_us = max(part.start_us + part.duration_us for part in parts)
    info = MediaInfo(container=container, duration_us=end_us, video=video, audio=audio)
    return replace(info, duration_us=end_us - info.start_us)


def _us(seconds: Fraction) -> int:
    return round(seconds * US)
