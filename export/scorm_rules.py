"""What a SCORM manifest must say beyond its schema, because learning systems act on it.

Clauses refer to SCORM 1.2 CAM and SCORM 2004 4th edition CAM (content aggregation model).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from export import texts_check
from export.checks import Check
from export.references import file_of, is_remote

NAME = "imsmanifest.xml"
_NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Edition:
    """How the editions of SCORM differ where a manifest is read."""

    content: str
    adl: str
    scorm_type: str
    versions: tuple[str, ...]
    data_length: int


SCORM12 = Edition(
    content="http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    adl="http://www.adlnet.org/xsd/adlcp_rootv1p2",
    scorm_type="scormtype",
    versions=("1.2",),
    data_length=255,
)
SCORM2004 = Edition(
    content="http://www.imsglobal.org/xsd/imscp_v1p1",
    adl="http://www.adlnet.org/xsd/adlcp_v1p3",
    scorm_type="scormType",
    versions=("2004 4th Edition",),
    data_length=4000,
)


def check_scorm12(root: etree._Element, names: frozenset[str]) -> Iterator[Check]:
    """Yield what is wrong with a manifest of SCORM 1.2; ``names`` are the files of the package."""
    yield from _check(root, names, SCORM12)


def check_scorm2004(root: etree._Element, names: frozenset[str]) -> Iterator[Check]:
    """Yield what is wrong with a manifest of SCORM 2004, 4th edition."""
    yield from _check(root, names, SCORM2004)
    yield from _thresholds(root)


def _check(root: etree._Element, names: frozenset[str], edition: Edition) -> Iterator[Check]:
    if root.tag != f"{{{edition.content}}}manifest":
        found = etree.QName(root).namespace or ""
        yield Check(
            "error", "wrong_namespace", "publish", {"name": NAME, "found": found, "wanted": edition.content}
        )
        return
    version = "".join(_texts(root, "schemaversion")[:1]).strip()
    if version not in edition.versions:
        yield Check(
            "error", "scorm_version", "publish", {"found": version or "-", "wanted": edition.versions[0]}
        )
    yield from _identifiers(root)
    yield from _scores(root)
    yield from _resources(root, names, edition)
    yield from _organization(root)
    for text in _texts(root, "datafromlms") + _texts(root, "dataFromLMS"):
        if len(text) > edition.data_length:
            yield Check("error", "launch_data", "publish", {"length": len(text), "most": edition.data_length})
    yield from texts_check.check_texts(root)


def _identifiers(root: etree._Element) -> Iterator[Check]:
    given = [each.get("identifier") for each in root.iter(etree.Element)]
    identifiers = Counter(each for each in given if each is not None)
    for identifier, count in identifiers.items():
        if count > 1:
            yield Check("error", "identifier_twice", "publish", {"identifier": identifier})
        if not _NCNAME.fullmatch(identifier):
            yield Check("error", "identifier_name", "publish", {"identifier": identifier})


def _scores(root: etree._Element) -> Iterator[Check]:
    """Refuse a score that nothing asked for: Moodle, for one, overwrites the status when it sees one."""
    measures = [each for each in _all(root, "minNormalizedMeasure") if (each.text or "").strip()]
    by_measure = [
        each for each in root.iter(etree.Element) if each.get("satisfiedByMeasure", "").strip() == "true"
    ]
    if _all(root, "masteryscore") or measures or by_measure:
        yield Check("error", "mastery_score", "publish")


def _resources(root: etree._Element, names: frozenset[str], edition: Edition) -> Iterator[Check]:
    resources = _all(root, "resource")
    wanted = f"{{{edition.adl}}}{edition.scorm_type}"
    for number, resource in enumerate(resources):
        yield from _scorm_type(resource, wanted, first=number == 0)
        for element in (resource, *_all(resource, "file")):
            if (href := element.get("href")) is not None:
                yield from check_reference(href, names, name=NAME)
    if not any(each.get(wanted) == "sco" and each.get("href") for each in resources):
        yield Check("error", "nothing_to_launch", "publish", {"name": NAME})
    listed = {file_of(each.get("href", "")) for each in root.iter(etree.Element) if each.get("href")}
    for name in sorted(names - listed - {NAME}):
        yield Check("warning", "file_unlisted", "publish", {"file": name, "name": NAME})


def _scorm_type(resource: etree._Element, wanted: str, *, first: bool) -> Iterator[Check]:
    """1.2 spells the attribute scormtype, 2004 scormType; the other spelling is silently no SCO (CAM 3.4)."""
    name = etree.QName(wanted).localname
    given = [key for key in resource.keys() if etree.QName(key).localname.lower() == name.lower()]  # noqa: SIM118
    if any(key != wanted for key in given):
        yield Check("error", "scormtype_case", "publish", {"wanted": name})
    elif not given:
        yield Check("error", "scormtype_missing", "publish", {"wanted": name})
    elif resource.get(wanted) not in ("sco", "asset"):
        yield Check("error", "scormtype_value", "publish", {"wanted": name, "found": resource.get(wanted)})
    elif first and resource.get(wanted) != "sco":
        yield Check("error", "sco_first", "publish")


def _organization(root: etree._Element) -> Iterator[Check]:
    resources = {each.get("identifier") for each in _all(root, "resource")}
    references = [each.get("identifierref") for each in root.iter(etree.Element)]
    for reference in dict.fromkeys(references):
        if reference is not None and reference not in resources:
            yield Check("error", "reference_missing", "publish", {"identifier": reference, "name": NAME})
    organizations = {each.get("identifier") for each in _all(root, "organization")}
    default = next((each.get("default") for each in _all(root, "organizations")), None)
    if default is not None and default not in organizations:
        yield Check("error", "reference_missing", "publish", {"identifier": default, "name": NAME})
    if not any(each.get("identifierref") for each in _all(root, "item")):
        yield Check("error", "nothing_to_launch", "publish", {"name": NAME})


def _thresholds(root: etree._Element) -> Iterator[Check]:
    """Refuse a percentage: a share of the video is 0 to 1 (CAM 4th edition, 3.4.1.14)."""
    for element in _all(root, "completionThreshold"):
        value = element.get("minProgressMeasure", (element.text or "").strip() or "1")
        try:
            inside = 0 <= float(value) <= 1
        except ValueError:
            inside = False
        if not inside:
            yield Check("error", "threshold", "publish", {"value": value}, field="completion")


def check_reference(href: str, names: frozenset[str], *, name: str) -> Iterator[Check]:
    """Yield what is wrong with a reference of a manifest to a file of its package."""
    if is_remote(href):
        yield Check("error", "remote_reference", "publish", {"reference": href, "name": name})
    elif file_of(href) not in names:
        yield Check("error", "file_missing", "publish", {"file": file_of(href), "name": name})


def _all(root: etree._Element, name: str) -> list[etree._Element]:
    """Return the elements of a name, in whatever namespace."""
    return [each for each in root.iter(etree.Element) if etree.QName(each).localname == name]


def _texts(root: etree._Element, name: str) -> list[str]:
    return [each.text or "" for each in _all(root, name)]
