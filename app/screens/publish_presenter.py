"""What Publish shows and decides, without a widget: targets and sizes, checks, versions, the record store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app import messages
from app.desk import ScreenName, Spot
from app.settings import Settings
from capture.work import Work
from editor.library import Library
from editor.model import Rendition, Resource, Version
from editor.typed import expert_line
from export import package_check, preflight
from export.checks import Check, errors
from export.publish import Published
from export.registry import BUILT
from export.target import target_title
from export.terms import Terms

#: Icons of the targets, as drawn in the design.
TARGET_ICONS: dict[str, str] = {
    "scorm12": "package",
    "scorm2004": "package",
    "cmi5": "layers",
    "xapi": "signal",
    "web": "globe",
    "video": "file-play",
}
#: What is ticked before anything was ever published.
FIRST_TARGETS = ("scorm12", "web")
#: How many lines the picture may have.
HEIGHTS_PX = (720, 1080)
#: What "keep under" starts from: what many learning systems take.
USUAL_LIMIT_MB = package_check.LARGE_MB


@dataclass(frozen=True, slots=True)
class PublishState:
    """A resource on its way to the next version.

    Args:
        next_number: Number of the version that would be published now.
        length_us: Of the result.
        cues: How many captions it has.
        poster: A picture for it, if there is one.
        checks: What was looked at, errors first.
        sizes: How large each package will be, in words, as far as can be told.
        versions: Those published so far, the newest first.
    """

    resource: Resource
    next_number: int
    length_us: int
    cues: int
    poster: Path | None
    checks: tuple[Check, ...]
    sizes: dict[str, str]
    versions: tuple[Version, ...]

    @property
    def blocked(self) -> bool:
        """Whether something must be mended first."""
        return bool(errors(self.checks))

    @property
    def to_look_at(self) -> int:
        """How many checks are not well."""
        return sum(each.level != "ok" for each in self.checks)


def read_state(
    library: Library, resource_id: str, *, targets: Sequence[str], settings: Settings, work: Work
) -> PublishState:
    """Return what Publish shows of a resource, its packages tried out without their video."""
    from editor import still
    from editor.result import read_result
    from export import rehearsal

    result = read_result(library, resource_id)
    work.checkpoint()
    tried = tuple(targets) or FIRST_TARGETS
    versions = tuple(reversed(library.versions(resource_id)))
    decided = terms(settings, published=bool(versions))
    checks = rehearsal.check_all(result, targets=tried, terms=decided, work=work)
    poster = still.resource_card(library, result.resource, result.takes, work=work)
    length_us = result.cut_list.duration_us
    return PublishState(
        resource=result.resource,
        next_number=max((each.number for each in versions), default=0) + 1,
        length_us=length_us,
        cues=len(result.cues),
        poster=poster,
        checks=checks,
        sizes=sizes(length_us, versions, decided.rendition) if length_us else {},
        versions=versions,
    )


def terms(settings: Settings, *, published: bool, note: str = "") -> Terms:
    """Return how the next version is published, as the settings stand.

    The start of names in record stores is for resources that were never published: of others it stays, since
    another name would be another resource to a learning system.
    """
    return Terms(
        completion_percent=settings.completion_percent,
        feedback=settings.feedback,
        transcript=settings.transcript,
        download=settings.download,
        note=note,
        base_iri=None if published else settings.base_iri,
        rendition=Rendition(
            settings.height_px,
            settings.most_mb * 1_000_000,
            lower_third=settings.lower_third,
            burnt_captions=settings.burnt_captions,
        ),
    )


def sizes(length_us: int, versions: Sequence[Version], rendition: Rendition) -> dict[str, str]:
    """Return what each package comes to: as the last one did, a minute for a minute, else what it may be."""
    at_most = preflight.most_bytes(length_us, rendition)
    found = dict.fromkeys(BUILT, messages.text("publish.at_most", size=messages.size(at_most)))
    for version in reversed(versions):
        alike = version.rendition.height_px == rendition.height_px
        for made in version.targets if alike and version.duration_us else ():
            about = round(made.bytes * length_us / version.duration_us)
            if made.bytes and about <= at_most:
                found[made.target] = messages.text("publish.about", size=messages.size(about))
    return found


def preview_target(chosen: Sequence[str]) -> str:
    """Return which package is shown in the browser: the first that is a page."""
    return next((target for target in chosen if target != "video"), "web")


def facts(state: PublishState) -> str:
    """Return length, captions and language in one line."""
    parts = [messages.clock(state.length_us / 1e6), messages.counted("publish.captions", state.cues)]
    language = state.resource.tags.language
    if language:
        parts.append(messages.language(language))
    return " · ".join(parts)


def verdict(state: PublishState, *, chosen: int) -> tuple[str, str, str]:
    """Return the icon, the colour and the one sentence that matters most."""
    if state.blocked:
        count = len(errors(state.checks))
        return "circle-x", "record", messages.counted("publish.blocked", count)
    if not chosen:
        return "info", "muted", messages.text("publish.no_target")
    if state.to_look_at:
        return "triangle-alert", "warn", messages.counted("publish.look", state.to_look_at)
    return "circle-check", "ok", messages.text("publish.ready")


def outcome(done: Published) -> tuple[str, str, str]:
    """Return the same three of what was made."""
    if done.failed:
        names = ", ".join(target_title(target) for target, _ in done.failed)
        return "triangle-alert", "warn", messages.text("publish.some_failed", names=names)
    return "circle-check", "ok", messages.counted("publish.made", len(done.packages))


def watched(state: PublishState, percent: int) -> str:
    """Return what a completion rule means for this video."""
    if percent == 0:
        return messages.text("publish.when_opened")
    length_s = state.length_us / 1e6
    part, whole = messages.clock(length_s * percent / 100), messages.clock(length_s)
    return messages.text("publish.when_watched", part=part, whole=whole)


def place_of(check: Check) -> tuple[ScreenName, Spot] | None:
    """Return where a check is mended, or None where it is on this screen."""
    if check.level == "ok" or check.place == "publish":
        return None
    if check.place == "captions":
        return "edit", Spot(part="captions")
    return check.place, Spot(part=check.field)


def version_line(version: Version) -> str:
    """Return when a version was published, and to what."""
    from datetime import datetime

    day = datetime.fromisoformat(version.published_at)
    names = ", ".join(target_title(made.target) for made in version.targets)
    return f"{day.day}.{day.month}.{day.year}, {names}" if names else f"{day.day}.{day.month}.{day.year}"


def folder_of(version: Version) -> Path | None:
    """Return the folder that holds what is left of a version."""
    paths = [Path(made.path) for made in version.targets]
    there = next((path.parent for path in paths if path.exists()), None)
    return there or next((path.parent for path in paths if path.parent.is_dir()), None)


def card_words(resource: Resource) -> str:
    """Return who knows it."""
    return expert_line(resource.brief.expert) or messages.text("library.no_expert")


def approved(library: Library, resource_id: str) -> Resource:
    """Note that the expert agreed to it as it stands."""
    from editor import approval

    return approval.approve(library, resource_id)
