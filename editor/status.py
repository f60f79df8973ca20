"""Say how far a resource is, from what is on disk rather than from what somebody ticked."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from editor.cutlist import chosen_takes
from editor.model import Resource, Status, Take


def derive_status(
    resource: Resource, takes: Sequence[Take], *, captioned: Collection[str], version: int
) -> Status:
    """Return how far a resource is.

    Args:
        resource: Its edit decides which takes count: one for each chapter.
        takes: Those that are not in the bin.
        captioned: Ids of the takes that have a transcript.
        version: Number of the newest published version, 0 for none.
    """
    if version:
        return "published"
    chosen = chosen_takes(resource, takes)
    if not chosen:
        return "draft"
    return "captioned" if all(take.id in captioned for take in chosen) else "recorded"
