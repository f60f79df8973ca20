"""The published rules of manifests, read once: what keeps them, no learning system has to refuse."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, cast

import assets

if TYPE_CHECKING:
    from lxml import etree
    from xmlschema import XMLSchema10

Standard = Literal["scorm12", "scorm2004", "cmi5", "xapi"]
#: The files of each standard, the one for the root element first.
FILES: dict[Standard, tuple[str, ...]] = {
    "scorm12": ("imscp_rootv1p1p2.xsd", "adlcp_rootv1p2.xsd", "imsmd_rootv1p2p1.xsd"),
    "scorm2004": (
        "imscp_v1p1.xsd", "adlcp_v1p3.xsd", "adlnav_v1p3.xsd", "adlseq_v1p3.xsd", "imsss_v1p0.xsd"
    ),
    "cmi5": ("course-structure.xsd",),
    "xapi": ("tincan.xsd",),
}  # fmt: skip
MOST_REASONS = 20
_NAMESPACE = re.compile(r"\{[^}]*\}")  # people know the names without it


def reasons(standard: Standard, root: etree._Element) -> Iterator[tuple[int, str]]:
    """Yield the line and the reason of what the schemas refuse, the first ones only."""
    for number, error in enumerate(_schema(standard).iter_errors(cast("Any", root))):
        if number == MOST_REASONS:
            return
        reason = (error.reason or error.message).split("\n")[0]
        yield error.sourceline or 0, _NAMESPACE.sub("", reason)


@functools.cache
def _schema(standard: Standard) -> XMLSchema10:
    import xmlschema

    # Lax: SCORM 1.2's own ims_xml.xsd binds a reserved prefix, which every strict reader refuses.
    sources: list[Any] = [str(assets.SCHEMAS / standard / name) for name in FILES[standard]]
    return xmlschema.XMLSchema10(sources, validation="lax", allow="local")
