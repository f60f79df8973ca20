"""Put a version to use: check, render once, freeze, build every package, and only then show any of it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

from capture.errors import BadInputError, UserError
from capture.work import Cancelled, Work
from editor import still
from editor.library import Library
from editor.model import Target, Version
from editor.render import Rendered
from editor.result import Result, read_result
from export import iri, places, preflight, registry, rendering
from export.checks import Check, errors, words
from export.package import size_bytes, stem_of
from export.package_check import check_package
from export.steps import Steps
from export.target import Edition, target_title
from export.target import Target as Format
from export.terms import STANDARD_TERMS, Terms

VERSION_FILE = "version.json"


@dataclass(frozen=True, slots=True)
class Package:
    """One finished package that was checked; ``path`` is a zip, or the folder of a page."""

    target: str
    path: Path
    bytes: int
    seconds: float
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """What was made.

    Args:
        failed: The targets that could not be built, each with the reason.
        checks: What the finished video and packages are not perfect in; nothing that stops anybody.
    """

    resource_id: str
    version: int
    title: str
    duration_us: int
    cues: int
    packages: tuple[Package, ...]
    timings_s: dict[str, float]
    failed: tuple[tuple[str, UserError], ...] = ()
    checks: tuple[Check, ...] = ()
    rendered: Rendered | None = None


def check_targets(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of targets, each once.

    Raises:
        BadInputError: One is unknown.
    """
    return tuple(target.name for target in registry.find_targets(names))


def publish(
    library: Library,
    resource_id: str,
    *,
    targets: Sequence[str] = registry.BUILT,
    out: Path | None = None,
    terms: Terms = STANDARD_TERMS,
    steps: Steps | None = None,
    work: Work,
) -> Published:
    """Publish the next version of a resource.

    Args:
        library: Open for writing.
        resource_id: Which resource.
        targets: Their names, see ``registry``.
        out: Folder for the packages, which keeps what else is in it; None means the library's own.
        terms: When it counts, what learners get, how large it may be.
        steps: Told of each package; asked whether to leave one out.
        work: Told of progress; asked often whether to stop.

    Raises:
        BadInputError: It cannot be published as it stands, an argument is wrong, or ``out`` is not writable.
        UserError: No package could be built.
        Cancelled: The person stopped it; nothing was published.
    """
    formats = registry.find_targets(targets)
    out = None if out is None else out.expanduser().absolute()
    version = draft(library, resource_id, terms=terms)
    number = version.number
    home = library.export_folder(resource_id, number)
    with places.rooms(home.parent, out=out) as (scratch, room):
        work.report(0.0, "export.rendering")
        start_s = time.monotonic()
        stem = _free_stem(library, version, place=out or home)
        copies = rendering.ready_copies(library, version, work=work.part(0, 0.4))
        copied_s = time.monotonic()
        media = rendering.render_version(library, version, copies, folder=scratch, work=work.part(0.4, 0.8))
        version, edition = media.version, media.edition(stem)
        rendered_s = time.monotonic()
        packages, failed = build_all(edition, formats, room=room, steps=steps, work=work.part(0.8, 0.99))
        if not packages:
            raise failed[0][1] if failed else Cancelled
        timings_s = {"copies": copied_s - start_s, "render": rendered_s - copied_s}
        timings_s |= {"packages": time.monotonic() - rendered_s}
        work.checkpoint()
        packages = _show(packages, room=room, place=out or home)
        version = replace(version, targets=tuple(Target(p.target, str(p.path), p.bytes) for p in packages))
        places.write_record(home / VERSION_FILE, msgspec.json.format(msgspec.json.encode(version), indent=1))
    library.add_version(version)
    work.report(1.0)
    sound = preflight.check_sound(media.rendered.sound.after)
    return Published(
        resource_id=resource_id,
        version=number,
        title=version.title,
        duration_us=version.duration_us,
        cues=len(version.cues),
        packages=packages,
        timings_s={step: round(seconds, 3) for step, seconds in timings_s.items()},
        failed=failed,
        rendered=media.rendered,
        checks=tuple(
            each for each in (sound, *(c for p in packages for c in p.checks)) if each.level != "ok"
        ),
    )


def rebuild(
    library: Library, resource_id: str, number: int, *, targets: Sequence[str], out: Path, work: Work
) -> tuple[Package, ...]:
    """Build packages of a version again from what was frozen then; they come out bit-identical.

    Raises:
        BadInputError: No such version or target, or ``out`` cannot be written.
        UserError: A take is no longer what the version was made from.
    """
    formats = registry.find_targets(targets)
    out = out.expanduser().absolute()
    version = next((each for each in library.versions(resource_id) if each.number == number), None)
    if version is None:
        raise BadInputError("export.no_version", id=resource_id, number=number)
    with places.rooms(library.export_folder(resource_id, number).parent, out=out) as (scratch, room):
        stem = _free_stem(library, version, place=out)
        copies = rendering.same_copies(library, version, work=work.part(0, 0.4))
        media = rendering.render_version(library, version, copies, folder=scratch, work=work.part(0.4, 0.8))
        edition = media.edition(stem)
        packages, failed = build_all(edition, formats, room=room, work=work.part(0.8, 1))
        if failed:
            raise failed[0][1]
        return _show(packages, room=room, place=out)


def draft(library: Library, resource_id: str, *, terms: Terms) -> Version:
    """Return the version that publishing now would freeze, without its media.

    Raises:
        BadInputError: It cannot be published as it stands, or the terms are wrong.
    """
    if not 0 <= terms.completion_percent <= 100:
        raise BadInputError("export.percent", percent=terms.completion_percent)
    result = read_result(library, resource_id)
    if result.resource.binned_at:
        raise BadInputError("resource.in_bin", title=result.resource.title, id=resource_id)
    _stop_on_errors(result)
    version = freeze(result, number=_next_number(library, resource_id), terms=terms)
    return _addressed(library, version, terms)


def newest_package(library: Library, resource_id: str, *, target: str) -> Path:
    """Return the newest package of a target that is still where it was put.

    Raises:
        BadInputError: There is none.
    """
    check_targets([target])
    library.resource(resource_id)
    for version in reversed(library.versions(resource_id)):
        for made in version.targets:
            if made.target == target and Path(made.path).exists():
                return Path(made.path)
    raise BadInputError("export.no_package", id=resource_id, target=target)


def _stop_on_errors(result: Result) -> None:
    found = errors(preflight.check(result))
    if found:
        raise BadInputError("export.not_ready", problems=" ".join(map(words, found)))


def _next_number(library: Library, resource_id: str) -> int:
    taken = [version.number for version in library.versions(resource_id)]
    parent = library.export_folder(resource_id, 1).parent
    # A folder without a version in the database (a restored backup) is not overwritten either.
    taken += [int(folder.name[1:]) for folder in parent.glob("v*") if folder.name[1:].isdecimal()]
    return max(taken, default=0) + 1


def freeze(
    result: Result,
    *,
    number: int,
    terms: Terms = STANDARD_TERMS,
) -> Version:
    """Return the version that a result makes; its addresses are filled in later."""
    resource = result.resource
    return Version(
        resource_id=resource.id,
        number=number,
        published_at=datetime.now().astimezone().isoformat(timespec="seconds"),
        title=resource.title,
        summary=resource.summary,
        expert=resource.brief.expert,
        tags=resource.tags,
        priority=resource.brief.priority,
        cut_list=tuple(placed.span for placed in result.cut_list.placed),
        rate=str(result.cut_list.rate),
        cues=result.cues,
        chapters=result.chapters,
        duration_us=result.cut_list.duration_us,
        completion_percent=terms.completion_percent,
        feedback=terms.feedback,
        note=terms.note,
        rendition=terms.rendition,
        clean_sound=resource.edit.clean_sound,
        poster=still.chosen_poster(resource, result.takes),
        transcript=terms.transcript,
        download=terms.download,
    )


def _addressed(library: Library, version: Version, terms: Terms) -> Version:
    """Return the version with its addresses: those given, else those of the last version."""
    before = next(reversed(library.versions(version.resource_id)), version)
    return replace(
        version,
        base_iri=before.base_iri if terms.base_iri is None else iri.base_iri(terms.base_iri),
        feedback_url=before.feedback_url
        if terms.feedback_url is None
        else iri.web_address(terms.feedback_url),
    )


def _free_stem(library: Library, version: Version, *, place: Path) -> str:
    """Return what the packages of a version are called in ``place``: never what something else is called."""
    own = {
        Path(made.path).with_suffix("")
        for each in library.versions(version.resource_id)
        for made in each.targets
    }
    stem = stem_of(version.title, otherwise=version.resource_id)
    for number in itertools.count(1):
        name = stem if number == 1 else f"{stem}-{number}"
        there = (place / f"{name}-{target}" for target in registry.BUILT)
        taken = (each for each in there if each.exists() or each.with_name(f"{each.name}.zip").exists())
        if all(each in own for each in taken):
            return name
    raise AssertionError("numbers end")


def build_all(
    edition: Edition, formats: Sequence[Format], *, room: Path, steps: Steps | None = None, work: Work
) -> tuple[tuple[Package, ...], tuple[tuple[str, UserError], ...]]:
    """Build and check the packages of an edition, each in a folder of its own below ``room``.

    Returns:
        The packages that are good, and the targets that failed, each with the reason.
    """
    packages: list[Package] = []
    failed: list[tuple[str, UserError]] = []
    steps = steps or Steps([target.name for target in formats])
    for index, target in enumerate(formats):
        if not steps.wants(target.name):
            continue
        step = steps.work_of(target.name, work.part(index / len(formats), (index + 1) / len(formats)))
        step.report(0.0, "export.packing")
        folder = room / target.name
        folder.mkdir()
        start_s = time.monotonic()
        try:
            path = target.build(edition, folder, work=step)
            checks = _checked(path, target=target.name)
        except Cancelled:
            work.checkpoint()  # the whole was stopped, or only this package was left out
            steps.tell(target.name, "left")
            continue
        except OSError as error:
            failed.append((target.name, places.cannot_write(room.parent, error)))
            steps.tell(target.name, "failed")
            continue
        except UserError as error:
            failed.append((target.name, error))
            steps.tell(target.name, "failed")
            continue
        steps.tell(target.name, "done", 1.0)
        seconds = round(time.monotonic() - start_s, 3)
        packages.append(Package(target.name, path, size_bytes(path), seconds, checks))
    return tuple(packages), tuple(failed)


def _checked(path: Path, *, target: str) -> tuple[Check, ...]:
    """Return what a built package is not perfect in.

    Raises:
        UserError: A learning system would refuse it, so nobody shall get it.
    """
    checks = check_package(path, target=target)
    if found := errors(checks):
        name = target_title(target)
        raise UserError("export.bad_package", target=name, problems=" ".join(map(words, found)))
    return checks


def _show(packages: Sequence[Package], *, room: Path, place: Path) -> tuple[Package, ...]:
    shown = []
    for package in packages:
        places.move_in(room / package.target, place)
        shown.append(replace(package, path=place / package.path.name))
    return tuple(shown)
