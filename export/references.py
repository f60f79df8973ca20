"""What a reference inside a package may be: a file beside it, or an absolute IRI that names something."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

#: RFC 3987, 2.2: a scheme, then no space and none of the signs that must be escaped.
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x1f]+")
_HALF_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_URN = re.compile(r"urn:[A-Za-z0-9][A-Za-z0-9-]{0,31}:.+", re.IGNORECASE)  # RFC 8141
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def is_absolute_iri(text: str) -> bool:
    """Return whether a text names something everywhere: ``https://example.com/x``, ``urn:uuid:…``."""
    if not _ABSOLUTE.fullmatch(text) or _HALF_ESCAPE.search(text):
        return False
    scheme = text.partition(":")[0].lower()
    if scheme in ("http", "https"):
        try:
            return bool(urlsplit(text).hostname)
        except ValueError:
            return False
    return _URN.fullmatch(text) is not None if scheme == "urn" else True


def is_remote(reference: str) -> bool:
    """Return whether a reference leaves the package: to another host or scheme, or a server's root."""
    text = reference.strip()
    return text.startswith(("/", "\\")) or _SCHEME.match(text) is not None


def file_of(reference: str) -> str:
    """Return the name of the file a relative reference means, without its query and fragment."""
    return unquote(reference.strip().partition("#")[0].partition("?")[0])
