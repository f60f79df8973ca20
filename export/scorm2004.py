"""SCORM 2004 4th Edition: like SCORM 1.2, and the learning system knows how far a learner has come.

Clauses refer to SCORM 2004 4th Edition: CAM (content aggregation model), RTE (run-time environment) and SN
(sequencing and navigation).
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

IMSCP = "http://www.imsglobal.org/xsd/imscp_v1p1"
ADLCP = "http://www.adlnet.org/xsd/adlcp_v1p3"
ADLNAV = "http://www.adlnet.org/xsd/adlnav_v1p3"
IMSSS = "http://www.imsglobal.org/xsd/imsss"
LOM = "http://ltsc.ieee.org/xsd/LOM"

CP = ElementMaker(
    namespace=IMSCP, nsmap={None: IMSCP, "adlcp": ADLCP, "adlnav": ADLNAV, "imsss": IMSSS, "lom": LOM}
)
ADL = ElementMaker(namespace=ADLCP)
NAV = ElementMaker(namespace=ADLNAV)
SS = ElementMaker(namespace=IMSSS)
MD = ElementMaker(namespace=LOM)


class Scorm2004:
    """One zip with ``imsmanifest.xml`` in its root and the player page as its only SCO."""

    name = "scorm2004"

    def build(self, edition: Edition, folder: Path, *, work: Work) -> Path:
        """Write the zip into ``folder`` and return it."""
        write = partial(manifest, edition.version)
        return write_course(edition, folder, target=self.name, name=MANIFEST, write=write, work=work)


def manifest(version: Version, files: Sequence[str]) -> bytes:
    """Return ``imsmanifest.xml`` for a version whose package holds ``files``, the page first."""
    return scorm_manifest.manifest(
        version,
        files,
        spelling=_SPELLING,
        of_item=[*_threshold(version.completion_percent), _sequencing_of_item(), _navigation()],
        # Without flow a system that starts by itself has nowhere to go (SN, control mode flow).
        of_organization=[SS.sequencing(SS.controlMode(choice="true", flow="true"))],
    )


def _threshold(percent: int) -> list[etree._Element]:
    """Let the system compare ``cmi.progress_measure`` with the share (CAM, adlcp:completionThreshold).

    Nothing where opening is enough: what the page says counts then.
    """
    if not percent:
        return []
    share = f"{percent / 100:g}"
    return [
        ADL.completionThreshold(completedByMeasure="true", minProgressMeasure=share, progressWeight="1.0")
    ]


def _sequencing_of_item() -> etree._Element:
    """Forbid the system to call it completed or passed because a window closed (SN, end attempt UP.4)."""
    return SS.sequencing(SS.deliveryControls(completionSetByContent="true", objectiveSetByContent="true"))


def _navigation() -> etree._Element:
    """Hide buttons that lead nowhere: there is one SCO (CAM, adlnav:hideLMSUI)."""
    return NAV.presentation(NAV.navigationInterface(NAV.hideLMSUI("continue"), NAV.hideLMSUI("previous")))


def _make(name: str, *children: etree._Element | str) -> etree._Element:
    return MD(name, *children)


def _text(text: str, language: str) -> etree._Element:
    return MD.string(text, language=language)


def _word(value: str) -> tuple[etree._Element, etree._Element]:
    return MD.source("LOMv1.0"), MD.value(value)


def _person(card: str) -> etree._Element:
    return MD.entity(card)


_WORDS = {
    "final": "final",
    "kind": "lecture",
    "learner": "learner",
    "prerequisite": "prerequisite",
    "author": "author",
}
_SPELLING = Spelling(
    cp=CP,
    release="2004 4th Edition",
    scormtype=f"{{{ADLCP}}}scormType",
    lom=Lom(make=_make, text=_text, word=_word, words=_WORDS, time="duration", person=_person),
)
