"""Turn sound into words with a Whisper model: the only place that knows faster-whisper."""

from __future__ import annotations

import functools
import math
import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
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
LOOKS = 2  # at a time: a search waits so much for itself that two take hardly longer than one
BATCH = 4  # more gain no time, and each takes some 100 MB
BEAMS = 5
_SLOT_FRAMES = 3000  # the length of sound that Whisper looks at
# What belongs to the word after or before it, as faster-whisper has it.
_OPENING_MARKS = "\"'“¿([{-"
_CLOSING_MARKS = "\"'.。,，!！?？:：”)]}、"

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


@dataclass(frozen=True, slots=True)
class _Look:
    """What the model wrote about one sound; ``doubtful`` where it does not trust itself."""

    tokens: list[int]
    doubtful: bool
    hesitates: bool


class Listener:
    """A loaded model.

    Args:
        folder: A verified model.
        between: Called between steps of a second or two; may wait there, to leave the machine to others.

    Raises:
        RuntimeError: The files are a model, but not one that can be loaded.
    """

    def __init__(self, folder: Path, *, between: Callable[[], None] = lambda: None) -> None:
        from faster_whisper import WhisperModel

        threads = min(THREADS, os.cpu_count() or 1)
        self._model: WhisperModel = WhisperModel(
            str(folder),
            device="cpu",
            compute_type="int8",
            cpu_threads=threads,
            num_workers=LOOKS,
            local_files_only=True,
        )
        self._looks = ThreadPoolExecutor(LOOKS, thread_name_prefix="look")
        self._between = between

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
        self, sounds: Sequence[NDArray[np.float32]], *, language: str, prompt: str | None, terms: str = ""
    ) -> tuple[Hearing, ...]:
        """Return what is said in each sound, heard side by side.

        Args:
            sounds: 16 kHz mono, each at most 30 s.
            language: The model's code.
            prompt: Text in the manner of somebody who hesitates. Each sound is then looked at a second time
                as if that had been said before: where somebody does hesitate, the model hears that and all
                else better so, and where nobody does, a little worse (figures: docs/measurements.md).
            terms: Words that are likely to be said.
        """
        found: list[Hearing] = []
        for first in range(0, len(sounds), BATCH):
            batch = sounds[first : first + BATCH]
            found += self._hear_batch(batch, language=language, prompt=prompt, terms=terms)
        return tuple(found)

    def _hear_batch(
        self, sounds: Sequence[NDArray[np.float32]], *, language: str, prompt: str | None, terms: str
    ) -> Iterator[Hearing]:
        from faster_whisper.audio import pad_or_trim
        from faster_whisper.tokenizer import Tokenizer

        model = self._model
        tokenizer = Tokenizer(
            model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language
        )
        self._between()
        heard = model.encode(np.stack([pad_or_trim(model.feature_extractor(s)[..., :-1]) for s in sounds]))
        self._between()
        write = functools.partial(self._look, heard, tokenizer, terms=terms, count=len(sounds))
        first, *others = self._looks.map(write, [""] if prompt is None else ["", prompt])
        chosen = first
        for second in others:
            chosen = [
                there if there.hesitates and not there.doubtful else here
                for here, there in zip(chosen, second, strict=True)
            ]
        self._between()
        aligned = self._aligned(heard, tokenizer, [look.tokens for look in chosen], sounds)
        for sound, look, words in zip(sounds, first, aligned, strict=True):
            if look.doubtful:
                self._between()
                yield self._hear_again(sound, language=language, terms=terms)
            else:
                yield Hearing(_words(words, code=language), sure=True)

    def _look(
        self,
        heard: Any,  # noqa: ANN401 (ctranslate2 has no types)
        tokenizer: Any,  # noqa: ANN401
        manner: str,
        *,
        terms: str,
        count: int,
    ) -> list[_Look]:
        """Return what the model writes about each encoded sound, in the manner of what was said before."""
        from faster_whisper.transcribe import get_compression_ratio, get_suppressed_tokens

        before = tokenizer.encode(manner) if manner else []
        ask = self._model.get_prompt(tokenizer, before, without_timestamps=True, hotwords=terms or None)
        results = self._model.model.generate(
            heard,
            [ask] * count,
            beam_size=BEAMS,
            max_length=self._model.max_length,
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
            return_scores=True,
        )
        looks = []
        for result in results:
            tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
            text = tokenizer.decode(tokens)
            likelihood = result.scores[0] * len(result.sequences_ids[0]) / (len(result.sequences_ids[0]) + 1)
            doubtful = get_compression_ratio(text) > _MOST_REPETITIVE or likelihood < _LEAST_LIKELY
            hesitates = any(fillers.are_fillers(text.split(), tokenizer.language_code))
            looks.append(_Look(tokens, doubtful, hesitates))
        return looks

    def _aligned(
        self,
        heard: Any,  # noqa: ANN401
        tokenizer: Any,  # noqa: ANN401
        tokens: Sequence[list[int]],
        sounds: Sequence[NDArray[np.float32]],
    ) -> list[list[dict[str, Any]]]:
        """Return when each word of the tokens is said, by faster-whisper's own rules."""
        lengths_s = [len(sound) / RATE_HZ for sound in sounds]
        # Each sound has its own 30 s slot, as those rules look at what came before.
        segments: list[list[dict[str, Any]]] = [
            [{"tokens": each, "seek": n * _SLOT_FRAMES, "start": n * 30.0, "end": n * 30.0 + length_s}]
            for n, (each, length_s) in enumerate(zip(tokens, lengths_s, strict=True))
        ]
        self._model.add_word_timestamps(
            segments,
            tokenizer,
            heard,
            [math.ceil(length_s) * self._model.frames_per_second for length_s in lengths_s],
            _OPENING_MARKS,
            _CLOSING_MARKS,
            0.0,
        )
        return [
            [
                {**word, "start": word["start"] - n * 30, "end": word["end"] - n * 30}
                for word in segment["words"]
            ]
            for n, (segment,) in enumerate(segments)
        ]

    def _hear_again(self, sound: NDArray[np.float32], *, language: str, terms: str) -> Hearing:
        """Hear one sound by itself, letting the model try harder: batches have no such second chance."""
        segments, _ = self._model.transcribe(
            sound,
            language=language,
            word_timestamps=True,
            condition_on_previous_text=False,
            temperature=_TRIES,
            hotwords=terms or None,
        )
        heard = [each for each in segments if each.no_speech_prob < _SILENT or not _is_doubtful(each)]
        words = [
            {"word": word.word, "start": word.start, "end": word.end, "probability": word.probability}
            for segment in heard
            for word in segment.words or ()
        ]
        return Hearing(_words(words, code=language), sure=not any(_is_doubtful(each) for each in heard))

    def _codes(self) -> list[str]:
        return [str(code) for code in self._model.supported_languages]


def _is_doubtful(segment: Any) -> bool:  # noqa: ANN401 (faster-whisper has no types)
    return bool(segment.compression_ratio > _MOST_REPETITIVE or segment.avg_logprob < _LEAST_LIKELY)


def _words(words: Sequence[dict[str, Any]], *, code: str) -> tuple[HeardWord, ...]:
    found: list[HeardWord] = []
    for word in words:
        text: str = word["word"]
        start_us, end_us = (round(word[edge] * 1_000_000) for edge in ("start", "end"))
        confidence = round(float(word["probability"]), 3)
        if found and code not in _UNSPACED and not text[:1].isspace():
            # Whisper takes "two-line" apart; what has no space before it belongs to the word before.
            whole = found.pop()
            start_us, text = whole.start_us, whole.text + text
            confidence = min(whole.confidence, confidence)
        found.append(HeardWord(start_us, end_us, text.strip(), confidence))
    return tuple(found)
