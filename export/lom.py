"""What a catalogue wants to know of a version, in the sizes and words of Learning Object Metadata.

SCORM 1.2 and 2004 write the same facts in two spellings of XML (IMS Learning Resource Meta-data 1.2.1, and
IEEE 1484.12.3 over the base schema 1484.12.1); the facts are here, the spelling is with each target.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from editor import typed
from editor.model import Level, Version
from export.package import clean

PAGE_LANGUAGE = "en"
TITLE_LENGTH = 200
DESCRIPTION_LENGTH = 1000
KEYWORD_LENGTH = 1000
DIFFICULTY: dict[Level, str] = {"beginner": "easy", "intermediate": "medium", "advanced": "difficult"}


@dataclass(frozen=True, slots=True)
class Facts:
    """A version as a catalogue lists it; every text is one clean line and not too long.

    Args:
        title: At most 200 characters.
        language: Of what is said, BCP 47.
        description: At most 1,000 characters.
        keywords: The producer's, then the roles.
        version: Its number.
        author: A vCard, empty without an expert.
        date: Day of publishing.
        period: Length, ISO 8601.
        difficulty: LOM's word for the level, empty without one.
        audience: Roles and when to use it.
        prerequisites: What to know first.
    """

    title: str
    language: str
    description: str
    keywords: tuple[str, ...]
    version: str
    author: str
    date: str
    period: str
    difficulty: str
    audience: str
    prerequisites: tuple[str, ...]


def facts(version: Version) -> Facts:
    """Return the facts of a version."""
    tags = version.tags
    audience = "; ".join((*tags.roles, *([tags.when_to_use] if tags.when_to_use else [])))
    return Facts(
        title=short(version.title, TITLE_LENGTH),
        language=tags.language or PAGE_LANGUAGE,
        description=short(version.summary or version.title, DESCRIPTION_LENGTH),
        keywords=tuple(short(each, KEYWORD_LENGTH) for each in typed.distinct((*tags.keywords, *tags.roles))),
        version=str(version.number),
        author=_card(version.expert.name),
        date=version.published_at[:10],
        period=period(version.duration_us),
        difficulty=DIFFICULTY[tags.level] if tags.level else "",
        audience=short(audience, DESCRIPTION_LENGTH),
        prerequisites=tuple(short(each, DESCRIPTION_LENGTH) for each in tags.prerequisites),
    )


def identifier(version: Version) -> str:
    """Return the manifest's identifier: the same for every version, so that uploading again updates."""
    return "lapel-" + re.sub(r"[^A-Za-z0-9_-]", "-", version.resource_id)


def short(text: str, length: int) -> str:
    """Return the text as one line of at most ``length`` characters that XML can hold."""
    line = typed.one_line(clean(text))
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def period(duration_us: int) -> str:
    """Return an ISO 8601 period: 217 s is PT3M37S."""
    minutes, seconds = divmod(round(duration_us / 1e6), 60)
    hours, minutes = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + f"{seconds}S"


def _card(name: str) -> str:
    if not name:
        return ""
    written = re.sub(r"([\\,;:])", r"\\\1", typed.one_line(clean(name)))
    return f"BEGIN:VCARD\nVERSION:2.1\nFN:{written}\nEND:VCARD"
