"""What Studio shows and decides, without a widget: prompts with their takes, devices, levels in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app import messages
from app.screens.brief_presenter import Tab, seconds, tab_of
from capture.device_check import CheckedDevice
from capture.phone_words import PhoneState
from capture.sound_check import NOISY_ABOVE_DB
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
BYTES_A_MINUTE = 120_000_000
NOTHING = "none"
#: The camera that comes in by a QR code.
PHONE = "phone"
TABS: tuple[Tab, ...] = ("expert", "questions")
#: Tenths of a second that tell how quiet a room is, and how many of them are as quiet as pauses are.
NOISE_TENTHS, _PAUSES = 100, 10
_LITTLE_PERCENT, _LITTLE_BYTES = 20, 2_000_000_000


@dataclass(frozen=True, slots=True)
class PromptRow:
    """A question of the guide with what was recorded for it, oldest first."""

    prompt: Prompt
    takes: tuple[Take, ...]
    best: str
    tab: Tab = "expert"

    @property
    def about_s(self) -> int:
        """About how long an answer takes."""
        return seconds(self.prompt)

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

    @property
    def tabs(self) -> tuple[Tab, ...]:
        """The parts of the guide that ask something."""
        return tuple(tab for tab in TABS if any(row.tab == tab for row in self.rows))

    def first_of(self, tab: Tab) -> int:
        """Return the first prompt of a part of the guide."""
        return next((n for n, row in enumerate(self.rows) if row.tab == tab), 0)

    def row_of(self, take: Take) -> int:
        """Return the prompt that a take answers, else the first open one."""
        found = (n for n, row in enumerate(self.rows) if row.prompt.id == take.prompt.id)
        return next(found, self.first_open())

    def first_open(self) -> int:
        """Return the first prompt without an answer, else the last one."""
        found = (n for n, row in enumerate(self.rows) if not row.done)
        return next(found, max(len(self.rows) - 1, 0))


def read_studio(library: Library, resource_id: str, *, work: Work) -> StudioState:
    """Return a resource as Studio shows it: consent first, then the included prompts of one tab, the other.

    Raises:
        BadInputError: No such resource.
    """
    work.checkpoint()
    resource, takes = library.resource(resource_id), library.takes(resource_id)
    rows = []

    def order(prompt: Prompt) -> tuple[bool, int]:
        return prompt.key != "consent", TABS.index(tab_of(resource.brief, prompt))

    prompts = [prompt for prompt in resource.brief.prompts if prompt.included]
    for prompt in sorted(prompts, key=order):
        own = sorted((take for take in takes if take.prompt.id == prompt.id), key=lambda take: take.number)
        best = chosen_take(resource.edit, prompt.id, takes)
        tab = tab_of(resource.brief, prompt)
        rows.append(PromptRow(prompt, tuple(own), best.id if best is not None else "", tab))
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


def minutes_left(free_bytes: int, bytes_a_minute: int = BYTES_A_MINUTE) -> tuple[str, str]:
    """Return how long one can record into so much room, in words, and the tint of it."""
    minutes = free_bytes // bytes_a_minute
    hours, rest = divmod(minutes, 60)
    words = messages.text("studio.left_hours", hours=hours, minutes=rest) if hours else ""
    tint = "record" if minutes * 60 < VERY_LOW_S else "warn" if minutes * 60 < LOW_S else "text"
    return words or messages.text("studio.left_minutes", minutes=minutes), tint


def choices_of(
    devices: Sequence[CheckedDevice], kind: str, wanted: str, *, names: Mapping[str, str] | None = None
) -> Mapping[str, str]:
    """Return what a picker offers, ``{source: words}``: the devices of a kind, and what was asked for.

    Args:
        devices: What is plugged in.
        kind: "camera" or "mic".
        wanted: The source that is chosen, there or not.
        names: Of devices that are or were plugged in, by source.
    """
    found = {each.id: each.name for each in devices if each.kind == kind}
    if wanted and wanted not in found and wanted not in (NOTHING, PHONE):
        name = wanted.removeprefix("file:")
        there = Path(name).name if wanted.startswith("file:") else wanted
        known = (names or {}).get(wanted)
        found[wanted] = messages.text("studio.unplugged", name=known) if known else there
    if kind == "camera":
        found[PHONE] = messages.text("studio.phone")
    found[NOTHING] = messages.text("studio.no_camera" if kind == "camera" else "studio.no_mic")
    return found


def usual(devices: Sequence[CheckedDevice], kind: str) -> str:
    """Return the device of a kind to begin with: the system's usual one, else the first, else none."""
    own = [each for each in devices if each.kind == kind]
    best = next((each for each in own if each.is_default), own[0] if own else None)
    return best.id if best is not None else NOTHING


def room_noise(levels_db: Sequence[float]) -> tuple[str, str]:
    """Return what is said of the room, and the tint of it; nothing before there is enough to go by.

    Args:
        levels_db: Loudness of the last tenths of a second, dB below full scale.
    """
    if len(levels_db) < NOISE_TENTHS:
        return messages.text("studio.noise_unknown"), "muted"
    quiet_db = sorted(levels_db)[len(levels_db) * _PAUSES // 100]
    key = "studio.noise_loud" if quiet_db > NOISY_ABOVE_DB else "studio.noise_good"
    said = messages.text(key, db=messages.number(max(quiet_db, -99)))
    return said, "warn" if quiet_db > NOISY_ABOVE_DB else "ok"


@dataclass(frozen=True, slots=True)
class PhoneLook:
    """The phone's card: how the link is, then battery, space and what was sent.

    Args:
        known: Whether the phone has told anything of itself.
        sent_share: 0 to 1; None before anything was recorded.
        tints: Of the values that are not as they should be.
        may_go_without: Whether parts are missing of a phone that is not here.
    """

    link: str
    icon: str
    tint: str
    known: bool = False
    battery: str = ""
    space: str = ""
    sent: str = ""
    sent_share: float | None = None
    tints: Mapping[str, str] = field(default_factory=dict)
    may_go_without: bool = False


def phone_look(state: PhoneState | None, *, paired: bool, present: bool, awaited: bool) -> PhoneLook:
    """Return how the phone is doing.

    Args:
        state: What it last said of itself.
        paired: Whether one was let in.
        present: Whether it was heard of a moment ago.
        awaited: Whether takes wait for what it has still to send.
    """
    if not paired:
        look = PhoneLook(messages.text("studio.phone_none"), "smartphone", "muted")
        return replace(look, may_go_without=awaited)
    if not present or state is None:
        said = "studio.phone_away" if state is not None else "studio.phone_awaited"
        look = PhoneLook(messages.text(said), "wifi", "warn" if state is not None else "muted")
    elif state.camera in ("refused", "lost"):
        look = PhoneLook(messages.text(f"studio.phone_camera_{state.camera}"), "triangle-alert", "warn")
    else:
        look = PhoneLook(messages.text("studio.phone_connected"), "wifi", "ok")
    look = replace(look, may_go_without=awaited and not present)
    if state is None:
        return look
    battery = messages.text("studio.percent", percent=state.battery_percent or 0)
    gigabytes = (state.free_bytes or 0) / 1e9
    space = messages.text("studio.gigabytes", gigabytes=f"{gigabytes:.{0 if gigabytes >= 10 else 1}f}")
    share = 1 - state.unsent_bytes / state.recorded_bytes if state.recorded_bytes else None
    percent = int((share if share is not None else 1) * 100)
    unknown = messages.text("studio.not_told")
    is_empty = state.battery_percent is not None and state.battery_percent <= _LITTLE_PERCENT
    is_full = state.free_bytes is not None and state.free_bytes < _LITTLE_BYTES
    tints = {"battery": "warn"} if is_empty and not state.charging else {}
    return replace(
        look,
        known=True,
        battery=unknown if state.battery_percent is None else battery,
        space=unknown if state.free_bytes is None else space,
        sent=messages.text("studio.percent", percent=percent),
        sent_share=share if share is not None else 1.0,
        tints={**tints, **({"space": "warn"} if is_full else {})},
    )


def phone_name(state: PhoneState | None) -> str:
    """Return what stands over the phone's picture."""
    size = f", {state.width_px} × {state.height_px}" if state is not None and state.width_px else ""
    return messages.text("studio.phone_short") + size


def tab_shown(state: StudioState, chosen: str) -> Tab:
    """Return the tab whose prompts are listed: the chosen one, unless it asks nothing."""
    return next((tab for tab in state.tabs if tab == chosen), state.tabs[0] if state.tabs else "expert")
