"""Have the words of takes written down in the background, whatever becomes of the worker that does it."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from capture.errors import BadInputError, UserError
from capture.launch import Child, start_child
from capture.take import Take
from capture.work import Cancelled, Work
from editor import models
from editor.caption_protocol import (
    Answer,
    Failed,
    Hear,
    Heard,
    Progress,
    Waiting,
    Words,
    from_worker,
    to_line,
)
from editor.model import Flag, Sentence, Transcript, Word
from editor.sentences import sentences as sentences_of

_WORKER = "editor.caption_worker"
_POLL_S = 0.05
_SURE = 0.7  # a language heard this surely holds for the other takes too, and is not looked for again
_MODEL_SHARE = 0.05
_TRIES = 2  # at one place of a take

#: Told the words of a take that are there so far, in order of time; called in the thread of the job.
OnWords = Callable[[str, tuple[Word, ...]], object]


def caption_takes(
    takes: Sequence[tuple[Take, Path]],
    *,
    model: str | Path = models.DEFAULT_MODEL,
    language: str = "",
    terms: str = "",
    on_take: Callable[[Transcript], object] | None = None,
    work: Work,
) -> tuple[Transcript, ...]:
    """Return the words of each take, in the order given.

    Args:
        takes: Each with its folder.
        model: Name in the catalogue or of an added model, or a folder.
        language: BCP 47; empty means the take's own, or whatever is heard in the first take that tells.
        terms: Words that are likely to be said.
        on_take: Told each transcript as soon as it is there, so that nothing is lost if a later take fails.
        work: Told of progress; asked all the time whether to stop.

    Raises:
        BadInputError: The model is not to be trusted or does not know the language, or the sound of a take
            cannot be read; the other takes are done first.
        UserError: The worker ended twice, or cannot load the model.
    """
    if not takes:
        return ()
    folder = models.find_model(model, work=work.part(0.0, _MODEL_SHARE))
    done: list[Transcript] = []
    failed: UserError | None = None
    with CaptionWorker(folder) as worker:
        for (take, place), step in zip(takes, _steps(takes, work=work), strict=True):
            try:
                spoken = language or take.language
                found = write_transcript(worker, take, place, language=spoken, terms=terms, work=step)
            except UserError as error:
                if not worker.alive:
                    raise
                failed = failed or error
                continue
            language = language or found.settled
            done.append(found.transcript)
            if on_take is not None:
                on_take(done[-1])
    if failed is not None:
        raise failed
    work.report(1.0)
    return tuple(done)


@dataclass(frozen=True, slots=True)
class WrittenTake:
    """The words of a take; ``settled`` is the language that the next one need not be searched for, if any."""

    transcript: Transcript
    settled: str


def write_transcript(
    worker: CaptionWorker,
    take: Take,
    folder: Path,
    *,
    language: str,
    terms: str = "",
    on_words: OnWords | None = None,
    work: Work,
) -> WrittenTake:
    """Return the words of one take. Raises what ``CaptionWorker.hear`` does."""
    heard = worker.hear(take, folder, language=language, terms=terms, on_words=on_words, work=work)
    flags = tuple(Flag(heard.take_id, gap.start_us, gap.end_us, gap.reason) for gap in heard.gaps)
    transcript = Transcript(heard.take_id, heard.language, worker.model, heard.words, flags)
    return WrittenTake(transcript, language or (heard.language if heard.certainty >= _SURE else ""))


def _steps(takes: Sequence[tuple[Take, Path]], *, work: Work) -> Iterator[Work]:
    """Yield the progress of each take, after the model's: a take weighs as much as it is long."""
    total_us = sum(take.duration_us for take, _ in takes) or 1
    at = _MODEL_SHARE
    for take, _ in takes:
        share = (1 - _MODEL_SHARE) * take.duration_us / total_us
        yield work.part(at, at + share)
        at += share


def sentences(transcript: Transcript) -> tuple[Sentence, ...]:
    """Return the sentences of a take, as search and the player show them."""
    return sentences_of(transcript.take_id, transcript.words)


class CaptionWorker:
    """The process that hears takes, one after the other; the model stays loaded between them.

    Args:
        folder: A verified model.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._child: Child | None = None
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._reached = 0.0  # of the take that is heard now
        self._reader: threading.Thread | None = None

    @property
    def model(self) -> str:
        """The name of the model, as transcripts carry it."""
        return self._folder.name

    @property
    def alive(self) -> bool:
        """Whether a process is there to hear the next take."""
        return self._child is not None and self._child.running

    @property
    def pid(self) -> int | None:
        """The id of the process, once there is one."""
        return None if self._child is None else self._child.pid

    def hear(
        self,
        take: Take,
        folder: Path,
        *,
        language: str,
        terms: str = "",
        on_words: OnWords | None = None,
        work: Work,
    ) -> Heard:
        """Return what is said in a take. A worker that ends on the way is replaced, and goes on from there.

        Raises:
            BadInputError: The model does not know the language.
            UserError: The sound cannot be read, the model not loaded, or the worker ended twice at one place.
            Cancelled: The person stopped it; the worker is gone, the next take starts a new one.
        """
        wanted = Hear(take, str(folder), language, terms)
        tries, reached, self._reached = 0, 0.0, 0.0
        while tries < _TRIES:
            try:
                return self._ask(wanted, on_words=on_words, work=work)
            except EOFError:
                self.close()
                tries = 1 if self._reached > reached else tries + 1
                reached = self._reached
            except Cancelled:
                self.close()
                raise
        raise UserError("caption.crashed", prompt=take.prompt.title or take.prompt.text, number=take.number)

    def close(self) -> None:
        """End the process; what it has finished of a take stays beside the take."""
        child, self._child = self._child, None
        if child is None:
            return
        # The reader holds the pipe's lock until the process is gone.
        child.kill()
        if self._reader is not None:
            self._reader.join()
        child.close()

    def __enter__(self) -> CaptionWorker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, wanted: Hear, *, on_words: OnWords | None, work: Work) -> Heard:
        if self._child is None:
            work.report(None, "caption.loading")
            self._start(work)
        work.report(0.0, "caption.listening")
        self._say(to_line(wanted))
        so_far: tuple[Word, ...] = ()
        while True:
            match self._next(work):
                case Progress(fraction=fraction):
                    self._reached = max(self._reached, fraction)
                    work.report(fraction, "caption.listening")
                case Words(words=words) if on_words is not None:
                    so_far = (*so_far, *words)
                    on_words(wanted.take.id, so_far)
                case Waiting():
                    work.report(None, "caption.waiting")
                case Heard() as heard:
                    work.report(1.0, "caption.listening")
                    return heard
                case _:
                    pass

    def _start(self, work: Work) -> None:
        child = start_child(_WORKER, [str(self._folder.absolute())], low_priority=True, pipe=True)
        lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

        def read() -> None:
            for line in child.stdout:
                lines.put(line)
            lines.put(b"")

        self._child, self._lines = child, lines
        self._reader = threading.Thread(target=read, name="caption worker's answers", daemon=True)
        self._reader.start()
        try:
            self._next(work)
        except UserError:  # the model cannot be loaded, and another process would do no better
            self.close()
            raise

    def _say(self, line: bytes) -> None:
        assert self._child is not None
        try:
            self._child.stdin.write(line)
            self._child.stdin.flush()
        except OSError as error:
            raise EOFError from error

    def _next(self, work: Work) -> Answer:
        """Return the worker's next answer.

        Raises:
            EOFError: The worker ended.
            UserError: It says that it cannot do it.
            Cancelled: The person stopped it.
        """
        while True:
            work.checkpoint()
            with contextlib.suppress(queue.Empty):
                line = self._lines.get(timeout=_POLL_S)
                break
        if not line.endswith(b"\n"):  # nothing, or half a line: it died while it wrote
            raise EOFError
        answer = from_worker(line)
        if isinstance(answer, Failed):
            kind = BadInputError if answer.bad_input else UserError
            raise kind(answer.message_key, **answer.params)
        return answer
