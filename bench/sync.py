"""Measure synchronisation by sound: how exact it is, and how surely it tells what does not belong together.

Run ``python -m bench.sync``. Besides the sample it uses ``../shared/media/voices`` if that is there. The
functions that turn a lapel track into what a camera hears are used by the tests as well.
"""

from __future__ import annotations

import json
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import assets
from capture.sound_match import Match, match_windows
from capture.sound_search import coarse_lags_s
from capture.sync import SYNC_RATE_HZ as RATE_HZ
from capture.sync import CannotSyncError, camera_time_us, find_sync
from capture.take import Sync
from capture.work import Work

Sound = NDArray[np.float32]

GOAL_MS = 10
US = 1_000_000
KEYS = ("1-what", "2-why", "3-when", "4-who", "5-prerequisites", "6-kind", "7-levels")
VOICES = assets.ROOT.parent / "shared" / "media" / "voices"


# Sounds --------------------------------------------------------------------------------------------------


def read(path: Path) -> Sound:
    """Return the sound of a file, mono at ``RATE_HZ``."""
    import av

    with av.open(path) as container:
        resampler = av.AudioResampler("flt", "mono", RATE_HZ)
        frames = [*container.decode(audio=0), None]
        return np.concatenate([part.to_ndarray()[0] for each in frames for part in resampler.resample(each)])


def heard_by_camera(lapel: Sound, *, offset_s: float, drift_ppm: float, seconds: float) -> Sound:
    """Return what a camera hears that started ``offset_s`` earlier and runs fast by ``drift_ppm``."""
    from scipy import ndimage

    at_s = (np.arange(round(seconds * RATE_HZ)) / RATE_HZ - offset_s) * (1 + drift_ppm / US)
    heard = np.zeros(len(at_s), np.float32)
    for piece in np.array_split(np.arange(len(at_s)), len(at_s) // (60 * RATE_HZ) + 1):
        low = max(0, int(at_s[piece[0]] * RATE_HZ) - 50)
        high = int(at_s[piece[-1]] * RATE_HZ) + 50
        if high > 0 and low < len(lapel):
            source = lapel[low:high]
            heard[piece] = ndimage.map_coordinates(source, [at_s[piece] * RATE_HZ - low], order=5)
    return heard


def in_room(sound: Sound, *, echo_s: float, direct: float, seed: int = 1) -> Sound:
    """Return the sound across a room: echoes of energy 1, and the straight path, ``direct`` as strong."""
    from scipy import signal

    length = round(echo_s * RATE_HZ)
    tail = np.random.default_rng(seed).standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
    room = tail / np.sqrt(np.square(tail).sum())
    room[0] += direct
    return np.asarray(signal.oaconvolve(sound, room)[: len(sound)], np.float32)


def with_noise(sound: Sound, noise: Sound, *, snr_db: float) -> Sound:
    """Return the sound with noise ``snr_db`` below it."""
    there = np.resize(noise, len(sound))
    loud = np.sqrt(np.mean(np.square(sound)) / np.mean(np.square(there))) * 10 ** (-snr_db / 20)
    return np.asarray(sound + loud * there, np.float32)


def babble(voices: list[Sound], *, seconds: float, seed: int = 2) -> Sound:
    """Return eight people talking at once, none of them to us."""
    rng = np.random.default_rng(seed)
    length = round(seconds * RATE_HZ)
    talk = np.zeros(length, np.float32)
    for n in range(8):
        voice = voices[n % len(voices)]
        talk += np.resize(np.roll(voice, int(rng.integers(len(voice)))), length) / voice.std()
    return talk


def hum(*, seconds: float) -> Sound:
    """Return what the mains put into every recording."""
    at_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    tones = [np.sin(2 * np.pi * 50 * n * at_s + n * n) for n in range(1, 30)]
    return np.asarray(0.003 * np.sum(tones, axis=0), np.float32)


def music(*, seconds: float, seed: int = 3) -> Sound:
    """Return struck chords, two a second."""
    rng = np.random.default_rng(seed)
    length = round(seconds * RATE_HZ)
    played = np.zeros(length + RATE_HZ, np.float32)
    at_s = np.arange(RATE_HZ) / RATE_HZ
    for begin in range(0, length, RATE_HZ // 2):
        for note in rng.choice([0, 3, 5, 7, 10, 12, 15], 3):
            for overtone in range(1, 6):
                tone = np.sin(2 * np.pi * 220 * 2 ** (note / 12) * overtone * at_s)
                played[begin : begin + RATE_HZ] += 0.05 * tone * np.exp(-3 * at_s) / overtone
    return played[:length]


def telephone(sound: Sound) -> Sound:
    """Return the sound as an 8 kHz line with 8-bit mu-law has it (ITU-T G.711)."""
    from scipy import signal

    narrow = signal.sosfilt(
        signal.butter(4, [300, 3400], "bandpass", fs=8000, output="sos"),
        signal.resample_poly(sound, 8000, RATE_HZ),
    )
    pressed = np.sign(narrow) * np.log1p(255 * np.minimum(np.abs(narrow), 1)) / np.log(256)
    coarse = np.round(pressed * 127) / 127
    line = np.sign(coarse) * (256 ** np.abs(coarse) - 1) / 255
    return np.asarray(signal.resample_poly(line, RATE_HZ, 8000), np.float32)


def interview(lapels: list[Sound], *, seconds: float, seed: int = 4) -> Sound:
    """Return the sample's answers in changing order, with pauses, for as long as wanted."""
    rng = np.random.default_rng(seed)
    parts: list[Sound] = []
    while sum(map(len, parts)) < seconds * RATE_HZ:
        for n in rng.permutation(len(lapels)):
            parts += [lapels[n], np.zeros(int(rng.uniform(0.3, 2) * RATE_HZ), np.float32)]
    return np.concatenate(parts)[: round(seconds * RATE_HZ)]


def worst_ms(sync: Sync, *, offset_s: float, drift_ppm: float, seconds: float) -> float:
    """Return the largest error anywhere in a take, against ``camera time = offset + t / (1 + drift)``."""
    return max(
        abs(camera_time_us(sync, round(t * US)) / US - offset_s - t / (1 + drift_ppm / US)) * 1000
        for t in map(float, np.linspace(0, seconds, 25))
    )


# Measurements --------------------------------------------------------------------------------------------


def known_takes(lapels: list[Sound], cameras: list[Sound], noise: Sound) -> None:
    """Print the error for the takes whose truth is known, and what is found for the others."""
    truth = json.loads((assets.SAMPLE / "truth.json").read_text("utf-8"))
    print("| take | offset | drift | inliers | largest error | with noise at 0 dB SNR | seconds |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for key, lapel, camera in zip(KEYS, lapels, cameras, strict=True):
        start = time.perf_counter()
        sync = find_sync(lapel, camera, RATE_HZ, work=Work())
        took_s = time.perf_counter() - start
        noisy = find_sync(lapel, with_noise(camera, noise, snr_db=0), RATE_HZ, work=Work())
        known = truth.get(key)
        errors = [
            "truth not given",
            f"{abs(noisy.offset_us - sync.offset_us) / 1000:.2f} ms from the clean one",
        ]
        if known:
            right = {"offset_s": known["offset_s"], "drift_ppm": known["drift_ppm"]}
            errors = [f"{worst_ms(s, **right, seconds=len(lapel) / RATE_HZ):.2f} ms" for s in (sync, noisy)]
        print(
            f"| {key} | {sync.offset_us / 1000:.2f} ms | {sync.drift_ppm:.1f} ppm | {sync.inliers:.2f} "
            f"| {errors[0]} | {errors[1]} | {took_s:.2f} |"
        )


def long_takes(lapels: list[Sound], noise: Sound) -> None:
    """Print the error anywhere in 20 minutes, for clocks and starts of all kinds."""
    minutes = 20
    lapel = interview(lapels, seconds=minutes * 60)
    print("\n| 20-minute take | offset found | drift found | inliers | largest error | seconds |")
    print("| --- | --- | --- | --- | --- | --- |")
    for offset_s, drift_ppm, snr_db, seconds in (
        (0.4, 60.0, None, 1201.0),
        (2.0, -100.0, 0.0, 1203.0),
        (300.0, -80.0, 0.0, 1500.0),
        (-180.0, 100.0, 0.0, 1400.0),
        (-600.0, 20.0, 0.0, 200.0),
        (2.0, 300.0, 0.0, 1203.0),
    ):
        camera = heard_by_camera(lapel, offset_s=offset_s, drift_ppm=drift_ppm, seconds=seconds)
        camera = in_room(camera, echo_s=0.5, direct=1.0)
        if snr_db is not None:
            camera = with_noise(camera, noise, snr_db=snr_db)
        start = time.perf_counter()
        sync = find_sync(lapel, camera, RATE_HZ, work=Work())
        took_s = time.perf_counter() - start
        error_ms = worst_ms(sync, offset_s=offset_s, drift_ppm=drift_ppm, seconds=minutes * 60)
        print(
            f"| {offset_s:g} s, {drift_ppm:g} ppm, {seconds:g} s of camera, echo"
            f"{'' if snr_db is None else f', noise at {snr_db:g} dB SNR'} | {sync.offset_us / 1000:.2f} ms "
            f"| {sync.drift_ppm:.2f} ppm | {sync.inliers:.2f} | {error_ms:.2f} ms | {took_s:.1f} |"
        )
    tracemalloc.start()
    find_sync(lapel, camera, RATE_HZ, work=Work())
    print(f"\nMemory beside the two sounds: {tracemalloc.get_traced_memory()[1] / 1e6:.0f} MB at most")
    tracemalloc.stop()


def related(lapels: list[Sound], noise: Sound) -> None:
    """Print how often pairs that belong together are found, and how exactly, ever worse and shorter."""
    kinds: dict[str, Callable[[Sound], Sound]] = {
        "clean": lambda sound: sound,
        "room (0.5 s)": lambda sound: in_room(sound, echo_s=0.5, direct=1.0),
        "room and 0 dB SNR": lambda sound: with_noise(
            in_room(sound, echo_s=0.5, direct=1.0), noise, snr_db=0
        ),
        "hall (1 s, echo 10 dB over voice) and 0 dB SNR": lambda sound: with_noise(
            in_room(sound, echo_s=1.0, direct=0.3), noise, snr_db=0
        ),
        "telephone, room and 0 dB SNR": lambda sound: telephone(
            with_noise(in_room(sound, echo_s=0.5, direct=1.0), noise, snr_db=0)
        ),
    }
    rng = np.random.default_rng(5)
    print("\n| what the camera hears | length | found | largest error | fewest inliers |")
    print("| --- | --- | --- | --- | --- |")
    for name, spoil in kinds.items():
        for seconds in (60.0, 8.0, 3.0):
            tries = [_try(_part(each, seconds, rng), spoil, rng) for each in lapels for _ in range(2)]
            found = [each for each in tries if each is not None]
            length = "16 to 26 s" if seconds > 26 else f"{seconds:g} s"
            worst = max(error_ms for error_ms, _ in found)
            fewest = min(inliers for _, inliers in found)
            print(f"| {name} | {length} | {len(found)} of {len(tries)} | {worst:.2f} ms | {fewest:.2f} |")


def _try(
    lapel: Sound, spoil: Callable[[Sound], Sound], rng: np.random.Generator
) -> tuple[float, float] | None:
    """Return error in milliseconds and inliers of a camera that starts anywhere, or None if refused."""
    offset_s, drift_ppm = float(rng.uniform(-0.9, 8)), float(rng.uniform(-80, 80))
    length_s = len(lapel) / RATE_HZ
    camera = heard_by_camera(
        lapel, offset_s=offset_s, drift_ppm=drift_ppm, seconds=max(0, offset_s) + length_s + 2
    )
    try:
        sync = find_sync(lapel, spoil(camera), RATE_HZ, work=Work())
    except CannotSyncError:
        return None
    return worst_ms(sync, offset_s=offset_s, drift_ppm=drift_ppm, seconds=length_s), sync.inliers


def unrelated(lapels: list[Sound], cameras: list[Sound], voices: list[Sound]) -> None:
    """Print how many pairs that do not belong together are refused, and how near the nearest came."""
    rng = np.random.default_rng(6)
    others = [(a, b) for a in range(len(lapels)) for b in range(len(lapels)) if a != b]
    buzz = hum(seconds=30)
    pairs: dict[str, list[tuple[Sound, Sound]]] = {
        "same voice, another answer": [(lapels[a], cameras[b]) for a, b in others],
        "the same, both with the same hum": [
            (lapels[a] + buzz[: len(lapels[a])], cameras[b] + buzz[: len(cameras[b])]) for a, b in others
        ],
        "same voice, 3 s of another answer": [(_part(lapels[a], 3, rng), cameras[b]) for a, b in others],
        "same voice, 8 s of another answer": [(_part(lapels[a], 8, rng), cameras[b]) for a, b in others],
        "music": [(each, music(seconds=30, seed=n)) for n, each in enumerate(lapels)],
        "noise": [(each, rng.standard_normal(20 * RATE_HZ).astype(np.float32)) for each in lapels],
        "silence": [(each, np.zeros(20 * RATE_HZ, np.float32)) for each in lapels],
    }
    if voices:
        pairs["another voice"] = [(each, voice) for each in lapels for voice in voices]
    print("\n| do not belong together | refused | most inliers | clearest |")
    print("| --- | --- | --- | --- |")
    for name, sounds in pairs.items():
        refused, best = 0, []
        for lapel, camera in sounds:
            try:
                find_sync(lapel, camera, RATE_HZ, work=Work())
            except CannotSyncError:
                refused += 1
            best += _matches(lapel, camera)
        inliers = max((match.inliers for match in best), default=0.0)
        clearest = max((match.clearness for match in best), default=0.0)
        print(f"| {name} | {refused} of {len(sounds)} | {inliers:.2f} | {clearest:.1f} |")


def _matches(lapel: Sound, camera: Sound) -> list[Match]:
    found = [
        match_windows(lapel, camera, RATE_HZ, lag_s=lag_s, most_windows=40, work=Work())
        for lag_s in coarse_lags_s(lapel, camera, RATE_HZ, count=4, work=Work())
    ]
    return [match for match in found if match is not None]


def _part(sound: Sound, seconds: float, rng: np.random.Generator) -> Sound:
    begin = int(rng.integers(max(1, len(sound) - round(seconds * RATE_HZ))))
    return sound[begin : begin + round(seconds * RATE_HZ)]


def main() -> int:
    """Print every measurement as Markdown tables."""
    lapels = [read(assets.SAMPLE / f"{key}.flac") for key in KEYS]
    cameras = [read(assets.SAMPLE / f"{key}.camera.mp4") for key in KEYS]
    voices = [read(path) for path in sorted(VOICES.glob("*.mp3"))] if VOICES.is_dir() else []
    noise = babble(voices or [music(seconds=60)], seconds=60)
    known_takes(lapels, cameras, noise)
    long_takes(lapels, noise)
    related(lapels, noise)
    unrelated(lapels, cameras, voices)
    return 0


if __name__ == "__main__":
    sys.exit(main())
