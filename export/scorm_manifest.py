"""``imsmanifest.xml`` of both editions of SCORM: one item, one SCO, and what a catalogue wants to know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.builder import ElementMaker

from editor.model import Version
from export.lom import Facts, facts, identifier

MANIFEST = "imsmanifest.xml"
Element = etree._Element


@dataclass(frozen=True, slots=True)
class Lom:
    """How one edition spells Learning Object Metadata.

    Args:
        make: An element from its name in IEEE 1484.12.3 and what is in it.
        text: A text in a language.
        word: A word of LOM's vocabulary, after whose vocabulary it is.
        words: Its own words where editions differ: final, kind, learner, prerequisite, author.
        time: The name of the element that holds a period.
        person: Who contributed, from a vCard.
    """

    make: Callable[..., Element]
    text: Callable[[str, str], Element]
    word: Callable[[str], tuple[Element, Element]]
    words: dict[str, str]
    time: str
    person: Callable[[str], Element]


@dataclass(frozen=True, slots=True)
class Spelling:
    """How one edition spells the manifest.

    Args:
        cp: Maker of the elements of IMS Content Packaging.
        release: ``schemaversion``.
        scormtype: The attribute that marks what is launched: lower case in 1.2, ``scormType`` in 2004.
        lom: Its metadata.
    """

    cp: ElementMaker
    release: str
    scormtype: str
    lom: Lom


def manifest(
    version: Version,
    files: Sequence[str],
    *,
    spelling: Spelling,
    of_item: Sequence[Element] = (),
    of_organization: Sequence[Element] = (),
) -> bytes:
    """Return ``imsmanifest.xml`` for a version whose package holds ``files``, the page first.

    The SCO resource comes first and is the only one: some systems launch the first resource whatever the
    organization says. No mastery score: a system that sees one overwrites the status.
    """
    cp = spelling.cp
    sco = cp.resource(identifier="sco", type="webcontent", href=files[0])
    sco.set(spelling.scormtype, "sco")
    sco.extend(cp.file(href=name) for name in files)
    title = facts(version).title
    item = cp.item(cp.title(title), *of_item, identifier="item", identifierref="sco", isvisible="true")
    organization = cp.organization(cp.title(title), item, *of_organization, identifier="organization")
    root = cp.manifest(
        cp.metadata(
            cp.schema("ADL SCORM"), cp.schemaversion(spelling.release), metadata(facts(version), spelling.lom)
        ),
        cp.organizations(organization, default="organization"),
        cp.resources(sco),
        identifier=identifier(version),
        version=str(version.number),
    )
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def metadata(known: Facts, lom: Lom) -> Element:
    """Return what a catalogue wants to know, in the order the schemas fix."""
    make, words = lom.make, lom.words

    def text(written: str) -> Element:
        return lom.text(written, known.language)

    def word(name: str, value: str) -> Element:
        return make(name, *lom.word(value))

    def period(name: str) -> Element:
        return make(name, make(lom.time, known.period))

    return make(
        "lom",
        make(
            "general",
            make("title", text(known.title)),
            make("language", known.language),
            make("description", text(known.description)),
            *(make("keyword", text(each)) for each in known.keywords),
        ),
        make(
            "lifeCycle",
            make("version", text(known.version)),
            word("status", words["final"]),
            *([_author(known, lom)] if known.author else []),
        ),
        make("technical", make("format", "text/html"), make("format", "video/mp4"), period("duration")),
        make(
            "educational",
            word("learningResourceType", words["kind"]),
            word("intendedEndUserRole", words["learner"]),
            *([word("difficulty", known.difficulty)] if known.difficulty else []),
            period("typicalLearningTime"),
            *([make("description", text(known.audience))] if known.audience else []),
            make("language", known.language),
        ),
        *(
            make(
                "classification",
                word("purpose", words["prerequisite"]),
                make("description", text(each)),
            )
            for each in known.prerequisites
        ),
    )


def _author(known: Facts, lom: Lom) -> Element:
    date = lom.make("date", lom.make("dateTime", known.date))
    role = lom.make("role", *lom.word(lom.words["author"]))
    return lom.make("contribute", role, lom.person(known.author), date)
