"""What a producer decides of a version besides its content: when it counts, what learners get, how large."""

from __future__ import annotations

from dataclasses import dataclass

from editor.model import STANDARD_RENDITION, Rendition


@dataclass(frozen=True, slots=True)
class Terms:
    """How a version is published.

    Args:
        completion_percent: Share of the video that must be watched; 0 means that opening is enough.
        feedback: Whether the page asks if it helped.
        transcript: Whether packages hold what is said as text to read and search, beside the captions.
        download: Whether the page offers the video as a file to keep.
        note: What changed.
        base_iri: What names in record stores start with, "" for names of their own; None keeps that of the
            last version, since another name would be another resource to a learning system.
        feedback_url: Where the web page sends answers, "" for nowhere; None keeps that of the last version.
        rendition: How the video is made.
    """

    completion_percent: int = 80
    feedback: bool = True
    transcript: bool = True
    download: bool = False
    note: str = ""
    base_iri: str | None = None
    feedback_url: str | None = None
    rendition: Rendition = STANDARD_RENDITION


STANDARD_TERMS = Terms()
