"""What the manifests of both SCORM editions have in common."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree

from capture.work import Work
from editor.model import Expert, Tags
from export.scorm12 import Scorm12
from export.scorm2004 import Scorm2004
from export.target import Target

GOLDEN = Path(__file__).parent / "golden"


@dataclass(frozen=True)
class Standard:
    """One edition: its target, its spaces of names, how it spells the type, where its descriptions are."""

    target: Target
    content: str
    scorm_type: str
    descriptions: str


STANDARDS = [
    Standard(
        Scorm12(),
        "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
        "{http://www.adlnet.org/xsd/adlcp_rootv1p2}scormtype",
        "//*[local-name()='description']/*[local-name()='langstring']/text()",
    ),
    Standard(
        Scorm2004(),
        "http://www.imsglobal.org/xsd/imscp_v1p1",
        "{http://www.adlnet.org/xsd/adlcp_v1p3}scormType",
        "//*[local-name()='description']/*[local-name()='string']/text()",
    ),
]


@pytest.fixture(params=STANDARDS, ids=lambda each: each.target.name)
def standard(request):
    return request.param


@pytest.fixture
def build(standard, edition, tmp_path):
    def make(**changes):
        return zipfile.ZipFile(standard.target.build(edition(**changes), tmp_path, work=Work()))

    return make


def manifest(archive):
    return etree.fromstring(archive.read("imsmanifest.xml"))


def test_the_manifest_is_the_golden_one(build, standard):
    """Look at the difference; if it is meant, write the new text to the golden file."""
    golden = GOLDEN / f"{standard.target.name}.xml"
    with build() as archive:
        assert archive.read("imsmanifest.xml").decode() == golden.read_text()


def test_the_manifest_is_in_the_root_and_lists_every_file(build, standard):
    with build() as archive:
        listed = [each.get("href") for each in manifest(archive).iter(f"{{{standard.content}}}file")]
        assert sorted(["imsmanifest.xml", *listed]) == sorted(archive.namelist())


def test_the_sco_comes_first_and_is_the_only_one(build, standard):
    with build() as archive:
        resources = list(manifest(archive).iter(f"{{{standard.content}}}resource"))
    assert [each.get("href") for each in resources] == ["index.html"]
    assert resources[0].get(standard.scorm_type) == "sco"


def test_no_mastery_score(build):
    with build() as archive:
        assert b"masteryscore" not in archive.read("imsmanifest.xml").lower()


def test_the_identifier_stays_when_the_version_changes(build):
    with build(number=3) as one, build(number=4) as other:
        assert manifest(one).get("identifier") == manifest(other).get("identifier")
        assert manifest(one).get("version") != manifest(other).get("version")


def test_it_is_bit_identical_when_built_again(standard, edition, tmp_path):
    built = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        built.append(standard.target.build(edition(), tmp_path / name, work=Work()).read_bytes())
    assert built[0] == built[1]


def test_what_people_typed_cannot_break_the_manifest(build, standard):
    hostile = "]]></title><x a='\"&\x00\x0b\ud800\uffff 👋 \u202e" * 20
    tags = Tags(roles=(hostile,), prerequisites=(hostile,), when_to_use=hostile, keywords=(hostile,))
    with build(title=hostile, summary=hostile, expert=Expert(hostile, hostile), tags=tags) as archive:
        root = manifest(archive)
    assert len(list(root.iter(f"{{{standard.content}}}resource"))) == 1
    descriptions = root.xpath(standard.descriptions)
    assert descriptions
    assert all(len(each) <= 1000 for each in descriptions)
