"""The still that stands for a resource: the one that was chosen, as a picture of packages and of cards.

A moment is taken from the camera's pictures whenever it is needed. A picture of one's own lies in the folder
of a take, so that it goes where the take goes: into a bundle, to a resource that shares it, away with it.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from capture.errors import BadInputError, UserError
from capture.files import write_whole
from capture.take import Take
from capture.work import Work
from editor import card_still, cutlist
from editor.fit import Size
from editor.ids import is_file_name
from editor.library import Library
from editor.model import Poster, Resource
from editor.poster import jpeg
from editor.take_frames import CopyFrames, camera_frames, open_take_frames
from editor.viewing import fitting
from editor.working_copy import WorkingCopy

if TYPE_CHECKING:
    from PIL.Image import Image

#: What a picture of one's own must have at least, and what is kept of a larger one.
SMALLEST, LARGEST = Size(1280, 720), Size(1920, 1080)
_MOST_PIXELS = 200_000_000  # more is no photograph but a bomb
_OWN = "own-poster-"


def chosen_poster(resource: Resource, takes: Sequence[Take]) -> Poster | None:
    """Return the still that was chosen, or None: then Lapel chooses."""
    there = {take.id for take in takes}
    return next((each for each in reversed(resource.edit.poster) if each.take_id in there), None)


def own_picture(folder: Path, poster: Poster) -> Path | None:
    """Return the file of a picture of one's own in its take's folder; None where it is a moment, or gone."""
    if not poster.file.startswith(_OWN) or not is_file_name(poster.file):
        return None
    path = folder / poster.file
    return path if path.is_file() else None


def keep_picture(folder: Path, source: Path, *, work: Work) -> str:
    """Keep a picture of one's own in the folder of a take, and return its name there.

    Raises:
        BadInputError: It is no picture, or too small.
        UserError: The disk is full.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(source) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise BadInputError("poster.unreadable", file=source.name)
            image: Image.Image = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadInputError("poster.unreadable", file=source.name) from error
    work.checkpoint()
    if image.width < SMALLEST.width_px or image.height < SMALLEST.height_px:
        raise BadInputError(
            "poster.small",
            file=source.name,
            width=image.width,
            height=image.height,
            least_width=SMALLEST.width_px,
            least_height=SMALLEST.height_px,
        )
    data = jpeg(_at_most(image, LARGEST))
    name = f"{_OWN}{hashlib.sha256(data).hexdigest()[:16]}.jpg"
    try:
        write_whole(folder / name, data)
    except OSError as error:
        raise UserError("poster.not_kept", folder=folder, reason=error.strerror or "") from error
    return name


def moment(take: Take, folder: Path, at_us: int, *, rate: Fraction) -> Image | None:
    """Return what is seen at a moment of a take, to be looked at; None of a take that is sound only.

    Raises:
        UserError: A file is gone, or cannot be read.
    """
    frames = open_take_frames(take, folder, rate)
    if frames is None:
        return None
    with contextlib.closing(frames):
        image: Image = frames.frame(cutlist.frame_at(at_us, rate)).to_image()  # type: ignore[no-untyped-call]
        return image


def write_poster(
    poster: Poster,
    take: Take,
    folder: Path,
    *,
    rate: Fraction,
    limit_px: int,
    copies: Mapping[str, WorkingCopy] = MappingProxyType({}),
    out: Path,
    work: Work,
) -> bool:
    """Write a chosen still for packages; return whether there was one.

    Args:
        poster: The choice.
        take: Its take.
        folder: Of the take.
        rate: Frames a second of the result.
        limit_px: Most the shorter side may have.
        copies: What the video was made from: the same version has the same still, whatever was made since.
        out: A JPEG of at most 200 kB; it appears whole or not at all.
        work: Asked whether to stop.

    Raises:
        UserError: A file of the take is gone, or cannot be read.
    """
    own = own_picture(folder, poster)
    if own is not None:
        write_whole(out, own.read_bytes())
        return True
    if poster.file:
        return False
    copy = copies.get(take.id)
    frames = (
        CopyFrames(copy.path, rate)
        if copy is not None and copy.rate == rate
        else camera_frames(take, folder, rate, work=work.quiet())
    )
    if frames is None:
        return False
    with contextlib.closing(frames):
        image: Image = frames.frame(cutlist.frame_at(poster.at_us, rate)).to_image()  # type: ignore[no-untyped-call]
    write_whole(out, jpeg(_at_most(image, Size(limit_px * 16 // 9, limit_px))))
    return True


def resource_card(library: Library, resource: Resource, takes: Sequence[Take], *, work: Work) -> Path | None:
    """Return the small picture of a resource for its card: of the chosen still, else of its first answer.

    Raises:
        Cancelled: The person stopped the job.
    """
    poster = chosen_poster(resource, takes)
    if poster is not None:
        take = next(each for each in takes if each.id == poster.take_id)
        rate = cutlist.result_rate([Fraction(each.picture_rate) for each in takes if each.picture_rate])

        def seen(folder: Path) -> Image | None:
            return moment(take, folder, poster.at_us, rate=rate)

        made = _card(library.take_folder(take), poster, seen)
        if made is not None:
            return made
    for take in cutlist.chosen_takes(resource, takes):
        made = card_still.card_still(library.take_folder(take), take, work=work)
        if made is not None:
            return made
    return None


def _card(folder: Path, poster: Poster, take_moment: Callable[[Path], Image | None]) -> Path | None:
    own = own_picture(folder, poster)
    if poster.file and own is None:
        return None
    kept = folder / (f"{card_still.CARD}{own.name}" if own else f"{card_still.CARD}{poster.at_us}.jpg")
    if kept.is_file():
        return kept
    try:
        image = _read(own) if own else take_moment(folder)
    except (UserError, OSError):  # whatever is wrong with it is told when it is played
        return None
    return None if image is None else card_still.keep(kept, image)


def _read(path: Path) -> Image:
    from PIL import Image

    with Image.open(path) as opened:
        return opened.convert("RGB")


def _at_most(image: Image, room: Size) -> Image:
    if image.width <= room.width_px and image.height <= room.height_px:
        return image
    size = fitting(Size(image.width, image.height), room)
    return image.resize((size.width_px, size.height_px))
