"""xAPI with a ``tincan.xml``: one zip for learning systems that launch a page and hand it a record store."""

from __future__ import annotations

from pathlib import Path

from lxml import etree
from lxml.builder import ElementMaker

from capture.work import Work
from editor.model import Version
from export import player
from export.cmi5 import VIDEO_TYPE
from export.course_zip import write_course
from export.iri import iris
from export.lom import facts
from export.target import Edition

MANIFEST = "tincan.xml"
NAMESPACE = "http://projecttincan.com/tincan.xsd"

TINCAN = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})


class Xapi:
    """One zip with ``tincan.xml`` in its root and the player page as its only activity."""

    name = "xapi"

    def build(self, edition: Edition, folder: Path, *, work: Work) -> Path:
        """Write the zip into ``folder`` and return it."""
        made = activities(edition.version)
        return write_course(edition, folder, target=self.name, name=MANIFEST, write=lambda _: made, work=work)


def activities(version: Version) -> bytes:
    """Return ``tincan.xml``: name, description and launch, in the order its schema wants."""
    known = facts(version)
    root = TINCAN.tincan(
        TINCAN.activities(
            TINCAN.activity(
                TINCAN.name(known.title, lang=known.language),
                TINCAN.description(known.description, lang=known.language),
                TINCAN.launch(player.INDEX, lang=known.language),
                id=iris(version).video,
                type=VIDEO_TYPE,
            )
        )
    )
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"
