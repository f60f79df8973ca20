"""cmi5: one zip for learning systems that keep their records in xAPI.

Clauses refer to the cmi5 specification (Quartz, 1st edition).
"""

from __future__ import annotations

from pathlib import Path

from lxml import etree
from lxml.builder import ElementMaker

from capture.work import Work
from editor.model import Version
from export import player
from export.course_zip import write_course
from export.iri import iris
from export.lom import facts
from export.target import Edition

MANIFEST = "cmi5.xml"  # 14.0: this name, in the root
NAMESPACE = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"
VIDEO_TYPE = "https://w3id.org/xapi/video/activity-type/video"

CMI5 = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})


class Cmi5:
    """One zip with ``cmi5.xml`` in its root and the player page as its only assignable unit."""

    name = "cmi5"

    def build(self, edition: Edition, folder: Path, *, work: Work) -> Path:
        """Write the zip into ``folder`` and return it."""
        made = course_structure(edition.version)
        return write_course(edition, folder, target=self.name, name=MANIFEST, write=lambda _: made, work=work)


def course_structure(version: Version) -> bytes:
    """Return ``cmi5.xml`` (13.1).

    No ``masteryScore``: nothing is asked, so nothing can be passed. ``moveOn`` is Completed: the unit counts
    when the page says that enough was watched. The version is not in the file, because course structures have
    no place for it; it is in every statement.
    """
    known = facts(version)
    names = iris(version)

    def text(words: str) -> etree._Element:
        return CMI5.langstring(words, lang=known.language)

    root = CMI5.courseStructure(
        CMI5.course(
            CMI5.title(text(known.title)), CMI5.description(text(known.description)), id=names.course
        ),
        CMI5.au(
            CMI5.title(text(known.title)),
            CMI5.description(text(known.description)),
            CMI5.url(player.INDEX),
            id=names.video,
            moveOn="Completed",
            launchMethod="AnyWindow",
            activityType=VIDEO_TYPE,
        ),
    )
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"
