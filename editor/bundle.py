"""Carry a resource from one laptop to another as one ``.lapel`` file: takes, edits, tags, words, versions."""

from __future__ import annotations

import errno
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

import msgspec

from capture.errors import BadInputError, UserError
from capture.files import whole_file
from capture.recording import LOG_FILE
from capture.rendezvous import RENDEZVOUS_FILE
from capture.take import TAKE_FILE, write_take
from capture.work import Work
from editor import bundle_file, folders
from editor.bundle_file import CHUNK_BYTES, FORMAT, MANIFEST, Manifest, entry_name
from editor.card_still import CARD, STILL_FILE
from editor.ids import new_id
from editor.library import Library
from editor.model import TAKE_PARTS, Edit, Resource, Take, Transcript, Version
from editor.typed import one_line, plain
from editor.working_copy import COPY_FILE, SETTINGS_FILE

#: Rewritten or made again on arrival; and what only concerns the recorder on this laptop.
_NOT_CARRIED = {TAKE_FILE, LOG_FILE, RENDEZVOUS_FILE, COPY_FILE, SETTINGS_FILE, STILL_FILE}
_SAME_DATE = (1980, 1, 1, 0, 0, 0)  # the oldest a zip can say


def bundle(library: Library, resource_id: str, *, file: Path, work: Work) -> None:
    """Pack a resource into ``file``, which must not exist yet.

    Raises:
        BadInputError: No such resource, or the file is there already, or its folder takes no file.
        UserError: Media of a take are missing, or the disk is full. No file is left.
    """
    resource = library.resource(resource_id)
    takes = library.takes(resource_id)
    manifest = Manifest(
        format=FORMAT,
        resource=resource,
        takes=takes,
        transcripts=tuple(found for take in takes if (found := library.transcript(take.id)) is not None),
        versions=tuple(_without_paths(version) for version in library.versions(resource_id)),
    )
    media = [entry for take in takes for entry in _media(library, take)]
    if file.exists():
        raise BadInputError("bundle.exists", file=file)
    if not file.parent.is_dir():
        raise BadInputError("bundle.no_folder", folder=file.parent)
    try:
        with whole_file(file) as part, zipfile.ZipFile(part, "w") as archive:
            archive.writestr(_info(MANIFEST, zipfile.ZIP_DEFLATED), msgspec.json.encode(manifest))
            _pack(archive, media, work=work)
    except OSError as error:
        raise _explained(error, file=file, folder=file.parent) from error


def unbundle(library: Library, file: Path, *, work: Work) -> Resource:
    """Bring in the resource of a bundle and return it; where its id is taken, under a new one.

    The file comes from anybody: nothing of it lands outside a new folder, and nothing stays of a bad one.

    Raises:
        BadInputError: It is no bundle, or a damaged, malicious or newer one. Nothing was kept.
        UserError: The disk is full.
    """
    try:
        with bundle_file.opened(file) as archive:
            manifest = bundle_file.read_manifest(archive, file=file)
            resource_id, names = _free_ids(library, manifest)
            folder = folders.unfinished_folder(library.media)
            try:
                into = {old: folder / new for old, new in names.items()}
                bundle_file.extract(archive, into, manifest=manifest, file=file, work=work)
                return _keep(library, _renamed(manifest, resource_id, names), folder)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise _explained(error, file=file, folder=library.folder) from error


def _media(library: Library, take: Take) -> Iterator[tuple[str, Path]]:
    """Yield the name in the bundle and the path of each file of a take."""
    folder = library.take_folder(take)
    missing = [segment.file for segment in take.segments if not (folder / segment.file).is_file()]
    if missing:
        raise UserError("bundle.media_missing", file=missing[0], folder=folder)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_file() or name in _NOT_CARRIED or name.startswith((".", CARD)):
            continue
        if bundle_file.may_carry(name):
            yield entry_name(take.id, name), path


def _pack(archive: zipfile.ZipFile, media: Sequence[tuple[str, Path]], *, work: Work) -> None:
    total, done = sum(path.stat().st_size for _, path in media), 0
    for name, path in media:
        info = _info(name, zipfile.ZIP_STORED)  # media are packed already
        info.file_size = path.stat().st_size
        with path.open("rb") as source, archive.open(info, "w") as entry:
            while chunk := source.read(CHUNK_BYTES):
                work.checkpoint()
                entry.write(chunk)
                done += len(chunk)
                work.report(done / max(total, 1), "library.bundling")


def _info(name: str, packing: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _SAME_DATE)
    info.compress_type = packing
    return info


def _without_paths(version: Version) -> Version:
    """Return a version without the folders of this laptop, which may name its owner."""
    targets = tuple(replace(each, path=PurePath(each.path).name) for each in version.targets)
    return replace(version, targets=targets)


def _free_ids(library: Library, manifest: Manifest) -> tuple[str, dict[str, str]]:
    """Return the id of the resource and those of the takes by their old ones; all new if one is taken."""
    old = manifest.resource.id
    ids = [take.id for take in manifest.takes]
    if library.has_resource(old) or (library.media / old).exists() or any(map(library.has_take, ids)):
        return new_id("r"), {take_id: new_id("t") for take_id in ids}
    return old, {take_id: take_id for take_id in ids}


def _keep(library: Library, manifest: Manifest, folder: Path) -> Resource:
    """Move the takes from ``folder`` into place, and keep all the rest."""
    resource = manifest.resource
    for take in manifest.takes:
        (folder / take.id).mkdir(exist_ok=True)
        write_take(folder / take.id, take)
    place = library.media / resource.id
    folders.move_folder(folder, place)
    try:
        with library.transaction():
            library.save(resource, label="new")
            for take in manifest.takes:
                library.adopt(take, library.take_folder(take))
            for transcript in manifest.transcripts:
                library.save_transcript(transcript)
            for version in manifest.versions:
                library.add_version(version)
    except BaseException:
        folders.remove_folder(place)
        raise
    return library.resource(resource.id)


def _renamed(manifest: Manifest, resource_id: str, names: Mapping[str, str]) -> Manifest:
    """Return the manifest with other ids throughout, and with typed text as the library keeps it."""
    resource = manifest.resource
    title = one_line(resource.title) or resource_id
    return replace(
        manifest,
        resource=replace(
            resource,
            id=resource_id,
            title=title,
            summary=plain(resource.summary),
            edit=_edit_renamed(resource.edit, names),
        ),
        takes=tuple(
            replace(take, id=names[take.id], resource_id=resource_id, resource_title=title)
            for take in manifest.takes
        ),
        transcripts=tuple(_transcript_renamed(each, names) for each in manifest.transcripts),
        versions=tuple(_version_renamed(each, resource_id, names) for each in manifest.versions),
    )


def _edit_renamed(edit: Edit, names: Mapping[str, str]) -> Edit:
    parts: dict[str, Any] = {
        part: tuple(
            replace(each, take_id=names.get(each.take_id, each.take_id)) for each in getattr(edit, part)
        )
        for part in TAKE_PARTS
    }
    return replace(edit, **parts)


def _transcript_renamed(transcript: Transcript, names: Mapping[str, str]) -> Transcript:
    take_id = names[transcript.take_id]
    flags = tuple(replace(flag, take_id=take_id) for flag in transcript.flags)
    return replace(transcript, take_id=take_id, flags=flags)


def _version_renamed(version: Version, resource_id: str, names: Mapping[str, str]) -> Version:
    spans = tuple(replace(each, take_id=names.get(each.take_id, each.take_id)) for each in version.cut_list)
    poster = version.poster
    if poster is not None:
        poster = replace(poster, take_id=names.get(poster.take_id, poster.take_id))
    return replace(version, resource_id=resource_id, cut_list=spans, poster=poster)


def _explained(error: OSError, *, file: Path, folder: Path) -> UserError:
    if error.errno == errno.ENOSPC:
        return UserError("bundle.full", folder=folder)
    return BadInputError("bundle.unwritable", file=file, folder=folder, reason=error.strerror)
