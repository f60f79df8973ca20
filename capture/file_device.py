"""Play a file as if it were a camera or a microphone: demo, tests and a rehearsal need no hardware."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from capture.devices import FILE_PREFIX, MIC_RATE_HZ, CameraFormat, DeviceLostError, SoundBlock
from capture.errors import BadInputError
from capture.probe import MediaInfo, open_media, picture_stream, probe, sound_stream

if TYPE_CHECKING:
    import numpy as np
    from av import AudioFrame, AudioStream, Packet, VideoStream
    from av.container import InputContainer
    from numpy.typing import NDArray

US = 1_000_000
#: A cut can then start within two seconds of anywhere; cameras round, hence the little more.
LONGEST_KEY_INTERVAL_US = 2_100_000
BLOCK_SAMPLES = 480  # what a microphone delivers at a time: 10 ms


class FileCamera:
    """A camera that plays the picture of a file, and its sound if it has some."""

    def __init__(self, path: Path, *, paced: bool) -> None:
        self._path = path
        self._paced = paced
        self._info: MediaInfo | None = None
        self._container: InputContainer | None = None
        self._streams: list[VideoStream | AudioStream] = []

    @property
    def id(self) -> str:
        """What to give to ``--camera`` to get it again."""
        return f"{FILE_PREFIX}{self._path}"

    @property
    def name(self) -> str:
        """What people call it."""
        return self._path.name

    @property
    def length_us(self) -> int | None:
        """How long it will play."""
        return self._info.duration_us if self._info is not None else None

    @property
    def lost_pictures(self) -> int:
        """None: a file waits."""
        return 0

    def open(self) -> CameraFormat:
        """Get ready and return what it delivers.

        Raises:
            BadInputError: The file has no picture, or is no media.
        """
        self._info = probe(self._path)
        picture = self._info.video
        if picture is None:
            raise BadInputError("device.no_picture", name=self.name)
        self._container = open_media(self._path)
        video = picture_stream(self._container)
        if video is None:
            raise BadInputError("device.no_picture", name=self.name)
        sound = sound_stream(self._container) if self._info.audio is not None else None
        self._streams = [video, *([sound] if sound is not None else [])]
        return CameraFormat(
            video=video,
            sound=sound,
            rate=picture.rate,
            keep_packets=picture.codec == "h264"
            and picture.keepable
            and picture.longest_key_interval_us <= LONGEST_KEY_INTERVAL_US,
            rotation=picture.rotation,
        )

    def packets(self, start_us: int) -> Iterator[Packet[Any]]:
        """Yield the packets of the file, from its beginning to its end."""
        import av

        if self._container is None:
            raise ValueError("not open")
        zero_us = self._container.start_time or 0
        packets = self._container.demux(self._streams)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.error.FFmpegError as error:
                raise DeviceLostError(self.id) from error
            if not packet.size:  # only flushes
                continue
            _shift(packet, zero_us)
            if self._paced and packet.dts is not None:
                _wait_until(start_us + round(packet.dts * packet.time_base * US))
            yield packet

    def newest(self) -> None:
        """Return None: what a file plays is what it shows."""

    def close(self) -> None:
        """Let the file go."""
        if self._container is not None:
            self._container.close()


class FileMicrophone:
    """A microphone that plays the sound of a file: mixed to mono, at the recorder's rate."""

    def __init__(self, path: Path, *, paced: bool) -> None:
        self._path = path
        self._paced = paced
        self._info: MediaInfo | None = None
        self._container: InputContainer | None = None

    @property
    def id(self) -> str:
        """What to give to ``--mic`` to get it again."""
        return f"{FILE_PREFIX}{self._path}"

    @property
    def name(self) -> str:
        """What people call it."""
        return self._path.name

    @property
    def length_us(self) -> int | None:
        """How long it will play."""
        return (
            self._info.audio.duration_us if self._info is not None and self._info.audio is not None else None
        )

    def open(self) -> None:
        """Get ready.

        Raises:
            BadInputError: The file has no sound, or is no media.
        """
        self._info = probe(self._path)
        if self._info.audio is None:
            raise BadInputError("device.no_sound", name=self.name)
        self._container = open_media(self._path)

    def blocks(self, start_us: int) -> Iterator[SoundBlock]:
        """Yield the sound of the file, from its beginning to its end."""
        done_samples = 0
        for samples in self._decoded():
            step = BLOCK_SAMPLES if self._paced else len(samples)
            for offset in range(0, len(samples), step):
                block = samples[offset : offset + step]
                at_us = done_samples * US // MIC_RATE_HZ
                done_samples += len(block)
                if self._paced:  # a block is there when its last sample has been heard
                    _wait_until(start_us + done_samples * US // MIC_RATE_HZ)
                yield SoundBlock(at_us, block)

    def close(self) -> None:
        """Let the file go."""
        if self._container is not None:
            self._container.close()

    def _decoded(self) -> Iterator[NDArray[np.float32]]:
        import av

        if self._container is None:
            raise ValueError("not open")
        # Mixed by us: FFmpeg's mix of float channels is their sum, less 3 dB, and can clip.
        resampler = av.AudioResampler(format="fltp", rate=MIC_RATE_HZ)
        packets = self._container.demux(sound_stream(self._container))
        while True:
            try:
                packet = next(packets, None)
                frames = cast("list[AudioFrame]", packet.decode()) if packet is not None else []
            except av.error.InvalidDataError:  # one broken packet; the next may be good
                continue
            except av.error.FFmpegError as error:
                raise DeviceLostError(self.id) from error
            for frame in frames if packet is not None else [None]:
                for channels in resampler.resample(frame):
                    yield channels.to_ndarray().mean(axis=0)
            if packet is None:
                return


def _shift(packet: Packet[Any], zero_us: int) -> None:
    """Let the times of a packet count from the file's beginning, which need not be 0 in the file."""
    ticks = round(zero_us / (packet.time_base * US))
    packet.pts = None if packet.pts is None else packet.pts - ticks
    packet.dts = None if packet.dts is None else packet.dts - ticks


def _wait_until(at_us: int) -> None:
    left_us = at_us - time.monotonic_ns() // 1000
    if left_us > 0:
        time.sleep(left_us / US)
