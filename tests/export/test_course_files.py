"""cmi5.xml and tincan.xml, and the names in them that record stores keep for ever."""

import zipfile
from pathlib import Path

import pytest
from lxml import etree

from capture.errors import BadInputError
from capture.work import Work
from editor.model import Expert, Tags
from export.cmi5 import Cmi5, course_structure
from export.iri import base_iri, iris, web_address
from export.xapi import Xapi, activities

GOLDEN = Path(__file__).parent / "golden"
NAMES = {
    "c": "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd",
    "t": "http://projecttincan.com/tincan.xsd",
}
BASE = "https://learning.example.com/lapel/"
BOTH = [(Cmi5(), "cmi5.xml", "cmi5"), (Xapi(), "tincan.xml", "xapi")]


@pytest.mark.parametrize(("target", "manifest", "golden"), BOTH, ids=["cmi5", "xapi"])
def test_the_file_is_in_the_root_and_is_the_golden_one(edition, tmp_path, target, manifest, golden):
    """Look at the difference; if it is meant, write the new text to the golden file."""
    with zipfile.ZipFile(target.build(edition(), tmp_path, work=Work())) as archive:
        assert archive.read(manifest).decode() == (GOLDEN / f"{golden}.xml").read_text()
        assert "index.html" in archive.namelist()


@pytest.mark.parametrize(("target", "manifest", "golden"), BOTH, ids=["cmi5", "xapi"])
def test_it_is_bit_identical_when_built_again(edition, tmp_path, target, manifest, golden):
    built = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        built.append(target.build(edition(), tmp_path / name, work=Work()).read_bytes())
    assert built[0] == built[1]


def test_the_unit_counts_when_completed_and_has_no_score(edition):
    unit = etree.fromstring(course_structure(edition().version)).find(".//c:au", NAMES)
    assert unit.get("moveOn") == "Completed"
    assert unit.get("masteryScore") is None
    assert unit.findtext("c:url", namespaces=NAMES) == "index.html"


def test_names_stay_when_the_version_the_title_and_the_length_change(edition):
    one = edition(number=1, title="Old").version
    other = edition(number=9, title="New", duration_us=1).version
    assert iris(one) == iris(other)


@pytest.mark.parametrize("base", ["", BASE])
def test_every_name_is_another_and_absolute(edition, base):
    found = iris(edition(base_iri=base).version)
    names = [found.course, found.video, found.question, found.version]
    assert len(set(names)) == 4
    assert all(each.startswith(base or "urn:uuid:") for each in names)


def test_other_resources_have_other_names(edition):
    assert iris(edition(resource_id="a").version).video != iris(edition(resource_id="b").version).video


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        ("https://a.example", "https://a.example/"),
        (f" {BASE} ", BASE),
        ("http://a.example/x", "http://a.example/x/"),
    ],
)
def test_a_base_address_is_kept_as_names_need_it(given, kept):
    assert base_iri(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "a.example",
        "ftp://a.example/",
        "https://",
        "https://a.example/?x=1",
        "https://a b/",
        "x" * 300,
        "https:///x",
    ],
)
def test_what_is_no_base_address_is_refused(given):
    with pytest.raises(BadInputError) as refused:
        base_iri(given)
    assert refused.value.message_key == "export.base_iri"


@pytest.mark.parametrize(
    "given", ["http://a.example/", "https://a.example/;script-src *", "javascript:alert(1)", "https://a b"]
)
def test_answers_go_only_to_encrypted_addresses(given):
    with pytest.raises(BadInputError) as refused:
        web_address(given)
    assert refused.value.message_key == "export.feedback_url"


def test_what_people_typed_cannot_break_the_files(edition):
    hostile = "]]></title><x a='\"&\x00\x0b\ud800\uffff 👋 \u202e" * 20
    made = edition(
        title=hostile, summary=hostile, expert=Expert(hostile), tags=Tags(roles=(hostile,))
    ).version
    structure, listing = etree.fromstring(course_structure(made)), etree.fromstring(activities(made))
    assert len(structure.findall(".//c:au", NAMES)) == 1
    assert len(listing.findall(".//t:activity", NAMES)) == 1
    assert all(len(each.text) <= 1000 for each in structure.iter(f"{{{NAMES['c']}}}langstring"))
