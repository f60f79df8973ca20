"""The manifest a learning system reads."""

import zipfile
from pathlib import Path

import pytest
from lxml import etree

from capture.work import Work
from editor.model import Expert, Tags
from export.scorm12 import Scorm12

GOLDEN = Path(__file__).parent / "golden" / "scorm12.xml"
NAMES = {
    "cp": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    "md": "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1",
}


@pytest.fixture
def build(edition, tmp_path):
    def make(**changes):
        return zipfile.ZipFile(Scorm12().build(edition(**changes), tmp_path, work=Work()))

    return make


def manifest(archive):
    return etree.fromstring(archive.read("imsmanifest.xml"))


def test_the_manifest_is_the_golden_one(build):
    """Look at the difference; if it is meant, write the new text to the golden file."""
    with build() as archive:
        assert archive.read("imsmanifest.xml").decode() == GOLDEN.read_text()


def test_the_manifest_is_in_the_root_and_lists_every_file(build):
    with build() as archive:
        root = manifest(archive)
        listed = root.xpath("//cp:file/@href", namespaces=NAMES)
        assert sorted(["imsmanifest.xml", *listed]) == sorted(archive.namelist())


def test_the_sco_comes_first_and_is_the_only_one(build):
    with build() as archive:
        resources = manifest(archive).findall(".//cp:resource", NAMES)
    assert len(resources) == 1
    assert resources[0].get("href") == "index.html"
    assert resources[0].get("{http://www.adlnet.org/xsd/adlcp_rootv1p2}scormtype") == "sco"


def test_no_mastery_score(build):
    with build() as archive:
        assert b"masteryscore" not in archive.read("imsmanifest.xml")


@pytest.mark.parametrize(
    ("level", "difficulty"), [("beginner", "easy"), ("advanced", "difficult"), (None, None)]
)
def test_the_level_becomes_the_difficulty(build, level, difficulty):
    with build(tags=Tags(level=level)) as archive:
        found = manifest(archive).xpath("//md:difficulty/md:value/md:langstring/text()", namespaces=NAMES)
    assert found == ([difficulty] if difficulty else [])


def test_the_identifier_stays_when_the_version_changes(build):
    with build(number=3) as one, build(number=4) as other:
        assert manifest(one).get("identifier") == manifest(other).get("identifier")
        assert manifest(one).get("version") != manifest(other).get("version")


def test_it_is_bit_identical_when_built_again(edition, tmp_path):
    built = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        built.append(Scorm12().build(edition(), tmp_path / name, work=Work()).read_bytes())
    assert built[0] == built[1]


def test_what_people_typed_cannot_break_the_manifest(build):
    hostile = "]]></title><x a='\"&\x00\x0b\ud800\uffff 👋 \u202e" * 20
    tags = Tags(roles=(hostile,), prerequisites=(hostile,), when_to_use=hostile, keywords=(hostile,))
    with build(title=hostile, summary=hostile, expert=Expert(hostile, hostile), tags=tags) as archive:
        root = manifest(archive)
    assert len(root.findall(".//cp:resource", NAMES)) == 1
    descriptions = root.xpath("//md:description/md:langstring/text()", namespaces=NAMES)
    assert all(len(each) <= 1000 for each in descriptions)
