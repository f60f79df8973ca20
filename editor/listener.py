"""Turn sound into words with a Whisper model: the only place that knows faster-whisper."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from capture.errors import BadInputError
from editor import fillers
from editor.voice import RATE_HZ

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

THREADS = 2  # leaves the other cores to the recorder; more gain little on a model this small
BATCH = 8
_WHISPER_US = 30_000_000  # the length of sound that Whisper looks at
_SLOT = RATE_HZ * 30

# Whisper's own marks of a failed decoding: https://github.com/openai/whisper/blob/main/whisper/transcribe.py
_MOST_REPETITIVE = 2.4
_LEAST_LIKELY = -1.0
_SILENT = 0.6
_TRIES = (0.0, 0.4)  # temperatures; more of them cost seconds each and helped nowhere
_CLEAR = 0.7  # a language this sure needs no second sound
#: BCP 47 codes that Whisper knows by another one, and the other way round.
_TO_WHISPER = {"jv": "jw", "nb": "no", "fil": "tl", "cmn": "zh", "iw": "he", "in": "id", "ji": "yi"}
#: Languages that faster-whisper takes apart character by character.
_UNSPACED = {"zh", "ja", "th", "lo", "my", "yue"}
_FROM_WHISPER = {"jw": "jv"}


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word with its time in the sound it was heard in."""

    start_us: int
    end_us: int
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Hearing:
    """What was heard in one sound; ``sound`` is false where the model did not trust itself."""

    words: tuple[HeardWord, ...]
    sure: bool


class Listener:
    """A loaded model.

    Args:
        folder: A verified model.

    Raises:
        RuntimeError: The files are a model, but not one that can be loaded.
    """

    def __init__(self, folder: Path) -> None:
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        threads = min(THREADS, os.cpu_count() or 1)
        self._model: WhisperModel = WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
        )
        self._batched: Any = BatchedInferencePipeline(self._model)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages the model knows, BCP 47."""
        return tuple(sorted(_FROM_WHISPER.get(code, code) for code in self._codes()))

    def require_language(self, language: str) -> str:
        """Return the model's code for a BCP 47 tag.

        Raises:
            BadInputError: No language at all, or not one of the model's.
        """
        if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*", language):
            raise BadInputError("caption.no_language", language=language)
        tongue = fillers.primary(language)
        code = _TO_WHISPER.get(tongue, tongue)
        if code not in self._codes():
            raise BadInputError("caption.other_language", language=language)
        return code

    def find_language(self, sounds: Sequence[NDArray[np.float32]]) -> tuple[str, float]:
        """Return which language is spoken, BCP 47, and how sure that is, from the first sounds that tell."""
        if len(self._codes()) == 1:
            return self._codes()[0], 1.0
        best = ("en", 0.0)
        for sound in sounds[:3]:
            code, certainty, _ = self._model.detect_language(audio=sound)
            best = max(best, (_FROM_WHISPER.get(code, code), certainty), key=lambda found: found[1])
            if certainty >= _CLEAR:
                break
        return best

    def hear(
        self, sounds: Sequence[NDArray[np.float32]], *, language: str, prompt: str | None
    ) -> tuple[Hearing, ...]:
        """Return what is said in each sound, heard side by side.

        Args:
            sounds: 16 kHz mono, each at most 30 s.
            language: The model's code.
            prompt: Text as if it had been said before; sets the manner of writing.
        """
        if not sounds:
            return ()
        # Each sound has its own 30 s slot, so that times come back exact: faster-whisper rounds where a sound
        # starts down to its 10 ms grid.
        packed = np.zeros(_SLOT * len(sounds), np.float32)
        for n, sound in enumerate(sounds):
            packed[n * _SLOT : n * _SLOT + len(sound)] = sound
        segments, _ = self._batched.transcribe(
            packed,
            language=language,
            batch_size=BATCH,
            word_timestamps=True,
            initial_prompt=prompt,
            clip_timestamps=[
                {"start": n * 30, "end": n * 30 + len(sound) / RATE_HZ} for n, sound in enumerate(sounds)
            ],
        )
        found: list[list[Any]] = [[] for _ in sounds]
        for segment in segments:
            found[segment.seek * 10_000 // _WHISPER_US].append(segment)
        return tuple(
            self._hear_again(sounds[n], language=language)
            if any(_is_doubtful(segment) for segment in each)
            else Hearing(_words(each, code=language, shift_us=n * _WHISPER_US), sure=True)
            for n, each in enumerate(found)
        )

    def _hear_again(self, sound: NDArray[np.float32], *, language: str) -> Hearing:
        """Hear one sound by itself, letting the model try harder: batches have no such second chance."""
        segments, _ = self._model.transcribe(
            sound,
            language=language,
            word_timestamps=True,
            condition_on_previous_text=False,
            temperature=_TRIES,
        )
        heard = [each for each in segments if each.no_speech_prob < _SILENT or not _is_doubtful(each)]
        return Hearing(
            _words(heard, code=language, shift_us=0), sure=not any(_is_doubtful(each) for each in heard)
        )

    def _codes(self) -> list[str]:
        return [str(code) for code in self._model.supported_languages]


def _is_doubtful(segment: Any) -> bool:  # noqa: ANN401 (faster-whisper has no types)
    return bool(segment.compression_ratio > _MOST_REPETITIVE or segment.avg_logprob < _LEAST_LIKELY)


def _words(segments: Sequence[Any], *, code: str, shift_us: int) -> tuple[HeardWord, ...]:
    words: list[HeardWord] = []
    for word in (word for segment in segments for word in segment.words or ()):
        text: str = word.word
        start_us, end_us = (round(at_s * 1_000_000) - shift_us for at_s in (word.start, word.end))
        confidence = round(float(word.probability), 3)
        if words and code not in _UNSPACED and not text[:1].isspace():
            # Whisper takes "two-line" apart; what has no space before it belongs to the word before.
            whole = words.pop()
            start_us, text = whole.start_us, whole.text + text
            confidence = min(whole.confidence, confidence)
        words.append(HeardWord(start_us, end_us, text.strip(), confidence))
    return tuple(words)
