"""Show a take as a small picture, on cards and in lists of takes; made once and kept beside the take."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from capture.files import write_whole
from capture.take import Take
from capture.work import Work
from editor.audio import picture_segments
from editor.working_copy import COPY_FILE

if TYPE_CHECKING:
    from PIL.Image import Image

CARD = "card-"  # with the moment or the name of a picture
STILL_FILE = "card.jpg"
WIDTH_PX, HEIGHT_PX = 640, 360
_AT = 0.3  # of the take: by then everybody has sat up and begun to speak
_QUALITY = 82


def card_still(folder: Path, take: Take, *, work: Work) -> Path | None:
    """Return the still of a take, or None where it has no picture or none that can be read.

    Args:
        folder: The take's own folder, where the still is kept and erased with it.
        take: Which take.
        work: Asked whether to stop.
    """
    kept = folder / STILL_FILE
    if kept.is_file():
        return kept
    source = folder / COPY_FILE
    if not source.is_file():
        pictures = picture_segments(take)
        if not pictures:
            return None
        source = folder / pictures[0][0].file
    work.checkpoint()
    image = _frame(source)
    return None if image is None else keep(kept, image)


def keep(path: Path, image: Image) -> Path | None:
    """Write a picture as small as cards show it, and return its path; None where nothing can be kept."""
    try:
        write_whole(path, _jpeg(image))
    except OSError:  # a full disk or a medium to read from only: then it is made again each time
        return None
    return path


def _frame(source: Path) -> Image | None:
    import av

    try:
        with av.open(str(source)) as container:
            stream = container.streams.video[0]
            stream.codec_context.skip_frame = "NONKEY"
            if container.duration:
                container.seek(int(container.duration * _AT))
            frame = next(container.decode(stream), None)
            if frame is None:
                return None
            image: Image = frame.to_image()  # type: ignore[no-untyped-call]
            return image.rotate(frame.rotation, expand=True) if frame.rotation else image
    except (av.FFmpegError, OSError, IndexError):  # whatever is wrong with it is told when it is played
        return None


def _jpeg(image: Image) -> bytes:
    from io import BytesIO

    from PIL import ImageOps

    buffer = BytesIO()
    ImageOps.fit(image, (WIDTH_PX, HEIGHT_PX)).save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
