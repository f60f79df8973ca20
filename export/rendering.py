"""Turn a frozen version into its video and poster, from working copies wherever they will do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from capture.errors import UserError
from capture.work import Work
from editor import cutlist, poster, render, still
from editor.library import Library
from editor.model import Chapter, CopyUsed, Rendition, Resource, Take, Version
from editor.render import Rendered
from editor.working_copy import HEIGHT_PX, WorkingCopy, make_working_copy
from export.target import Edition

VIDEO_FILE = "video.mp4"
CAPTIONED_FILE = "captioned.mp4"
POSTER_FILE = "poster.jpg"
_BESIDE_THE_VIDEO_BYTES = 1_500_000  # of a package: player, poster, texts


@dataclass(frozen=True, slots=True)
class Media:
    """What was rendered of a version, and the version with what it was made from."""

    version: Version
    video: Path
    poster: Path
    rendered: Rendered
    captioned: Path | None = None

    def edition(self, stem: str) -> Edition:
        """Return it as what packages are made of, named after ``stem``."""
        return Edition(self.version, self.video, self.poster, stem, self.captioned)


def ready_copies(library: Library, version: Version, *, work: Work) -> dict[str, WorkingCopy]:
    """Return the working copies of the takes in a version; those that are missing are made.

    Args:
        library: Where the takes are.
        version: Whose cut list and rendition count.
        work: Told of progress; asked often whether to stop.

    Raises:
        UserError: One cannot be made: a file is gone, cannot be read, or the disk is full.
        Cancelled: The person stopped it; what was made stays.
    """
    if version.rendition.height_px != HEIGHT_PX:
        return {}
    used = {span.take_id for span in version.cut_list}
    takes = [take for take in _takes(library, version.resource_id) if take.id in used]
    found: dict[str, WorkingCopy] = {}
    for n, take in enumerate(takes):
        step = work.part(n / len(takes), (n + 1) / len(takes))
        copy = make_working_copy(take, library.take_folder(take), in_background=False, work=step)
        if copy is not None:
            found[take.id] = copy
    return found


def render_version(
    library: Library, version: Version, copies: dict[str, WorkingCopy], *, folder: Path, work: Work
) -> Media:
    """Render a version into ``folder``.

    Args:
        library: Where the takes are.
        version: What to render; ``made_from`` is filled in.
        copies: As ``ready_copies`` returned them.
        folder: Where video and poster go.
        work: Told of progress; asked often whether to stop.
    """
    resource = as_published(library.resource(version.resource_id), version)
    takes = _takes(library, version.resource_id)
    where = {take.id: library.take_folder(take) for take in takes}
    cut_list = cutlist.place(version.cut_list, rate=Fraction(version.rate))
    wanted = _of_video(version.rendition)

    def rendered_as(rendition: Rendition, name: str, step: Work) -> Rendered:
        return render.render(
            resource,
            takes,
            where,
            cut_list,
            out=folder / name,
            rendition=rendition,
            copies=copies,
            cues=version.cues,
            work=step,
        )

    burnt = wanted.burnt_captions and bool(version.cues)
    plain = replace(wanted, burnt_captions=False)
    rendered = rendered_as(plain, VIDEO_FILE, work.part(0, 0.5 if burnt else 0.95))
    captioned = rendered_as(wanted, CAPTIONED_FILE, work.part(0.5, 0.95)).path if burnt else None
    shown = folder / POSTER_FILE
    if not _chosen_still(library, version, takes, copies, out=shown, work=work.part(0.95, 1)):
        poster.poster_frame(rendered.path, out=shown, work=work.part(0.95, 1))
    used = sorted(copies.items()) if rendered.copied_frames else ()
    made_from = tuple(CopyUsed(take, copy.sha256) for take, copy in used)
    return Media(replace(version, made_from=made_from), rendered.path, shown, rendered, captioned)


def _chosen_still(
    library: Library,
    version: Version,
    takes: Sequence[Take],
    copies: dict[str, WorkingCopy],
    *,
    out: Path,
    work: Work,
) -> bool:
    """Write the still that was chosen; return whether there is one."""
    chosen = version.poster
    take = next((each for each in takes if chosen is not None and each.id == chosen.take_id), None)
    if chosen is None or take is None:
        return False
    return still.write_poster(
        chosen,
        take,
        library.take_folder(take),
        rate=Fraction(version.rate),
        limit_px=version.rendition.height_px,
        copies=copies,
        out=out,
        work=work,
    )


def same_copies(library: Library, version: Version, *, work: Work) -> dict[str, WorkingCopy]:
    """Return the working copies that a version was made from, made again where they are gone.

    Raises:
        UserError: One came out different: its take was synchronised anew, or its file is another.
    """
    if not version.made_from:
        return {}
    copies = ready_copies(library, version, work=work)
    for used in version.made_from:
        copy = copies.get(used.take_id)
        if copy is None or copy.sha256 != used.sha256:
            take = next((t for t in _takes(library, version.resource_id) if t.id == used.take_id), None)
            prompt = "" if take is None else take.prompt.title or take.prompt.text
            raise UserError("export.other_copy", version=version.number, prompt=prompt)
    return copies


def as_published(resource: Resource, version: Version) -> Resource:
    """Return the resource with the names of a version: they stand in the film and on its cards."""
    cut_list = cutlist.place(version.cut_list, rate=Fraction(version.rate))
    titles: dict[str, str] = {}
    for each in cut_list.placed:
        start_us = cutlist.frame_us(each.result_frame, cut_list.rate)
        before = [mark.title for mark in version.chapters if mark.start_us <= start_us]
        titles.setdefault(each.span.prompt_id, before[-1] if before else "")
    return replace(
        resource,
        title=version.title,
        brief=replace(resource.brief, expert=version.expert),
        edit=replace(
            resource.edit,
            chapters=tuple(Chapter(*each) for each in titles.items()),
            clean_sound=version.clean_sound,
        ),
    )


def _of_video(rendition: Rendition) -> Rendition:
    """Return the rendition with what the video alone may weigh."""
    if not rendition.most_bytes:
        return rendition
    return replace(rendition, most_bytes=max(rendition.most_bytes - _BESIDE_THE_VIDEO_BYTES, 1))


def _takes(library: Library, resource_id: str) -> Sequence[Take]:
    return library.takes(resource_id) + library.takes(resource_id, binned=True)
