"""Measure cleaning: how much quieter pauses get, how like itself the voice is, what is still heard.

Run ``python -m bench.clean_sound``: two answers of the sample with hiss, hum and a fan mixed in at known
levels, cleaned at each strength, and written down by the caption model before and after.
"""

from __future__ import annotations

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
from editor.audio import RATE_HZ, Sound
from editor.model import CLEAN_SOUNDS, CleanSound
from editor.transcript import caption_takes

ANSWERS = ("2-why", "7-levels")
SNRS_DB = (20, 10)


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


def words_wrong(sounds: dict[CleanSound, Sound], said: str, folder: Path) -> dict[CleanSound, float]:
    """Return the share of words that the caption model gets wrong in each sound."""
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
    return {
        name: round(distance(truth, each) / len(truth), 3) for name, each in zip(sounds, heard, strict=True)
    }


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


def main() -> int:
    """Measure and print."""
    figures: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for answer in ANSWERS:
            voice, _ = soundfile.read(assets.SAMPLE / f"{answer}.flac", dtype="float32")
            level = np.sqrt(np.convolve(voice**2, np.ones(2400) / 2400, "same"))
            loud, quiet = level > 0.05 * level.max(), level < 0.01 * level.max()
            mixes = {"none": voice}
            for kind, noise in noises(len(voice)).items():
                for snr_db in SNRS_DB:
                    scale = np.sqrt((voice[loud] ** 2).mean()) * 10 ** (-snr_db / 20)
                    mixes[f"{kind} {snr_db} dB"] = np.asarray(voice + noise * scale, np.float32)
            for mix, noisy in mixes.items():
                sounds: dict[CleanSound, Sound] = {"off": noisy}
                sounds |= {each: cleaned(noisy, each, folder) for each in CLEAN_SOUNDS[1:]}
                said = (assets.SAMPLE / f"{answer}.txt").read_text(encoding="utf-8")
                wrong = words_wrong(sounds, said, folder)
                for strength, sound in sounds.items():
                    fall = 10 * np.log10((noisy[quiet] ** 2).mean() / (sound[quiet] ** 2).mean())
                    figures.append(
                        {
                            "answer": answer,
                            "noise": mix,
                            "strength": strength,
                            "pauses_quieter_db": round(float(fall), 1),
                            "likeness_db": round(min(likeness_db(voice, sound), 99.0), 1),
                            "words_wrong": wrong[strength],
                        }
                    )
                    print(json.dumps(figures[-1]), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
