"""What cmi5.xml and tincan.xml must say beyond their schema.

Clauses refer to the cmi5 specification (Quartz, 1st edition) and to RFC 3987.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from export import texts_check
from export.checks import Check
from export.references import is_absolute_iri
from export.scorm_rules import check_reference

CMI5 = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"
TINCAN = "http://projecttincan.com/tincan.xsd"
#: What the launch adds to the address of an AU itself (cmi5, 8.1).
RESERVED = ("endpoint", "fetch", "actor", "registration", "activityId")


def check_cmi5(root: etree._Element, names: frozenset[str]) -> Iterator[Check]:
    """Yield what is wrong with a course structure (cmi5, 13 and 14); ``names`` are the package's files."""
    if root.tag != f"{{{CMI5}}}courseStructure":
        yield _namespace(root, "cmi5.xml", CMI5)
        return
    named = [root.findall(f".//{{{CMI5}}}{name}") for name in ("course", "block", "au")]
    objectives = [each for each in root.findall(f".//{{{CMI5}}}objective") if each.get("idref") is None]
    yield from _iris([each.get("id", "") for group in (*named, objectives) for each in group])
    known = {each.get("id") for each in objectives}
    for reference in dict.fromkeys(each.get("idref") for each in root.iter(etree.Element)):
        if reference is not None and reference not in known:
            params = {"identifier": reference, "name": "cmi5.xml"}
            yield Check("error", "reference_missing", "publish", params)
    if not named[2]:
        yield Check("error", "nothing_to_launch", "publish", {"name": "cmi5.xml"})
    for unit in named[2]:
        yield from _unit(unit, names)
    yield from texts_check.check_texts(root)


def check_tincan(root: etree._Element, names: frozenset[str]) -> Iterator[Check]:
    """Yield what is wrong with a tincan.xml."""
    if root.tag != f"{{{TINCAN}}}tincan":
        yield _namespace(root, "tincan.xml", TINCAN)
        return
    activities = root.findall(f".//{{{TINCAN}}}activity")
    yield from _iris([each.get("id", "") for each in activities])
    launches = root.findall(f".//{{{TINCAN}}}launch")
    if not launches:
        yield Check("error", "nothing_to_launch", "publish", {"name": "tincan.xml"})
    for launch in launches:
        yield from _address((launch.text or "").strip(), names, name="tincan.xml")
    for kind in dict.fromkeys(each.get("type", "") for each in activities):
        if not is_absolute_iri(kind):
            yield Check("error", "bad_iri", "publish", {"iri": kind})
    yield from texts_check.check_texts(root)


def _iris(iris: Sequence[str]) -> Iterator[Check]:
    """Ids name an activity in every record store: absolute, and each once (cmi5, 13.1)."""
    for iri, count in Counter(iris).items():
        if not is_absolute_iri(iri):
            yield Check("error", "bad_iri", "publish", {"iri": iri})
        if count > 1:
            yield Check("error", "iri_twice", "publish", {"iri": iri})


def _unit(unit: etree._Element, names: frozenset[str]) -> Iterator[Check]:
    yield from _address((unit.findtext(f"{{{CMI5}}}url") or "").strip(), names, name="cmi5.xml")
    if unit.get("masteryScore") is not None or unit.get("moveOn") in ("Passed", "CompletedAndPassed"):
        yield Check("error", "mastery_score", "publish")


def _address(url: str, names: frozenset[str], *, name: str) -> Iterator[Check]:
    try:
        query = urlsplit(url).query
    except ValueError:
        yield Check("error", "bad_url", "publish", {"url": url, "name": name})
        return
    if not url or any(sign in url for sign in ' <>"\\^`{|}'):
        yield Check("error", "bad_url", "publish", {"url": url, "name": name})
        return
    for parameter, _ in parse_qsl(query, keep_blank_values=True):
        if parameter in RESERVED:
            yield Check("error", "reserved_parameter", "publish", {"parameter": parameter, "name": name})
    yield from check_reference(url, names, name=name)


def _namespace(root: etree._Element, name: str, wanted: str) -> Check:
    found = etree.QName(root).namespace or ""
    return Check("error", "wrong_namespace", "publish", {"name": name, "found": found, "wanted": wanted})
