"""What Publish shows and decides, without a widget: targets and sizes, checks, versions, the record store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app import messages
from app.desk import ScreenName, Spot
from capture.work import Work
from editor.library import Library
from editor.model import Resource, Version
from editor.typed import expert_line
from export import preflight
from export.checks import Check, errors
from export.registry import BUILT

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
_KEYRING = "Lapel record store"


@dataclass(frozen=True, slots=True)
class PublishState:
    """A resource on its way to the next version.

    Args:
        next_number: Number of the version that would be published now.
        length_us: Of the result.
        cues: How many captions it has.
        poster: A picture for it, if there is one.
        checks: What was looked at, errors first.
        sizes: Bytes that each package comes to, as far as can be told.
        versions: Those published so far, the newest first.
    """

    resource: Resource
    next_number: int
    length_us: int
    cues: int
    poster: Path | None
    checks: tuple[Check, ...]
    sizes: dict[str, int]
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
    library: Library, resource_id: str, *, targets: Sequence[str], percent: int, work: Work
) -> PublishState:
    """Return what Publish shows of a resource, its packages tried out without their video."""
    from editor import card_still, cutlist
    from editor.result import read_result
    from export import rehearsal

    result = read_result(library, resource_id)
    work.checkpoint()
    tried = tuple(targets) or FIRST_TARGETS
    checks = rehearsal.check_all(result, targets=tried, completion_percent=percent, work=work)
    versions = tuple(reversed(library.versions(resource_id)))
    poster = None
    for take in cutlist.chosen_takes(result.resource, result.takes):
        poster = poster or card_still.card_still(library.take_folder(take), take, work=work)
    length_us = result.cut_list.duration_us
    return PublishState(
        resource=result.resource,
        next_number=max((each.number for each in versions), default=0) + 1,
        length_us=length_us,
        cues=len(result.cues),
        poster=poster,
        checks=checks,
        sizes=sizes(length_us, versions),
        versions=versions,
    )


def sizes(length_us: int, versions: Sequence[Version]) -> dict[str, int]:
    """Return what each package comes to: as the last one did, a minute for a minute, else what it may be."""
    at_most = round(length_us / 60e6 * preflight.MB_A_MINUTE * 1e6)
    found = dict.fromkeys(BUILT, at_most)
    for version in reversed(versions):
        for made in version.targets:
            if version.duration_us and made.bytes:
                found[made.target] = round(made.bytes * length_us / version.duration_us)
    return found


def size_words(state: PublishState, target: str) -> str:
    """Return how large a package will be."""
    known = any(made.target == target for version in state.versions for made in version.targets)
    size = messages.size(state.sizes.get(target, 0))
    return messages.text("publish.about" if known else "publish.at_most", size=size)


def facts(state: PublishState) -> str:
    """Return length, captions and language in one line."""
    parts = [messages.clock(state.length_us / 1e6), messages.counted("publish.captions", state.cues)]
    language = state.resource.tags.language
    if language:
        parts.append(language_name(language))
    return " · ".join(parts)


def language_name(code: str) -> str:
    """Return the name of a language, or its code where there is no name for it."""
    import assets

    known: dict[str, str] = assets.strings()["languages"]
    return known.get(code.partition("-")[0], code)


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
    names = ", ".join(messages.text(f"publish.target.{made.target}.name") for made in version.targets)
    return f"{day.day}.{day.month}.{day.year}, {names}" if names else f"{day.day}.{day.month}.{day.year}"


def folder_of(version: Version) -> Path | None:
    """Return the folder that holds what is left of a version."""
    paths = [Path(made.path) for made in version.targets]
    there = next((path.parent for path in paths if path.exists()), None)
    return there or next((path.parent for path in paths if path.parent.is_dir()), None)


def card_words(resource: Resource) -> str:
    """Return who knows it."""
    return expert_line(resource.brief.expert) or messages.text("library.no_expert")


# Record store ---------------------------------------------------------------------------------------


def is_address(text: str) -> bool:
    """Return whether a record store may be at such an address: https, or this computer."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text.strip())
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_here(host)))


def _is_here(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def keep_key(address: str, user: str, key: str) -> bool:
    """Keep a record store's key in the system's keyring; return whether it could.

    It never goes into a package, a log or the settings: Lapel alone uses it, to read feedback.
    """
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_KEYRING, f"{user}@{address}", key)
    except (KeyringError, RuntimeError):  # RuntimeError: a system without any keyring
        return False
    return True


def has_key(address: str, user: str) -> bool:
    """Return whether the keyring has a key for a record store."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_KEYRING, f"{user}@{address}") is not None
    except (KeyringError, RuntimeError):
        return False


def approved(library: Library, resource_id: str) -> Resource:
    """Note that the expert agreed to it as it stands."""
    from editor import approval

    return approval.approve(library, resource_id)
