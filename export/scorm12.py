"""SCORM 1.2: the package nearly every learning system takes.

Clauses refer to SCORM 1.2 CAM (content aggregation model) and IMS Learning Resource Meta-data 1.2.1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from lxml import etree
from lxml.builder import ElementMaker

from capture.work import Work
from editor import typed
from editor.model import Level, Version
from export import player
from export.package import Entry, clean, write_zip
from export.target import Edition

MANIFEST = "imsmanifest.xml"
IMSCP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
ADLCP = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
IMSMD = "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DIFFICULTY: dict[Level, str] = {"beginner": "easy", "intermediate": "medium", "advanced": "difficult"}
TITLE_LENGTH = 200
DESCRIPTION_LENGTH = 1000
KEYWORD_LENGTH = 1000

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
    title = _short(version.title, TITLE_LENGTH)
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
        # The same for every version, so that uploading again updates and does not duplicate.
        identifier="lapel-" + re.sub(r"[^A-Za-z0-9_-]", "-", version.resource_id),
        version=str(version.number),
    )
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def lom(version: Version) -> etree._Element:
    """Return what a catalogue wants to know, in the order the schema fixes."""
    tags = version.tags
    language = tags.language or player.PAGE_LANGUAGE
    keywords = [_short(each, KEYWORD_LENGTH) for each in typed.distinct((*tags.keywords, *tags.roles))]
    general = MD.general(
        MD.title(_text(_short(version.title, TITLE_LENGTH), language)),
        MD.language(language),
        MD.description(_text(_short(version.summary or version.title, DESCRIPTION_LENGTH), language)),
        *(MD.keyword(_text(each, language)) for each in keywords),
    )
    lifecycle = MD.lifecycle(
        MD.version(_text(str(version.number), language)), MD.status(*_vocabulary("Final")), *_author(version)
    )
    technical = MD.technical(
        MD.format("text/html"), MD.format("video/mp4"), MD.duration(MD.datetime(_period(version.duration_us)))
    )
    educational = MD.educational(
        MD.learningresourcetype(*_vocabulary("Narrative Text")),
        MD.intendedenduserrole(*_vocabulary("Learner")),
    )
    if tags.level is not None:
        educational.append(MD.difficulty(*_vocabulary(DIFFICULTY[tags.level])))
    educational.append(MD.typicallearningtime(MD.datetime(_period(version.duration_us))))
    audience = "; ".join((*tags.roles, *([tags.when_to_use] if tags.when_to_use else [])))
    if audience:
        educational.append(MD.description(_text(_short(audience, DESCRIPTION_LENGTH), language)))
    educational.append(MD.language(language))
    needs = [_short(each, DESCRIPTION_LENGTH) for each in tags.prerequisites]
    return MD.lom(
        general,
        lifecycle,
        technical,
        educational,
        *(
            MD.classification(MD.purpose(*_vocabulary("Prerequisite")), MD.description(_text(each, language)))
            for each in needs
        ),
    )


def _author(version: Version) -> list[etree._Element]:
    if not version.expert.name:
        return []
    name = re.sub(r"([\\,;:])", r"\\\1", typed.one_line(clean(version.expert.name)))
    card = f"BEGIN:VCARD\nVERSION:2.1\nFN:{name}\nEND:VCARD"
    date = MD.date(MD.datetime(version.published_at[:10]))
    return [MD.contribute(MD.role(*_vocabulary("Author")), MD.centity(MD.vcard(card)), date)]


def _vocabulary(value: str) -> tuple[etree._Element, etree._Element]:
    return MD.source(_text("LOMv1.0", "x-none")), MD.value(_text(value, "x-none"))


def _text(text: str, language: str) -> etree._Element:
    return MD.langstring(text, {XML_LANG: language})


def _short(text: str, length: int) -> str:
    line = typed.one_line(clean(text))
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def _period(duration_us: int) -> str:
    """Return an ISO 8601 period: 217 s is PT3M37S."""
    minutes, seconds = divmod(round(duration_us / 1e6), 60)
    hours, minutes = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + f"{seconds}S"
