"""Speech whose phoneme times are known: espeak-ng, asked through its library.

Not a benchmark by itself. See https://github.com/espeak-ng/espeak-ng/blob/1.51/src/include/espeak-ng/speak_lib.h
"""

from __future__ import annotations

import ctypes
import ctypes.util
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.speech import RATE_HZ

_RETRIEVAL, _PHONEME_EVENTS = 1, 1
_WORD, _PHONEME, _END = 1, 7, 0


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_ms", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user", ctypes.c_void_p),
        ("id", _Id),
    )


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text as it was said: sound at 16 kHz, and ``(word, start_us, end_us)``.

    Words that espeak says as one ("of the") stand as one.
    """

    sound: NDArray[np.float32]
    words: tuple[tuple[str, int, int], ...]


def load() -> tuple[Any, int] | None:
    """Return the library, ready, and its sampling rate; None where it is not installed."""
    name = ctypes.util.find_library("espeak-ng")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    return library, library.espeak_Initialize(_RETRIEVAL, 0, None, _PHONEME_EVENTS)


def say(voices: tuple[Any, int], text: str, *, voice: str, words_a_minute: int) -> Spoken:
    """Return a text as a voice says it."""
    from scipy import signal

    library, rate_hz = voices
    pieces: list[NDArray[np.int16]] = []
    heard: list[tuple[int, int, int, str]] = []

    def on_sound(wave: Any, count: int, events: Any) -> int:
        if wave and count > 0:
            pieces.append(np.ctypeslib.as_array(wave, (count,)).copy())
        index = 0
        while events[index].type != _END:
            event = events[index]
            name = event.id.string.decode(errors="replace") if event.type == _PHONEME else ""
            heard.append((event.type, event.text_position - 1, event.audio_ms, name))
            index += 1
        return 0

    kind = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
    )
    callback = kind(on_sound)
    library.espeak_SetVoiceByName(voice.encode())
    library.espeak_SetParameter(1, words_a_minute, 0)
    library.espeak_SetSynthCallback(callback)
    data = text.encode("ascii")
    library.espeak_Synth(data, len(data) + 1, 0, 1, 0, 1, None, None)
    library.espeak_Synchronize()
    whole = np.concatenate(pieces).astype(np.float64) / 32768
    sound = signal.resample_poly(whole, RATE_HZ, rate_hz).astype(np.float32)
    return Spoken(sound, tuple(_words(text, heard)))


def _words(text: str, heard: list[tuple[int, int, int, str]]) -> list[tuple[str, int, int]]:
    starts = [found.start() for found in re.finditer(r"\S+", text)]
    times: dict[int, list[int]] = {}
    at: int | None = None
    for kind, position, ms, name in heard:
        if kind == _WORD:
            at = max((start for start in starts if start <= position), default=0)
        elif kind == _PHONEME and at is not None:
            spoken = bool(name) and not name.startswith("_")
            if spoken:
                times.setdefault(at, [ms, ms])
            for each in times.values():
                # A phoneme lasts until the next begins, in whatever word, or a pause.
                if each[1] == -1:
                    each[1] = ms
            if spoken:
                times[at][1] = -1
    keys = sorted(times)
    ends = [*keys[1:], len(text)]
    said = [
        (text[key:end].strip(), times[key][0], times[key][1]) for key, end in zip(keys, ends, strict=True)
    ]
    return [(word, first * 1000, last * 1000) for word, first, last in said if last > first]
