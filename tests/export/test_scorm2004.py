"""What only a SCORM 2004 manifest says; the rest is in ``test_scorm_manifests``."""

import zipfile

import pytest
from lxml import etree

from capture.work import Work
from export.scorm2004 import Scorm2004

NAMES = {
    "cp": "http://www.imsglobal.org/xsd/imscp_v1p1",
    "adlcp": "http://www.adlnet.org/xsd/adlcp_v1p3",
    "imsss": "http://www.imsglobal.org/xsd/imsss",
}


@pytest.fixture
def build(edition, tmp_path):
    def make(**changes):
        return zipfile.ZipFile(Scorm2004().build(edition(**changes), tmp_path, work=Work()))

    return make


def manifest(archive):
    return etree.fromstring(archive.read("imsmanifest.xml"))


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
