"""Name languages as BCP 47 does, so that captions and packages say the same."""

from __future__ import annotations

import re

from capture.errors import BadInputError

# https://www.rfc-editor.org/rfc/rfc5646#section-2.1, without the grandfathered and private-use-only tags.
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3}(-[a-z]{3}){0,3}|[a-z]{4,8})"
    r"(-(?P<script>[a-z]{4}))?"
    r"(-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<rest>(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*(-[a-wy-z0-9](-[a-z0-9]{2,8})+)*(-x(-[a-z0-9]{1,8})+)?)",
    re.IGNORECASE | re.ASCII,
)


def language_tag(given: str) -> str:
    """Return a BCP 47 language tag in its usual spelling: ``en``, ``pt-BR``, ``zh-Hant-TW``.

    Raises:
        BadInputError: It is none.
    """
    found = _TAG.fullmatch(given.strip().replace("_", "-"))
    if found is None:
        raise BadInputError("resource.language", given=given)
    parts = [found["language"].lower()]
    if found["script"]:
        parts.append(found["script"].title())
    if found["region"]:
        parts.append(found["region"].upper())
    return "-".join(parts) + found["rest"].lower()
