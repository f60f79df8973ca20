"""Name the parts of the result so that a viewer finds the moment: a chapter for each answer, or several.

A chapter inside an answer stands at a moment of its take, so it follows every later cut and waits while
another take is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from capture.errors import BadInputError
from editor import cutlist
from editor.cutlist import frame_at, frame_us
from editor.model import Chapter, ChapterMark, ChapterPoint, CutList, Edit, Placed, Resource, Word
from editor.typed import one_line

#: A chapter starts this much before its first word, or where the word before it ends.
_LEAD_US = 150_000
#: Asked for this near to the start of a word, a chapter starts with the word.
_SNAP_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter as it stands in the result.

    Args:
        start_us: On the result's clock.
        end_us: Where the next one starts, or the result ends.
        take_id: What plays in it first.
        at_us: Where it starts on the clock of that take.
        point: What it was made of if it starts inside an answer.
    """

    start_us: int
    end_us: int
    title: str
    prompt_id: str
    take_id: str
    at_us: int
    point: ChapterPoint | None = None


def chapter_marks(resource: Resource, cut_list: CutList) -> tuple[ChapterMark, ...]:
    """Return where each chapter of the result starts; one whose answer was cut altogether has none."""
    return tuple(ChapterMark(part.start_us, part.title) for part in parts(resource, cut_list))


def parts(resource: Resource, cut_list: CutList) -> tuple[Part, ...]:
    """Return the chapters of the result in order; of several that start at one moment only the last."""
    starts: dict[int, tuple[str, str, int, ChapterPoint | None]] = {}
    titles = cutlist.chapter_titles(resource)
    unmarked = {each.prompt_id for each in cutlist.chapters(resource) if not each.marked}
    seen: set[str] = set()
    for each in cut_list.placed:
        prompt_id = each.span.prompt_id
        # The result always begins with a chapter.
        if prompt_id not in seen and (prompt_id not in unmarked or not seen):
            starts[each.result_frame] = (prompt_id, titles.get(prompt_id, ""), each.take_frame, None)
        seen.add(prompt_id)
    takes = {each.span.take_id: each.span.prompt_id for each in cut_list.placed}
    for point in sorted(resource.edit.points, key=lambda point: point.at_us):
        if (place := _next_frame(cut_list, point)) is not None:
            starts[place[0]] = (takes[point.take_id], point.title, place[1], point)
    return tuple(_parts(cut_list, dict(sorted(starts.items()))))


def _parts(cut_list: CutList, starts: dict[int, tuple[str, str, int, ChapterPoint | None]]) -> Iterator[Part]:
    rate = cut_list.rate
    ends = [*starts, cut_list.frames][1:]
    for (frame, (prompt_id, title, take_frame, point)), end in zip(starts.items(), ends, strict=True):
        yield Part(
            start_us=frame_us(frame, rate),
            end_us=frame_us(end, rate),
            title=title,
            prompt_id=prompt_id,
            take_id=_playing(cut_list, frame).span.take_id,
            at_us=frame_us(take_frame, rate),
            point=point,
        )


def _playing(cut_list: CutList, frame: int) -> Placed:
    return next(each for each in reversed(cut_list.placed) if each.result_frame <= frame)


def _next_frame(cut_list: CutList, point: ChapterPoint) -> tuple[int, int] | None:
    """Return the first frame of the result, and of its take, that remains from a point on."""
    wanted = frame_at(point.at_us, cut_list.rate)
    for each in cut_list.placed:
        if each.span.take_id == point.take_id and wanted < each.take_frame + each.frames:
            into = max(0, wanted - each.take_frame)
            return each.result_frame + into, each.take_frame + into
    return None


# Decisions -------------------------------------------------------------------------------------------


def add_chapter(
    edit: Edit, take_id: str, *, at_us: int, title: str, words: Sequence[Word] = (), snap: bool = True
) -> Edit:
    """Return the edit with a chapter that starts inside an answer; one at the same moment gets the title.

    Args:
        edit: What was decided so far.
        take_id: The take.
        at_us: Where, on its clock.
        title: Its title.
        words: Of the take; where there are some near, the chapter starts with the nearest.
        snap: Whether it shall.

    Raises:
        BadInputError: No title.
    """
    name = _title(title)
    place_us = chapter_place(words, at_us) if snap else at_us
    others = tuple(each for each in edit.points if (each.take_id, each.at_us) != (take_id, place_us))
    return replace(edit, points=_in_order((*others, ChapterPoint(take_id, place_us, name))))


def chapter_place(words: Sequence[Word], at_us: int) -> int:
    """Return where a chapter asked for at a moment of a take starts: in the pause before the nearest word."""
    near = min(range(len(words)), key=lambda n: abs(words[n].start_us - at_us), default=None)
    if near is None or abs(words[near].start_us - at_us) > _SNAP_US:
        return at_us
    before_us = words[near - 1].end_us if near else 0
    start_us = words[near].start_us
    return min(start_us, max(start_us - _LEAD_US, min(before_us, start_us)))


def rename_chapter(resource: Resource, part: Part, *, title: str) -> Edit:
    """Return the edit in which a chapter has another title.

    Raises:
        BadInputError: No title.
    """
    name = _title(title)
    if part.point is not None:
        return _with_point(resource.edit, part.point, replace(part.point, title=name))
    return _with_chapter(resource, part.prompt_id, title=name)


def name_answer(resource: Resource, prompt_id: str, *, title: str) -> Edit:
    """Return the edit in which the chapter of a whole answer has another title.

    Raises:
        BadInputError: No title.
    """
    return _with_chapter(resource, prompt_id, title=_title(title))


def move_chapter(
    resource: Resource, part: Part, *, take_id: str, at_us: int, words: Sequence[Word] = ()
) -> Edit:
    """Return the edit in which a chapter starts elsewhere, with its title.

    Args:
        resource: Whose edit it is.
        part: The chapter; the first one of an answer leaves its place to the chapter before.
        take_id: Where to.
        at_us: On the clock of that take.
        words: Of that take.
    """
    edit = remove_chapter(resource, part)
    return add_chapter(edit, take_id, at_us=at_us, title=part.title, words=words)


def remove_chapter(resource: Resource, part: Part) -> Edit:
    """Return the edit without a chapter mark; what is said in it stays, as part of the chapter before.

    Raises:
        BadInputError: It is the first one, with which the result begins.
    """
    if part.point is not None:
        return _with_point(resource.edit, part.point, None)
    if part.start_us == 0:
        raise BadInputError("edit.first_chapter")
    return _with_chapter(resource, part.prompt_id, marked=False)


def reorder(resource: Resource, prompt_ids: Sequence[str]) -> Edit:
    """Return the edit with the answers in another order; prompts not named follow as they were."""
    now = cutlist.decided_chapters(resource)
    wanted = {prompt_id: place for place, prompt_id in enumerate(prompt_ids)}
    ordered = sorted(now, key=lambda each: wanted.get(each.prompt_id, len(wanted)))
    return replace(resource.edit, chapters=tuple(ordered))


def leave_out(resource: Resource, prompt_id: str) -> Edit:
    """Return the edit whose result lacks the answer to a prompt; its cuts are kept."""
    return _with_chapter(resource, prompt_id, included=False)


def bring_back(resource: Resource, prompt_id: str) -> Edit:
    """Return the edit whose result has the answer to a prompt again, where it was, with its own chapter."""
    return _with_chapter(resource, prompt_id, included=True, marked=True)


def _with_chapter(
    resource: Resource,
    prompt_id: str,
    *,
    title: str | None = None,
    marked: bool | None = None,
    included: bool | None = None,
) -> Edit:
    now = cutlist.decided_chapters(resource)
    if prompt_id not in {each.prompt_id for each in now}:
        now = (*now, Chapter(prompt_id))
    changed = tuple(
        each
        if each.prompt_id != prompt_id
        else Chapter(
            prompt_id,
            each.title if title is None else title,
            each.marked if marked is None else marked,
            each.included if included is None else included,
        )
        for each in now
    )
    return replace(resource.edit, chapters=changed)


def _with_point(edit: Edit, old: ChapterPoint, new: ChapterPoint | None) -> Edit:
    others = tuple(each for each in edit.points if each != old)
    return replace(edit, points=_in_order(others if new is None else (*others, new)))


def _in_order(points: tuple[ChapterPoint, ...]) -> tuple[ChapterPoint, ...]:
    return tuple(sorted(points, key=lambda each: (each.take_id, each.at_us)))


def _title(title: str) -> str:
    name = one_line(title)
    if not name:
        raise BadInputError("edit.no_chapter_title")
    return name
