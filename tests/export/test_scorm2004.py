"""The manifest a SCORM 2004 system reads."""

import zipfile
from pathlib import Path

import pytest
from lxml import etree

from capture.work import Work
from editor.model import Expert, Tags
from export.scorm2004 import Scorm2004

GOLDEN = Path(__file__).parent / "golden" / "scorm2004.xml"
NAMES = {
    "cp": "http://www.imsglobal.org/xsd/imscp_v1p1",
    "adlcp": "http://www.adlnet.org/xsd/adlcp_v1p3",
    "imsss": "http://www.imsglobal.org/xsd/imsss",
    "lom": "http://ltsc.ieee.org/xsd/LOM",
}


@pytest.fixture
def build(edition, tmp_path):
    def make(**changes):
        return zipfile.ZipFile(Scorm2004().build(edition(**changes), tmp_path, work=Work()))

    return make


def manifest(archive):
    return etree.fromstring(archive.read("imsmanifest.xml"))


def test_the_manifest_is_the_golden_one(build):
    """Look at the difference; if it is meant, write the new text to the golden file."""
    with build() as archive:
        assert archive.read("imsmanifest.xml").decode() == GOLDEN.read_text()


def test_the_manifest_is_in_the_root_and_lists_every_file(build):
    with build() as archive:
        listed = manifest(archive).xpath("//cp:file/@href", namespaces=NAMES)
        assert sorted(["imsmanifest.xml", *listed]) == sorted(archive.namelist())


def test_the_sco_comes_first_and_is_the_only_one(build):
    with build() as archive:
        resources = manifest(archive).findall(".//cp:resource", NAMES)
    assert [each.get("href") for each in resources] == ["index.html"]
    assert resources[0].get(f"{{{NAMES['adlcp']}}}scormType") == "sco"


@pytest.mark.parametrize(("percent", "measure"), [(80, "0.8"), (100, "1"), (5, "0.05"), (33, "0.33")])
def test_the_share_is_the_systems_threshold_too(build, percent, measure):
    with build(completion_percent=percent) as archive:
        found = manifest(archive).find(".//adlcp:completionThreshold", NAMES)
    assert found.get("completedByMeasure") == "true"
    assert found.get("minProgressMeasure") == measure


def test_where_opening_is_enough_the_page_says_so_by_itself(build):
    with build(completion_percent=0) as archive:
        assert manifest(archive).find(".//adlcp:completionThreshold", NAMES) is None


def test_the_system_may_not_complete_or_pass_it_by_itself(build):
    with build() as archive:
        found = manifest(archive).find(".//cp:item//imsss:deliveryControls", NAMES)
    assert dict(found.attrib) == {"completionSetByContent": "true", "objectiveSetByContent": "true"}


def test_the_identifier_stays_when_the_version_changes(build):
    with build(number=3) as one, build(number=4) as other:
        assert manifest(one).get("identifier") == manifest(other).get("identifier")
        assert manifest(one).get("version") != manifest(other).get("version")


def test_it_is_bit_identical_when_built_again(edition, tmp_path):
    built = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        built.append(Scorm2004().build(edition(), tmp_path / name, work=Work()).read_bytes())
    assert built[0] == built[1]


def test_what_people_typed_cannot_break_the_manifest(build):
    hostile = "]]></title><x a='\"&\x00\x0b\ud800\uffff 👋 \u202e" * 20
    tags = Tags(roles=(hostile,), prerequisites=(hostile,), when_to_use=hostile, keywords=(hostile,))
    with build(title=hostile, summary=hostile, expert=Expert(hostile, hostile), tags=tags) as archive:
        root = manifest(archive)
    assert len(root.findall(".//cp:resource", NAMES)) == 1
    descriptions = root.xpath("//lom:description/lom:string/text()", namespaces=NAMES)
    assert all(len(each) <= 1000 for each in descriptions)
