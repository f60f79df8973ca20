"""Preflight refuses every bad package, with the reason and what to do; a good one passes untouched.

The cases of cmi5 follow the invalid packages of the public cmi5 test suite.
"""

import zipfile

import pytest

from capture.work import Work
from export import checks, package_check, publish
from export.registry import TARGETS
from export.scorm12 import Scorm12
from export.web import Web
from tests.export.samples import MANIFESTS, PAGE, write_package


def found(path, target, level="error"):
    return {each.key for each in package_check.check_package(path, target=target) if each.level == level}


@pytest.mark.parametrize("target", MANIFESTS)
def test_a_good_package_of_each_standard_has_nothing_wrong(tmp_path, target):
    assert package_check.check_package(write_package(tmp_path / "good.zip", target), target=target) == ()


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_what_lapel_builds_has_nothing_wrong(edition, tmp_path, target):
    built = target.build(edition(), tmp_path, work=Work())
    assert package_check.check_package(built, target=target.name) == ()


SCO = '<resource identifier="sco" type="webcontent" href="index.html" adlcp:scormtype="sco">'
ASSET = '<resource identifier="more" type="webcontent" adlcp:scormtype="asset"/>'
LONG = "x" * 1001

SCORM12_FAULTS = {
    "scormtype_case": [('adlcp:scormtype="sco"', 'adlcp:scormType="sco"')],
    "scormtype_missing": [(' adlcp:scormtype="sco"', "")],
    "scormtype_value": [('scormtype="sco"', 'scormtype="SCO"')],
    "sco_first": [(SCO, ASSET + SCO)],
    "mastery_score": [
        ("</title></item>", "</title><adlcp:masteryscore>80</adlcp:masteryscore></item>")
    ],
    "wrong_namespace": [("http://www.imsproject.org/xsd/imscp_rootv1p1p2", "http://www.imsglobal.org/xsd/imscp_v1p1")],
    "scorm_version": [("<schemaversion>1.2", "<schemaversion>1.3")],
    "identifier_twice": [('identifier="item"', 'identifier="org"')],
    "identifier_name": [('identifier="item"', 'identifier="1 item"')],
    "reference_missing": [('identifierref="sco"', 'identifierref="other"')],
    "file_missing": [('<file href="player.js"/>', '<file href="Player.js"/>')],
    "remote_reference": [('<file href="player.js"/>', '<file href="https://cdn.example/player.js"/>')],
    "nothing_to_launch": [(' identifierref="sco"', "")],
    "text_length": [(">A sample.<", f">{LONG}<")],
    "text_empty": [('xml:lang="en">Sample<', 'xml:lang="en"> <')],
    "bad_language": [('xml:lang="en">Sample', 'xml:lang="in English">Sample')],
    "schema": [("<resources>", "<ressources/><resources>")],
    "manifest_broken": [("</manifest>", "")],
    "manifest_doctype": [("<manifest xmlns=", '<!DOCTYPE manifest [<!ENTITY a "b">]><manifest xmlns=')],
    "launch_data": [("</title></item>", f"</title><adlcp:datafromlms>{LONG}</adlcp:datafromlms></item>")],
}  # fmt: skip


@pytest.mark.parametrize("key", SCORM12_FAULTS)
def test_a_bad_scorm_12_package_is_refused(tmp_path, key):
    package = write_package(tmp_path / "bad.zip", "scorm12", *SCORM12_FAULTS[key])
    assert key in found(package, "scorm12")


OBJECTIVE = """<imsss:objectives><imsss:primaryObjective satisfiedByMeasure="true" objectiveID="o">
<imsss:minNormalizedMeasure>0.8</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives>"""


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("scormtype_case", ('adlcp:scormType="sco"', 'adlcp:scormtype="sco"')),
        ("threshold", ('minProgressMeasure="0.8"', 'minProgressMeasure="80"')),
        ("mastery_score", ("<imsss:deliveryControls", f"{OBJECTIVE}<imsss:deliveryControls")),
        ("scorm_version", ("2004 4th Edition", "2004 3rd Edition")),
        ("schema", ('choice="true"', 'choice="perhaps"')),
        ("wrong_namespace", ("http://www.imsglobal.org/xsd/imscp_v1p1", "http://www.imsproject.org/xsd/imscp_rootv1p1p2")),
    ],
)  # fmt: skip
def test_a_bad_scorm_2004_package_is_refused(tmp_path, key, change):
    assert key in found(write_package(tmp_path / "bad.zip", "scorm2004", change), "scorm2004")


AU = 'id="urn:uuid:9e107d9d-372b-4b2a-8f1c-000000000001"'
COURSE = 'id="https://example.com/r1/course"'
CMI5_FAULTS = [
    # IRIs that are none, or relative: of the course, the objective, the AU
    ("bad_iri", [(COURSE, 'id="course"')]),
    ("bad_iri", [(COURSE, 'id="https:///r1"')]),
    ("bad_iri", [(COURSE, 'id="https://example.com/a b"')]),
    ("bad_iri", [(COURSE, 'id="https://example.com/%zz"')]),
    ("bad_iri", [("https://example.com/r1/objective", "objective")]),
    ("bad_iri", [(AU, 'id="/r1/au"')]),
    ("bad_iri", [(AU, 'id=""')]),
    ("bad_iri", [(AU, 'id="urn:x"')]),
    # the same id twice
    ("iri_twice", [(AU, COURSE)]),
    ("iri_twice", [('objective id="https://example.com/r1/objective"', f"objective {COURSE}")]),
    # what is launched
    ("file_missing", [("index.html?version=1", "start.html")]),
    ("file_missing", [("index.html?version=1", "folder/index.html")]),
    ("remote_reference", [("index.html?version=1", "https://example.com/index.html")]),
    ("remote_reference", [("index.html?version=1", "/index.html")]),
    ("bad_url", [("index.html?version=1", "index file.html")]),
    ("bad_url", [("index.html?version=1", "")]),
    ("bad_url", [("index.html?version=1", "http://[broken/index.html")]),
    *(
        ("reserved_parameter", [("version=1", f"{name}=1")])
        for name in ("endpoint", "fetch", "actor", "registration", "activityId")
    ),
    ("nothing_to_launch", [("<au ", "<xx "), ("</au>", "</xx>")]),
    # structure
    ("wrong_namespace", [("cmi5/v1/CourseStructure.xsd", "cmi5/v2/CourseStructure.xsd")]),
    ("wrong_namespace", [(' xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"', "")]),
    ("reference_missing", [('idref="https://example.com/r1/objective"', 'idref="https://example.com/r1/no"')]),
    ("schema", [(f"<course {COURSE}>", "<course>")]),
    ("schema", [('moveOn="Completed"', 'moveOn="completed"')]),
    ("schema", [('launchMethod="AnyWindow"', 'launchMethod="iframe"')]),
    ("schema", [("<url>index.html?version=1</url>", "")]),
    ("schema", [('moveOn="Completed"', 'moveOn="Completed" masteryScore="80"')]),
    ("mastery_score", [('moveOn="Completed"', 'moveOn="CompletedAndPassed" masteryScore="0.8"')]),
    ("manifest_broken", [("</courseStructure>", "")]),
    ("bad_language", [('lang="en">Know', 'lang="klingon speech">Know')]),
    ("text_empty", [('lang="en">Sample', 'lang="en">'), ]),
]  # fmt: skip


@pytest.mark.parametrize(("key", "changes"), CMI5_FAULTS)
def test_a_bad_cmi5_package_is_refused(tmp_path, key, changes):
    assert key in found(write_package(tmp_path / "bad.zip", "cmi5", *changes), "cmi5")


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("bad_iri", ('id="https://example.com/r1"', 'id="r1"')),
        ("bad_iri", ('type="https://w3id.org/xapi/video/activity-type/video"', 'type="video"')),
        ("file_missing", ("index.html", "start.html")),
        ("reserved_parameter", ("index.html", "index.html?actor=me")),
        ("nothing_to_launch", ('<launch lang="en">index.html</launch>', "")),
        ("wrong_namespace", ("projecttincan.com", "projecttincan.example")),
        ("schema", ('<name lang="en">Sample</name>', "")),
    ],
)
def test_a_bad_tincan_package_is_refused(tmp_path, key, change):
    assert key in found(write_package(tmp_path / "bad.zip", "xapi", change), "xapi")


@pytest.mark.parametrize(
    ("key", "files"),
    [
        ("file_name", {"Ünterlage.html": PAGE}),
        ("file_name", {"a" * 130 + ".txt": b""}),
        ("file_name", {"con.txt": b""}),
        ("file_name_twice", {"PLAYER.JS": b""}),
        ("file_missing", {"player.css": None}),
        ("file_missing", {"player.css": b"@font-face{src:url('fonts/none.woff2')}"}),
        ("remote_reference", {"player.css": b"@import url(https://fonts.example/a.css);"}),
        ("remote_reference", {"index.html": PAGE.replace(b'src="player.js"', b'src="//cdn.example/p.js"')}),
        ("inline_script", {"index.html": PAGE.replace(b"<video ", b'<video onerror="alert(1)" ')}),
        ("inline_script", {"index.html": PAGE.replace(b"</body>", b"<script>alert(1)</script></body>")}),
        ("no_policy", {"index.html": PAGE.replace(b"Content-Security-Policy", b"X-Other")}),
        ("page_empty", {"index.html": b""}),
        ("no_video_file", {"video.mp4": None}),
        ("no_poster", {"poster.jpg": b"<svg/>"}),
    ],
)
def test_a_package_with_a_bad_page_is_refused(tmp_path, key, files):
    assert key in found(write_package(tmp_path / "bad.zip", "scorm12", files=files), "scorm12")


def test_files_that_the_manifest_forgets_are_worth_a_look(tmp_path):
    package = write_package(tmp_path / "x.zip", "scorm12", files={"notes.txt": b""})
    assert found(package, "scorm12", "warning") == {"file_unlisted"}


def test_missing_captions_are_worth_a_look(tmp_path):
    package = write_package(
        tmp_path / "x.zip", "scorm12", ('<file href="captions.vtt"/>', ""), files={"captions.vtt": None}
    )
    assert found(package, "scorm12") == set()
    assert found(package, "scorm12", "warning") == {"no_caption_file"}


def test_a_package_too_big_for_many_systems_is_worth_a_look(tmp_path):
    with zipfile.ZipFile(write_package(tmp_path / "x.zip", "cmi5")) as archive:
        archive.extractall(tmp_path / "x")
    with (tmp_path / "x" / "video.mp4").open("wb") as file:
        file.truncate(package_check.LARGE_BYTES)  # sparse: no disk is used
    assert found(tmp_path / "x", "cmi5", "warning") == {"large"}
    assert found(tmp_path / "x", "cmi5") == set()


@pytest.mark.parametrize(
    ("name", "key"), [("other.xml", "manifest_missing"), ("in/imsmanifest.xml", "manifest_nested")]
)
def test_a_manifest_that_is_not_at_the_top_is_told(tmp_path, name, key):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(name, "<x/>")
    assert key in found(tmp_path / "x.zip", "scorm12")


def test_what_is_no_package_is_told(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK no zip")
    assert found(tmp_path / "x.zip", "scorm12") == {"package_unsafe"}


def test_every_finding_has_words_a_fix_and_a_place(tmp_path):
    for key, changes in SCORM12_FAULTS.items():
        package = write_package(tmp_path / f"{key}.zip", "scorm12", *changes)
        for each in package_check.check_package(package, target="scorm12"):
            assert "{" not in checks.text(each)
            assert checks.fix(each).endswith(".")
            assert each.place in ("details", "publish", "captions")
            assert each.target == "scorm12"


class Careless(Scorm12):
    """Packs a file that some systems cannot unpack, past the writer that would refuse it."""

    def build(self, edition, folder, *, work):
        path = super().build(edition, folder, work=work)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("Ünterlage.txt", "")
        return path


def test_a_package_that_fails_its_check_is_not_among_the_packages(edition, tmp_path):
    packages, failed = publish.build_all(edition(), [Careless(), Web()], room=tmp_path, work=Work())
    assert [each.target for each in packages] == ["web"]
    assert [(target, error.message_key) for target, error in failed] == [("scorm12", "export.bad_package")]
    assert "Ünterlage.txt" in str(failed[0][1].params["problems"])
