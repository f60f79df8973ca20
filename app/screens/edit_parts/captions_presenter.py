"""What the Captions tab decides, without a widget: rows, what to check, each decision as an edit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from app import messages
from app.screens.edit_presenter import US, EditState, clock
from capture.errors import BadInputError
from capture.work import Work
from editor import cue_edits, cue_report, cutlist, glossary
from editor.captions import Caption, make_captions
from editor.cue_layout import FASTEST_CPS, GAP_FRAMES, columns
from editor.cue_report import AMBER_CPS, Finding, Fix
from editor.cutlist import frame_us
from editor.glossary import Misheard
from editor.library import Library
from editor.model import Cue, CutList, Edit, Term, Transcript
from editor.unheard import Unheard, unheard, write_in

#: The reading-speed bar ends here (DESIGN.md 2.6).
BAR_CPS = 25.0

_LOADING_S = 5
_WRITING_SHARE = 0.15  # of the length of the sound, at the most (docs/measurements.md)

Pace = Literal["ok", "mid", "bad"]


@dataclass(frozen=True)
class CaptionsState:
    """The captions of a result with what is to check in them; all of it is derived.

    Args:
        findings: What is outside a rule, by caption; what the speech leaves no choice about as well.
        terms: The glossary that holds here, with how often each is written in the captions.
        unheard: Where somebody speaks and nothing was written down.
        prompts: What each take of those answers.
        meant: Where a term may have been meant, and when that is said in the result.
    """

    resource_id: str
    cut_list: CutList
    transcripts: tuple[Transcript, ...]
    captions: tuple[Caption, ...]
    findings: dict[int, tuple[Finding, ...]]
    terms: tuple[tuple[Term, int], ...] = ()
    unheard: tuple[Unheard, ...] = ()
    prompts: Mapping[str, str] = field(default_factory=dict)
    meant: tuple[tuple[Misheard, int], ...] = ()

    @cached_property
    def to_check(self) -> tuple[int, ...]:
        """The captions that somebody can do something about."""
        return tuple(n for n in sorted(self.findings) if any(map(is_open, self.findings[n])))

    @property
    def frame_us(self) -> int:
        """How long a picture is shown."""
        return frame_us(1, self.cut_list.rate)

    def at(self, result_us: int) -> int | None:
        """Return which caption is shown at a moment, or was shown last before it."""
        from bisect import bisect_right

        found = bisect_right(self.starts_us, result_us) - 1
        return found if found >= 0 else None

    @cached_property
    def starts_us(self) -> tuple[int, ...]:
        """When each begins."""
        return tuple(each.cue.start_us for each in self.captions)


def writing_s(state: EditState | None) -> int:
    """Return about how long writing the captions of a result takes."""
    sound_us = sum(lane.duration_us for lane in state.lanes) if state is not None else 0
    return max(_LOADING_S + round(_WRITING_SHARE * sound_us / US / 10) * 10, 10)


def is_open(finding: Finding) -> bool:
    """Return whether something can be done about a finding."""
    return finding.problem.avoidable or bool(finding.fixes)


def read_captions(state: EditState, library: Library, *, work: Work) -> CaptionsState:
    """Return the captions of a result, and what is to check in them."""
    captions = make_captions(state.cut_list, state.transcripts, state.resource.edit)
    work.checkpoint()
    found: dict[int, tuple[Finding, ...]] = {}
    for finding in cue_report.report(captions, cut_list=state.cut_list):
        index = finding.problem.index
        found[index] = (*found.get(index, ()), finding)
    work.checkpoint()
    text = "\n".join(" ".join(each.cue.lines) for each in captions)
    terms = glossary.terms_of(library, state.resource)
    return CaptionsState(
        resource_id=state.resource.id,
        cut_list=state.cut_list,
        transcripts=state.transcripts,
        captions=captions,
        findings=found,
        terms=tuple((term, _times(term.write, text)) for term in terms),
        unheard=unheard(state.cut_list, state.transcripts, state.resource.edit),
        prompts={take.id: take.prompt.title or take.prompt.text for take in state.takes},
        meant=tuple(_meant(state, terms)),
    )


def _meant(state: EditState, terms: Sequence[Term]) -> Iterator[tuple[Misheard, int]]:
    for transcript in state.transcripts:
        for place in glossary.misheard(transcript, state.resource.edit, terms):
            middle_us = (place.words[0].start_us + place.words[0].end_us) // 2
            at_us = cutlist.to_result_us(state.cut_list, place.take_id, middle_us)
            if at_us is not None:
                yield place, at_us


def _times(write: str, text: str) -> int:
    return len(re.findall(rf"(?<!\w){re.escape(write)}(?!\w)", text))


# What a row says -----------------------------------------------------------------------------------------


def speed(cue: Cue) -> float:
    """Return how many characters a second a caption asks for."""
    return columns(" ".join(cue.lines)) * US / max(cue.end_us - cue.start_us, 1)


def pace(cps: float) -> Pace:
    """Return whether that can be read: up to 17, up to 19, or faster."""
    if round(cps, 1) <= FASTEST_CPS:
        return "ok"
    return "mid" if round(cps, 1) <= AMBER_CPS else "bad"


def speed_words(cps: float) -> str:
    """Return a reading speed as people read it."""
    return messages.text("captions.speed", speed=f"{cps:.1f}")


def finding_words(finding: Finding) -> str:
    """Return what is outside a rule: "Too fast, 17 at most"."""
    problem = finding.problem
    rule = problem.rule if is_open(finding) or problem.rule != "too_fast" else "spoken_fast"
    return messages.text(f"captions.rule.{rule}", value=f"{problem.value:.3g}", limit=f"{problem.limit:.2g}")


def worst(findings: Sequence[Finding]) -> Finding | None:
    """Return the finding that a row names: one that can be mended before one that cannot."""
    return min(findings, key=lambda each: (not is_open(each), not each.fixes), default=None)


def is_red(finding: Finding) -> bool:
    """Return whether a finding is red rather than amber: too fast to follow, or nothing to read."""
    problem = finding.problem
    if problem.rule == "too_fast":
        return is_open(finding) and pace(problem.value) == "bad"
    return problem.rule in {"empty", "too_short", "lines"}


def fix_words(state: CaptionsState, index: int, fix: Fix) -> str:
    """Return what the button of a fix says: "Stay 1.1 s longer"."""
    if fix != "stay_longer":
        return messages.text(f"captions.fix.{fix}")
    cue = state.captions[index].cue
    start_us, end_us = cue_edits.longer(state.captions, index, cut_list=state.cut_list)
    gained_us = end_us - start_us - (cue.end_us - cue.start_us)
    return messages.text("captions.fix.stay_longer", seconds=f"{max(gained_us, 50_000) / US:.1f}")


def row_words(state: CaptionsState, index: int) -> str:
    """Return a row as a screen reader says it."""
    cue = state.captions[index].cue
    finding = worst(state.findings.get(index, ()))
    said = messages.text(
        "captions.row",
        number=index + 1,
        start=clock(cue.start_us, hundredths=True),
        end=clock(cue.end_us, hundredths=True),
        text=" ".join(cue.lines),
        speed=speed_words(speed(cue)),
    )
    return f"{said}, {finding_words(finding)}" if finding is not None else said


def unheard_words(state: CaptionsState, gap: Unheard) -> str:
    """Return where nothing was written down, and why: "0:12 to 0:15 of “When”: somebody speaks here"."""
    return messages.text(
        "captions.gap",
        start=clock(gap.start_us),
        end=clock(gap.end_us),
        prompt=state.prompts.get(gap.flag.take_id, ""),
        reason=messages.text(f"flags.{gap.flag.reason}"),
    )


def caption_in(state: CaptionsState, gap: Unheard) -> int | None:
    """Return which caption the producer wrote where nothing had been written down."""
    flag = gap.flag
    found = (
        n
        for n, each in enumerate(state.captions)
        if each.override is not None
        and each.override.take_id == flag.take_id
        and flag.start_us <= each.override.in_us < flag.end_us
        and not each.override.as_said
    )
    return next(found, None)


# Decisions: each returns a new edit -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typed:
    """A caption with what was typed into it and is not kept yet.

    Args:
        lines: None where nothing was typed.
    """

    index: int
    lines: tuple[str, ...] | None = None


def typed_lines(text: str) -> tuple[str, ...]:
    """Return the lines of what was typed, without empty ones."""
    return tuple(kept for line in text.split("\n") if (kept := " ".join(line.split())))


def keep(state: CaptionsState, edit: Edit, typed: Typed) -> tuple[Edit, tuple[Caption, ...]]:
    """Return the edit with what was typed, and the captions as they are then, near enough to go on."""
    caption = state.captions[typed.index]
    if typed.lines is None or typed.lines == caption.cue.lines:
        return edit, state.captions
    kept = cue_edits.write(edit, caption, lines=typed.lines)
    if not typed.lines:
        return kept, state.captions
    cue = replace(caption.cue, lines=typed.lines)
    written = replace(caption, cue=cue, override=kept.cue_overrides[-1])
    before, after = state.captions[: typed.index], state.captions[typed.index + 1 :]
    return kept, (*before, written, *after)


def split(state: CaptionsState, edit: Edit, typed: Typed, *, at_column: int | None) -> Edit:
    """Return the edit in which a caption is two, at the caret or where it reads best."""
    kept, captions = keep(state, edit, typed)
    inside = at_column is not None and 0 < at_column < len(" ".join(captions[typed.index].cue.lines))
    return cue_edits.split(kept, captions[typed.index], at_column=at_column if inside else None)


def join(state: CaptionsState, edit: Edit, typed: Typed) -> Edit:
    """Return the edit in which a caption and the next are one."""
    kept, captions = keep(state, edit, typed)
    return cue_edits.join_next(kept, captions, typed.index)


def move(
    state: CaptionsState, edit: Edit, typed: Typed, *, start_us: int, end_us: int
) -> tuple[Edit, Caption]:
    """Return the edit in which a caption is shown from here to there, never over its neighbours.

    Raises:
        BadInputError: It would end before it starts.
    """
    kept, captions = keep(state, edit, typed)
    index = typed.index
    low_us = captions[index - 1].cue.end_us if index else 0
    last_us = state.cut_list.duration_us
    high_us = captions[index + 1].cue.start_us if index + 1 < len(captions) else last_us
    start_us, end_us = max(start_us, low_us), min(end_us, high_us)
    moved = cue_edits.set_times(kept, captions[index], start_us=start_us, end_us=end_us)
    cue = replace(captions[index].cue, start_us=start_us, end_us=end_us)
    return moved, replace(captions[index], cue=cue, override=moved.cue_overrides[-1])


def nudge(state: CaptionsState, edit: Edit, typed: Typed, *, frames: int) -> tuple[Edit, Caption]:
    """Return the edit in which a caption is shown some frames later, or earlier, for as long as now.

    Raises:
        BadInputError: The next caption, the one before, or the end of the video is in the way.
    """
    kept, captions = keep(state, edit, typed)
    index, cue, gap_us = typed.index, captions[typed.index].cue, GAP_FRAMES * state.frame_us
    low_us = captions[index - 1].cue.end_us + gap_us if index else 0
    last_us = state.cut_list.duration_us
    high_us = captions[index + 1].cue.start_us - gap_us if index + 1 < len(captions) else last_us
    by_us = frames * state.frame_us
    if (cue.start_us + by_us < low_us) if frames < 0 else (cue.end_us + by_us > high_us):
        raise BadInputError("captions.no_room")
    times = {"start_us": cue.start_us + by_us, "end_us": cue.end_us + by_us}
    return move(replace(state, captions=captions), kept, Typed(index), **times)


def mend(state: CaptionsState, edit: Edit, typed: Typed, finding: Finding, fix: Fix) -> Edit:
    """Return the edit with one fix made."""
    kept, captions = keep(state, edit, typed)
    return cue_report.mend(kept, captions, finding, fix, cut_list=state.cut_list)


def shift(state: CaptionsState, edit: Edit, *, seconds: str, from_index: int) -> Edit:
    """Return the edit in which captions come later, or earlier with a minus.

    Raises:
        BadInputError: That is no number of seconds, or none at all.
    """
    try:
        by_us = round(float(seconds.replace(",", ".").replace("−", "-")) * US)
    except (ValueError, OverflowError) as error:
        raise BadInputError("captions.no_seconds", given=seconds) from error
    if not by_us or abs(by_us) > state.cut_list.duration_us:
        raise BadInputError("captions.no_seconds", given=seconds)
    return cue_edits.shift_times(edit, state.captions, by_us=by_us, from_index=from_index)


def write_gap(state: CaptionsState, edit: Edit, gap: Unheard) -> Edit:
    """Return the edit with a caption where nothing was written down."""
    transcript = next(each for each in state.transcripts if each.take_id == gap.flag.take_id)
    return write_in(edit, transcript, gap.flag, text=messages.text("captions.inaudible"))


def write_term(edit: Edit, place: Misheard) -> Edit:
    """Return the edit in which a term is written where it may have been meant."""
    return cutlist.correct(edit, place.take_id, place.words, text=place.text)


def replace_all(state: CaptionsState, edit: Edit, *, text: str, by: str) -> tuple[Edit, int]:
    """Return the edit in which every caption reads ``by`` for ``text``, and in how many places."""
    heard = {each.take_id: each for each in state.transcripts}
    return cue_edits.find_and_replace(edit, state.captions, heard, text=text, by=by)


def next_of(places: Sequence[int], now: int, direction: int) -> int | None:
    """Return the place after or before one, from the other end where there is none."""
    later = [each for each in places if (each - now) * direction > 0]
    if not places:
        return None
    return (min if direction > 0 else max)(later or places)
