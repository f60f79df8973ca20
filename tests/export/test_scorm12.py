"""What only a SCORM 1.2 manifest says; the rest is in ``test_scorm_manifests``."""

import zipfile

import pytest
from lxml import etree

from capture.work import Work
from editor.model import Tags
from export.scorm12 import Scorm12

NAMES = {"md": "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"}


@pytest.fixture
def build(edition, tmp_path):
    def make(**changes):
        return zipfile.ZipFile(Scorm12().build(edition(**changes), tmp_path, work=Work()))

    return make


def manifest(archive):
    return etree.fromstring(archive.read("imsmanifest.xml"))


@pytest.mark.parametrize(
    ("level", "difficulty"), [("beginner", "easy"), ("advanced", "difficult"), (None, None)]
)
def test_the_level_becomes_the_difficulty(build, level, difficulty):
    with build(tags=Tags(level=level)) as archive:
        found = manifest(archive).xpath("//md:difficulty/md:value/md:langstring/text()", namespaces=NAMES)
    assert found == ([difficulty] if difficulty else [])
