"""What Studio shows and decides, without a widget: prompts with their takes, devices, levels in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app import messages
from capture.device_check import CheckedDevice
from capture.take import Take
from capture.work import Work
from editor import resources
from editor.cutlist import chosen_take
from editor.library import Library
from editor.model import Choice, Prompt, Resource

US = 1_000_000
#: Where a voice should be, in dB below full scale (DESIGN.md 2.4).
QUIETEST_DB, LOUDEST_DB, CLIPPING_DB = -20.0, -6.0, -0.2
FLOOR_DB = -60.0
LOW_S, VERY_LOW_S = 30 * 60, 5 * 60
#: What a minute takes on the disk, until it is known better: a full HD camera and a lapel.
_BYTES_A_MINUTE = 120_000_000
NOTHING = "none"


@dataclass(frozen=True, slots=True)
class PromptRow:
    """A question of the guide with what was recorded for it, oldest first."""

    prompt: Prompt
    takes: tuple[Take, ...]
    best: str

    @property
    def done(self) -> bool:
        """Whether there is an answer."""
        return bool(self.best)


@dataclass(frozen=True, slots=True)
class StudioState:
    """A resource as Studio shows it."""

    resource: Resource
    rows: tuple[PromptRow, ...]

    @property
    def recorded_us(self) -> int:
        """How long the best takes are together."""
        lengths = {take.id: take.duration_us for row in self.rows for take in row.takes}
        return sum(lengths.get(row.best, 0) for row in self.rows)

    def first_open(self) -> int:
        """Return the first prompt without an answer, else the last one."""
        found = (n for n, row in enumerate(self.rows) if not row.done)
        return next(found, max(len(self.rows) - 1, 0))


def read_studio(library: Library, resource_id: str, *, work: Work) -> StudioState:
    """Return a resource as Studio shows it: the included prompts, consent first where it is asked for.

    Raises:
        BadInputError: No such resource.
    """
    work.checkpoint()
    resource, takes = library.resource(resource_id), library.takes(resource_id)
    rows = []
    prompts = [prompt for prompt in resource.brief.prompts if prompt.included]
    for prompt in sorted(prompts, key=lambda each: each.key != "consent"):
        own = sorted((take for take in takes if take.prompt.id == prompt.id), key=lambda take: take.number)
        best = chosen_take(resource.edit, prompt.id, takes)
        rows.append(PromptRow(prompt, tuple(own), best.id if best is not None else ""))
    return StudioState(resource, tuple(rows))


def next_take(library: Library, state: StudioState, row: int) -> tuple[Take, Path]:
    """Return a fresh take of a prompt and the folder it goes to.

    Raises:
        BadInputError: The resource is in the bin.
    """
    take = resources.next_take(library, state.resource, prompt=state.rows[row].prompt)
    return take, library.take_folder(take)


def with_star(resource: Resource, take: Take) -> Resource:
    """Return the resource in which a take is the best of its prompt."""
    others = tuple(each for each in resource.edit.choices if each.prompt_id != take.prompt.id)
    return replace(resource, edit=replace(resource.edit, choices=(*others, Choice(take.prompt.id, take.id))))


def level_words(peak_db: float | None, rms_db: float | None) -> tuple[str, str]:
    """Return a string key that says how a level is, and the tint of it."""
    if peak_db is None or rms_db is None:
        return "studio.level_none", "muted"
    if peak_db >= CLIPPING_DB:
        return "studio.level_clipping", "record"
    if peak_db > LOUDEST_DB:
        return "studio.level_loud", "warn"
    if peak_db < QUIETEST_DB - 20:
        return "studio.level_silent", "muted"
    if peak_db < QUIETEST_DB:
        return "studio.level_quiet", "warn"
    return "studio.level_good", "ok"


def minutes_left(free_bytes: int) -> tuple[str, str]:
    """Return how long one can record into so much room, in words, and the tint of it."""
    minutes = int(free_bytes // _BYTES_A_MINUTE)
    hours, rest = divmod(minutes, 60)
    words = messages.text("studio.left_hours", hours=hours, minutes=rest) if hours else ""
    tint = "record" if minutes * 60 < VERY_LOW_S else "warn" if minutes * 60 < LOW_S else "text"
    return words or messages.text("studio.left_minutes", minutes=minutes), tint


def choices_of(devices: Sequence[CheckedDevice], kind: str, wanted: str) -> Mapping[str, str]:
    """Return what a picker offers, ``{source: words}``: the devices of a kind, and what was asked for."""
    found = {each.id: each.name for each in devices if each.kind == kind}
    if wanted and wanted not in found and wanted != NOTHING:
        name = wanted.removeprefix("file:")
        found[wanted] = Path(name).name if wanted.startswith("file:") else wanted
    found[NOTHING] = messages.text("studio.no_camera" if kind == "camera" else "studio.no_mic")
    return found


def usual(devices: Sequence[CheckedDevice], kind: str) -> str:
    """Return the device of a kind to begin with: the system's usual one, else the first, else none."""
    own = [each for each in devices if each.kind == kind]
    best = next((each for each in own if each.is_default), own[0] if own else None)
    return best.id if best is not None else NOTHING
