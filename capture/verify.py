"""Look at what is on disk before a take is called safe: all there, all of it playable, and someone heard.

A fault is a key below ``events``. Whatever the faults, the files stay.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capture.errors import BadInputError
from capture.probe import AudioInfo, MediaInfo, VideoInfo, open_media, picture_stream, probe, sound_stream
from capture.take import Marker, Segment, Take
from capture.work import Work

if TYPE_CHECKING:
    from av import AudioStream, VideoStream
    from av.container import InputContainer

US = 1_000_000
SILENT_BELOW_DB = -60.0  # peak; an open lapel microphone in a quiet room is louder
_END_US = US  # how much of each end is decoded
_SOUND_TOLERANCE_US = 1_000
#: What happened while recording that leaves less on disk than was said; anything else is for information.
DAMAGING = frozenset(
    {
        *("disk.full", "disk.failed", "recorder.failed", "sleep.slept"),
        *("camera.lost", "camera.frozen"),
        *("mic.lost", "mic.stalled", "mic.moved", "mic.dropped"),
    }
)


def verified(folder: Path, take: Take, *, work: Work) -> Take:
    """Return the take as ``safe`` or ``damaged``, with a word for every fault found.

    Args:
        folder: Where its files are.
        take: With its segments, whose ``duration_us`` says how much was captured.
        work: Told of progress; asked whether to stop.
    """
    faults = [
        *missing_tracks(take),
        *itertools.chain.from_iterable(
            segment_faults(folder / each.file, each, work=work) for each in take.segments
        ),
        *mute_faults(folder, take, work=work),
    ]
    damaged = bool(faults) or any(event.text in DAMAGING for event in take.events)
    events = (*take.events, *(Marker(take.duration_us, each) for each in faults))
    return replace(take, state="damaged" if damaged else "safe", events=events)


def missing_tracks(take: Take) -> list[str]:
    """Return a fault for each device that recorded nothing."""
    tracks = {segment.track for segment in take.segments}
    faults = []
    if take.devices.camera_id and not tracks & {"camera", "phone"}:
        faults.append("camera.missing")
    if take.devices.mic_id and "mic" not in tracks:
        faults.append("mic.missing")
    return faults


def segment_faults(path: Path, segment: Segment, *, work: Work) -> list[str]:
    """Return what is wrong with one file: unreadable, shorter than captured, not to be decoded."""
    kind = "mic" if segment.track == "mic" else "camera"
    try:
        info = probe(path, work=work)
    except BadInputError:
        return [f"{kind}.unreadable"]
    part: VideoInfo | AudioInfo | None = info.audio if kind == "mic" else info.video
    if part is None:
        return [f"{kind}.unreadable"]
    tolerance_us = US / part.rate if isinstance(part, VideoInfo) else _SOUND_TOLERANCE_US
    length_us = info.picture_end_us if isinstance(part, VideoInfo) else part.duration_us
    faults = []
    if abs(length_us - segment.duration_us) > tolerance_us:
        faults.append(f"{kind}.short")
    if not decodes(path, info, work=work):
        faults.append(f"{kind}.undecodable")
    return faults


def mute_faults(folder: Path, take: Take, *, work: Work) -> list[str]:
    """Return a fault if the sound that is to be published holds nothing."""
    for track in ("mic", "phone", "camera"):
        files = [folder / segment.file for segment in take.segments if segment.track == track]
        if files:
            kind = "mic" if track == "mic" else "camera"
            heard = any(file.exists() and peak_reaches(file, SILENT_BELOW_DB, work=work) for file in files)
            return [] if heard else [f"{kind}.mute"]
    return []


def decodes(path: Path, info: MediaInfo, *, work: Work) -> bool:
    """Whether decoding gets going at the beginning and in the last second, pictures and sound each."""
    parts: list[VideoInfo | AudioInfo] = [part for part in (info.video, info.audio) if part is not None]
    return all(_ends_decode(path, part, work=work) for part in parts)


def peak_reaches(path: Path, level_db: float, *, work: Work) -> bool:
    """Whether the sound of a file is anywhere as loud as ``level_db`` below full scale; stops where it is."""
    import av
    import numpy as np

    level = 10 ** (level_db / 20)
    with open_media(path) as container:
        stream = sound_stream(container)
        if stream is None:
            return False
        resampler = av.AudioResampler(format="fltp")
        for frame in _decoded(container, stream, work=work):
            for each in resampler.resample(frame):
                if np.abs(each.to_ndarray()).max(initial=0.0) >= level:
                    return True
    return False


def _ends_decode(path: Path, part: VideoInfo | AudioInfo, *, work: Work) -> bool:
    with open_media(path) as container:
        if next(_decoded(container, _stream(container, part), work=work), None) is None:
            return False
    tail_us = max(part.start_us, part.start_us + part.duration_us - _END_US)
    # A transport stream does not know where its key frames are: then it needs a longer run-up.
    run_up_us = part.longest_key_interval_us if isinstance(part, VideoInfo) else 0
    starts_us = dict.fromkeys((tail_us, max(part.start_us, tail_us - run_up_us), part.start_us))
    return any(_decodes_until_end(path, part, start_us=start_us, work=work) for start_us in starts_us)


def _decodes_until_end(path: Path, part: VideoInfo | AudioInfo, *, start_us: int, work: Work) -> bool:
    """Whether decoding from ``start_us`` on reaches the last second, with a decoder of its own."""
    import av

    with open_media(path) as container:
        stream = _stream(container, part)
        tick_us = (stream.time_base or Fraction(1, US)) * US
        with contextlib.suppress(av.error.FFmpegError):  # a format that cannot go there starts at 0
            container.seek(round(start_us / tick_us), stream=stream)
        end_us = part.start_us + part.duration_us
        # A raw stream has no times: then any frame will do.
        times_us = (
            end_us if frame.pts is None else round(frame.pts * tick_us)
            for frame in _decoded(container, stream, work=work)
        )
        return any(end_us - time_us <= _END_US for time_us in times_us)


def _stream(container: InputContainer, part: VideoInfo | AudioInfo) -> VideoStream | AudioStream:
    stream = picture_stream(container) if isinstance(part, VideoInfo) else sound_stream(container)
    if stream is None:
        raise ValueError("the probe saw a stream that is not there")
    return stream


def _decoded(container: InputContainer, stream: VideoStream | AudioStream, *, work: Work) -> Iterator[Any]:
    """Yield what can be decoded; a broken packet is passed over."""
    import av

    packets = container.demux(stream)
    while True:
        work.checkpoint()
        try:
            packet = next(packets, None)
        except av.error.FFmpegError:
            return
        if packet is None:
            return
        with contextlib.suppress(av.error.FFmpegError):
            yield from packet.decode()
