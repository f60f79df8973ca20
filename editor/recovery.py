"""Rebuild takes and resources of a lost database from the take folders, which are always there.

The folders are only read, except that a take whose recorder was killed is repaired in its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from capture import recording, rendezvous
from capture.errors import UserError
from capture.phone_journal import segments_in
from capture.phone_take import is_left_out
from capture.take import TAKE_FILE, Take, read_take
from capture.work import Work
from editor import guides
from editor.ids import is_id
from editor.library import Library
from editor.model import Brief, Prompt, PromptKey, Resource, Tags
from editor.typed import expert_of, one_line


@dataclass(frozen=True, slots=True)
class Recovered:
    """What came back.

    Args:
        resources: How many resources were rebuilt.
        takes: How many takes came back, into old and rebuilt resources.
        repaired: How many of the takes found had been left unfinished.
        unreadable: Take folders whose ``take.json`` makes no sense; their media are untouched.
    """

    resources: int = 0
    takes: int = 0
    repaired: int = 0
    unreadable: tuple[str, ...] = ()


def recover(library: Library, *, only: str = "*", but: frozenset[str] = frozenset(), work: Work) -> Recovered:
    """Bring back every take that has a folder but is not in the database. Nothing is lost by doing it twice.

    A take that is being recorded at this moment is left alone.

    Args:
        library: Opened to write; its database may be new and empty.
        only: A single resource to look for, by its id.
        but: Takes to leave alone: a phone is still sending them.
        work: Asked whether to stop between takes; what came back until then stays.
    """
    files = sorted(library.media.glob(f"{only}/*/{TAKE_FILE}"))
    return recover_from(library, [each.parent for each in files if each.parent.name not in but], work=work)


def recover_from(library: Library, folders: Sequence[Path], *, work: Work) -> Recovered:
    """Bring back the takes in these folders, as ``recover`` does."""
    found: dict[str, list[Take]] = {}
    repaired, unreadable = 0, list[str]()
    for number, folder in enumerate(folders):
        work.checkpoint()
        work.report(0.9 * number / len(folders), "library.recovering")
        if rendezvous.is_reachable(folder):
            continue
        try:
            take, mended = _read(folder, work=work)
        except (OSError, ValueError, UserError, msgspec.MsgspecError):
            unreadable.append(str(folder))
            continue
        repaired += mended
        found.setdefault(take.resource_id, []).append(take)
    new = [take for takes in found.values() for take in takes if not library.has_take(take.id)]
    rebuilt = [resource_id for resource_id in found if not library.has_resource(resource_id)]
    for resource_id, takes in found.items():
        work.checkpoint()
        _bring_back(library, resource_id, takes)
    work.report(1.0)
    return Recovered(len(rebuilt), len(new), repaired, tuple(unreadable))


def left_behind(library: Library) -> tuple[Path, ...]:
    """Return the take folders of known resources that nobody took in; only names are looked at.

    Not those of a phone, which may still hold the rest: Studio sees after them.
    """
    folders = (file.parent for file in sorted(library.media.glob(f"*/*/{TAKE_FILE}")))
    return tuple(
        each
        for each in folders
        if not library.has_take(each.name)
        and library.has_resource(each.parent.name)
        and not segments_in(each)
    )


def _read(folder: Path, *, work: Work) -> tuple[Take, bool]:
    """Return the take in a folder, and whether it had to be repaired."""
    take = read_take(folder)
    if not (is_id(take.id) and is_id(take.resource_id)):
        raise ValueError(folder)
    if (take.resource_id, take.id) != (folder.parent.name, folder.name):
        raise ValueError(folder)  # a copy that somebody made: it would count twice
    mended = take.state in {"recording", "unfinished"} or is_left_out(folder, take)
    return (recording.repair(folder, work=work) if mended else take), mended


def _bring_back(library: Library, resource_id: str, takes: Sequence[Take]) -> None:
    ordered = sorted(takes, key=lambda take: (take.recorded_at, take.number))
    with library.transaction():
        if library.has_resource(resource_id):
            resource = library.resource(resource_id)
            orphans = [take for take in ordered if not library.has_take(take.id)]
            prompts = _with_missing(resource.brief.prompts, orphans)
            library.save(replace(resource, brief=replace(resource.brief, prompts=prompts)), label="recover")
        else:
            library.save(_rebuilt(resource_id, ordered), label="recover")
        for take in ordered:
            library.adopt(take, library.take_folder(take))


def _rebuilt(resource_id: str, takes: Sequence[Take]) -> Resource:
    """Return what the takes of a resource tell about it; the newest knows best."""
    newest = takes[-1]
    language = next((take.language for take in reversed(takes) if take.language), "")
    brief = Brief(expert=expert_of(newest.expert), prompts=_with_missing(_guide_prompts(takes), takes))
    return Resource(
        id=resource_id,
        title=one_line(newest.resource_title) or resource_id,
        brief=brief,
        tags=Tags(language=language),
        created_at=takes[0].recorded_at,
    )


def _guide_prompts(takes: Sequence[Take]) -> tuple[Prompt, ...]:
    """Return the prompts of the expert's guide if it was that, with those that were not answered yet."""
    answered = {take.prompt.key: take for take in takes}
    guide = guides.find_guide(guides.LOCAL_EXPERT)
    if not answered.keys() & {prompt.key for prompt in guide.prompts}:
        return ()
    return tuple(
        _prompt(answered[fresh.key], like=fresh) if fresh.key in answered else fresh
        for fresh in guides.fresh_prompts(guide)
    )


def _with_missing(prompts: Sequence[Prompt], takes: Iterable[Take]) -> tuple[Prompt, ...]:
    """Return the prompts, and behind them those that only takes know of."""
    known = {prompt.id: prompt for prompt in prompts}
    for take in takes:
        if take.prompt.id not in known:
            known[take.prompt.id] = _prompt(take)
    return tuple(known.values())


def _prompt(take: Take, *, like: Prompt | None = None) -> Prompt:
    key = _key(take.prompt.key)
    text = one_line(take.prompt.text) or take.prompt.id
    prompt = like or Prompt(id="", key=key, text="", title="")
    return replace(prompt, id=take.prompt.id, text=text, title=one_line(take.prompt.title) or text)


def _key(given: str) -> PromptKey:
    return next((key for key in guides.KEYS if key == given), "question")
