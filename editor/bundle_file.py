"""Read a ``.lapel`` file as what it is: a zip that anybody may have made, to any end."""

from __future__ import annotations

import contextlib
import errno
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from capture.errors import BadInputError, UserError
from capture.work import Work
from editor.ids import is_file_name, is_id
from editor.model import Resource, Take, Transcript, Version

FORMAT = 1
MANIFEST = "lapel.json"
CHUNK_BYTES = 1 << 20

_MOST_ENTRIES = 20_000
_MOST_FOLDERS = 4  # below the folder of a take
_MOST_MANIFEST_BYTES = 128_000_000
_MOST_RATIO = 100  # media hardly shrink; a bomb shrinks to a thousandth and less
_SMALL_BYTES = 20_000_000  # less than that does no harm, however well it shrinks
_SPARE_BYTES = 200_000_000  # left free on the disk
_MOST_US = 2**53  # longer than any recording, and still a number everywhere
#: What reading a broken zip raises, according to which byte of it is wrong.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    ValueError,
    struct.error,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """All of a resource but its media; takes are in the order they came."""

    format: int
    resource: Resource
    takes: tuple[Take, ...] = ()
    transcripts: tuple[Transcript, ...] = ()
    versions: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True)
class _Format:
    format: int


def entry_name(take_id: str, name: str) -> str:
    """Return the name of a media file in the zip; ``name`` is its path below the take's folder."""
    return f"media/{take_id}/{name}"


def may_carry(name: str) -> bool:
    """Return whether a file of that path below a take's folder may stand in a bundle."""
    parts = name.split("/")
    return len(parts) <= _MOST_FOLDERS and all(is_file_name(part) for part in parts)


@contextlib.contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """Yield the zip in ``file``.

    Raises:
        BadInputError: No such file, or no zip.
    """
    if not file.exists():
        raise BadInputError("bundle.missing", file=file)
    if not file.is_file():
        raise BadInputError("bundle.not_file", file=file)
    with contextlib.ExitStack() as stack:
        raw = stack.enter_context(file.open("rb"))
        if not zipfile.is_zipfile(raw):
            raise BadInputError("bundle.not_bundle", file=file)
        with _believed(file):
            archive = stack.enter_context(zipfile.ZipFile(raw))
        yield archive


@contextlib.contextmanager
def _believed(file: Path) -> Iterator[None]:
    """Turn whatever is wrong with the bytes of a zip into words."""
    try:
        yield
    except _BROKEN as error:
        raise BadInputError("bundle.damaged", file=file) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the start of the file
            raise
        raise BadInputError("bundle.damaged", file=file) from error


def read_manifest(archive: zipfile.ZipFile, *, file: Path) -> Manifest:
    """Return what the bundle holds.

    Raises:
        BadInputError: It is no bundle, or of a newer format, or does not fit together.
    """
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError as error:
        raise BadInputError("bundle.not_bundle", file=file) from error
    if not _is_plain(info):
        raise BadInputError("bundle.hostile", file=file, name=MANIFEST)
    if info.file_size > _MOST_MANIFEST_BYTES:
        raise BadInputError("bundle.bomb", file=file)
    with _believed(file), archive.open(info) as entry:
        data = entry.read(_MOST_MANIFEST_BYTES)
    try:
        if msgspec.json.decode(data, type=_Format).format != FORMAT:
            raise BadInputError("bundle.newer", file=file)
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BadInputError("bundle.damaged", file=file) from error
    if not _fits(manifest):
        raise BadInputError("bundle.damaged", file=file)
    return manifest


def extract(
    archive: zipfile.ZipFile, into: Mapping[str, Path], *, manifest: Manifest, file: Path, work: Work
) -> None:
    """Write the media of each take into its folder.

    Args:
        archive: The bundle.
        into: A new folder for each take id of the bundle.
        manifest: What the bundle says it holds.
        file: Named in errors.
        work: Asked whether to stop.

    Raises:
        BadInputError: An entry would land elsewhere, is no plain file, or is a bomb; or a file is missing.
        UserError: There is no room for it.
    """
    entries = [info for info in archive.infolist() if info.filename != MANIFEST]
    paths = _checked(entries, into, file=file)
    total = sum(info.file_size for info in entries)
    some = next(iter(into.values()), None)
    if some is not None and total + _SPARE_BYTES > shutil.disk_usage(some.parent).free:
        raise UserError("bundle.no_room", file=file, megabytes=round(total / 1e6))
    present = {info.filename for info in entries}
    for take in manifest.takes:
        if any(entry_name(take.id, segment.file) not in present for segment in take.segments):
            raise BadInputError("bundle.damaged", file=file)
    done = 0
    for info, path in zip(entries, paths, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _believed(file), archive.open(info) as entry, path.open("xb") as target:
            while chunk := entry.read(CHUNK_BYTES):
                work.checkpoint()
                target.write(chunk)
                done += len(chunk)
                work.report(done / max(total, 1), "library.unbundling")


def _checked(entries: list[zipfile.ZipInfo], into: Mapping[str, Path], *, file: Path) -> list[Path]:
    """Return where each entry goes, once all of them have been found harmless."""
    paths: list[Path] = []
    for info in entries:
        folder, _, rest = info.filename.removeprefix("media/").partition("/")
        own = info.filename.startswith("media/") and folder in into and may_carry(rest)
        if not (own and _is_plain(info)):
            raise BadInputError("bundle.hostile", file=file, name=info.filename[:80])
        paths.append(into[folder] / rest)
    # Compared without capitals: two such names are one file on many systems.
    if len({str(path).casefold() for path in paths}) != len(paths):
        raise BadInputError("bundle.hostile", file=file, name=MANIFEST)
    total, packed = sum(info.file_size for info in entries), file.stat().st_size
    if len(entries) > _MOST_ENTRIES or total > max(_SMALL_BYTES, packed * _MOST_RATIO):
        raise BadInputError("bundle.bomb", file=file)
    return paths


def _is_plain(info: zipfile.ZipInfo) -> bool:
    """Return whether an entry is a file, not a link or a device, and packed as Lapel packs."""
    locked = info.flag_bits & 1
    known = info.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    return stat.S_IFMT(info.external_attr >> 16) in {0, stat.S_IFREG} and known and not locked


def _fits(manifest: Manifest) -> bool:
    """Return whether ids and numbers are such that the library can keep them."""
    ids = {take.id for take in manifest.takes}
    takes = all(
        is_id(take.id)
        and 0 <= take.duration_us < _MOST_US
        and 0 < take.number < _MOST_US
        and all(may_carry(segment.file) for segment in take.segments)
        for take in manifest.takes
    )
    versions = [version.number for version in manifest.versions]
    return (
        is_id(manifest.resource.id)
        and takes
        and len({each.casefold() for each in ids}) == len(manifest.takes)  # some systems ignore capitals
        and {each.take_id for each in manifest.transcripts} <= ids
        and all(0 < number < _MOST_US for number in versions)
        and len(set(versions)) == len(versions)
    )
