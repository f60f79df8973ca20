"""Keep the models that write captions: put together offline, checked bit by bit, never trusted unverified."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import msgspec

import assets
from capture.errors import BadInputError, UserError
from capture.files import sync_folder
from capture.places import models_folder
from capture.work import Work
from editor.checksums import STAMP_FILE, Stamp, file_sha256, join, read_stamps, stamp, write_stamps

DEFAULT_MODEL = "base"
# What faster-whisper cannot do without; newer models say vocabulary.json, and add a preprocessor.
_NEEDED = ("model.bin", "config.json", "tokenizer.json")
_VOCABULARIES = ("vocabulary.txt", "vocabulary.json")
_OPTIONAL = ("preprocessor_config.json",)
# A CTranslate2 model starts with its format's version and the name of what it is:
# https://github.com/OpenNMT/CTranslate2/blob/master/python/ctranslate2/specs/model_spec.py
_WHISPER_MARK = b"WhisperSpec\0"


@dataclass(frozen=True, slots=True)
class Part:
    """Where an installed distribution holds (a piece of) a model's file."""

    distribution: str
    path: str


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model; its parts joined in order must have exactly this size and checksum."""

    name: str
    size_bytes: int
    sha256: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """A model of the catalogue. ``languages`` are BCP 47; ``install`` is what ``pip install`` takes."""

    name: str
    title: str
    languages: tuple[str, ...]
    files: tuple[ModelFile, ...]
    source: str
    revision: str
    licence: str
    install: str = ""

    @property
    def size_bytes(self) -> int:
        """How much it takes on disk."""
        return sum(file.size_bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model in the models folder. ``model`` is None for one the producer added that no catalogue knows."""

    name: str
    folder: Path
    size_bytes: int
    model: Model | None


def catalogue() -> tuple[Model, ...]:
    """Return every model Lapel knows, the default first."""
    with assets.MODEL_CATALOGUE.open("rb") as file:
        return msgspec.convert(tomllib.load(file)["models"], type=tuple[Model, ...])


def known_model(name: str) -> Model:
    """Return the model of the catalogue with this name.

    Raises:
        BadInputError: There is none.
    """
    for model in catalogue():
        if model.name == name:
            return model
    raise BadInputError("models.unknown", name=name, known=", ".join(model.name for model in catalogue()))


def installed() -> tuple[InstalledModel, ...]:
    """Return the models in the models folder, in order of name; they are verified when used."""
    folder = models_folder()
    if not folder.is_dir():
        return ()
    known = {model.name: model for model in catalogue()}
    found = (each for each in sorted(folder.iterdir()) if (each / "model.bin").is_file())
    return tuple(
        InstalledModel(
            each.name, each, sum(file.stat().st_size for file in each.iterdir()), known.get(each.name)
        )
        for each in found
        if not each.name.startswith(".")
    )


def is_available(model: Model) -> bool:
    """Return whether the model is in the models folder, or can be put together from installed packages."""
    return (models_folder() / model.name / "model.bin").is_file() or _sources(model) is not None


def find_model(name_or_folder: str | Path, *, work: Work) -> Path:
    """Return the folder of a verified model, putting it together first where its parts are installed.

    Args:
        name_or_folder: A name of the catalogue or of an added model, or a folder that holds a model.
        work: Told of progress; asked between blocks whether to stop.

    Raises:
        BadInputError: Unknown, not a model, or its checksum is wrong: it is not used.
        UserError: Known, but not on this computer.
    """
    name = str(name_or_folder)
    folder = models_folder() / name
    if isinstance(name_or_folder, str) and _is_name(name):
        known = {model.name: model for model in catalogue()}
        if name in known:
            return (
                _verified(folder, work=work)
                if (folder / "model.bin").is_file()
                else get_model(name, work=work)
            )
        if (folder / STAMP_FILE).is_file():
            return _verified(folder, work=work)
    if not name or not Path(name).is_dir():
        known_model(name)
    return _outside_model(Path(name), work=work)


def get_model(name: str, *, work: Work) -> Path:
    """Put a model of the catalogue together from the installed packages and return its verified folder.

    Raises:
        BadInputError: No such model, or what the packages hold has a wrong checksum.
        UserError: Its packages are not installed (says where to get it), or no room to write it.
    """
    model = known_model(name)
    if (models_folder() / name / "model.bin").is_file():
        return _verified(models_folder() / name, work=work)
    sources = _sources(model)
    if sources is None:
        raise UserError(
            "models.missing", name=name, install=model.install, source=f"{model.source}/tree/{model.revision}"
        )
    work.report(0.0, "models.assembling")
    return _place(name, sources, model, work=work)


def add_model(folder: Path, *, work: Work) -> Path:
    """Copy a model from a folder into the models folder and return its place.

    One that the catalogue knows must match it bit by bit. Of any other the checksums of this moment are
    kept: adding it is the producer's word that it is the right one, and any change after it is refused.

    Raises:
        BadInputError: Not a model, a wrong checksum, or the name is taken.
        UserError: No room to write it.
    """
    folder = folder.resolve()
    names = _model_files(folder)
    model = _match(folder, names, work=work.part(0.0, 0.3))
    name = model.name if model else re.sub(r"[^\w.-]+", "-", folder.name).strip(".-") or "model"
    if (models_folder() / name).exists():
        raise BadInputError("models.exists", name=name)
    work.report(0.3, "models.copying")
    return _place(name, {each: (folder / each,) for each in names}, model, work=work.part(0.3, 1.0))


def remove_model(name: str) -> None:
    """Delete a model from the models folder.

    Raises:
        BadInputError: It is not there.
    """
    folder = models_folder() / name
    if not _is_name(name) or not folder.is_dir():
        raise BadInputError("models.not_installed", name=name)
    # Renamed first: a model half deleted must not look like one.
    gone = folder.with_name(f".{name}.{os.getpid()}.gone")
    folder.rename(gone)
    shutil.rmtree(gone)


def _is_name(text: str) -> bool:
    return bool(text) and text not in {".", ".."} and Path(text).name == text


def _sources(model: Model) -> dict[str, tuple[Path, ...]] | None:
    """Return the installed files that each file of the model is joined from, or None if one is missing."""
    sources: dict[str, tuple[Path, ...]] = {}
    for file in model.files:
        paths = []
        for part in file.parts:
            try:
                path = Path(str(metadata.distribution(part.distribution).locate_file(part.path)))
            except metadata.PackageNotFoundError:
                return None
            if not path.is_file():
                return None
            paths.append(path)
        if not paths:
            return None
        sources[file.name] = tuple(paths)
    return sources


def _place(name: str, sources: dict[str, tuple[Path, ...]], model: Model | None, *, work: Work) -> Path:
    """Join, verify and move a model into the models folder: all of it or nothing."""
    target = models_folder() / name
    total = sum(path.stat().st_size for paths in sources.values() for path in paths)
    with _temporary_folder(name) as temporary:
        stamps = []
        done = 0
        for file, paths in sources.items():
            size = sum(path.stat().st_size for path in paths)
            step = work.part(done / total, (done + size) / total)
            stamps.append(join(paths, temporary / file, work=step))
            done += size
        if model is not None:
            _require_match(model, stamps)
        write_stamps(temporary, stamps)
        sync_folder(temporary)
        try:
            temporary.rename(target)
        except OSError:
            if not (target / STAMP_FILE).is_file():  # no other process was faster: a real failure
                raise
            return _verified(target, work=work)
        sync_folder(target.parent)
    return target


@contextlib.contextmanager
def _temporary_folder(name: str) -> Iterator[Path]:
    parent = models_folder()
    try:
        parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=".part", dir=parent))
        temporary.chmod(0o755)
    except OSError as error:
        raise UserError("models.cannot_write", folder=parent, reason=error.strerror) from error
    try:
        yield temporary
    except OSError as error:
        raise UserError("models.cannot_write", folder=parent, reason=error.strerror) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _verified(folder: Path, *, work: Work) -> Path:
    """Return ``folder`` if the model in it is what the catalogue, or the moment it was added, says."""
    names = _model_files(folder)
    known = {model.name: model for model in catalogue()}.get(folder.name)
    kept = read_stamps(folder)
    stamps = []
    for name in names:
        old = kept.get(name)
        unchanged = old is not None and stamp(folder / name, old.sha256) == old
        stamps.append(
            old if old and unchanged else stamp(folder / name, file_sha256(folder / name, work=work))
        )
    if known is not None:
        _require_match(known, stamps)
    elif {each.name: each.sha256 for each in stamps} != {each.name: each.sha256 for each in kept.values()}:
        raise BadInputError("models.changed", name=folder.name, folder=folder)
    if stamps != list(kept.values()):
        # A folder that others look after may be read-only: then the next use verifies in full again.
        with contextlib.suppress(OSError):
            write_stamps(folder, stamps)
    return folder


def _outside_model(folder: Path, *, work: Work) -> Path:
    """Return a folder given by hand if it holds a model that is known, here or in the models folder."""
    if folder.resolve().parent == models_folder().resolve() and (folder / STAMP_FILE).is_file():
        return _verified(folder.resolve(), work=work)
    if _match(folder, _model_files(folder), work=work) is None:
        raise BadInputError("models.not_added", folder=folder)
    return folder


def _model_files(folder: Path) -> tuple[str, ...]:
    """Return the names of the files that make the model in ``folder``.

    Raises:
        BadInputError: It holds no Whisper model in CTranslate2's format.
    """
    if not folder.is_dir():
        raise BadInputError("models.no_folder", folder=folder)
    present = {path.name for path in folder.iterdir() if path.is_file()}
    missing = [name for name in _NEEDED if name not in present]
    if not present.intersection(_VOCABULARIES):
        missing.append(_VOCABULARIES[0])
    if missing:
        raise BadInputError("models.incomplete", folder=folder, missing=", ".join(missing))
    with (folder / "model.bin").open("rb") as file:
        if _WHISPER_MARK not in file.read(64):
            raise BadInputError("models.no_whisper", folder=folder)
    return tuple(name for name in (*_NEEDED, *_VOCABULARIES, *_OPTIONAL) if name in present)


def _match(folder: Path, names: Sequence[str], *, work: Work) -> Model | None:
    """Return the model of the catalogue that ``folder`` holds, or None if it is one nobody knows.

    Raises:
        BadInputError: It goes by the name or has the size of a known model, and differs from it.
    """
    size = (folder / "model.bin").stat().st_size
    for model in catalogue():
        big = next(file for file in model.files if file.name == "model.bin")
        if model.name != folder.name and big.size_bytes != size:
            continue
        stamps = [stamp(folder / name, file_sha256(folder / name, work=work)) for name in names]
        _require_match(model, stamps)
        return model
    return None


def _require_match(model: Model, stamps: Sequence[Stamp]) -> None:
    """Raise if the files are not exactly those of ``model``."""
    found = {each.name: each for each in stamps}
    for file in model.files:
        here = found.pop(file.name, None)
        if here is None or (here.size_bytes, here.sha256) != (file.size_bytes, file.sha256):
            raise BadInputError("models.checksum", name=model.name, file=file.name)
    for name in found:
        raise BadInputError("models.checksum", name=model.name, file=name)
