"""What a producer does to a resource, the same in the window and on the command line.

Each verb checks what it is given before it changes anything, and returns the resource as it is kept.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from capture.errors import BadInputError
from capture.work import Work
from editor import cutlist, guides
from editor.chapters import Part
from editor.chapters import parts as result_parts
from editor.ids import new_id
from editor.language import language_tag
from editor.library import Library
from editor.model import (
    KINDS,
    LEVELS,
    TAKE_PARTS,
    Brief,
    Chapter,
    Choice,
    CutList,
    Edit,
    Kind,
    Level,
    Prompt,
    Resource,
    Suggestion,
    Take,
    TakePrompt,
)
from editor.recovery import Recovered, recover
from editor.result import read_result
from editor.tables import now
from editor.typed import distinct, expert_line, expert_of, one_line, plain

_LONGEST_TITLE = 1_000


def new_resource(
    library: Library,
    *,
    title: str,
    guide: str | Path = guides.LOCAL_EXPERT,
    expert: str = "",
    priority: str = "",
    gap: str = "",
    questions: Sequence[str] = (),
    prompts: Sequence[Prompt] = (),
) -> Resource:
    """Start a resource: its brief and its prompts.

    Args:
        library: Where it is kept.
        title: What it answers; any length up to a page, although a card shows about 70 characters.
        guide: Id of a shipped guide, or a guide file.
        expert: "Name, Role".
        priority: The business priority it serves.
        gap: The performance gap it closes.
        questions: What people keep asking; each becomes a prompt behind those of the guide.
        prompts: Instead of those of a guide.

    Raises:
        BadInputError: No title, or no such guide, or nothing to ask. Nothing was kept.
    """
    name = _title(title)
    found = guides.find_guide(guide)
    asked = tuple(prompts) + guides.question_prompts(questions) if prompts else None
    brief = Brief(
        start="gap" if one_line(gap) or (questions and not one_line(priority)) else "priority",
        priority=one_line(priority),
        gap=one_line(gap),
        questions=distinct(tuple(questions)),
        expert=expert_of(expert),
        guide=found.id,
        prompts=asked or guides.fresh_prompts(found, questions=questions),
    )
    return library.save(Resource(id=new_id("r"), title=name, brief=brief), label="new")


def find_prompt(resource: Resource, number: int) -> Prompt:
    """Return a prompt by its number from 1.

    Raises:
        BadInputError: There are not so many.
    """
    prompts = resource.brief.prompts
    if not 1 <= number <= len(prompts):
        raise BadInputError("resource.no_prompt", number=number, count=len(prompts), title=resource.title)
    return prompts[number - 1]


def next_take(library: Library, resource: Resource, *, prompt: Prompt) -> Take:
    """Return a fresh take of a prompt, ready to be recorded or imported; it is not in the library yet.

    Raises:
        BadInputError: The resource is in the bin.
    """
    if resource.binned_at:
        raise BadInputError("resource.in_bin", title=resource.title, id=resource.id)
    return Take(
        id=new_id("t"),
        resource_id=resource.id,
        resource_title=resource.title,
        prompt=TakePrompt(id=prompt.id, key=prompt.key, text=prompt.text, title=prompt.title),
        number=library.next_number(resource.id, prompt.id),
        state="recording",
        recorded_at=datetime.datetime.now().astimezone().isoformat(timespec="milliseconds"),
        expert=expert_line(resource.brief.expert),
        language=resource.tags.language,
    )


def next_open(library: Library, resource_id: str, *, after: int, asked: Collection[int] = ()) -> int | None:
    """Return the number of the next prompt without a take, those behind ``after`` first, or None.

    Args:
        library: Where the takes are.
        resource_id: Whose.
        after: The prompt that was answered last, from 1.
        asked: Prompts whose takes are not in the library yet.
    """
    answered = {take.prompt.id for take in library.takes(resource_id)}
    numbers = [
        number
        for number, prompt in enumerate(library.resource(resource_id).brief.prompts, start=1)
        if prompt.included and prompt.id not in answered and number not in asked
    ]
    return next((number for number in numbers if number > after), numbers[0] if numbers else None)


def choose(library: Library, resource_id: str, *, take_id: str) -> Resource:
    """Make a take the one for its prompt, whatever its length.

    Raises:
        BadInputError: The resource has no such take, or it is in the bin or not finished.
    """
    resource = library.resource(resource_id)
    take = next((each for each in library.takes(resource_id) if each.id == take_id), None)
    if take is None:
        raise BadInputError("resource.unknown_take", take=take_id)
    if take.state not in {"safe", "damaged"}:
        raise BadInputError("resource.take_not_ready", take=take_id)
    others = tuple(each for each in resource.edit.choices if each.prompt_id != take.prompt.id)
    edit = replace(resource.edit, choices=(*others, Choice(take.prompt.id, take.id)))
    return library.save(replace(resource, edit=edit), label="choose")


def split(library: Library, resource_id: str, *, chapters: Sequence[int], title: str) -> Resource:
    """Make a new resource from chapters, which shares their takes and has its own edit, tags and versions.

    The level is left open: it is why one interview becomes several resources.

    Args:
        library: Where both are kept.
        resource_id: The interview.
        chapters: Numbers from 1 as the result shows them, in the order they shall have.
        title: Of the new resource.

    Raises:
        BadInputError: No such chapter, one named twice, or no title.
    """
    name = _title(title)
    found = read_result(library, resource_id)
    old, takes = found.resource, found.takes
    wanted = _parts(old, found.cut_list, chapters)
    prompt_ids = {each for part in wanted for each in _prompts_of(found.cut_list, part)}
    shared = tuple(take for take in takes if take.prompt.id in prompt_ids)
    prompts = tuple(each for each in old.brief.prompts if each.id in prompt_ids)
    texts = {each.text for each in prompts}
    new = Resource(
        id=new_id("r"),
        title=name,
        brief=replace(
            old.brief, prompts=prompts, questions=tuple(each for each in old.brief.questions if each in texts)
        ),
        tags=replace(old.tags, level=None),
        edit=_edit_of(old, found.cut_list, wanted, shared),
    )
    with library.transaction():
        library.save(new, label="new")
        library.link(shared, new.id)
    return library.resource(new.id)


def tag(
    library: Library,
    resource_id: str,
    *,
    level: str | None = None,
    roles: Sequence[str] = (),
    kind: Sequence[str] = (),
    prerequisites: Sequence[str] = (),
    when_to_use: str | None = None,
    keywords: Sequence[str] = (),
    language: str | None = None,
) -> Resource:
    """Set tags; what is not given stays as it is.

    Raises:
        BadInputError: No such level or kind, or ``language`` is not BCP 47. Nothing was changed.
    """
    resource = library.resource(resource_id)
    tags = resource.tags
    if level:
        tags = replace(tags, level=_level(level))
    if kind:
        tags = replace(tags, kind=tuple(dict.fromkeys(_kind(each) for each in kind)))
    if language:
        tags = replace(tags, language=language_tag(language))
    if when_to_use is not None:
        tags = replace(tags, when_to_use=plain(when_to_use))
    tags = replace(
        tags,
        roles=distinct(tuple(roles)) or tags.roles,
        prerequisites=distinct(tuple(prerequisites)) or tags.prerequisites,
        keywords=distinct(tuple(keywords)) or tags.keywords,
    )
    return library.save(replace(resource, tags=tags), label="tags")


def accept(library: Library, resource_id: str, *, suggestions: Sequence[Suggestion]) -> Resource:
    """Accept all suggestions for what is still empty, as one undo step; what was decided stays."""
    resource = library.resource(resource_id)
    values: dict[str, list[str]] = {}
    for each in suggestions:
        values.setdefault(each.field, []).append(each.value)
    tags = resource.tags
    if not tags.level and "level" in values:
        tags = replace(tags, level=_level(values["level"][0]))
    if not tags.kind and "kind" in values:
        tags = replace(tags, kind=tuple(dict.fromkeys(_kind(value) for value in values["kind"])))
    tags = replace(
        tags,
        roles=tags.roles or distinct(values.get("roles", [])),
        prerequisites=tags.prerequisites or distinct(values.get("prerequisites", [])),
        keywords=tags.keywords or distinct(values.get("keywords", [])),
        when_to_use=tags.when_to_use or "\n".join(distinct(values.get("when_to_use", []))),
    )
    summary = resource.summary or " ".join(distinct(values.get("summary", [])))
    return library.save(replace(resource, summary=summary, tags=tags), label="suggestions")


def consent(library: Library, resource_id: str, *, shown_to: str) -> Resource:
    """Note that the expert agreed to be recorded, and to where it is shown."""
    resource = library.resource(resource_id)
    given = replace(resource.brief.consent, given=True, shown_to=one_line(shown_to), noted_at=now())
    return library.save(replace(resource, brief=replace(resource.brief, consent=given)), label="consent")


def to_bin(library: Library, any_id: str) -> None:
    """Move a resource, or a take of any resource, to the bin.

    Raises:
        BadInputError: Neither has that id.
    """
    if library.has_take(any_id):
        for resource_id in library.resources_with(any_id):
            library.bin_take(resource_id, any_id)
    else:
        library.bin(any_id)


def from_bin(library: Library, any_id: str) -> None:
    """Take a resource, or a take, back out of the bin.

    Raises:
        BadInputError: Neither has that id.
    """
    if library.has_take(any_id):
        for resource_id in library.resources_with(any_id):
            library.restore_take(resource_id, any_id)
    else:
        library.restore(any_id)


def erase(library: Library, resource_id: str, *, work: Work) -> None:
    """Erase a resource that is in the bin, for good.

    Raises:
        BadInputError: It is not in the bin.
    """
    resource = library.resource(resource_id)
    if not resource.binned_at:
        raise BadInputError("resource.not_in_bin", title=resource.title, id=resource_id)
    library.erase(resource_id, work=work)


def _parts(old: Resource, cut_list: CutList, numbers: Sequence[int]) -> tuple[Part, ...]:
    """Return chapters by their numbers from 1 as the result shows them."""
    there = result_parts(old, cut_list)
    if not numbers or len(set(numbers)) != len(numbers):
        raise BadInputError("resource.chapters_twice")
    for number in numbers:
        if not 1 <= number <= len(there):
            raise BadInputError("resource.no_chapter", number=number, count=len(there), title=old.title)
    return tuple(there[number - 1] for number in numbers)


def _title(title: str) -> str:
    name = one_line(title)
    if not name:
        raise BadInputError("resource.no_title")
    if len(name) > _LONGEST_TITLE:
        raise BadInputError("resource.long_title", count=len(name), most=_LONGEST_TITLE)
    return name


def _level(given: str) -> Level:
    found = next((level for level in LEVELS if level == given.strip().casefold()), None)
    if found is None:
        raise BadInputError("resource.level", given=given, known=", ".join(get_args(Level)))
    return found


def _kind(given: str) -> Kind:
    found = next((kind for kind in KINDS if kind == given.strip().casefold()), None)
    if found is None:
        raise BadInputError("resource.kind", given=given, known=", ".join(get_args(Kind)))
    return found


def _prompts_of(cut_list: CutList, part: Part) -> tuple[str, ...]:
    """Return whose answers a chapter plays: more than one where a chapter mark was removed."""
    first, end = (cutlist.frame_at(us, cut_list.rate) for us in (part.start_us, part.end_us))
    playing = (
        each
        for each in cut_list.placed
        if each.result_frame < end and first < each.result_frame + each.frames
    )
    return tuple(dict.fromkeys(each.span.prompt_id for each in playing))


def _edit_of(old: Resource, cut_list: CutList, wanted: Sequence[Part], takes: Sequence[Take]) -> Edit:
    """Return what was decided about some chapters and their takes; what is said in the others is cut.

    Chapters of one answer keep their order in it; answers have the order of their first chapter.
    """
    titles: dict[str, str] = {}
    unmarked: set[str] = set()
    for part in wanted:
        for n, prompt_id in enumerate(_prompts_of(cut_list, part)):
            if titles.setdefault(prompt_id, part.title if n == 0 else "") == "" and n:
                unmarked.add(prompt_id)
    left = cutlist.keep(old.edit, cut_list, [(part.start_us, part.end_us) for part in wanted])
    take_ids = {each.id for each in takes}
    parts: dict[str, Any] = {
        name: tuple(each for each in getattr(left, name) if each.take_id in take_ids) for name in TAKE_PARTS
    }
    shown = (Chapter(each, title, marked=each not in unmarked) for each, title in titles.items())
    return Edit(chapters=tuple(shown), clean_sound=left.clean_sound, **parts)


__all__ = [
    "Recovered",
    "accept",
    "choose",
    "consent",
    "erase",
    "find_prompt",
    "from_bin",
    "new_resource",
    "next_take",
    "recover",
    "split",
    "tag",
    "to_bin",
]
