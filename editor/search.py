"""Find resources as people type: what to match, which filters hold, and where in a take it is said.

Only queries and values: ``library`` runs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from editor.model import Kind, Level, Resource, Status
from editor.typed import expert_line, one_line

Sort = Literal["changed", "title", "level"]
Group = Literal["priority", "level", "role", "kind", "status"]
GROUPS: tuple[Group, ...] = ("priority", "level", "role", "kind", "status")

#: Put around a found word by FTS5; control characters never stand in stored text.
MARK_START, MARK_END = "\x02", "\x03"

#: How many hits a search returns if nothing else is asked; a screen shows fewer.
PAGE = 30

_MOST_WORDS = 12  # more words only cost time: nothing matches them all
_MOST_CHARACTERS = 200
_TAKES_A_QUERY = 400
_BEFORE_CHARACTERS, _SNIPPET_CHARACTERS = 40, 160

_ORDERS: dict[Sort, str] = {
    "changed": "changed_at DESC, no DESC",
    "title": "title_order, no",
    "level": "CASE level WHEN 'beginner' THEN 1 WHEN 'intermediate' THEN 2 WHEN 'advanced' THEN 3 ELSE 4 END,"
    " title_order, no",
}
_COLUMNS: dict[Group, str] = {"priority": "priority", "level": "level", "status": "status"}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which resources are wanted. Values within a group mean "or", groups mean "and"; an empty one is off."""

    words: str = ""
    priorities: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    roles: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    statuses: tuple[Status, ...] = ()
    binned: bool = False

    def group(self, group: Group) -> tuple[str, ...]:
        """Return the values that are ticked in a group."""
        groups: dict[Group, tuple[str, ...]] = {
            "priority": self.priorities,
            "level": self.levels,
            "role": self.roles,
            "kind": self.kinds,
            "status": self.statuses,
        }
        return groups[group]


#: The filter that leaves out only what is in the bin.
EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence that says it; ``marks`` are the found words as ranges of characters of ``text``."""

    take_id: str
    start_us: int
    end_us: int
    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A resource that says it.

    Args:
        take_id: Of the best place; empty where only title, summary, tags or expert match.
        start_us: Of the best place, in its take.
        snippet: The best place, shortened around the found words; else the summary.
        places: How many sentences say it.
        found: Those sentences, in order of time.
    """

    resource_id: str
    title: str
    expert: str
    take_id: str
    start_us: int
    snippet: str
    places: int
    found: tuple[Place, ...]


def match_words(words: str) -> tuple[str, ...]:
    """Return what was typed as FTS5 prefix phrases; whatever is typed, none of them is an operator."""
    chunks = one_line(words)[:_MOST_CHARACTERS].lower().split()
    # A chunk without any letter or digit has no token, and FTS5 lets such a phrase match nothing at all.
    useful = dict.fromkeys(chunk for chunk in chunks if any(character.isalnum() for character in chunk))
    # What starts with "cat" starts with "ca" too: asking for both only costs time.
    needed = [
        each for each in useful if not any(other != each and other.startswith(each) for other in useful)
    ]
    return tuple('"' + chunk.replace('"', '""') + '"*' for chunk in needed[:_MOST_WORDS])


def where(wanted: Filter, *, skip: Group | None = None) -> tuple[str, list[object]]:
    """Return the WHERE clause over ``resources`` for a filter, and its values.

    ``skip`` names a group to leave out: the counts of a group follow the other groups only.
    """
    clauses, values = ["binned_at <> ''" if wanted.binned else "binned_at = ''"], list[object]()
    for group in GROUPS:
        ticked = wanted.group(group)
        if not ticked or group == skip:
            continue
        marks = ", ".join("?" * len(ticked))
        if group in _COLUMNS:
            clauses.append(f"{_COLUMNS[group]} IN ({marks})")
            values.extend(ticked)
        else:
            clauses.append(
                f"no IN (SELECT resource_no FROM resource_tags WHERE field = ? AND value IN ({marks}))"
            )
            values.extend([group, *ticked])
    if wanted.words.strip():
        phrases = match_words(wanted.words)
        clauses.append(
            "no IN (SELECT rowid FROM resource_words WHERE resource_words MATCH ?)" if phrases else "0"
        )
        values.extend([" AND ".join(phrases)] if phrases else [])
    return " AND ".join(clauses), values


def list_query(wanted: Filter, *, sort: Sort, limit: int, offset: int) -> tuple[str, list[object]]:
    """Return the query for the resources of a filter; a negative ``limit`` means all."""
    clause, values = where(wanted)
    sql = f"SELECT * FROM resources WHERE {clause} ORDER BY {_ORDERS[sort]} LIMIT ? OFFSET ?"
    return sql, [*values, limit, offset]


def count_query(wanted: Filter, group: Group) -> tuple[str, list[object]]:
    """Return the query for ``(value, count)`` of a group under the other groups of a filter."""
    clause, values = where(wanted, skip=group)
    if group in _COLUMNS:
        column = _COLUMNS[group]
        return (
            f"SELECT {column} AS value, count(*) AS count FROM resources"
            f" WHERE {clause} AND {column} <> '' GROUP BY {column}",
            values,
        )
    return (
        "SELECT value, count(*) AS count FROM resource_tags WHERE field = ? AND resource_no IN"
        f" (SELECT no FROM resources WHERE {clause}) GROUP BY value",
        [group, *values],
    )


def match_query(wanted: Filter, *, limit: int) -> tuple[str, list[object]] | None:
    """Return the query for the best matching resources, or None where nothing could match."""
    phrases = match_words(wanted.words)
    if not phrases:
        return None
    clause, values = where(replace(wanted, words=""))
    narrowed = any(wanted.group(group) for group in GROUPS)
    match = "SELECT rowid, rank AS merit FROM resource_words WHERE resource_words MATCH ?"
    if not narrowed:  # then the best can be picked before anything else is read
        match += " ORDER BY rank LIMIT ?"
    # CROSS JOIN keeps SQLite from asking the full-text index once for each resource of the filter.
    sql = f"SELECT resources.* FROM ({match}) AS best CROSS JOIN resources ON resources.no = best.rowid"
    order = " ORDER BY merit, no"
    if narrowed:
        return f"{sql} WHERE {clause}{order} LIMIT ?", [" AND ".join(phrases), *values, limit]
    return sql + order, [" AND ".join(phrases), limit]


def place_queries(words: str, take_ids: Sequence[str], *, every: bool) -> Iterator[tuple[str, list[object]]]:
    """Yield the queries for the sentences of some takes that hold every word, or at least one of them."""
    phrases = (" AND " if every else " OR ").join(match_words(words))
    for first in range(0, len(take_ids), _TAKES_A_QUERY):
        takes = " OR ".join(f'"{take_id}"' for take_id in take_ids[first : first + _TAKES_A_QUERY])
        yield (
            "SELECT take_id, start_us, end_us, highlight(sentence_words, 3, ?, ?) FROM sentence_words"
            " WHERE sentence_words MATCH ?",
            [MARK_START, MARK_END, f"take_id : ({takes}) AND text : ({phrases})"],
        )


def place_of(take_id: str, start_us: int, end_us: int, marked: str) -> Place:
    """Return the place of a row of a ``place_queries`` query."""
    text, marks = "", list[tuple[int, int]]()
    for number, part in enumerate(marked.split(MARK_START)):
        found, _, rest = part.rpartition(MARK_END) if number else ("", "", part)
        if found:
            marks.append((len(text), len(text) + len(found)))
        text += found + rest
    return Place(take_id, start_us, end_us, text, tuple(marks))


def best_place(words: str, places: Iterable[Place]) -> Place | None:
    """Return the place with the most of the words as they were typed, then the most found, then the first."""
    typed = {word.casefold() for word in one_line(words).split()}

    def merit(place: Place) -> tuple[int, int]:
        found = [place.text[start:end].casefold() for start, end in place.marks]
        return len(typed.intersection(found)), len(found)

    return max(places, key=merit, default=None)


def hits(
    words: str,
    resources: Sequence[Resource],
    takes: Mapping[str, Sequence[str]],
    *,
    read: Callable[[str, list[object]], Iterable[Mapping[str, Any]]],
) -> tuple[Hit, ...]:
    """Return the hits of matching resources in their order.

    Args:
        words: What was typed.
        resources: Those that match, the best first.
        takes: The ids of the takes of each, in the order they should be listed.
        read: Runs a query.
    """
    found: dict[str, list[Place]] = {}
    for every in (True, False):
        # Words that never stand in one sentence still stand in one interview: then any of them will do.
        missing = [each for each in resources if not any(take_id in found for take_id in takes[each.id])]
        wanted = list(dict.fromkeys(take_id for each in missing for take_id in takes[each.id]))
        for sql, values in place_queries(words, wanted, every=every):
            for row in read(sql, values):
                found.setdefault(row["take_id"], []).append(place_of(*row.values()))
    for places in found.values():
        places.sort(key=lambda place: place.start_us)
    return tuple(
        _hit(words, each, [p for t in takes[each.id] for p in found.get(t, ())]) for each in resources
    )


def _hit(words: str, resource: Resource, places: Sequence[Place]) -> Hit:
    best = best_place(words, places)
    return Hit(
        resource_id=resource.id,
        title=resource.title,
        expert=expert_line(resource.brief.expert),
        take_id=best.take_id if best else "",
        start_us=best.start_us if best else 0,
        snippet=snippet(best) if best else resource.summary,
        places=len(places),
        found=tuple(places),
    )


def snippet(place: Place) -> str:
    """Return the sentence around its first found word, short enough for a card."""
    first = place.marks[0][0] if place.marks else 0
    start = (
        0 if first <= _BEFORE_CHARACTERS else place.text.rfind(" ", 0, first - _BEFORE_CHARACTERS // 2) + 1
    )
    end = len(place.text)
    if end - start > _SNIPPET_CHARACTERS:
        end = max(place.text.rfind(" ", start, start + _SNIPPET_CHARACTERS), start + 1)
    return "…" * (start > 0) + place.text[start:end].strip() + "…" * (end < len(place.text))
