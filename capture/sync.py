"""Lay a camera's picture against the lapel sound, so that nobody has to clap or line up tracks by hand.

Both devices hear the same voice. The loudness of the two recordings says within some hundredths of a
second where they belong; then windows of the lapel are sought in the camera's sound, and a line through
what is found gives offset and drift. The share of windows that agree says whether the two recordings
belong together at all. Why it is done this way: ``docs/adr/0003-sync-by-sound.md``.

How a ``Sync`` maps time: what happens at ``t`` of the take is in the camera's file at
``offset_us + t / (1 + drift_ppm / 1e6)``. So ``offset_us`` is where 0 of the take lies in the file (above
0: the camera started first), and a ``drift_ppm`` above 0 says that the camera's sound runs fast: what comes
late in the take comes a little early in the file. 0 of a file is where the first of its picture and sound
starts, whatever time stamps they carry (as ``capture.probe`` has it).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from capture.errors import BadInputError
from capture.probe import open_media, probe, sound_stream
from capture.sound_match import Match, match_windows
from capture.sound_search import MIN_OVERLAP_S, coarse_lags_s
from capture.take import Segment, Sync, Take, write_take
from capture.work import Work

if TYPE_CHECKING:
    from av import AudioFrame, AudioResampler

US = 1_000_000
SYNC_RATE_HZ = 12_000  # the voice is compared up to 4.5 kHz

_CANDIDATES = 4
_GLANCE_WINDOWS = 40
_MOST_WINDOWS = 120
_SILENT = 1e-4  # peak, -80 dB: a camera whose microphone is off
_BELONG_INLIERS = 0.5
_BELONG_WINDOWS = 3
_MANY_WINDOWS = 12  # so many do not agree by chance, even if the camera was covered half of the time
_BELONG_CLEARNESS = 6.0

_STRAY_S = 0.05  # a gap
_CREEP_S = 0.004
_CREEP_SHARE = 0.05
_REPORT_PIECES = 200
_NOTHING = np.zeros(0, np.float32)


class CannotSyncError(BadInputError):
    """Two recordings cannot be laid on each other by sound."""

    message_key = "sync.unrelated"


class UnrelatedSoundError(CannotSyncError):
    """The camera heard something else than the lapel."""


class SilentSoundError(CannotSyncError):
    """One of the two holds nothing to compare."""

    message_key = "sync.silent"


class TooShortToSyncError(CannotSyncError):
    """There is too little sound to compare."""

    message_key = "sync.too_short"


def camera_time_us(sync: Sync, take_us: int) -> int:
    """Return where a moment of the take lies in the camera's file (below 0: before it starts)."""
    return sync.offset_us + round(take_us / _speed(sync))


def take_time_us(sync: Sync, camera_us: int) -> int:
    """Return where a moment of the camera's file lies in the take."""
    return round((camera_us - sync.offset_us) * _speed(sync))


def _speed(sync: Sync) -> Fraction:
    return 1 + Fraction(sync.drift_ppm) / US


def find_sync(lapel: NDArray[np.float32], camera: NDArray[np.float32], rate_hz: int, *, work: Work) -> Sync:
    """Return how the camera's sound lies against the lapel's, which is the take's clock.

    Args:
        lapel: Mono, shape (n,), full scale is +/-1.0, from 0 of the take.
        camera: Mono, shape (m,), from 0 of the camera's file; any length, it may start or end anywhere.
        rate_hz: Samples per second of both, at least 8000; 12000 holds all that is compared.
        work: Told of progress; asked often whether to stop.

    Raises:
        UnrelatedSoundError: They do not hold the same sound, or too little of it.
        TooShortToSyncError: One of them is shorter than two seconds.
        Cancelled: The person stopped the job.
    """
    if min(len(lapel), len(camera)) < MIN_OVERLAP_S * rate_hz:
        raise TooShortToSyncError(seconds=round(MIN_OVERLAP_S))
    if min(_peak(lapel), _peak(camera)) < _SILENT:
        raise SilentSoundError
    work.report(0.0, "sync.matching")
    lags_s = coarse_lags_s(lapel, camera, rate_hz, count=_CANDIDATES, work=work)
    best: tuple[float, Match] | None = None
    for n, lag_s in enumerate(lags_s):
        work.report(0.3 + 0.4 * n / len(lags_s))
        match = match_windows(lapel, camera, rate_hz, lag_s=lag_s, most_windows=_GLANCE_WINDOWS, work=work)
        if match is not None and (best is None or match.strength > best[1].strength):
            best = lag_s, match
    if best is None:
        raise UnrelatedSoundError
    lag_s, match = best
    if match.windows == _GLANCE_WINDOWS:
        work.report(0.7)
        closer = match_windows(lapel, camera, rate_hz, lag_s=lag_s, most_windows=_MOST_WINDOWS, work=work)
        match = closer or match
    if not _belongs(match):
        raise UnrelatedSoundError
    work.report(1.0)
    return Sync(
        offset_us=round(match.lag_s * US),
        drift_ppm=round((1 / (1 + match.slope) - 1) * US, 2),
        inliers=round(match.inliers, 3),
    )


def _peak(sound: NDArray[np.float32]) -> float:
    return max(float(sound.max()), -float(sound.min()))


def _belongs(match: Match) -> bool:
    """Whether the two recordings hold the same sound; ``bench/sync.py`` shows how wide the margins are."""
    agreeing = round(match.inliers * match.windows)
    few = _BELONG_WINDOWS if match.clearness < 2 * _BELONG_CLEARNESS else _BELONG_WINDOWS - 1
    share = _BELONG_INLIERS if agreeing < _MANY_WINDOWS else _BELONG_INLIERS / 2
    return agreeing >= few and match.inliers >= share and match.clearness >= _BELONG_CLEARNESS


def sync_take(folder: Path, take: Take, *, work: Work) -> Take:
    """Return the take with its sync, and write it to ``take.json``; unchanged if nothing can be compared.

    Only a take with a lapel track and a camera or phone file that has its own sound can be compared. If
    the camera was started more than once, its longest file with sound counts.

    Raises:
        CannotSyncError: The camera's sound is not the lapel's; the take on disk is unchanged.
        BadInputError: A file of the take cannot be read.
        Cancelled: The person stopped the job.
    """
    spoken = [segment for segment in take.segments if segment.track == "mic"]
    seen = sorted((s for s in take.segments if s.track != "mic"), key=lambda s: -s.duration_us)
    if not spoken or not seen:
        return take
    work.report(0.0, "sync.reading")
    sounds = (_file_sound(folder / segment.file, work=work.part(0.0, 0.4)) for segment in seen)
    camera = next((sound for sound in sounds if sound is not None), None)
    lapel = _lapel_sound(folder, spoken, work=work.part(0.4, 0.6)) if camera is not None else None
    if camera is None or lapel is None:
        return take
    sync = find_sync(lapel, camera, SYNC_RATE_HZ, work=work.part(0.6, 1.0))
    synced = dataclasses.replace(take, sync=sync)
    write_take(folder, synced)
    return synced


def _lapel_sound(folder: Path, segments: list[Segment], *, work: Work) -> NDArray[np.float32] | None:
    """Return the lapel from 0 of the take's clock, silence where the microphone was away."""
    lapel = None
    for segment in segments:
        sound = _file_sound(folder / segment.file, work=work)
        if sound is not None:
            begin = round(segment.start_us * SYNC_RATE_HZ / US)
            sound, begin = sound[max(0, -begin) :], max(0, begin)
            is_whole = lapel is None and begin == 0  # nearly always: spare the copy
            lapel = sound if is_whole else _laid(_NOTHING if lapel is None else lapel, sound, at=begin)
    return lapel


def _laid(track: NDArray[np.float32], piece: NDArray[np.float32], *, at: int) -> NDArray[np.float32]:
    """Return the track with the piece in it; the same array where that is long enough."""
    if at + len(piece) > len(track):
        track = np.concatenate([track, np.zeros(at + len(piece) - len(track), np.float32)])
    track[at : at + len(piece)] = piece
    return track


def _file_sound(path: Path, *, work: Work) -> NDArray[np.float32] | None:
    """Return the sound of a file from 0 of the file, mono at ``SYNC_RATE_HZ``; None if it has none.

    Time stamps rule, not the count of samples: phones leave gaps, and the two can grow apart.
    """
    info = probe(path, work=work.part(0.0, 0.3))
    if info.audio is None:
        return None
    zero_us = min(part.start_us for part in (info.video, info.audio) if part is not None)
    sound = np.zeros(round(info.duration_us * SYNC_RATE_HZ / US) + SYNC_RATE_HZ, np.float32)
    end, creep = 0, 0.0
    for n, (stamp_s, piece) in enumerate(_pieces(path, work=work)):
        at = (stamp_s - zero_us / US) * SYNC_RATE_HZ
        creep += (at - end - creep) * _CREEP_SHARE  # single stamps are rounded: believe their average
        if n == 0 or abs(at - end) > _STRAY_S * SYNC_RATE_HZ or abs(creep) > _CREEP_S * SYNC_RATE_HZ:
            end, creep = max(0, round(at)), 0.0
        sound = _laid(sound, piece, at=end)
        end += len(piece)
        if n % _REPORT_PIECES == 0:
            work.report(0.3 + 0.7 * end / len(sound))
    return sound[:end] if end else None


def _pieces(path: Path, *, work: Work) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """Yield time stamp and samples, mono at ``SYNC_RATE_HZ``; what cannot be decoded is left out."""
    import av

    resampler: AudioResampler | None = None
    heard: tuple[object, ...] = ()
    with open_media(path) as container:
        packets = container.demux(sound_stream(container))
        while True:
            work.checkpoint()
            try:
                frames = next(packets).decode()
            except StopIteration:
                return
            except av.error.FFmpegError:  # one bad packet; the next one's time stamp leaves a gap for it
                continue
            for frame in cast("list[AudioFrame]", frames):
                kind = (frame.format.name, frame.layout.name, frame.sample_rate)
                if resampler is None or kind != heard:
                    resampler, heard = av.AudioResampler("flt", "mono", SYNC_RATE_HZ), kind
                for part in resampler.resample(frame):
                    yield (part.pts or 0) / SYNC_RATE_HZ, part.to_ndarray()[0]
