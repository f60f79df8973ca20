"""Bring in the file of any camera, phone or sound recorder as a take, byte for byte as it is."""

from __future__ import annotations

import contextlib
import errno
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from capture.errors import BadInputError
from capture.files import sync_file, sync_folder
from capture.probe import MediaInfo, probe
from capture.take import Devices, Segment, Take, Track, write_take
from capture.verify import verified
from capture.work import Work

DEVICE_ID = "import"
_CHUNK_BYTES = 4 << 20
SPARE_BYTES = 16 << 20  # left free after the copy, for the library itself
_NO_ROOM = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to copy: what it holds, and the segment that it becomes."""

    path: Path
    size_bytes: int
    info: MediaInfo
    segment: Segment


def import_take(
    file: Path,
    *,
    media: Path,
    take: Take,
    mic: Path | None = None,
    spare_bytes: int = SPARE_BYTES,
    work: Work,
) -> Take:
    """Copy a file into ``media/<resource>/<take>/``, verify it, and return the take.

    Nothing is left behind if that fails or is cancelled; the files given are only read.

    Args:
        file: A video with sound, a video whose sound is in ``mic``, or sound alone.
        media: The library's media folder.
        take: A fresh take, without segments.
        mic: A separate lapel track of the same moment.
        spare_bytes: How much must be left free on the disk after the copy.
        work: Told of progress; asked whether to stop.

    Raises:
        BadInputError: A file cannot be used, or there is no room for it; the key says why.
        Cancelled: The person stopped the job.
    """
    sources = _sources(file, mic, work=work.part(0, 0.2))
    folder = media / take.resource_id / take.id
    needed_bytes = sum(source.size_bytes for source in sources) + spare_bytes
    with _whole_folder(folder, needed_bytes=needed_bytes) as part:
        work.report(0.2, "import.copying")
        step = 0.6 / len(sources)
        for index, source in enumerate(sources):
            start = 0.2 + step * index
            _copy(source, part / source.segment.file, work=work.part(start, start + step))
        work.report(0.8, "import.checking")
        take = verified(part, _described(take, sources), work=work.part(0.8, 1.0))
        with _explained(folder):
            write_take(part, take)
        work.checkpoint()
    work.report(1.0)
    return take


def _sources(file: Path, mic: Path | None, *, work: Work) -> list[_Source]:
    """Return the files to copy with what they hold and the segments they become."""
    work.report(0.0, "import.checking")
    video = _source(file, work=work)
    if mic is None:
        if video.info.audio is None:
            raise BadInputError("import.no_voice", name=file.name)
        return [video]
    if video.info.video is None:
        raise BadInputError("import.no_picture", name=file.name)
    return [video, _source(mic, lapel=True, work=work)]


def _source(path: Path, *, lapel: bool = False, work: Work) -> _Source:
    """Look at a file; of a lapel's only the sound counts, whatever else is in it."""
    size_bytes = path.stat().st_size if path.exists() else 0
    info = probe(path, work=work)
    if lapel:
        if info.audio is None:
            raise BadInputError("import.mic_without_sound", name=path.name)
        info = replace(info, video=None, duration_us=info.audio.duration_us)
    track: Track = "mic" if info.video is None else "camera"
    length_us = info.duration_us if info.video is None else info.picture_end_us
    segment = Segment(track, f"{track}-001{_safe_suffix(path, info)}", start_us=0, duration_us=length_us)
    return _Source(path, size_bytes, info, segment)


def _safe_suffix(path: Path, info: MediaInfo) -> str:
    """Return the file's own extension if it is a plain one, else what it should be called."""
    suffix = path.suffix.lower()
    if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix):
        return suffix
    return "." + (re.sub(r"[^a-z0-9]", "", info.container.split(",")[0].lower())[:8] or "media")


def _described(take: Take, sources: list[_Source]) -> Take:
    segments = tuple(source.segment for source in sources)
    videos = [source.info.video for source in sources if source.info.video is not None]
    named = {source.segment.track: source.path.name for source in sources}
    # The lapel's clock is the take's, where there is a lapel.
    main = next((each for each in segments if each.track == "mic"), segments[0])
    return replace(
        take,
        segments=segments,
        duration_us=main.duration_us,
        has_picture=bool(videos),
        picture_rate=str(videos[0].rate) if videos else "",
        devices=Devices(
            camera_id=DEVICE_ID if "camera" in named else "",
            camera_name=named.get("camera", ""),
            mic_id=DEVICE_ID if "mic" in named else "",
            mic_name=named.get("mic", ""),
        ),
    )


@contextlib.contextmanager
def _whole_folder(folder: Path, *, needed_bytes: int) -> Iterator[Path]:
    """Yield a folder that becomes ``folder`` if the block ends well, and vanishes if not."""
    part = folder.with_name(f".{folder.name}.part")
    if folder.exists():
        raise FileExistsError(folder)
    missing = [each for each in folder.parents if not each.exists()]
    try:
        _require_room(folder, needed_bytes=needed_bytes)
        with _explained(folder):
            shutil.rmtree(part, ignore_errors=True)  # of an import that was killed
            part.mkdir(parents=True)
        yield part
        with _explained(folder):
            part.replace(folder)
            sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        with contextlib.suppress(OSError):
            for each in missing:
                each.rmdir()
        raise


def _require_room(folder: Path, *, needed_bytes: int) -> None:
    there = next(each for each in folder.parents if each.exists())
    free_bytes = shutil.disk_usage(there).free
    if free_bytes < needed_bytes:
        raise BadInputError(
            "import.disk_full", path=folder, needed_mb=needed_bytes >> 20, free_mb=free_bytes >> 20
        )


def _copy(source: _Source, target: Path, *, work: Work) -> None:
    done_bytes = 0
    with _explained(target), source.path.open("rb") as file, target.open("xb") as copy:
        while chunk := _read(file, source.path):
            work.checkpoint()
            copy.write(chunk)
            done_bytes += len(chunk)
            work.report(done_bytes / source.size_bytes)
    if done_bytes != source.size_bytes:
        raise BadInputError("import.changing", name=source.path.name)
    with _explained(target):
        sync_file(target)


def _read(file: BinaryIO, source: Path) -> bytes:
    try:
        return file.read(_CHUNK_BYTES)
    except OSError as error:  # a card that was pulled out
        raise BadInputError("import.unreadable", name=source.name, reason=error.strerror or "") from error


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what the disk says into words."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise BadInputError("import.disk_full_meanwhile", path=path) from error
        raise BadInputError("import.not_writable", path=path, reason=error.strerror or "") from error
