"""Note that the expert has seen what will be published and agreed to it, so that nobody has to remember."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import msgspec

from capture.errors import BadInputError
from editor.library import Library
from editor.model import Resource
from editor.result import Result, read_result

_DIGITS = 16


def approve(library: Library, resource_id: str) -> Resource:
    """Note that the expert agreed to the next version as it stands now; a later edit undoes that.

    Raises:
        BadInputError: No such resource, or nothing in it could be shown to anybody.
    """
    result = read_result(library, resource_id)
    if not result.cut_list.frames:
        raise BadInputError("resource.nothing_to_approve", title=result.resource.title)
    resource = result.resource
    consent = replace(
        resource.brief.consent, approved_version=resource.version + 1, approved_content=fingerprint(result)
    )
    return library.save(replace(resource, brief=replace(resource.brief, consent=consent)), label="consent")


def is_approved(result: Result) -> bool:
    """Return whether the expert agreed to it exactly as it stands."""
    return result.resource.brief.consent.approved_content == fingerprint(result)


def fingerprint(result: Result) -> str:
    """Return a short text that changes whenever what learners see or read of it changes."""
    resource = result.resource
    spans = [placed.span for placed in result.cut_list.placed]
    seen = (resource.title, resource.summary, resource.brief.expert, spans, result.cues, result.chapters)
    return hashlib.sha256(msgspec.json.encode(seen)).hexdigest()[:_DIGITS]
