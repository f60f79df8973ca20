"""What the edits of a resource come to: the chosen takes, the cut list, its captions and chapters."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from editor import captions, chapters, cutlist
from editor.library import Library
from editor.model import ChapterMark, Cue, CutList, Resource, Take, Transcript


@dataclass(frozen=True, slots=True)
class Result:
    """A resource as it would be published now; everything in it is derived.

    Args:
        takes: Every take of the resource that is not in the bin.
        transcripts: Those of the takes that have one, in the order of ``takes``.
    """

    resource: Resource
    takes: tuple[Take, ...]
    transcripts: tuple[Transcript, ...]
    cut_list: CutList
    cues: tuple[Cue, ...]
    chapters: tuple[ChapterMark, ...]


def read_result(library: Library, resource_id: str) -> Result:
    """Return the result of a resource's edits as they stand.

    Raises:
        BadInputError: No such resource.
    """
    resource = library.resource(resource_id)
    takes = library.takes(resource_id)
    transcripts = tuple(found for take in takes if (found := library.transcript(take.id)) is not None)
    rate = cutlist.result_rate([Fraction(take.picture_rate) for take in takes if take.picture_rate])
    cut_list = cutlist.cut_list(resource, takes, rate=rate)
    return Result(
        resource=resource,
        takes=takes,
        transcripts=transcripts,
        cut_list=cut_list,
        cues=captions.make_cues(cut_list, transcripts, resource.edit),
        chapters=chapters.chapter_marks(resource, cut_list),
    )
