"""SCORM 2004 4th Edition: like SCORM 1.2, and the learning system knows how far a learner has come.

Clauses refer to SCORM 2004 4th Edition: CAM (content aggregation model), RTE (run-time environment) and SN
(sequencing and navigation).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lxml import etree
from lxml.builder import ElementMaker

from capture.work import Work
from editor.model import Version
from export import player
from export.lom import Facts, facts, identifier
from export.package import Entry, write_zip
from export.scorm12 import MANIFEST
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
        pages = player.page(edition, adapter=self.name)
        written = manifest(edition.version, [entry.name for entry in pages])
        path = folder / f"{edition.stem}-{self.name}.zip"
        write_zip(path, [Entry(MANIFEST, written), *pages], work=work)
        return path


def manifest(version: Version, files: Sequence[str]) -> bytes:
    """Return ``imsmanifest.xml`` for a version whose package holds ``files``, the page first."""
    sco = CP.resource(identifier="sco", type="webcontent", href=files[0])
    sco.set(f"{{{ADLCP}}}scormType", "sco")  # scormtype in 1.2
    sco.extend(CP.file(href=name) for name in files)
    title = facts(version).title
    root = CP.manifest(
        CP.metadata(CP.schema("ADL SCORM"), CP.schemaversion("2004 4th Edition"), lom(version)),
        CP.organizations(
            CP.organization(
                CP.title(title),
                CP.item(
                    CP.title(title),
                    *_threshold(version.completion_percent),
                    _sequencing_of_item(),
                    _navigation(),
                    identifier="item",
                    identifierref="sco",
                    isvisible="true",
                ),
                # Without flow a system that starts by itself has nowhere to go (SN, control mode flow).
                SS.sequencing(SS.controlMode(choice="true", flow="true")),
                identifier="organization",
            ),
            default="organization",
        ),
        CP.resources(sco),
        identifier=identifier(version),
        version=str(version.number),
    )
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def lom(version: Version) -> etree._Element:
    """Return what a catalogue wants to know (CAM, content aggregation metadata)."""
    known = facts(version)
    language = known.language
    return MD.lom(
        MD.general(
            MD.title(_text(known.title, language)),
            MD.language(language),
            MD.description(_text(known.description, language)),
            *(MD.keyword(_text(each, language)) for each in known.keywords),
        ),
        MD.lifeCycle(
            MD.version(_text(known.version, language)), MD.status(*_vocabulary("final")), *_author(known)
        ),
        MD.technical(MD.format("text/html"), MD.format("video/mp4"), MD.duration(MD.duration(known.period))),
        MD.educational(
            MD.learningResourceType(*_vocabulary("lecture")),
            MD.intendedEndUserRole(*_vocabulary("learner")),
            *([MD.difficulty(*_vocabulary(known.difficulty))] if known.difficulty else []),
            MD.typicalLearningTime(MD.duration(known.period)),
            *([MD.description(_text(known.audience, language))] if known.audience else []),
            MD.language(language),
        ),
        *(
            MD.classification(MD.purpose(*_vocabulary("prerequisite")), MD.description(_text(each, language)))
            for each in known.prerequisites
        ),
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


def _author(known: Facts) -> list[etree._Element]:
    if not known.author:
        return []
    date = MD.date(MD.dateTime(known.date))
    return [MD.contribute(MD.role(*_vocabulary("author")), MD.entity(known.author), date)]


def _vocabulary(value: str) -> tuple[etree._Element, etree._Element]:
    return MD.source("LOMv1.0"), MD.value(value)


def _text(text: str, language: str) -> etree._Element:
    return MD.string(text, language=language)
