"""What Library shows, without a widget: which resources, in what order."""

from __future__ import annotations

from capture.work import Work
from editor.library import Library
from editor.model import Resource


def read_resources(library: Library, *, work: Work) -> tuple[Resource, ...]:
    """Return the resources that are not in the bin, the last changed first."""
    work.checkpoint()
    return library.resources()
