"""Make the video that learners see: every frame the one in the cut list, every sample in its place.

Where the takes have working copies most of it is copied from them. Takes are read one after the other and
written once, so an hour of many spans needs no more memory than a minute of one.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from capture.errors import BadInputError
from capture.files import whole_file
from capture.take import Take
from capture.work import Work
from editor.clean_sound import clean_and_level
from editor.encode import told_of_disk
from editor.even_answers import write_even_sound
from editor.film import Film
from editor.film_file import Copies, FilmFile, Room, TooSoftError, write_film_file
from editor.fit import Size
from editor.loudness import Levelled
from editor.model import STANDARD_RENDITION, CleanSound, Cue, CutList, Rendition, Resource
from editor.overlay import Overlay, make_overlays
from editor.working_copy import HEIGHT_PX

#: Where few bytes are allowed, a smaller picture is better than one that falls to blocks.
_SMALLER_PX = (540, 432, 360, 270)
_SOFTEST_CRF = 32.0
SOUND_FILE = "levelled.f32"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished result.

    Args:
        path: The MP4.
        frames: As counted in it.
        rate: Frames per second.
        size: Of the picture.
        duration_us: Of the picture.
        bytes: Of the file.
        crf: x264's constant quality, of the worst part; above ``encode.BEST_CRF`` where size asked for it.
        sound: What levelling did.
        copied_frames: How many pictures were copied from working copies.
        why: Key below ``render.why`` of why all pictures were encoded anew; empty where they were not.
    """

    path: Path
    frames: int
    rate: Fraction
    size: Size
    duration_us: int
    bytes: int
    crf: float
    sound: Levelled
    copied_frames: int = 0
    why: str = ""

    @property
    def bytes_a_minute(self) -> float:
        """How big a minute of it is."""
        return self.bytes * 60_000_000 / self.duration_us


def render(
    resource: Resource,
    takes: Iterable[Take],
    folders: Mapping[str, Path],
    cut_list: CutList,
    *,
    out: Path,
    rendition: Rendition = STANDARD_RENDITION,
    copies: Copies = MappingProxyType({}),
    cues: Sequence[Cue] = (),
    work: Work,
) -> Rendered:
    """Write the result as MP4: H.264 and AAC, sound at one loudness, index in front.

    The same resource, takes, copies and cut list give the same bytes again.

    Args:
        resource: Whose title, expert and chapter titles stand in the file and on cards.
        takes: At least those in the cut list.
        folders: The folder of each take by its id.
        cut_list: The result.
        out: The MP4; it appears whole or not at all.
        rendition: How; nothing is made larger than its source, and where the file may only have so many
            bytes it may become smaller than asked for.
        copies: Working copies by the ids of their takes. What they hold is copied; without any, or where
            something differs, every picture is encoded anew from what the cameras wrote.
        cues: Captions, drawn on the picture where the rendition says so.
        work: Told of progress; asked at every frame whether to stop.

    Raises:
        BadInputError: Nothing is left to render, or a file cannot be read.
        MediaMissingError: A file of a take is gone.
        NoPictureError: A picture cannot be decoded.
        RenderError: What was written is not the cut list.
        UserError: It does not fit into so few bytes, or the disk is full or cannot be written to.
        Cancelled: The person stopped the job; nothing half-written remains.
    """
    if not cut_list.frames:
        raise BadInputError("render.nothing_left")
    by_id = {take.id: take for take in takes}
    with told_of_disk(out), tempfile.TemporaryDirectory(prefix=".render-", dir=out.parent) as name:
        scratch = Path(name)
        clean = resource.edit.clean_sound
        sound = _write_sound(cut_list, by_id, folders, scratch, clean=clean, work=work.part(0, 0.15))
        path, sound_file = scratch / "film.mp4", scratch / SOUND_FILE

        def overlays_of(size: Size) -> Sequence[Overlay]:
            expert = resource.brief.expert
            return make_overlays(cut_list, size=size, expert=expert, cues=cues, rendition=rendition)

        def write(height_px: int, room: Room) -> FilmFile:
            def film_of(copies: Copies) -> Film:
                return Film(
                    resource,
                    by_id,
                    folders,
                    cut_list,
                    limit_px=height_px,
                    copies=copies,
                    overlays_of=overlays_of,
                    work=work,
                )

            return write_film_file(
                film_of,
                copies if height_px == HEIGHT_PX else {},
                path=path,
                sound=sound_file,
                title=resource.title,
                room=room,
                work=work.part(0.15, 0.99),
            )

        made = _write_within(write, rendition, duration_us=cut_list.duration_us)
        if rendition.most_bytes and path.stat().st_size > rendition.most_bytes:
            raise BadInputError(
                "render.cannot_fit",
                most_mb=f"{rendition.most_bytes / 1e6:.1f}",
                least_mb=f"{path.stat().st_size / 1e6:.1f}",
            )
        with whole_file(out) as part:
            path.replace(part)
    work.report(1.0)
    return Rendered(
        path=out,
        frames=cut_list.frames,
        rate=cut_list.rate,
        size=made.size,
        duration_us=cut_list.duration_us,
        bytes=out.stat().st_size,
        crf=made.crf,
        sound=sound,
        copied_frames=made.copied_frames,
        why=made.why,
    )


def _write_within(
    write: Callable[[int, Room], FilmFile], rendition: Rendition, *, duration_us: int
) -> FilmFile:
    """Write the file, smaller than asked for where that is what so few bytes are enough for."""
    if not rendition.most_bytes:
        return write(rendition.height_px, Room())
    most = rendition.most_bytes * 60e6 / duration_us
    for height_px in (rendition.height_px, *(px for px in _SMALLER_PX if px < rendition.height_px)):
        with contextlib.suppress(TooSoftError):
            return write(height_px, Room(most, softest=_SOFTEST_CRF))
    return write(_SMALLER_PX[-1], Room(most))


def _write_sound(
    cut_list: CutList,
    takes: Mapping[str, Take],
    folders: Mapping[str, Path],
    scratch: Path,
    *,
    clean: CleanSound,
    work: Work,
) -> Levelled:
    """Write the result's sound, cleaned and levelled, as ``levelled.f32``."""
    work.report(0.0, "render.sound")
    raw = scratch / "raw.f32"
    write_even_sound(cut_list, takes, folders, raw, work=work.part(0, 0.3))
    done = clean_and_level(raw, scratch / SOUND_FILE, strength=clean, work=work.part(0.3, 1.0))
    raw.unlink()
    return done
