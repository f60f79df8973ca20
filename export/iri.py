"""Names that record stores keep for ever: the same for every version, so that a new upload updates the old.

With a base address of the producer's own they can be read and looked up; without one they are ``urn:uuid:``
names drawn from the resource's id (RFC 4122, 4.3), which need no registration and are as stable.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from capture.errors import BadInputError
from editor.model import Version

_NAMES = uuid.UUID("5b6a2a3e-6d0c-5f0e-9a53-0c6f8a1f7c11")  # Lapel's own; never to be changed
_BASE = re.compile(r"https?://[^\s<>\"\\^`{|}?#]+", re.ASCII)
MOST_BASE = 200


@dataclass(frozen=True, slots=True)
class Iris:
    """What a resource and its parts are called.

    Args:
        course: The cmi5 course that holds the video as its only unit.
        video: The video: cmi5's publisher id of the unit, and the activity of tincan.xml.
        question: Whether it helped.
        version: Extension whose value is the number of the version.
    """

    course: str
    video: str
    question: str
    version: str


def iris(version: Version) -> Iris:
    """Return the names of a version's resource."""
    base, own = version.base_iri, version.resource_id
    return Iris(
        course=_name(f"courses/{own}", base=base),
        video=_name(f"videos/{own}", base=base),
        question=_name(f"questions/{own}", base=base),
        version=_name("extensions/version", base=base),
    )


def base_iri(given: str) -> str:
    """Return the base address in the form that names are appended to; empty stays empty.

    Raises:
        BadInputError: It is no absolute web address without query and fragment.
    """
    base = given.strip()
    if not base:
        return ""
    try:
        host = urlsplit(base).hostname
    except ValueError:
        host = None
    if not _BASE.fullmatch(base) or not host or len(base) > MOST_BASE:
        raise BadInputError("export.base_iri", given=given)
    return base if base.endswith("/") else f"{base}/"


def web_address(given: str) -> str:
    """Return an address that the page may send answers to; empty stays empty.

    Raises:
        BadInputError: It is none, or not encrypted.
    """
    address = given.strip()
    if address and not (address.startswith("https://") and _BASE.fullmatch(address.partition("?")[0])):
        raise BadInputError("export.feedback_url", given=given)
    if any(sign in address for sign in " ;,'\"<>\\") or not address.isascii():
        raise BadInputError("export.feedback_url", given=given)
    return address


def _name(path: str, *, base: str) -> str:
    return f"{base}{path}" if _BASE.fullmatch(base) else f"urn:uuid:{uuid.uuid5(_NAMES, path)}"
