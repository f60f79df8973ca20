"""Read a package for its check and its preview, in place: a folder, or a zip that is not trusted."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from capture.errors import BadInputError

MOST_FILES = 20_000
MOST_TEXT_BYTES = 32 << 20
MOST_DEFLATED_BYTES = 64 << 20  # what is deflated is read whole; video is stored and streamed
_LOCAL_HEADER = struct.Struct("<4s22xHH")  # signature, then the lengths of name and extra field


@dataclass(frozen=True, slots=True)
class Piece:
    """Where the bytes of a file lie: a stretch of a file on disk, or in memory."""

    size_bytes: int
    path: Path | None = None
    offset: int = 0
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class PackageFiles:
    """The files of a package by their names."""

    package: Path
    zipped: dict[str, zipfile.ZipInfo] | None

    @property
    def names(self) -> tuple[str, ...]:
        """What its files are called, in the order they are packed."""
        if self.zipped is not None:
            return tuple(self.zipped)
        below = (path for path in self.package.rglob("*") if path.is_file())
        return tuple(sorted(path.relative_to(self.package).as_posix() for path in below))

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a small file, None where there is none or it is larger than text ever is."""
        piece = self.find(name)
        if piece is None or piece.size_bytes > MOST_TEXT_BYTES:
            return None
        if piece.path is None:
            return piece.data
        with piece.path.open("rb") as file:
            file.seek(piece.offset)
            return file.read(piece.size_bytes)

    def find(self, name: str) -> Piece | None:
        """Return where a file's bytes are, or None where the package has no such file."""
        if self.zipped is not None:
            info = self.zipped.get(name)
            return None if info is None else _zipped_piece(self.package, info)
        path = self.package / name
        if (
            not is_plain(name)
            or not path.is_file()
            or not path.resolve().is_relative_to(self.package.resolve())
        ):
            return None
        return Piece(path.stat().st_size, path)


def open_package(package: Path) -> PackageFiles:
    """Return the files of a zip or a folder; nothing is unpacked.

    Raises:
        BadInputError: It is neither, or the zip is not one that can be trusted to be read.
    """
    if package.is_dir():
        return PackageFiles(package, None)
    try:
        with zipfile.ZipFile(package) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except (OSError, zipfile.BadZipFile) as error:
        raise BadInputError("preview.not_package", path=package) from error
    strange = [info.filename for info in infos if not _is_safe(info)]
    if strange or len(infos) > MOST_FILES or len({info.filename for info in infos}) != len(infos):
        raise BadInputError("preview.unsafe", path=package, name=(strange or [package.name])[0])
    return PackageFiles(package, {info.filename: info for info in infos})


def is_plain(name: str) -> bool:
    """Return whether a name stays inside its package."""
    parts = PurePosixPath(name).parts
    return (
        bool(parts)
        and not name.startswith("/")
        and ".." not in parts
        and "\\" not in name
        and ":" not in name
    )


def _is_safe(info: zipfile.ZipInfo) -> bool:
    encrypted = info.flag_bits & 1
    small = info.file_size <= MOST_DEFLATED_BYTES
    method = info.compress_type == zipfile.ZIP_STORED or (
        info.compress_type == zipfile.ZIP_DEFLATED and small
    )
    return is_plain(info.filename) and not encrypted and method


def _zipped_piece(package: Path, info: zipfile.ZipInfo) -> Piece | None:
    if info.compress_type != zipfile.ZIP_STORED:
        with zipfile.ZipFile(package) as archive, archive.open(info) as file:
            data = file.read(MOST_DEFLATED_BYTES)  # the size in the directory may lie
        return Piece(len(data), data=data)
    with package.open("rb") as file:
        file.seek(info.header_offset)
        header = file.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size:
            return None
        _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        offset = info.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        inside = offset + info.file_size <= package.stat().st_size
    return Piece(info.file_size, package, offset) if inside else None
