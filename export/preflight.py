"""Say what stands between a resource and publishing, before anything is rendered."""

from __future__ import annotations

from collections.abc import Iterator

from editor import cutlist, fitting
from editor.approval import is_approved
from editor.cue_rules import check_cues
from editor.fit import Size
from editor.loudness import TARGET_LUFS, Loudness
from editor.model import STANDARD_RENDITION, Rendition
from editor.result import Result
from editor.unheard import unheard
from export.checks import Check, CheckLevel, Place, errors, fix, ordered, text, words
from export.package_check import LARGE_BYTES, LARGE_MB

TITLE_LENGTH = 70  # what a catalogue's card shows (DESIGN.md 2.7)
SUMMARY_LENGTH = 1000  # what a catalogue keeps of a description
#: The rules whose breaking a reader feels; the others are a matter of polish.
READING_RULES = ("line_length", "lines", "too_long", "too_short", "too_fast")
MOST_OFF_LU = 1.5  # between two resources nobody reaches for the volume


def check(result: Result, *, rendition: Rendition = STANDARD_RENDITION) -> tuple[Check, ...]:
    """Return what was looked at, errors first, then warnings, then what is well."""
    return ordered([*_media(result, rendition), *_captions(result), *_details(result), *_people(result)])


def most_bytes(length_us: int, rendition: Rendition) -> int:
    """Return what a package of this length comes to at most (PRODUCT.md section 6)."""
    height_px = rendition.height_px
    a_minute = fitting.most_bytes_a_minute(Size(height_px * 16 // 9, height_px))
    free = round(length_us / 60e6 * a_minute)
    return min(free, rendition.most_bytes) if rendition.most_bytes else free


def check_sound(loudness: Loudness) -> Check:
    """Return whether the finished sound is as loud as every other resource."""
    found = round(loudness.integrated_lufs, 1)
    if abs(found - TARGET_LUFS) <= MOST_OFF_LU:
        return Check("ok", "loudness", "edit", {"lufs": found})
    return Check("warning", "off_loudness", "edit", {"lufs": found, "wanted": TARGET_LUFS})


def _media(result: Result, rendition: Rendition) -> Iterator[Check]:
    usable = [take for take in result.takes if take.state in ("safe", "damaged")]
    if not usable:
        yield Check("error", "no_takes", "studio")
        return
    if not cutlist.chosen_takes(result.resource, result.takes):
        yield Check("error", "only_damaged", "studio", {"take": usable[0].id})
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
    size_bytes = most_bytes(result.cut_list.duration_us, rendition)
    if size_bytes > LARGE_BYTES:
        params = {"megabytes": round(size_bytes / 1e6), "most": LARGE_MB}
        yield Check("warning", "large", "publish", params, field="size")
    if not any(take.has_picture for take in used):
        yield Check("ok", "sound_only", "studio")
    yield Check("ok", "video", "edit", {"minutes": f"{result.cut_list.duration_us / 60e6:.1f}"})


def _captions(result: Result) -> Iterator[Check]:
    if not result.cut_list.frames:
        return
    if not result.cues:
        yield Check("warning", "no_captions", "captions")
        return
    if flags := unheard(result.cut_list, result.transcripts, result.resource.edit):
        yield Check("warning", "flags", "captions", {"count": len(flags)})
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
    title, summary = resource.title, resource.summary
    if not title.strip():
        yield Check("error", "no_title", "details", field="title")
    elif len(title) > TITLE_LENGTH:
        params = {"length": len(title), "most": TITLE_LENGTH}
        yield Check("warning", "long_title", "details", params, field="title")
    if len(summary) > SUMMARY_LENGTH:
        params = {"length": len(summary), "most": SUMMARY_LENGTH}
        yield Check("warning", "long_summary", "details", params, field="summary")
    tags = resource.tags
    for key, value, field in (
        ("no_summary", summary, "summary"),
        ("no_level", tags.level, "level"),
        ("no_role", tags.roles, "roles"),
    ):
        if not value:
            yield Check("warning", key, "details", field=field)
    if result.cues and not tags.language:
        yield Check("warning", "no_language", "details", field="language")


def _people(result: Result) -> Iterator[Check]:
    brief = result.resource.brief
    if not brief.expert.name:
        yield Check("warning", "no_expert", "brief", field="expert")
    if not brief.consent.given:
        yield Check("warning", "no_consent", "brief", field="consent")
    elif brief.consent.shown_to:
        yield Check("ok", "consent", "brief", {"shown_to": brief.consent.shown_to}, field="consent")
    if is_approved(result):
        yield Check("ok", "approved", "publish", field="approval")
    elif brief.consent.approved_content:
        yield Check("warning", "approval_outdated", "publish", field="approval")
    else:
        yield Check("warning", "not_approved", "publish", field="approval")


__all__ = ["Check", "CheckLevel", "Place", "check", "check_sound", "errors", "fix", "text", "words"]
