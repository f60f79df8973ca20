"""Take changes back: what a save changed, as small JSON before and after, and how to apply either."""

from __future__ import annotations

from typing import Any

import msgspec

from editor.model import Resource

#: What undo covers. Takes and versions are not edits: they go to the bin, or stay.
_FIELDS = ("title", "summary", "brief", "tags", "edit")

#: How many steps of a resource are kept.
MOST_STEPS = 500


def labelled(key: str, count: int) -> str:
    """Return the label of a step that did something several times: "Cut 3 words"."""
    return f"{key}:{count}"


def label_parts(label: str) -> tuple[str, int | None]:
    """Return the string key of a label, and how many times if it says so."""
    key, _, count = label.partition(":")
    return key, int(count) if count.isdecimal() else None


def difference(old: Resource, new: Resource) -> tuple[bytes, bytes] | None:
    """Return the changed fields before and after as JSON, or None where nothing changed.

    Of ``brief``, ``tags`` and ``edit`` only the changed parts are kept, so that a step stays small.
    """
    changed = [name for name in _FIELDS if getattr(old, name) != getattr(new, name)]
    if not changed:
        return None
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name in changed:
        was, now = (msgspec.to_builtins(getattr(each, name)) for each in (old, new))
        if isinstance(was, dict):
            parts = [part for part in was if was[part] != now[part]]
            was, now = ({part: each[part] for part in parts} for each in (was, now))
        before[name], after[name] = was, now
    return msgspec.json.encode(before), msgspec.json.encode(after)


def apply(resource: Resource, change: bytes) -> Resource:
    """Return the resource with the fields of one side of a ``difference``."""
    fields = msgspec.to_builtins(resource)
    for name, value in msgspec.json.decode(change).items():
        fields[name] = fields[name] | value if isinstance(value, dict) else value
    return msgspec.convert(fields, Resource)


def without_take(change: bytes, take_id: str) -> bytes:
    """Return one side of a ``difference`` without what it says about a take that is being erased."""
    fields = msgspec.json.decode(change)
    for part, values in fields.get("edit", {}).items():
        fields["edit"][part] = [each for each in values if each.get("take_id") != take_id]
    return msgspec.json.encode(fields)
