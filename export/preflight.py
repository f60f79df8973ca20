"""Say what stands between a resource and publishing, before anything is rendered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import assets
from editor import cutlist
from editor.cue_rules import check_cues
from editor.result import Result

#: ``error`` stops an export, ``warning`` does not, ``ok`` is a comfort.
CheckLevel = Literal["error", "warning", "ok"]
#: The stage of the window where it is mended.
Place = Literal["brief", "studio", "edit", "captions", "details", "publish"]

TITLE_LENGTH = 70  # what a catalogue's card shows (DESIGN.md 2.7)
#: The rules whose breaking a reader feels; the others are a matter of polish.
READING_RULES = ("line_length", "lines", "too_long", "too_short", "too_fast")
LARGE_MB = 250  # many learning systems take no bigger upload
MB_A_MINUTE = 8  # what the default size comes to at most (PRODUCT.md 6)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; its wording is ``checks.<key>`` with ``params``."""

    level: CheckLevel
    key: str
    place: Place
    params: dict[str, object] = field(default_factory=dict)


def words(check: Check) -> str:
    """Return the check in plain words, with what to do about it."""
    return assets.text(f"checks.{check.key}", **check.params)


def check(result: Result) -> tuple[Check, ...]:
    """Return what was looked at, errors first, then warnings, then what is well."""
    found = [*_media(result), *_captions(result), *_details(result), *_people(result)]
    order = {"error": 0, "warning": 1, "ok": 2}
    return tuple(sorted(found, key=lambda each: order[each.level]))


def errors(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """Return those that stop an export."""
    return tuple(each for each in checks if each.level == "error")


def _media(result: Result) -> Iterator[Check]:
    usable = [take for take in result.takes if take.state in ("safe", "damaged")]
    if not usable:
        yield Check("error", "no_takes", "studio")
        return
    if not cutlist.chosen_takes(result.resource, result.takes):
        yield Check("error", "only_damaged", "studio", {"id": result.resource.id, "take": usable[0].id})
        return
    if not result.cut_list.frames:
        yield Check("error", "nothing_left", "edit")
        return
    used = cutlist.chosen_takes(result.resource, result.takes)
    damaged = [take.prompt.title or take.prompt.text for take in used if take.state == "damaged"]
    if damaged:
        yield Check("warning", "damaged_take", "studio", {"prompts": ", ".join(damaged)})
    missing = len(cutlist.chapters(result.resource)) - len(used)
    if missing > 0:
        yield Check("warning", "unanswered", "studio", {"count": missing})
    size_mb = round(result.cut_list.duration_us / 60e6 * MB_A_MINUTE)
    if size_mb > LARGE_MB:
        yield Check("warning", "large", "publish", {"megabytes": size_mb, "most": LARGE_MB})
    if not any(take.has_picture for take in used):
        yield Check("ok", "sound_only", "studio")
    yield Check("ok", "video", "edit", {"minutes": f"{result.cut_list.duration_us / 60e6:.1f}"})


def _captions(result: Result) -> Iterator[Check]:
    if not result.cut_list.frames:
        return
    if not result.cues:
        yield Check("warning", "no_captions", "captions")
        return
    unheard = sum(len(transcript.flags) for transcript in result.transcripts)
    if unheard:
        yield Check("warning", "flags", "captions", {"count": unheard})
    problems = [
        each for each in check_cues(result.cues, rate=result.cut_list.rate) if each.rule in READING_RULES
    ]
    mendable = {each.index for each in problems if each.avoidable}
    hasty = {each.index for each in problems} - mendable
    for key, found in (("caption_rules", mendable), ("fast_speech", hasty)):
        if found:
            yield Check("warning", key, "captions", {"count": len(found), "total": len(result.cues)})
    if not problems:
        yield Check("ok", "captions", "captions", {"total": len(result.cues)})


def _details(result: Result) -> Iterator[Check]:
    resource = result.resource
    if not resource.title.strip():
        yield Check("error", "no_title", "details")
    elif len(resource.title) > TITLE_LENGTH:
        yield Check("warning", "long_title", "details", {"length": len(resource.title), "most": TITLE_LENGTH})
    tags = resource.tags
    for key, value in (("no_summary", resource.summary), ("no_level", tags.level), ("no_role", tags.roles)):
        if not value:
            yield Check("warning", key, "details")
    if result.cues and not tags.language:
        yield Check("warning", "no_language", "details")


def _people(result: Result) -> Iterator[Check]:
    brief = result.resource.brief
    if not brief.expert.name:
        yield Check("warning", "no_expert", "brief")
    if not brief.consent.given:
        yield Check("warning", "no_consent", "brief")
