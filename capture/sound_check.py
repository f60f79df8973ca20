"""Judge a few seconds of a microphone: how quiet the room is, how loud the voice, and what spoils it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from capture.meter import decibels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SILENT_BELOW_DB = -60.0  # peak
NOISY_ABOVE_DB = -48.0
FAINT_BELOW_DB = -30.0  # peak
CLIPPED_FROM = 0.999
_CLIPPED_RUN = 3  # samples at full scale one after the other are no chance
_VOICE_ABOVE_DB = 12.0  # of the noise
_CLEAR_ABOVE_DB = 20.0
_WINDOW_S = 0.05
_NOISE_SHARE = 10  # percentile of the windows: pauses between words
_VOICE_SHARE = 90
_MAINS_HZ = (50.0, 60.0)
_HARMONICS = 5
_HUM_ABOVE_DB = 15.0  # of its neighbours
_HUM_FROM_DB = -75.0


@dataclass(frozen=True, slots=True)
class SoundCheck:
    """What a microphone delivered; levels in dB below full scale.

    Args:
        key: What to say of it, below ``trial.sound``: the worst first.
        hum_hz: Mains frequency that can be heard; 0 for none.
    """

    key: str
    noise_db: float
    voice_db: float
    peak_db: float
    clipped_samples: int
    hum_hz: float


def check_sound(samples: NDArray[np.float32], *, rate_hz: int) -> SoundCheck:
    """Return how a few seconds of sound are.

    Args:
        samples: Mono, shape (n,), full scale +/-1.0.
        rate_hz: Of the samples.
    """
    import numpy as np

    window = max(1, round(_WINDOW_S * rate_hz))
    whole = samples[: len(samples) // window * window].astype(np.float64).reshape(-1, window)
    if not len(whole):
        return SoundCheck("sound.silent", -120.0, -120.0, -120.0, 0, 0.0)
    levels = np.sqrt(np.mean(np.square(whole - whole.mean()), axis=1))
    noise_db = decibels(float(np.percentile(levels, _NOISE_SHARE)))
    voice_db = decibels(float(np.percentile(levels, _VOICE_SHARE)))
    peak_db = decibels(float(np.abs(samples).max()))
    clipped = _clipped(samples)
    hum_hz = _hum_hz(samples, rate_hz=rate_hz)
    key = _judge(noise_db, voice_db, peak_db, clipped=clipped, hum_hz=hum_hz)
    return SoundCheck(key, noise_db, voice_db, peak_db, clipped, hum_hz)


def _judge(noise_db: float, voice_db: float, peak_db: float, *, clipped: int, hum_hz: float) -> str:
    is_voice = voice_db - noise_db >= _VOICE_ABOVE_DB
    is_clear = voice_db - noise_db >= _CLEAR_ABOVE_DB
    faults = (
        ("sound.silent", peak_db < SILENT_BELOW_DB),
        ("sound.clipped", clipped > 0),
        ("sound.hum", hum_hz > 0),
        ("sound.noisy", noise_db > NOISY_ABOVE_DB and not is_clear),
        ("sound.nobody", not is_voice),
        ("sound.faint", peak_db < FAINT_BELOW_DB),
        ("sound.noisy", noise_db > NOISY_ABOVE_DB or not is_clear),
    )
    return next((key for key, is_so in faults if is_so), "sound.good")


def _clipped(samples: NDArray[np.float32]) -> int:
    """Return how many samples stand at full scale in a row with others."""
    import numpy as np

    at_limit = np.abs(samples) >= CLIPPED_FROM
    runs = np.convolve(at_limit, np.ones(_CLIPPED_RUN), "valid") >= _CLIPPED_RUN
    return int(at_limit.sum()) if bool(runs.any()) else 0


def _hum_hz(samples: NDArray[np.float32], *, rate_hz: int) -> float:
    """Return 50 or 60 if the mains can be heard: lines that stand all the time where a voice moves."""
    import numpy as np

    if len(samples) < 2 * rate_hz:
        return 0.0
    # Windows of a second part lines of 1 Hz; a quiet fifth of them shows what never pauses.
    starts = range(0, len(samples) - rate_hz + 1, rate_hz // 2)
    shape = np.hanning(rate_hz)
    spectra = [np.abs(np.fft.rfft(samples[at : at + rate_hz] * shape)) for at in starts]
    level_db = 20 * np.log10(np.percentile(spectra, 20, axis=0) / shape.sum() * 2 + 1e-9)
    for mains_hz in _MAINS_HZ:
        lines = [round(mains_hz * n) for n in range(1, _HARMONICS + 1)]
        if sum(_stands_out(level_db, line) for line in lines) >= 2:
            return mains_hz
    return 0.0


def _stands_out(level_db: NDArray[np.float64], line: int) -> bool:
    import numpy as np

    beside = np.concatenate([level_db[line - 15 : line - 4], level_db[line + 5 : line + 16]])
    peak_db = float(level_db[line - 1 : line + 2].max())
    return peak_db > _HUM_FROM_DB and peak_db - float(np.median(beside)) > _HUM_ABOVE_DB
