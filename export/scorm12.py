"""SCORM 1.2: the package nearly every learning system takes.

Clauses refer to SCORM 1.2 CAM (content aggregation model) and IMS Learning Resource Meta-data 1.2.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from lxml import etree
from lxml.builder import ElementMaker

from capture.work import Work
from editor.model import Version
from export import scorm_manifest
from export.course_zip import write_course
from export.scorm_manifest import MANIFEST, Lom, Spelling
from export.target import Edition

IMSCP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
ADLCP = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
IMSMD = "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

CP = ElementMaker(namespace=IMSCP, nsmap={None: IMSCP, "adlcp": ADLCP, "imsmd": IMSMD})
MD = ElementMaker(namespace=IMSMD, nsmap={"imsmd": IMSMD})


class Scorm12:
    """One zip with ``imsmanifest.xml`` in its root and the player page as its only SCO."""

    name = "scorm12"

    def build(self, edition: Edition, folder: Path, *, work: Work) -> Path:
        """Write the zip into ``folder`` and return it."""
        write = partial(manifest, edition.version)
        return write_course(edition, folder, target=self.name, name=MANIFEST, write=write, work=work)


def manifest(version: Version, files: Sequence[str]) -> bytes:
    """Return ``imsmanifest.xml`` for a version whose package holds ``files``, the page first."""
    return scorm_manifest.manifest(version, files, spelling=_SPELLING)


def _make(name: str, *children: etree._Element | str) -> etree._Element:
    return MD(name.lower(), *children)  # 1.2.1 writes every name in lower case


def _text(text: str, language: str) -> etree._Element:
    return MD.langstring(text, {XML_LANG: language})


def _word(value: str) -> tuple[etree._Element, etree._Element]:
    return MD.source(_text("LOMv1.0", "x-none")), MD.value(_text(value, "x-none"))


def _person(card: str) -> etree._Element:
    return MD.centity(MD.vcard(card))


_WORDS = {
    "final": "Final",
    "kind": "Narrative Text",
    "learner": "Learner",
    "prerequisite": "Prerequisite",
    "author": "Author",
}
_SPELLING = Spelling(
    cp=CP,
    release="1.2",
    scormtype=f"{{{ADLCP}}}scormtype",
    lom=Lom(make=_make, text=_text, word=_word, words=_WORDS, time="datetime", person=_person),
)
