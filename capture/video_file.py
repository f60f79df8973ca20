"""Write what a camera delivers so that a killed recorder leaves it playable up to its last quarter second.

The file is a fragmented MP4 while it grows; a clean close turns it into a plain one.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from capture.devices import CameraFormat
from capture.encoder import KEY_EVERY_US, TICK, Encoder, software
from capture.files import whole_file
from capture.lasting import Lasting
from capture.packet_scan import skipped_samples
from capture.probe import open_media, picture_stream, sound_stream
from capture.work import Work

if TYPE_CHECKING:
    from av import AudioStream, Packet, VideoFrame, VideoStream
    from av.video.reformatter import ColorRange

US = 1_000_000
GROWING_MP4 = {
    # delay_moov: without it no edit list is written, and sound shifts by its encoder's priming (21 ms).
    "movflags": "hybrid_fragmented+delay_moov",
    "frag_duration": "250000",
    # Without it a still, low-bitrate picture stays in FFmpeg's 32 kB buffer and a kill loses it all.
    "flush_packets": "1",
    # When the camera's sound stalls, pictures wait for it no longer than this (the default is 10 s).
    "max_interleave_delta": "250000",
}
_MOST_THREADS = 4  # each holds back a frame that a kill would lose
_SOUND_BIT_RATE = 160_000


class VideoFile:
    """A camera's pictures and scratch sound in an MP4 that grows.

    H.264 that can be cut is kept as it is; anything else is encoded fast, with a key frame every second.

    Args:
        path: The file to make.
        camera: What the camera delivers.
        encoder: For what cannot be kept; x264 if not given.
        container_options: For the drills, which switch guards off.
    """

    def __init__(
        self,
        path: Path,
        camera: CameraFormat,
        *,
        encoder: Encoder | None = None,
        container_options: dict[str, str] | None = None,
    ) -> None:
        import av
        from av.video.reformatter import VideoReformatter

        self._camera = camera
        self._encoder = encoder or software(camera.rate)
        self._file = av.open(
            f"file:{path.absolute()}",
            mode="w",
            format="mp4",
            container_options=GROWING_MP4 if container_options is None else container_options,
        )
        self._lasting = Lasting(path)
        self._reformatter = VideoReformatter()  # kept, or it would be set up anew for every picture
        self._sound_begun = False
        self._next_us = 0
        self._next_key_us = 0
        self._last_pts = -1
        self._video = self._add_video()
        self._sound = self._add_sound()
        #: What encoded the pictures, stored with the take so that cutting can do the same.
        self.settings = _settings(self._video, camera, self._encoder)
        #: When the first picture or sound in the file begins, and its last picture ends.
        self.first_us: int | None = None
        self.end_us = 0
        self.frames = 0
        self.broken_packets = 0

    def write(self, packet: Packet[Any], *, shift_us: int = 0) -> None:
        """Append a packet of the camera's sound, or a picture that is kept as it is.

        Args:
            packet: As it came; belongs to the file afterwards.
            shift_us: Brings its times onto the file's clock.

        Raises:
            OSError: The disk is full or gone; what is in the file stays playable.
        """
        _shift(packet, shift_us)
        with self._passing_over_broken():
            if packet.stream is self._camera.video:
                self._note(packet)
                self._keep(packet, self._video)
            elif self._sound is not None:
                self._write_sound(packet, self._sound)

    def write_frame(self, frame: VideoFrame, *, shift_us: int = 0) -> None:
        """Encode a picture and append it.

        Args:
            frame: As it was decoded.
            shift_us: Brings its time onto the file's clock.

        Raises:
            OSError: The disk is full or gone; what is in the file stays playable.
        """
        with self._passing_over_broken():
            self._mux_encoded(self._video.encode(self._prepared(frame, shift_us)))

    @contextlib.contextmanager
    def _passing_over_broken(self) -> Iterator[None]:
        import av

        try:
            yield
        except (av.error.InvalidDataError, av.error.ArgumentError):
            self.broken_packets += 1  # the next one may be good

    def at_us(self, frame: VideoFrame, *, shift_us: int) -> int | None:
        """Return when a picture was taken, or None if it has lost its time in the decoder."""
        tick = self._camera.tick or self._camera.video.time_base or TICK
        return None if frame.pts is None else round(frame.pts * tick * US) + shift_us

    def sync(self) -> None:
        """Make everything written so far last through a power cut; may be called from another thread."""
        self._lasting.sync()

    def drain_sound(self) -> None:
        """Write what the decoder of the camera's sound still holds back: no more will come."""
        source, sound = self._camera.sound, self._sound
        if source is not None and sound is not None and _is_encoding(sound):
            for frame in source.decode(None):
                frame.time_base = source.time_base or TICK
                self._file.mux(sound.encode(frame))

    def close(self) -> None:
        """Finish the file.

        Raises:
            OSError: The disk is full or gone; the file stays in pieces, which still play.
        """
        try:
            self._flush()
        finally:
            try:
                self._file.close()
                self.sync()
            finally:
                self._lasting.close()

    def _flush(self) -> None:
        """Write what the encoders still hold back."""
        if _is_encoding(self._video):
            self._mux_encoded(self._video.encode(None))
        if self._sound is not None and _is_encoding(self._sound):
            self._file.mux(self._sound.encode(None))

    def _add_video(self) -> VideoStream:
        from av.video.reformatter import ColorRange

        camera = self._camera
        if camera.keep_packets:
            return self._file.add_stream_from_template(camera.video)
        source = camera.video.codec_context
        rate = Fraction(round(camera.rate * 1000), 1000)
        added = self._file.add_stream(self._encoder.name, rate=rate, options=self._encoder.options)
        stream = cast("VideoStream", added)
        stream.width, stream.height = source.width & ~1, source.height & ~1  # 4:2:0 knows no odd sizes
        stream.pix_fmt = self._encoder.pix_fmt
        codec = stream.codec_context
        codec.time_base = TICK
        codec.thread_count = min(_MOST_THREADS, os.cpu_count() or 1)
        if camera.video.sample_aspect_ratio is not None:  # some streams do not say how wide a pixel is
            codec.sample_aspect_ratio = camera.video.sample_aspect_ratio
        codec.colorspace, codec.color_primaries = source.colorspace, source.color_primaries
        codec.color_trc, codec.color_range = source.color_trc, ColorRange.MPEG
        if camera.rotation:
            stream.set_display_rotation(camera.rotation)
        return stream

    def _add_sound(self) -> AudioStream | None:
        source = self._camera.sound
        if source is None:
            return None
        # AAC of a transport stream brings no set-up data of the kind that MP4 needs.
        if source.codec_context.name == "aac" and source.codec_context.extradata:
            return self._file.add_stream_from_template(source)
        stream = self._file.add_stream("aac", rate=48_000)
        stream.codec_context.layout = "mono" if source.codec_context.channels == 1 else "stereo"
        stream.codec_context.bit_rate = _SOUND_BIT_RATE
        return stream

    def _prepared(self, frame: VideoFrame, shift_us: int) -> VideoFrame:
        from av.video.frame import PictureType
        from av.video.reformatter import ColorRange

        frame_us = round(US / self._camera.rate)
        at_us = self.at_us(frame, shift_us=shift_us)
        at_us = self._next_us if at_us is None else at_us
        self._next_us = at_us + frame_us
        width, height = self._video.width, self._video.height
        shape, wanted = (frame.width, frame.height, frame.format.name), self._encoder.pix_fmt
        if shape != (width, height, wanted) or range_of(frame) == ColorRange.JPEG:
            frame = self._reformatter.reformat(
                frame,
                width=width,
                height=height,
                format=wanted,
                src_color_range=range_of(frame),
                dst_color_range=ColorRange.MPEG,
            )
        frame.time_base = TICK
        # Stamped as they arrive, two that were held up on their way may come at the same moment.
        self._last_pts = frame.pts = max(round(at_us / (TICK * US)), self._last_pts + 1)
        # Left as decoded, every frame of an intra-only camera (MJPEG) would become a key frame.
        frame.pict_type = PictureType.NONE
        if at_us >= self._next_key_us:
            frame.pict_type = PictureType.I
            self._next_key_us = at_us + KEY_EVERY_US - frame_us // 2
        return frame

    def _mux_encoded(self, packets: list[Packet[Any]]) -> None:
        frame_ticks = round(1 / (self._camera.rate * TICK))
        for packet in packets:
            packet.duration = packet.duration or frame_ticks
            self._note(packet)
            self._file.mux(packet)

    def _note(self, packet: Packet[Any]) -> None:
        """Keep count of what is in the file, on the recorder's clock."""
        at = packet.pts if packet.pts is not None else packet.dts
        at_us = round((at or 0) * packet.time_base * US)
        length_us = round((packet.duration or 0) * packet.time_base * US) or round(US / self._camera.rate)
        self._begin(at_us)
        self.end_us = max(self.end_us, at_us + length_us)
        self.frames += 1

    def _begin(self, at_us: int) -> None:
        self.first_us = at_us if self.first_us is None else min(self.first_us, at_us)

    def _write_sound(self, packet: Packet[AudioStream], sound: AudioStream) -> None:
        if not sound.codec_context.is_encoder:
            if not self._sound_begun and packet.pts is not None:
                skipped_s = Fraction(skipped_samples(packet)[0], sound.codec_context.sample_rate)
                self._begin(round((packet.pts * packet.time_base + skipped_s) * US))
            self._sound_begun = True
            self._keep(packet, sound)
            return
        for frame in packet.decode():
            if not self._sound_begun and frame.pts is not None:
                self._begin(round(frame.pts * (frame.time_base or TICK) * US))
            self._sound_begun = True
            self._file.mux(sound.encode(frame))

    def _keep(self, packet: Packet[Any], stream: VideoStream | AudioStream) -> None:
        packet.stream = stream
        self._file.mux(packet)


def make_whole(path: Path, *, work: Work) -> None:
    """Turn the pieces that a killed recorder left into a plain MP4, packet by packet.

    Raises:
        BadInputError: There is not even a first piece.
        OSError: No room for the copy; ``path`` is unchanged and still plays.
    """
    import av

    with (
        open_media(path) as pieces,
        whole_file(path) as part,
        av.open(f"file:{part.absolute()}", mode="w", format="mp4") as whole,
    ):
        streams = [each for each in (picture_stream(pieces), sound_stream(pieces)) if each is not None]
        copies = {each.index: whole.add_stream_from_template(each) for each in streams}
        for packet in pieces.demux(streams):
            work.checkpoint()
            if packet.size:
                packet.stream = copies[packet.stream_index]
                whole.mux(packet)


def shown_us(packet: Packet[Any]) -> int:
    """Return when what is in a packet is shown, on its camera's clock."""
    at = packet.pts if packet.pts is not None else packet.dts
    return round((at or 0) * packet.time_base * US)


def _shift(packet: Packet[Any], by_us: int) -> None:
    ticks = round(by_us / (packet.time_base * US))
    packet.pts = None if packet.pts is None else packet.pts + ticks
    packet.dts = None if packet.dts is None else packet.dts + ticks


def _is_encoding(stream: VideoStream | AudioStream) -> bool:
    return stream.codec_context.is_encoder and stream.codec_context.is_open


def range_of(frame: VideoFrame) -> ColorRange:
    """Return whether black is 16 or 0; motion JPEG says so by its pixel format alone."""
    from av.video.reformatter import ColorRange

    if frame.color_range == ColorRange.UNSPECIFIED:
        return ColorRange.JPEG if frame.format.name.startswith("yuvj") else ColorRange.MPEG
    return ColorRange(frame.color_range)


def _settings(video: VideoStream, camera: CameraFormat, encoder: Encoder) -> dict[str, str]:
    if camera.keep_packets:
        return {"encoder": "kept", "codec": camera.video.codec_context.name}
    return {
        "encoder": encoder.name,
        **encoder.options,
        "pix_fmt": encoder.pix_fmt,
        "time_base": str(TICK),
        "width": str(video.width),
        "height": str(video.height),
    }
