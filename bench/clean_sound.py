"""Measure cleaning: how much quieter pauses get, how like itself the voice is, what is still heard.

Run ``python -m bench.clean_sound``: an answer of the sample and the readings in ``../shared/media/voices``
get hiss, hum and a fan at 10 dB, are cleaned at the middle strength, and written down by the caption model
before and after; ``--all`` takes every strength and 20 dB too, which is four times the work.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from scipy import signal

import assets
from capture.take import Segment, Take, TakePrompt
from capture.work import Work
from editor import clean_sound, loudness
from editor.audio import RATE_HZ, Sound, read_sound
from editor.model import CLEAN_SOUNDS, CleanSound
from editor.transcript import caption_takes

ANSWER = "7-levels"
VOICES = assets.ROOT.parent / "shared" / "media" / "voices"
READINGS = "ss_*.wav"
_QUIETEST = 0.05

Kind = tuple[str, CleanSound]


def speeches() -> dict[str, tuple[Sound, str]]:
    """Return each speech with what is said in it."""
    sets = {"sample": [assets.SAMPLE / f"{ANSWER}.flac"], "readings": sorted(VOICES.glob(READINGS))}
    return {
        name: (
            np.concatenate([read_sound(path, work=Work()) for path in paths]),
            " ".join(path.with_suffix(".txt").read_text(encoding="utf-8") for path in paths),
        )
        for name, paths in sets.items()
        if paths
    }


def noises(length: int) -> dict[str, Sound]:
    """Return a noise of each kind, all equally strong."""
    random, t = np.random.default_rng(3), np.arange(length) / RATE_HZ
    fan = signal.butter(2, (100, 1500), "band", fs=RATE_HZ, output="sos")
    made = {
        "hiss": random.standard_normal(length),
        "fan": signal.sosfilt(fan, random.standard_normal(length)),
        "hum": sum(np.sin(2 * np.pi * 50 * k * t + k) / k for k in range(1, 8)),
    }
    return {kind: np.asarray(each / np.sqrt((each**2).mean()), np.float32) for kind, each in made.items()}


def cleaned(sound: Sound, strength: CleanSound, folder: Path) -> Sound:
    """Return a sound with its noise turned down."""
    loudness.write_sound(folder / "a.f32", [sound], work=Work())
    clean_sound.clean(folder / "a.f32", folder / "b.f32", strength=strength, work=Work())
    return np.concatenate(list(loudness.read_blocks(folder / "b.f32")))


def likeness_db(wanted: Sound, sound: Sound) -> float:
    """Return how much of a sound is what was wanted, against the rest (SI-SDR)."""
    own = wanted * float((wanted * sound).sum() / (wanted * wanted).sum())
    return float(10 * np.log10((own**2).sum() / (((sound - own) ** 2).sum() + 1e-12)))


def words_wrong(sounds: dict[Kind, Sound], said: str, folder: Path) -> dict[Kind, str]:
    """Return how many words of how many the caption model gets wrong in each sound."""
    takes = []
    for n, sound in enumerate(sounds.values()):
        place = folder / str(n)
        place.mkdir(exist_ok=True)
        soundfile.write(place / "mic-001.wav", sound, RATE_HZ, subtype="PCM_24")
        length_us = len(sound) * 1_000_000 // RATE_HZ
        segments = (Segment("mic", "mic-001.wav", 0, length_us),)
        asked = TakePrompt("p", "question", "?", "?")
        takes.append((Take(str(n), "r", "", asked, 1, "safe", "", length_us, segments), place))
    written = caption_takes(takes, language="en", work=Work())
    truth = plain(said)
    heard = [plain(" ".join(word.text for word in each.words if not word.filler)) for each in written]
    return {kind: f"{distance(truth, each)}/{len(truth)}" for kind, each in zip(sounds, heard, strict=True)}


def plain(text: str) -> list[str]:
    """Return the words of a text, without marks."""
    return [word for word in re.findall(r"[a-z0-9']+", text.lower()) if word not in ("um", "uh", "er")]


def distance(one: list[str], other: list[str]) -> int:
    """Return by how many words two texts differ (Levenshtein)."""
    row = list(range(len(other) + 1))
    for n, word in enumerate(one, 1):
        before, row[0] = row[0], n
        for k, heard in enumerate(other, 1):
            before, row[k] = row[k], min(row[k] + 1, row[k - 1] + 1, before + (word != heard))
    return row[-1]


def measure(
    voice: Sound, said: str, folder: Path, *, snrs_db: tuple[int, ...], strengths: tuple[CleanSound, ...]
) -> list[dict[str, Any]]:
    """Return the figures of one speech in every noise."""
    level = np.sqrt(signal.oaconvolve(voice**2, np.ones(2400) / 2400, "same").clip(min=0))
    loud, quiet = level > 0.05 * level.max(), level <= np.quantile(level, _QUIETEST)
    mixes = {"none": voice}
    for (kind, noise), snr_db in itertools.product(noises(len(voice)).items(), snrs_db):
        scale = np.sqrt((voice[loud] ** 2).mean()) * 10 ** (-snr_db / 20)
        mixes[f"{kind} {snr_db} dB"] = np.asarray(voice + noise * scale, np.float32)
    sounds: dict[Kind, Sound] = {}
    for (mix, noisy), strength in itertools.product(mixes.items(), strengths):
        sounds[mix, strength] = noisy if strength == "off" else cleaned(noisy, strength, folder)
    wrong = words_wrong(sounds, said, folder)
    return [
        {
            "noise": mix,
            "strength": strength,
            "pauses_quieter_db": round(drop_db(mixes[mix][quiet], sound[quiet]), 1),
            "likeness_db": round(min(likeness_db(voice, sound), 99.0), 1),
            "words_wrong": wrong[mix, strength],
        }
        for (mix, strength), sound in sounds.items()
    ]


def drop_db(before: Sound, after: Sound) -> float:
    """Return by how much a sound is quieter."""
    return float(10 * np.log10(((before**2).mean() + 1e-12) / ((after**2).mean() + 1e-12)))


def main() -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--all", action="store_true", help="every strength, and noise at 20 dB too")
    every = options.parse_args().all
    strengths: tuple[CleanSound, ...] = CLEAN_SOUNDS if every else ("off", "mid")
    with tempfile.TemporaryDirectory() as folder:
        for name, (voice, said) in speeches().items():
            snrs_db = (20, 10) if every else (10,)
            figures = measure(voice, said, Path(folder), snrs_db=snrs_db, strengths=strengths)
            for each in figures:
                print(json.dumps({"speech": name} | each), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
