"""Small real values for tests of the library: takes with folders, words, versions."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import soundfile

from capture.take import Segment, Take, TakePrompt, write_take
from editor.ids import new_id
from editor.library import Library
from editor.model import ChapterMark, Cue, Expert, Resource, Span, Tags, Target, Transcript, Version, Word
from editor.resources import new_resource, next_take

SECOND_US = 1_000_000


def a_resource(
    library: Library, *, title: str = "Set a price floor", questions: Sequence[str] = ()
) -> Resource:
    return new_resource(library, title=title, expert="Henrik Dahl, Key Account Manager", questions=questions)


def a_take(
    library: Library, resource: Resource, *, prompt: int = 1, seconds: int = 5, media: bytes = b""
) -> Take:
    """A take on disk and in the library; its media are whatever bytes were given."""
    take = next_take(library, resource, prompt=resource.brief.prompts[prompt - 1])
    segments = (Segment("mic", "mic-001.wav", 0, seconds * SECOND_US),) if media else ()
    take = replace(take, state="safe", duration_us=seconds * SECOND_US, segments=segments)
    folder = library.take_folder(take)
    folder.mkdir(parents=True)
    if media:
        (folder / "mic-001.wav").write_bytes(media)
    write_take(folder, take)
    return library.adopt(take, folder)


def left_by_a_killed_recorder(library: Library, resource: Resource, *, prompt: int = 2) -> str:
    """A take folder as it stands on disk while the recorder writes: sound, but no end."""
    take = next_take(library, resource, prompt=resource.brief.prompts[prompt - 1])
    folder = library.take_folder(take)
    folder.mkdir(parents=True)
    wave = 0.3 * np.sin(np.arange(48_000 * 2) / 30)
    soundfile.write(folder / "mic-001.wav", wave, 48_000, subtype="PCM_24")
    write_take(folder, take)
    return take.id


def words(text: str, *, start_us: int = 0) -> tuple[Word, ...]:
    """Half a second a word, 0.4 s of it spoken."""
    half_us = SECOND_US // 2
    return tuple(
        Word(start_us + n * half_us, start_us + n * half_us + 400_000, word, 0.9)
        for n, word in enumerate(text.split())
    )


def say(library: Library, take: Take, text: str) -> Transcript:
    transcript = Transcript(take.id, "en", "base", words(text))
    library.save_transcript(transcript)
    return transcript


def a_version(
    resource: Resource, *, number: int = 1, take_id: str = "t1", cue: str = "So, ring them."
) -> Version:
    return Version(
        resource_id=resource.id,
        number=number,
        published_at="2026-03-01T10:00:00+01:00",
        title=resource.title,
        summary="",
        expert=Expert("Henrik Dahl"),
        tags=Tags(level="beginner"),
        priority="",
        cut_list=(Span(take_id, "p1", 0, SECOND_US),),
        cues=(Cue(0, SECOND_US, (cue,)),),
        chapters=(ChapterMark(0, "What it is"),),
        duration_us=SECOND_US,
        targets=(Target("web", "/home/somebody/out/web.zip", 10),),
    )


def foreign_take(resource_id: str, *, id: str = "", prompt_id: str = "p1", key: str = "what") -> Take:
    """A take as another laptop might have made it."""
    prompt = TakePrompt(prompt_id, key, "What is the expertise?", "What it is")
    return Take(
        id or new_id("t"),
        resource_id,
        "From afar",
        prompt,
        1,
        "safe",
        "2026-01-01T10:00:00+00:00",
        5 * SECOND_US,
    )
