"""Find one recording of a voice inside another, so that two devices can be laid on one clock.

The two sounds are called lapel and camera. A *lag* is where a moment of the lapel lies in the camera's
sound, less where it lies in the lapel's own. Both are mono, shape (n,), full scale +/-1.0, at one rate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from capture.sound_search import HIGH_HZ, LOW_HZ, Sound
from capture.work import Work

MAX_DRIFT = 500e-6  # sound cards keep within 100 ppm, cheap ones within 300

_WINDOW_S = (3.0, 1.5, 0.8)  # the longest of which enough fit
_ENOUGH_WINDOWS = 6
_FEWEST_WINDOWS = 3
_LOUD_RANK = 6  # a few windows may hold a bang or a laugh
_QUIET_DB = -18.0  # below a loud window: a pause, which matches anything
_REACH_S = 0.16
_PICK_REACH_S = 0.1  # so that the pattern around a pick is whole
_WHITENING = 0.7  # rho of the generalised cross-correlation: 0 none, 1 (PHAT) trusts empty bands too much
_LEVELLED_HZ = 50.0
_LOUDEST_TONE = 1.5  # over the median of its neighbours

_PICK_SMOOTH_S = 0.008
_PICK_SPREAD_S = 0.012  # echo moves a single window's peak by this much
_RECENTRE_S = 0.03
_PATTERN_S = 0.05  # how much of the echo is compared, either side
_SLIDE_S = 0.04
_FARTHEST_TURN_S = 0.02
_AGREE_S = 0.002
_AGREE_LIKENESS = 0.2
_MIN_DRIFT_SPAN_S = 4.0
_MAX_DRIFT_ERROR = 30e-6
_DIRECT_SHARE = 0.4  # the straight path is at least this strong beside the strongest echo
_OVER_NOISE = 4.0


@dataclass(frozen=True, slots=True)
class Match:
    """How two sounds lie against each other, and how sure that is.

    Args:
        lag_s: At 0 of the lapel.
        slope: By how much the lag grows in a second of the lapel.
        windows: How many were compared.
        inliers: Share (0 to 1) of the windows that agree on the line.
        likeness: Mean correlation (-1 to 1) of a window's echo pattern with that of the others.
        clearness: Height of the common pattern over its background; a hum shared by both has none.
    """

    lag_s: float
    slope: float
    windows: int
    inliers: float
    likeness: float
    clearness: float

    @property
    def strength(self) -> float:
        """Which of several possible lags is the one: evidence grows with the root of the windows."""
        return self.likeness * float(np.sqrt(self.windows))


@dataclass(frozen=True, slots=True)
class _Pair:
    lapel: Sound
    camera: Sound
    rate_hz: int


@dataclass(frozen=True, slots=True)
class _Windows:
    """Correlations of windows of the lapel with the camera.

    Args:
        at_s: Middle of each window on the lapel's clock, shape (n,).
        centre_s: Lag in the middle of each row, shape (n,).
        rows: Shape (n, 2 * reach + 1), each with root mean square 1.
    """

    at_s: NDArray[np.float64]
    centre_s: NDArray[np.float64]
    rows: Sound
    length_s: float
    rate_hz: int

    @property
    def reach(self) -> int:
        return int(self.rows.shape[1]) // 2


@dataclass(frozen=True, slots=True)
class _Line:
    """Lag along the lapel's clock: ``lag_s`` at ``at_s``, changing by ``slope``."""

    at_s: float
    lag_s: float
    slope: float

    def lags_s(self, at_s: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.lag_s + self.slope * (at_s - self.at_s)


def match_windows(
    lapel: Sound, camera: Sound, rate_hz: int, *, lag_s: float, most_windows: int, work: Work
) -> Match | None:
    """Return how the sounds match near ``lag_s``, or None if too little of a voice overlaps.

    ``lag_s`` need only be good to some hundredths of a second somewhere in the take. Longer takes are
    looked at in ``most_windows`` windows, spread evenly.
    """
    overlap_s = (max(0.0, -lag_s), min(len(lapel) / rate_hz, len(camera) / rate_hz - lag_s))
    length_s, starts_s = _voiced_windows(lapel, rate_hz, overlap_s=overlap_s, most=most_windows)
    if len(starts_s) < _FEWEST_WINDOWS:
        return None
    pair = _Pair(lapel, camera, rate_hz)
    line = _Line(float(starts_s.mean()) + length_s / 2, lag_s, 0.0)
    for _ in range(2):
        windows = _correlate(pair, starts_s, length_s=length_s, line=line, work=work)
        line = _rough_line(windows)
        if np.abs(line.lags_s(windows.at_s) - windows.centre_s).max() < _RECENTRE_S:
            break
    line = _stack_best(windows, line, work=work)
    return _measure(windows, line)


def _voiced_windows(
    lapel: Sound, rate_hz: int, *, overlap_s: tuple[float, float], most: int
) -> tuple[float, NDArray[np.float64]]:
    """Return the length and the starts of windows, half overlapping, in which the lapel speaks."""
    start_s, end_s = overlap_s
    chosen: NDArray[np.float64] = np.empty(0)
    for length_s in _WINDOW_S:
        count = int((end_s - start_s - length_s) / (length_s / 2) + 1e-6) + 1
        if count < 1 or end_s - start_s < length_s:
            continue
        starts_s = start_s + length_s / 2 * np.arange(count)
        size = round(length_s * rate_hz)
        pieces = [lapel[at : at + size] for at in np.rint(starts_s * rate_hz).astype(int)]
        power = np.array([float(np.dot(piece, piece)) for piece in pieces])
        loud = float(np.sort(power)[-min(_LOUD_RANK, count)])
        chosen = np.asarray(starts_s[power > loud * 10 ** (_QUIET_DB / 10)], dtype=np.float64)
        if len(chosen) >= _ENOUGH_WINDOWS:
            break
    if len(chosen) > most:
        chosen = chosen[np.rint(np.linspace(0, len(chosen) - 1, most)).astype(int)]
    return length_s, chosen


def _correlate(
    pair: _Pair, starts_s: NDArray[np.float64], *, length_s: float, line: _Line, work: Work
) -> _Windows:
    """Return the weighted generalised cross-correlation of each window with the camera around ``line``."""
    from scipy import fft

    rate_hz = pair.rate_hz
    size, reach = round(length_s * rate_hz), round(_REACH_S * rate_hz)
    padded = fft.next_fast_len(size + 2 * reach, real=True)
    low, high = (round(hz * padded / rate_hz) for hz in (LOW_HZ, min(HIGH_HZ, 0.45 * rate_hz)))
    block = max(1, round(_LEVELLED_HZ * padded / rate_hz))
    high = low + (high - low) // block * block
    taper = np.hanning(size).astype(np.float32)
    starts = np.rint(starts_s * rate_hz).astype(int)
    shifts = np.rint(line.lags_s(starts_s + length_s / 2) * rate_hz).astype(int)
    rows = np.zeros((len(starts), 2 * reach + 1), np.float32)
    cross = np.zeros(padded // 2 + 1, np.complex64)
    for row, start, shift in zip(rows, starts, shifts, strict=True):
        work.checkpoint()
        heard = fft.rfft(_piece(pair.camera, int(start + shift) - reach, size + 2 * reach), padded)
        spoken = fft.rfft(pair.lapel[start : start + size] * taper, padded)
        both = heard[low:high] * np.conj(spoken[low:high])
        cross[low:high] = _weighted(both.reshape(-1, block)).reshape(-1)
        found = fft.irfft(cross, padded)[: 2 * reach + 1]
        row[:] = found / (np.sqrt(np.mean(np.square(found))) + 1e-20)
    return _Windows(starts_s + length_s / 2, shifts / rate_hz, rows, length_s, rate_hz)


def _weighted(cross: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """Return the cross-spectrum, shape (blocks, tones), flattened so that no tone outshouts its neighbours.

    The hum of the mains is the same in two recordings that have nothing else in common.
    """
    loud = np.abs(cross) + 1e-20
    weight = (loud + 1e-6 * loud.max()) ** -_WHITENING
    size = loud * weight
    most = _LOUDEST_TONE * np.median(size, axis=1, keepdims=True)
    return np.asarray(cross * weight * np.minimum(1, most / size), np.complex64)


def _piece(sound: Sound, start: int, size: int) -> Sound:
    """Return ``size`` samples from ``start``, silence where there are none."""
    piece = np.zeros(size, np.float32)
    begin, end = max(0, start), min(len(sound), start + size)
    if begin < end:
        piece[begin - start : end - start] = sound[begin:end]
    return piece


def _rough_line(windows: _Windows) -> _Line:
    """Return the line on which most windows have their strongest stretch of correlation."""
    from scipy import signal

    rate_hz, at_s = windows.rate_hz, windows.at_s
    bump = np.hanning(round(_PICK_SMOOTH_S * rate_hz))
    energy = signal.fftconvolve(np.square(windows.rows), bump[None, :], "same", axes=1)
    near = round(_PICK_REACH_S * rate_hz)
    best = energy[:, windows.reach - near : windows.reach + near + 1].argmax(axis=1)
    picks_s = windows.centre_s + (best - near) / rate_hz
    middle_s = float(at_s.mean())
    x = at_s - middle_s
    slopes, lags_s = np.zeros(len(x)), picks_s
    # Over a short take the largest drift moves less than echo does: a slope would be invented.
    if np.ptp(x) * MAX_DRIFT > _PICK_SPREAD_S:
        first, second = np.triu_indices(len(x), 1)
        slope = (picks_s[second] - picks_s[first]) / (x[second] - x[first])
        possible = np.abs(slope) <= MAX_DRIFT
        slopes = np.concatenate([slopes, slope[possible]])
        lags_s = np.concatenate([lags_s, (picks_s[first] - slope * x[first])[possible]])
    away_s = np.abs(picks_s - lags_s[:, None] - slopes[:, None] * x)
    # Count the windows near each line; among equals the one nearer to its windows.
    votes = np.clip(1.5 - away_s / (2 * _PICK_SPREAD_S), 0, 1) * (away_s <= _PICK_SPREAD_S)
    chosen = int(votes.sum(axis=1).argmax())
    inside = away_s[chosen] <= _PICK_SPREAD_S
    lag_s = float(np.median((picks_s - slopes[chosen] * x)[inside]))
    return _Line(middle_s, lag_s, float(slopes[chosen]))


def _stack_best(windows: _Windows, line: _Line, *, work: Work) -> _Line:
    """Return the line turned so that the windows' echo patterns add up most.

    One window's strongest peak may be any echo; the pattern of echoes is the same in all of them.
    """
    half_s = float(np.ptp(windows.at_s)) / 2
    if 2 * half_s < _MIN_DRIFT_SPAN_S:
        return line
    steps = max(1, round(min(MAX_DRIFT * half_s, _FARTHEST_TURN_S) * windows.rate_hz))
    turns = [
        replace(line, slope=line.slope + step / windows.rate_hz / half_s) for step in range(-steps, steps + 1)
    ]
    power = []
    for turn in turns:
        work.checkpoint()
        power.append(float(np.square(_patterns(windows, turn).sum(axis=0)).sum()))
    return turns[int(np.argmax(power))]


def _patterns(windows: _Windows, line: _Line) -> Sound:
    """Return each window's correlation within ``_PATTERN_S`` of ``line``; silence beyond its row."""
    rate_hz, count = windows.rate_hz, len(windows.rows)
    half = round(_PATTERN_S * rate_hz)
    first = windows.reach - half + (line.lags_s(windows.at_s) - windows.centre_s) * rate_hz
    whole = np.floor(first).astype(int)
    part = (first - whole).astype(np.float32)[:, None]
    padded = np.pad(windows.rows, ((0, 0), (half, half + 1)))
    begin = np.clip(whole + half, 0, padded.shape[1] - 2 * half - 2)
    picked = padded[np.arange(count)[:, None], begin[:, None] + np.arange(2 * half + 2)]
    return np.asarray(picked[:, :-1] * (1 - part) + picked[:, 1:] * part, np.float32)


def _measure(windows: _Windows, line: _Line) -> Match:
    """Return the match after letting every window move the line."""
    for _ in range(2):
        moved_s, likeness = _compare(windows, _patterns(windows, line))
        agree = (np.abs(moved_s) <= _AGREE_S) & (likeness >= _AGREE_LIKENESS)
        if agree.sum() >= _FEWEST_WINDOWS:
            line = _fit(windows.at_s[agree], line.lags_s(windows.at_s)[agree] + moved_s[agree])
    patterns = _patterns(windows, line)
    moved_s, likeness = _compare(windows, patterns)
    agree = (np.abs(moved_s) <= _AGREE_S) & (likeness >= _AGREE_LIKENESS)
    common = np.abs(patterns.mean(axis=0))
    noise = 1 / np.sqrt(len(patterns))  # what is left of rows of size 1 that have nothing in common
    return Match(
        lag_s=line.lag_s - line.slope * line.at_s + _first_arrival_s(common, noise, windows.rate_hz),
        slope=line.slope,
        windows=len(windows.rows),
        inliers=float(agree.mean()),
        likeness=float(likeness.mean()),
        clearness=float(common.max()) / noise,
    )


def _compare(windows: _Windows, patterns: Sound) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how far each pattern must move to lie best on the others, and how alike the two then are.

    A window is never compared with itself or with one that overlaps it: they share noise.
    """
    from scipy import fft

    apart_s = np.abs(windows.at_s[:, None] - windows.at_s)
    others = patterns.sum(axis=0) - (apart_s < windows.length_s - 1e-6).astype(np.float32) @ patterns
    size = fft.next_fast_len(2 * patterns.shape[1], real=True)
    sums = fft.irfft(fft.rfft(patterns, size) * np.conj(fft.rfft(others, size)), size)
    slide = round(_SLIDE_S * windows.rate_hz)
    sums = np.concatenate([sums[:, -slide:], sums[:, : slide + 1]], axis=1)
    loud = np.linalg.norm(patterns, axis=1) * np.linalg.norm(others, axis=1)
    best = np.clip(sums.argmax(axis=1), 1, 2 * slide - 1)
    before, here, after = (sums[np.arange(len(sums)), best + step] for step in (-1, 0, 1))
    bend = before - 2 * here + after
    part = np.where(bend < 0, 0.5 * (before - after) / np.where(bend < 0, bend, -1), 0)
    return (best - slide + part) / windows.rate_hz, here / (loud + 1e-9)


def _fit(at_s: NDArray[np.float64], lags_s: NDArray[np.float64]) -> _Line:
    """Return the line through the lags; level where too little time lies between them to tell a drift."""
    middle_s = float(at_s.mean())
    x = at_s - middle_s
    spread = float(np.square(x).sum())
    slope = float((x * lags_s).sum()) / spread
    off_s = lags_s - lags_s.mean() - slope * x
    error = np.sqrt(float(np.square(off_s).sum()) / (len(x) - 2) / spread)
    if np.ptp(x) < _MIN_DRIFT_SPAN_S or error > _MAX_DRIFT_ERROR or abs(slope) > MAX_DRIFT:
        return _Line(middle_s, float(np.median(lags_s)), 0.0)
    return _Line(middle_s, float(lags_s.mean()), slope)


def _first_arrival_s(common: NDArray[np.float32], noise: float, rate_hz: int) -> float:
    """Return where the voice comes straight from the mouth: the first clear peak, not the highest.

    ``common`` is the size of the mean pattern, whose middle is 0.
    """
    highest = float(common.max())
    at = int(np.argmax(common >= min(highest, max(_DIRECT_SHARE * highest, _OVER_NOISE * noise))))
    while at + 1 < len(common) and common[at + 1] > common[at]:
        at += 1
    return (at - len(common) // 2) / rate_hz
