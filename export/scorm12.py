"""SCORM 1.2: the package nearly every learning system takes.

Clauses refer to SCORM 1.2 CAM (content aggregation model) and IMS Learning Resource Meta-data 1.2.1.
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
from export.target import Edition

MANIFEST = "imsmanifest.xml"
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
        pages = player.page(edition, adapter=self.name)
        written = manifest(edition.version, [entry.name for entry in pages])
        path = folder / f"{edition.stem}-{self.name}.zip"
        write_zip(path, [Entry(MANIFEST, written), *pages], work=work)
        return path


def manifest(version: Version, files: Sequence[str]) -> bytes:
    """Return ``imsmanifest.xml`` for a version whose package holds ``files``, the page first.

    The SCO resource comes first and is the only one: some systems launch the first resource whatever the
    organization says. No mastery score: a system that sees one overwrites the status.
    """
    sco = CP.resource(identifier="sco", type="webcontent", href=files[0])
    sco.set(f"{{{ADLCP}}}scormtype", "sco")  # lower case in 1.2, scormType in 2004
    sco.extend(CP.file(href=name) for name in files)
    title = facts(version).title
    root = CP.manifest(
        CP.metadata(CP.schema("ADL SCORM"), CP.schemaversion("1.2"), lom(version)),
        CP.organizations(
            CP.organization(
                CP.title(title),
                CP.item(CP.title(title), identifier="item", identifierref="sco", isvisible="true"),
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
    """Return what a catalogue wants to know, in the order the schema fixes."""
    known = facts(version)
    language = known.language
    return MD.lom(
        MD.general(
            MD.title(_text(known.title, language)),
            MD.language(language),
            MD.description(_text(known.description, language)),
            *(MD.keyword(_text(each, language)) for each in known.keywords),
        ),
        MD.lifecycle(
            MD.version(_text(known.version, language)), MD.status(*_vocabulary("Final")), *_author(known)
        ),
        MD.technical(MD.format("text/html"), MD.format("video/mp4"), MD.duration(MD.datetime(known.period))),
        MD.educational(
            MD.learningresourcetype(*_vocabulary("Narrative Text")),
            MD.intendedenduserrole(*_vocabulary("Learner")),
            *([MD.difficulty(*_vocabulary(known.difficulty))] if known.difficulty else []),
            MD.typicallearningtime(MD.datetime(known.period)),
            *([MD.description(_text(known.audience, language))] if known.audience else []),
            MD.language(language),
        ),
        *(
            MD.classification(MD.purpose(*_vocabulary("Prerequisite")), MD.description(_text(each, language)))
            for each in known.prerequisites
        ),
    )


def _author(known: Facts) -> list[etree._Element]:
    if not known.author:
        return []
    date = MD.date(MD.datetime(known.date))
    return [MD.contribute(MD.role(*_vocabulary("Author")), MD.centity(MD.vcard(known.author)), date)]


def _vocabulary(value: str) -> tuple[etree._Element, etree._Element]:
    return MD.source(_text("LOMv1.0", "x-none")), MD.value(_text(value, "x-none"))


def _text(text: str, language: str) -> etree._Element:
    return MD.langstring(text, {XML_LANG: language})
