"""What Library shows and does, without a widget: which resources, what their cards say, what was dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app import messages
from capture.work import Work
from editor import resources, tasks
from editor.library import Library
from editor.model import KINDS, LEVELS, STATUSES, Resource
from editor.search import GROUPS, Filter, Group, Hit, Sort
from editor.typed import expert_line

#: So many rows are read at once; more come while scrolling.
PAGE_ROWS = 60
#: So many hits of a search are shown; typing one more word narrows it faster than scrolling.
MOST_HITS = 60

BUNDLE_SUFFIX = ".lapel"
MEDIA_SUFFIXES = frozenset(
    [
        ".mp4",
        ".m4v",
        ".mov",
        ".mkv",
        ".webm",
        ".avi",
        ".mts",
        ".m2ts",
        ".mpg",
        ".mpeg",
        ".3gp",
        ".wmv",
        ".wav",
        ".flac",
        ".mp3",
        ".m4a",
        ".aac",
        ".ogg",
        ".opus",
    ]
)

_FIELDS: dict[Group, str] = {
    "priority": "priorities",
    "level": "levels",
    "role": "roles",
    "kind": "kinds",
    "status": "statuses",
}
_ORDERS: dict[Group, tuple[str, ...]] = {"level": LEVELS, "kind": KINDS, "status": STATUSES}


@dataclass(frozen=True, slots=True)
class Row:
    """A resource on the shelf, with its best place where something was searched for."""

    resource: Resource
    hit: Hit | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of what a filter has.

    Args:
        rows: This page.
        total: How many the filter has, whatever is searched for.
        counts: How many each value of each group has, under the other groups.
        everything: How many resources there are outside the bin.
        binned: How many are in it.
    """

    rows: tuple[Row, ...]
    total: int
    counts: dict[Group, dict[str, int]]
    everything: int
    binned: int

    @property
    def places(self) -> int:
        """In how many places it is said."""
        return sum(row.hit.places for row in self.rows if row.hit is not None)


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a card shows beyond its resource; read once it is seen."""

    length_us: int = 0
    poster: Path | None = None
    missing: bool = False


def read_shelf(library: Library, wanted: Filter, *, sort: Sort, work: Work) -> Shelf:
    """Return the first page of a filter, or the best hits of its words."""
    bare = replace(wanted, words="")
    if wanted.words.strip():
        hits = library.search(wanted.words, wanted=bare, limit=MOST_HITS)
        rows = tuple(Row(library.resource(hit.resource_id), hit) for hit in hits)
    else:
        rows = read_more(library, wanted, sort=sort, offset=0)
    work.checkpoint()
    return Shelf(
        rows=rows,
        total=library.count(bare),
        counts=library.counts(bare),
        everything=library.count(),
        binned=library.count(Filter(binned=True)),
    )


def read_more(library: Library, wanted: Filter, *, sort: Sort, offset: int) -> tuple[Row, ...]:
    """Return the page of a filter that starts at ``offset``."""
    found = library.resources(wanted, sort=sort, limit=PAGE_ROWS, offset=offset)
    return tuple(Row(each) for each in found)


def read_facts(library: Library, resource: Resource, *, work: Work) -> CardFacts:
    """Return length and picture of a resource, and whether the folder of a take is missing."""
    from fractions import Fraction

    from editor import cutlist, still
    from editor.missing import missing_media

    takes = library.takes(resource.id)
    chosen = cutlist.chosen_takes(resource, takes)
    missing = any(not library.take_folder(take).is_dir() for take in takes)
    missing = missing or bool(missing_media(library, takes))
    rate = cutlist.result_rate([Fraction(take.picture_rate) for take in takes if take.picture_rate])
    length_us = cutlist.cut_list(resource, takes, rate=rate).duration_us if chosen else 0
    poster = still.resource_card(library, resource, takes, work=work)
    return CardFacts(length_us, poster, missing)


def locate(library: Library, resource_id: str, folder: Path, *, work: Work) -> int:
    """Copy the files that takes lost back from a folder, and return of how many takes.

    Raises:
        UserError: Some are not there, or cannot be copied; what was copied before stays.
    """
    from editor.missing import missing_media, relocate

    lost = missing_media(library, library.takes(resource_id))
    for number, each in enumerate(lost):
        step = work.part(number / len(lost), (number + 1) / len(lost))
        relocate(library, each.take.id, folder, work=step)
    return len(lost)


# Filters ------------------------------------------------------------------------------------------


def toggled(wanted: Filter, group: Group, value: str) -> Filter:
    """Return a filter with one value ticked, or no longer."""
    ticked = wanted.group(group)
    values = tuple(each for each in ticked if each != value) if value in ticked else (*ticked, value)
    changes: dict[str, Any] = {_FIELDS[group]: values}
    return replace(wanted, **changes)


def cleared(wanted: Filter) -> Filter:
    """Return a filter with nothing ticked; what is searched for stays."""
    return Filter(words=wanted.words, binned=wanted.binned)


def ticked(wanted: Filter) -> tuple[tuple[Group, str], ...]:
    """Return every ticked value with its group."""
    return tuple((group, value) for group in GROUPS for value in wanted.group(group))


def choices(shelf: Shelf, wanted: Filter, group: Group) -> tuple[tuple[str, int], ...]:
    """Return the values of a group with their counts, as the panel lists them; a ticked one never goes."""
    counts = dict(shelf.counts[group])
    if group in _ORDERS:
        return tuple((value, counts.get(value, 0)) for value in _ORDERS[group])
    for value in wanted.group(group):
        counts.setdefault(value, 0)
    return tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0].casefold())))


def value_words(group: Group, value: str) -> str:
    """Return a value in words."""
    return messages.text(f"{group}.{value}") if group in _ORDERS else value


def heading(wanted: Filter) -> str:
    """Return what the shelf is called."""
    if wanted.binned:
        return messages.text("library.bin")
    values = [value_words(group, value) for group, value in ticked(wanted)]
    return ", ".join(values) or messages.text("library.all")


def summary(shelf: Shelf, wanted: Filter) -> str:
    """Return how much there is, for beside the heading."""
    if wanted.words.strip():
        return messages.counted("library.places", shelf.places, found=len(shelf.rows), total=shelf.total)
    return messages.counted("library.count", shelf.total)


# Cards --------------------------------------------------------------------------------------------


def spoken(row: Row, facts: CardFacts | None) -> str:
    """Return a card for screen readers: title, expert, length, level, status."""
    resource = row.resource
    parts = [resource.title, expert_line(resource.brief.expert)]
    if facts is not None and facts.length_us:
        parts.append(messages.clock(facts.length_us / 1e6))
    if resource.tags.level:
        parts.append(messages.text(f"level.{resource.tags.level}"))
    parts.append(status_words(resource))
    if row.hit is not None and row.hit.places:
        parts.append(places_words(row.hit))
    return ", ".join(part for part in parts if part)


def status_words(resource: Resource) -> str:
    """Return how far a resource is, with its version."""
    if resource.status == "published":
        return messages.text("library.published", number=resource.version)
    return messages.text(f"status.{resource.status}")


def places_words(hit: Hit) -> str:
    """Return in how many places a resource says it."""
    return messages.counted("library.hits", hit.places)


# What is brought in ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was dropped or chosen: recordings, bundles, and what is neither."""

    media: tuple[Path, ...]
    bundles: tuple[Path, ...]
    others: tuple[Path, ...]


def sort_dropped(paths: Sequence[Path]) -> Dropped:
    """Return what was dropped by its kind; what a file really holds is found out when it is read."""
    ordered = sorted(paths, key=lambda path: natural(path.name))
    bundles = tuple(path for path in ordered if path.suffix.lower() == BUNDLE_SUFFIX)
    media = tuple(path for path in ordered if path.suffix.lower() in MEDIA_SUFFIXES)
    return Dropped(media, bundles, tuple(path for path in ordered if path not in (*bundles, *media)))


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """Return what to sort a file name by, so that 10 comes after 9."""
    parts = re.split(r"(\d+)", name.casefold())
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts if part)


def title_of(files: Sequence[Path]) -> str:
    """Return the title of a resource made of files: the first one's name without numbers and signs."""
    words = [word for word in re.split(r"[\W_]+", files[0].stem) if word and not word.isdecimal()]
    title = " ".join(words) or files[0].stem
    return title[:1].upper() + title[1:]


def import_new(library: Library, files: Sequence[Path], *, work: Work) -> Resource:
    """Make a resource of recordings, one prompt for each; nothing is left of it if one cannot be read."""
    from export import make

    prompts = make.prompts_for(files)
    made = resources.new_resource(library, title=title_of(files), prompts=prompts)
    try:
        import_into(library, made.id, files, work=work)
    except BaseException:
        library.erase(made.id)
        raise
    return made


def import_into(library: Library, resource_id: str, files: Sequence[Path], *, work: Work) -> Resource:
    """Bring recordings in as answers to the prompts of a resource that are still open, in their order."""
    for number, file in enumerate(files):
        step = work.part(number / len(files), (number + 1) / len(files))
        tasks.import_file(library, resource_id, file, work=step)
    return library.resource(resource_id)
