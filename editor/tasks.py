"""What a producer does to the takes of a resource and has to wait for: record, import, caption, tidy.

The command line and the window call the same functions; each is safe to stop at any moment.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from capture import importing, recording, sync
from capture.errors import BadInputError, UserError
from capture.phone_recording import record_with_phone
from capture.phone_server import PhoneServer
from capture.phone_take import DEVICE_ID as PHONE_ID
from capture.recorder_messages import FromRecorder
from capture.second_copy import CopyError, CopyPlace, copy_take
from capture.take import read_take, write_take
from capture.work import Work
from editor import (
    caption_files,
    caption_import,
    cutlist,
    fillers,
    glossary,
    models,
    resources,
    tidy,
    transcript,
    undo,
)
from editor.library import Library
from editor.model import CleanSound, Edit, Marker, Resource, Take, Transcript, Word
from editor.result import read_result
from editor.speech import Levels, take_levels

NOTE_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Tidy:
    """What to take out: by rule, and by hand on the result's clock, in this order.

    Args:
        trim: Take off what is before and after the speech of each take.
        silence_us: Shorten silences longer than this.
        fillers: Take out um, uh and the like.
        cuts: Stretches of the result to take out, as it is before the call.
        keeps: Stretches of the result outside which nothing stays.
        clean_sound: How much of the noise to take out; None leaves that as it is.
    """

    trim: bool = False
    silence_us: int | None = None
    fillers: bool = False
    cuts: tuple[tuple[int, int], ...] = ()
    keeps: tuple[tuple[int, int], ...] = ()
    clean_sound: CleanSound | None = None


def record(
    library: Library,
    resource_id: str,
    *,
    prompt: int,
    camera: str,
    mic: str,
    seconds: float | None = None,
    paced: bool = True,
    phone: PhoneServer | None = None,
    second_copy: CopyPlace | None = None,
    on_message: Callable[[FromRecorder], None] = lambda _: None,
    work: Work,
) -> Take:
    """Record one take and return it when it is safe. Cancelling means Stop; the take is kept.

    Args:
        library: Where it is kept.
        resource_id: What it is for.
        prompt: Which prompt is answered, from 1.
        camera: Source as in ``lapel record --camera``.
        mic: Source as in ``lapel record --mic``.
        seconds: Stop by itself after so long.
        paced: Whether file devices play at the speed of life.
        phone: A phone that was let in and is the camera then; ``camera`` does not count.
        second_copy: Where a copy of the take goes once it is safe.
        on_message: Told of levels, events and positions as they come.
        work: Told of progress; cancelling it stops the recording.
    """
    take = capture(
        library,
        resource_id,
        prompt=prompt,
        camera=camera,
        mic=mic,
        seconds=seconds,
        paced=paced,
        phone=phone,
        on_message=on_message,
        work=work.part(0, 0.9),
    )
    # Not the caller's work: it was cancelled to stop, and lips must match the voice all the same.
    after = Work(lambda fraction, note: work.report(0.9 + 0.1 * (fraction or 0.0), note))
    return complete(library, take, second_copy=second_copy, work=after)


def capture(
    library: Library,
    resource_id: str,
    *,
    prompt: int,
    camera: str,
    mic: str,
    seconds: float | None = None,
    paced: bool = True,
    phone: PhoneServer | None = None,
    on_folder: Callable[[Path], None] = lambda _: None,
    on_message: Callable[[FromRecorder], None] = lambda _: None,
    work: Work,
) -> Take:
    """Record one take and return it when it is safe; ``complete`` has to follow, now or after other takes.

    Args are those of :func:`record`; ``on_folder`` is told before where the take will be.
    """
    resource = library.resource(resource_id)
    fresh = resources.next_take(library, resource, prompt=resources.find_prompt(resource, prompt))
    on_folder(library.take_folder(fresh))
    given: dict[str, Any] = {
        "media": library.media,
        "take": fresh,
        "mic": mic,
        "seconds": seconds,
        "on_message": on_message,
        "work": work,
    }
    try:
        if phone is not None:
            take = record_with_phone(phone, **given)
        else:
            take = recording.record_take(**given, camera=camera, paced=paced)
    except BaseException:
        _adopt_if_finished(library, fresh)
        raise
    return library.adopt(take, library.take_folder(take))  # safe first; what follows only adds to it


def complete(library: Library, take: Take, *, second_copy: CopyPlace | None = None, work: Work) -> Take:
    """Lay the picture of a safe take against its voice, make its second copy, and return it.

    Args:
        library: Where it is kept.
        take: As ``capture`` returned it.
        second_copy: Where a copy goes, if it is to.
        work: Told of progress; asked whether to stop.
    """
    folder = library.take_folder(take)
    if take.devices.camera_id != PHONE_ID:  # a phone was laid against it already
        take = library.adopt(_synced(folder, take, work=work), folder)
    if second_copy is not None:
        take = library.adopt(copied(folder, take, second_copy, work=work), folder)
    return take


def _synced(folder: Path, take: Take, *, work: Work) -> Take:
    try:
        return sync.sync_take(folder, take, work=work)
    except sync.CannotSyncError:
        take = replace(take, events=(*take.events, Marker(0, "sync.failed")))
        write_take(folder, take)
        return take


def copied(folder: Path, take: Take, place: CopyPlace, *, work: Work) -> Take:
    """Make the second copy of a safe take; return the take, with a word if that failed.

    Args:
        folder: Where the take is.
        take: The take.
        place: Where the copy goes.
        work: Told of progress; asked whether to stop.
    """
    try:
        copy_take(folder, take, place, work=work)
    except CopyError as error:
        take = replace(take, events=(*take.events, Marker(take.duration_us, error.key)))
        write_take(folder, take)
    return take


def _adopt_if_finished(library: Library, fresh: Take) -> None:
    """Keep the take of a recording whose caller was interrupted after the recorder had finished it."""
    folder = library.take_folder(fresh)
    with contextlib.suppress(OSError):
        take = read_take(folder)
        if take.state in {"safe", "damaged"}:
            library.adopt(take, folder)


def note_take(library: Library, take_id: str, *, note: str) -> Take:
    """Keep a note on a take, such as why it is the best, and return it; an empty one takes the note away.

    ``take.json`` first: the library only repeats it.

    Args:
        library: Where the take is.
        take_id: Which.
        note: At most ``NOTE_CHARACTERS`` long.

    Raises:
        BadInputError: No such take, not finished, or the note is too long. Nothing was changed.
        UserError: Its folder cannot be written.
    """
    text = note.strip()
    if len(text) > NOTE_CHARACTERS:
        raise BadInputError("resource.long_note", count=len(text), most=NOTE_CHARACTERS)
    known = library.take(take_id)
    if known.state not in {"safe", "damaged"}:
        raise BadInputError("resource.take_not_ready", take=take_id)
    folder = library.take_folder(known)
    try:
        take = replace(read_take(folder), note=text)
        write_take(folder, take)
    except OSError as error:
        raise UserError("resource.note_not_kept", path=folder, reason=error.strerror or "") from error
    return library.adopt(take, folder)


def import_file(
    library: Library,
    resource_id: str,
    file: Path,
    *,
    prompt: int | None = None,
    mic: Path | None = None,
    work: Work,
) -> Take:
    """Copy any camera's file into the library as a take and return it.

    Args:
        library: Where it is kept.
        resource_id: What it is for.
        file: Video with sound, or sound alone.
        prompt: Which prompt it answers, from 1; None means the first without a take.
        mic: A separate lapel track of the same moment, synchronised by sound.
        work: Told of progress; asked whether to stop.

    Raises:
        BadInputError: The file is no media, or ``mic`` holds another sound. Nothing was kept.
    """
    resource = library.resource(resource_id)
    number = prompt or _first_open(resource, library.takes(resource_id))
    fresh = resources.next_take(library, resource, prompt=resources.find_prompt(resource, number))
    take = importing.import_take(file, media=library.media, take=fresh, mic=mic, work=work.part(0, 0.8))
    folder = library.take_folder(take)
    try:
        take = sync.sync_take(folder, take, work=work.part(0.8, 1))
    except BaseException:
        shutil.rmtree(folder)
        raise
    return library.adopt(take, folder)


def caption(
    library: Library,
    resource_id: str,
    *,
    model: str = "base",
    language: str = "",
    again: bool = False,
    take_id: str = "",
    work: Work,
) -> tuple[Transcript, ...]:
    """Write the words of every take that has none yet, and return the new transcripts.

    Args:
        library: Where they are kept, each as soon as it is there.
        resource_id: Whose takes.
        model: Name in the catalogue, or a folder.
        language: BCP 47; empty means: that of the resource, else hear which it is.
        again: Also where there are words already.
        take_id: Only of this take.
        work: Told of progress; asked whether to stop.
    """
    folder = models.find_model(model, work=work.part(0, 0.02))
    wanted = [
        (take, library.take_folder(take))
        for take in library.takes(resource_id)
        if take_id in ("", take.id) and (again or library.transcript(take.id) is None)
    ]
    resource = library.resource(resource_id)
    return transcript.caption_takes(
        wanted,
        model=folder,
        language=language or resource.tags.language,
        terms=glossary.hot_words(glossary.terms_of(library, resource)),
        on_take=lambda made: keep_transcript(library, resource_id, made, told=bool(language)),
        work=work.part(0.02, 1),
    )


def keep_transcript(library: Library, resource_id: str, made: Transcript, *, told: bool = False) -> None:
    """Keep the words of a take, written as the glossary says.

    The first ones that leave no doubt tell the language of a resource that has none yet; one that the
    producer ``told`` is that of the resource from then on.
    """
    sure = all(flag.reason != "unsure_language" for flag in made.flags)
    with library.transaction():
        library.save_transcript(made)
        resource = library.resource(resource_id)
        before = resource.tags.language
        if (sure and not before) or (told and fillers.primary(before) != fillers.primary(made.language)):
            tags = replace(resource.tags, language=made.language)
            library.save(replace(resource, tags=tags), label="language")
        glossary.follow_rules(library, resource_id, take_ids=(made.take_id,))


def edit(library: Library, resource_id: str, wanted: Tidy, *, work: Work) -> Resource:
    """Make a resource shorter as one undo step, and return it."""
    found = read_result(library, resource_id)
    now = found.resource.edit
    for start_us, end_us in wanted.cuts:
        now = cutlist.cut(now, found.cut_list, in_us=start_us, out_us=end_us)
    if wanted.keeps:
        now = cutlist.keep(now, found.cut_list, wanted.keeps)
    if wanted.trim or wanted.fillers or wanted.silence_us is not None:
        words = {each.take_id: each.words for each in found.transcripts}
        takes = cutlist.chosen_takes(found.resource, found.takes)
        for number, take in enumerate(takes):
            step = work.part(number / len(takes), (number + 1) / len(takes))
            levels = take_levels(library.take_folder(take), take, work=step)
            now = _by_rule(now, take, levels, words.get(take.id, ()), wanted=wanted)
    if wanted.clean_sound is not None:
        now = replace(now, clean_sound=wanted.clean_sound)
    return library.save(replace(found.resource, edit=now), label=_label(found.resource.edit, now, wanted))


def _label(before: Edit, after: Edit, wanted: Tidy) -> str:
    """Return what Undo calls it: the one thing that was done, with how often, or "edit" for several."""
    asked = [
        wanted.trim,
        wanted.silence_us is not None,
        wanted.fillers,
        bool(wanted.cuts),
        bool(wanted.keeps),
    ]
    if asked.count(True) != 1:
        return "edit"
    reason = ("trim", "silence", "filler", "hand", "hand")[asked.index(True)]
    cuts = {(each.take_id, cut) for each in after.takes for cut in each.cuts if cut.reason == reason}
    cuts -= {(each.take_id, cut) for each in before.takes for cut in each.cuts}
    return undo.labelled(f"{reason}_cut", len(cuts))


def read_captions(library: Library, resource_id: str, file: Path) -> Resource:
    """Take the captions of a WebVTT or SRT file over, made for the result as it is, as one undo step.

    Takes that have no words yet get them from the file.

    Raises:
        BadInputError: The file is none, its times make no sense, or there is no result yet. Nothing changed.
    """
    cues = caption_files.read_cues(file)
    found = read_result(library, resource_id)
    if not found.cut_list.frames:
        raise BadInputError("captions.no_result")
    edit, language = found.resource.edit, found.resource.tags.language
    made = caption_import.take_over(edit, found.cut_list, found.transcripts, cues, language=language)
    with library.transaction():
        for each in made.transcripts:
            library.save_transcript(each)
        return library.save(replace(found.resource, edit=made.edit), label="captions_read")


def _by_rule(now: Edit, take: Take, levels: Levels, words: tuple[Word, ...], *, wanted: Tidy) -> Edit:
    if wanted.trim:
        now = tidy.trim_ends(now, take, levels, words)
    if wanted.silence_us is not None:
        now = tidy.remove_silences(now, take, levels, words, longer_than_us=wanted.silence_us)
    if wanted.fillers:
        now = tidy.remove_fillers(now, take, levels, words)
    return now


def _first_open(resource: Resource, takes: tuple[Take, ...]) -> int:
    answered = {take.prompt.id for take in takes}
    prompts = resource.brief.prompts
    open_ones = (n for n, prompt in enumerate(prompts, start=1) if prompt.id not in answered)
    found = next(open_ones, None)
    if found is None:
        raise BadInputError("resource.all_answered", title=resource.title)
    return found
