"""Say which takes lost their files, and take the files back from wherever they are now.

A resource opens whatever is missing: words, cuts and captions are kept in the library, and only who plays or
renders a take needs its media.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from capture import probe
from capture.errors import BadInputError, UserError
from capture.files import whole_file
from capture.take import TAKE_FILE, Take, read_take, write_take
from capture.work import Work
from editor.library import Library

_CHUNK_BYTES = 4 << 20
#: A file of the same name whose length differs by more is another recording.
_SAME_LENGTH_US = 500_000


@dataclass(frozen=True, slots=True)
class Missing:
    """A take whose media are not where they belong.

    Args:
        take: The take.
        files: Names of the files that are gone or empty.
        folder: Where they belong.
    """

    take: Take
    files: tuple[str, ...]
    folder: Path


def missing_media(library: Library, takes: Iterable[Take]) -> tuple[Missing, ...]:
    """Return the takes that lost files; a take that is still being recorded has none to lose."""
    found: list[Missing] = []
    for take in takes:
        folder = library.take_folder(take)
        if take.state not in {"safe", "damaged"}:
            continue
        files = dict.fromkeys(each.file for each in take.segments)
        gone = tuple(name for name in files if not _is_there(folder / name))
        if gone:
            found.append(Missing(take, gone, folder))
    return tuple(found)


def relocate(library: Library, take_id: str, source: Path, *, work: Work) -> Take:
    """Copy the missing files of a take back to where they belong, and return the take.

    Args:
        library: Where the take is.
        take_id: The take.
        source: The folder that has the files now, or one above it, such as a copy of the library.
        work: Told of progress; asked whether to stop.

    Raises:
        BadInputError: No such take, nothing of it is missing, or ``source`` does not have all of its files.
            Nothing was changed.
        UserError: The disk is full, or a file cannot be read.
    """
    take = library.take(take_id)
    lost = next(iter(missing_media(library, [take])), None)
    if lost is None:
        raise BadInputError("media.nothing_missing", take=take_id)
    folder = _folder_of(take, source, lost.files)
    lost.folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(lost.files):
        step = work.part(number / len(lost.files), (number + 1) / len(lost.files))
        _copy(folder / name, lost.folder / name, work=step)
    if not (lost.folder / TAKE_FILE).exists():
        write_take(lost.folder, take)
    return take


def _is_there(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _folder_of(take: Take, source: Path, files: tuple[str, ...]) -> Path:
    """Return the folder in or below ``source`` that has these files of the take."""
    named = [each for each in _candidates(source) if all(_is_there(each / name) for name in files)]
    own = [each for each in named if _id_in(each) == take.id]
    # Without its take.json a folder is recognised by the length of what is in it.
    like = [each for each in named if _id_in(each) == "" and _fits(take, each, files)]
    if not own + like:
        raise BadInputError("media.not_there", files=", ".join(files), folder=source)
    return (own + like)[0]


def _candidates(source: Path) -> Iterator[Path]:
    yield source
    for depth in ("*", "*/*", "*/*/*"):
        with contextlib.suppress(OSError):
            yield from (each for each in sorted(source.glob(depth)) if each.is_dir())


def _id_in(folder: Path) -> str:
    try:
        return read_take(folder).id
    except (OSError, msgspec.MsgspecError):
        return ""


def _fits(take: Take, folder: Path, files: tuple[str, ...]) -> bool:
    for segment in take.segments:
        if segment.file not in files:
            continue
        try:
            found = probe.probe(folder / segment.file)
        except UserError:
            return False
        if abs(found.duration_us - segment.duration_us) > _SAME_LENGTH_US:
            return False
    return True


def _copy(source: Path, target: Path, *, work: Work) -> None:
    size_bytes = max(source.stat().st_size, 1)
    done_bytes = 0
    try:
        with whole_file(target) as part, source.open("rb") as file, part.open("xb") as copy:
            while chunk := file.read(_CHUNK_BYTES):
                work.checkpoint()
                copy.write(chunk)
                done_bytes += len(chunk)
                work.report(done_bytes / size_bytes, "library.relocating")
    except OSError as error:
        raise UserError("media.not_copied", file=source, reason=error.strerror or "") from error
