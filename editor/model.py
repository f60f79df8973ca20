"""The words of the product as values: brief, take, word, cut, cue, resource, version, journey.

Values are frozen; behaviour is functions in the other modules. Times are integer microseconds. A cut, a
correction and a caption override are anchored in the time of their *take*, so they survive a new
transcript, a swapped take and a changed order.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from capture.take import Devices, Marker, Segment, Sync, Take, TakePrompt, TakeState

Level = Literal["beginner", "intermediate", "advanced"]
Kind = Literal["skill", "theory", "strategy"]
Status = Literal["draft", "recorded", "captioned", "published"]
PromptKey = Literal["what", "why", "when", "who", "prerequisites", "kind", "levels", "question", "consent"]
CleanSound = Literal["off", "low", "mid", "high"]
CutReason = Literal["word", "filler", "silence", "trim", "hand"]

LEVELS: tuple[Level, ...] = ("beginner", "intermediate", "advanced")
KINDS: tuple[Kind, ...] = ("skill", "theory", "strategy")
#: The parts of an edit whose entries are each about one take.
TAKE_PARTS = ("choices", "takes", "cue_overrides", "points", "splits", "cue_shifts", "marks", "poster")
CLEAN_SOUNDS: tuple[CleanSound, ...] = ("off", "low", "mid", "high")
STATUSES: tuple[Status, ...] = ("draft", "recorded", "captioned", "published")


# Brief -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Expert:
    """Who knows how."""

    name: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """That the expert agreed to be recorded, to where it is shown, and to a version as it then was.

    ``approved_content`` is the fingerprint of what the expert saw (``editor.approval``).
    """

    given: bool = False
    shown_to: str = ""
    noted_at: str = ""
    approved_version: int | None = None
    approved_content: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question of the guide. ``key`` says what its answer feeds; ``title`` names its chapter.

    ``tip`` is for the producer, ``hint`` stands below the question where the expert sees it.
    """

    id: str
    key: PromptKey
    text: str
    title: str
    tip: str = ""
    included: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """A list of questions, kept as a data file that a producer can write and share."""

    id: str
    title: str
    prompts: tuple[Prompt, ...]
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the company as it is written; with ``heard``, what the model writes instead of it."""

    write: str
    heard: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """Why we record, whom, for whom, and what we ask."""

    start: Literal["priority", "gap"] = "priority"
    priority: str = ""
    gap: str = ""
    gap_level: Level | None = None
    questions: tuple[str, ...] = ()
    outcome: str = ""
    expert: Expert = Expert()
    audience: tuple[str, ...] = ()
    guide: str = "local-expert"
    prompts: tuple[Prompt, ...] = ()
    consent: Consent = Consent()
    glossary: tuple[Term, ...] = ()


# Words -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """A transcribed word with its time in its take, as the model heard it; ``confidence`` is 0 to 1."""

    start_us: int
    end_us: int
    text: str
    confidence: float
    filler: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """A stretch of a take the producer should look at; ``reason`` is a string key below ``flags``."""

    take_id: str
    start_us: int
    end_us: int
    reason: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of one take in order of time, and what wrote them."""

    take_id: str
    language: str
    model: str
    words: tuple[Word, ...]
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A searchable sentence of a transcript with its time in its take."""

    take_id: str
    start_us: int
    end_us: int
    text: str


# Edit: decisions kept beside the takes, all of them undoable ----------------------------------------


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of a take that is left out; ``out_us`` is exclusive. Cuts may overlap."""

    in_us: int
    out_us: int
    reason: CutReason


@dataclass(frozen=True, slots=True)
class Correction:
    """Other wording for the words whose middle lies in the stretch; the sound is unchanged."""

    in_us: int
    out_us: int
    text: str


@dataclass(frozen=True, slots=True)
class TakeEdit:
    """What was decided for one take, kept even while another take of its prompt is chosen."""

    take_id: str
    cuts: tuple[Cut, ...] = ()
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A prompt's place in the result; ``title`` empty means the prompt's own.

    ``marked`` false: its answer belongs to the chapter before it. ``included`` false: it is left out.
    """

    prompt_id: str
    title: str = ""
    marked: bool = True
    included: bool = True


@dataclass(frozen=True, slots=True)
class ChapterPoint:
    """A chapter that starts inside an answer."""

    take_id: str
    at_us: int
    title: str


@dataclass(frozen=True, slots=True)
class SplitPoint:
    """Where a producer divided an answer to select what is before or behind; the result is the same."""

    take_id: str
    at_us: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment that a producer marked in Edit to find it again; the result is the same."""

    take_id: str
    at_us: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A star set by hand: this take is the one for its prompt."""

    prompt_id: str
    take_id: str


@dataclass(frozen=True, slots=True)
class CueOverride:
    """The producer's own caption for the words whose middle lies in the stretch of the take.

    Args:
        lines: What it reads; without any, and not ``as_said``, nothing is shown.
        shift_in_us: How much later it starts; against its first word where ``exact``, else against its time.
        shift_out_us: How much later it ends; against its last word where ``exact``.
        as_said: It reads as its words do, whichever of them remain; only which belong together is fixed.
        line_break_us: Where its second line starts, if ``as_said``; 0 means: where it reads best.
        exact: Its times follow its words alone.
        said: What its words were when its text was written, to tell when that no longer fits.
    """

    take_id: str
    in_us: int
    out_us: int
    lines: tuple[str, ...]
    shift_in_us: int = 0
    shift_out_us: int = 0
    as_said: bool = False
    line_break_us: int = 0
    exact: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class CueShift:
    """Every caption of a take from a moment on comes later by so much, or earlier."""

    take_id: str
    from_us: int
    by_us: int


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A suggestion that the producer never wants to see again for this resource."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Poster:
    """The still that stands for the video: a moment of a take, or a picture of the producer's own.

    Args:
        take_id: Whose moment it is; or in whose folder the picture lies.
        at_us: The moment, on the clock of the take.
        file: Name of the picture, "" where it is a moment.
    """

    take_id: str
    at_us: int = 0
    file: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """Everything decided in Edit; prompts that ``chapters`` does not name follow in guide order.

    ``clean_sound`` is how much of the noise is taken out of the result; the takes keep theirs. ``poster`` is
    the one that was chosen, or empty.
    """

    chapters: tuple[Chapter, ...] = ()
    choices: tuple[Choice, ...] = ()
    takes: tuple[TakeEdit, ...] = ()
    cue_overrides: tuple[CueOverride, ...] = ()
    points: tuple[ChapterPoint, ...] = ()
    splits: tuple[SplitPoint, ...] = ()
    cue_shifts: tuple[CueShift, ...] = ()
    clean_sound: CleanSound = "off"
    dismissed: tuple[Dismissed, ...] = ()
    marks: tuple[Mark, ...] = ()
    poster: tuple[Poster, ...] = ()


# Derived from takes and edit -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a take that remains; the ordered spans are the cut list. ``out_us`` is exclusive."""

    take_id: str
    prompt_id: str
    in_us: int
    out_us: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A span snapped to frames and laid on the result's clock.

    ``take_frame`` counts on the take's constant frame grid from 0 of its clock, ``result_frame`` from the
    start of the result; both at the result's frame rate.
    """

    span: Span
    take_frame: int
    result_frame: int
    frames: int


@dataclass(frozen=True, slots=True)
class CutList:
    """The result: spans in order, exact in frames."""

    rate: Fraction
    placed: tuple[Placed, ...]

    @property
    def frames(self) -> int:
        """How many frames the result has."""
        return sum(each.frames for each in self.placed)

    @property
    def duration_us(self) -> int:
        """How long the result is."""
        return round(self.frames * 1_000_000 / self.rate)


@dataclass(frozen=True, slots=True)
class Cue:
    """A caption on the result's clock."""

    start_us: int
    end_us: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChapterMark:
    """Where a chapter starts on the result's clock."""

    start_us: int
    title: str


# Resource, versions, undo ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tags:
    """What lets the right person find it at the right moment. ``language`` is BCP 47."""

    level: Level | None = None
    roles: tuple[str, ...] = ()
    kind: tuple[Kind, ...] = ()
    prerequisites: tuple[str, ...] = ()
    when_to_use: str = ""
    keywords: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A detail proposed from an answer, never applied silently, with the sentence it came from.

    The field "chapter" is a title for the chapter of ``prompt_id``, "poster" a still: at ``start_us``.
    """

    field: Literal[
        "title",
        "summary",
        "level",
        "roles",
        "kind",
        "prerequisites",
        "when_to_use",
        "keywords",
        "chapter",
        "poster",
    ]
    value: str
    sentence: str
    take_id: str = ""
    start_us: int = 0
    prompt_id: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """The thing published. Times of day are ISO 8601 with offset; ``binned_at`` empty means not binned."""

    id: str
    title: str
    summary: str = ""
    brief: Brief = Brief()
    tags: Tags = Tags()
    edit: Edit = Edit()
    status: Status = "draft"
    version: int = 0
    created_at: str = ""
    changed_at: str = ""
    binned_at: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """One package of a version: where it went and how big it is."""

    target: str
    path: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Rendition:
    """How the video of a version is made.

    Args:
        height_px: Most that the shorter side of its picture may have.
        most_bytes: Most that a package may weigh; 0 means that its size follows from its length alone.
        lower_third: Whether name and role of the expert are shown in the first seconds.
        burnt_captions: Whether the captions are part of the picture where a target has room for such a video.
    """

    height_px: int = 720
    most_bytes: int = 0
    lower_third: bool = False
    burnt_captions: bool = False


STANDARD_RENDITION = Rendition()


@dataclass(frozen=True, slots=True)
class CopyUsed:
    """The working copy of a take that a version was made from, by its checksum."""

    take_id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Version:
    """The frozen record of what was published, when, to what. A package is rebuilt from it bit by bit.

    ``rate`` is the frames a second of the cut list, as a fraction ("30000/1001"). ``base_iri`` is what
    names in record stores start with, ``feedback_url`` where the web page sends answers; both may be empty.
    ``made_from`` are the working copies that pictures were taken from; none where all were encoded anew.
    ``poster`` is the still that was chosen; without it Lapel chooses one from the finished video.
    ``transcript`` and ``download`` are whether packages hold it, and whether the page offers the video.
    """

    resource_id: str
    number: int
    published_at: str
    title: str
    summary: str
    expert: Expert
    tags: Tags
    priority: str
    cut_list: tuple[Span, ...]
    cues: tuple[Cue, ...]
    chapters: tuple[ChapterMark, ...]
    duration_us: int
    completion_percent: int = 80
    feedback: bool = True
    note: str = ""
    targets: tuple[Target, ...] = ()
    rate: str = ""
    base_iri: str = ""
    feedback_url: str = ""
    rendition: Rendition = STANDARD_RENDITION
    made_from: tuple[CopyUsed, ...] = ()
    clean_sound: CleanSound = "off"
    poster: Poster | None = None
    transcript: bool = True
    download: bool = False


@dataclass(frozen=True, slots=True)
class UndoStep:
    """One change that can be taken back: the changed fields of the resource before and after, as JSON."""

    number: int
    at: str
    label: str
    before: bytes
    after: bytes


# Beyond one resource ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a worker said of a version; ``at_us`` is the second it is about, on the result's clock."""

    resource_id: str
    version: int
    said_at: str
    helped: bool | None
    comment: str = ""
    at_us: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a journey: a resource, or a practice, link or meeting described in text."""

    stage: Literal["not-knowing", "knowing", "doing"]
    kind: Literal["resource", "practice", "link", "meeting"]
    resource_id: str = ""
    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Journey:
    """Ordered steps from not-knowing to knowing to doing."""

    id: str
    title: str
    steps: tuple[Step, ...] = ()


__all__ = [
    "CLEAN_SOUNDS",
    "KINDS",
    "LEVELS",
    "STANDARD_RENDITION",
    "STATUSES",
    "TAKE_PARTS",
    "Brief",
    "Chapter",
    "ChapterMark",
    "ChapterPoint",
    "Choice",
    "CleanSound",
    "Consent",
    "CopyUsed",
    "Correction",
    "Cue",
    "CueOverride",
    "CueShift",
    "Cut",
    "CutList",
    "CutReason",
    "Devices",
    "Dismissed",
    "Edit",
    "Expert",
    "Feedback",
    "Flag",
    "Guide",
    "Journey",
    "Kind",
    "Level",
    "Mark",
    "Marker",
    "Placed",
    "Poster",
    "Prompt",
    "PromptKey",
    "Rendition",
    "Resource",
    "Segment",
    "Sentence",
    "Span",
    "SplitPoint",
    "Status",
    "Step",
    "Suggestion",
    "Sync",
    "Tags",
    "Take",
    "TakeEdit",
    "TakePrompt",
    "TakeState",
    "Target",
    "Term",
    "Transcript",
    "UndoStep",
    "Version",
    "Word",
]
