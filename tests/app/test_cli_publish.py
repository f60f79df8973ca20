"""Checking and exporting from the command line: what is told can be typed, and is in the words of people."""

import shlex
from pathlib import Path

import pytest

from app.terminal import Terminal
from app.verbs.publish import answer
from capture.errors import UserError
from export.publish import Package, Published


@pytest.fixture
def recorded(lapel, resource, clip):
    lapel.json("import", resource, clip)
    return resource


def found(lapel, id):
    return {each["check"]: each for each in lapel.json("check", id)}


def test_a_check_tells_the_command_that_mends_it_and_the_command_does(lapel, recorded):
    before = found(lapel, recorded)
    assert before["video"]["command"] is None
    assert before["not_approved"]["command"] == f"lapel tag {recorded} --approved"
    for key in ("not_approved", "no_consent"):
        program, *arguments = shlex.split(before[key]["command"])
        assert program == "lapel"
        lapel.json(*arguments)
    after = found(lapel, recorded)
    assert {"not_approved", "no_consent"}.isdisjoint(after)
    assert after["approved"]["level"] == "ok"


def test_every_finding_of_a_check_says_what_to_do_and_where(lapel, recorded):
    for each in lapel.json("check", recorded):
        assert set(each) == {"level", "check", "text", "fix", "command", "place", "field", "target"}
        assert bool(each["fix"]) == (each["level"] != "ok")


def test_the_table_of_a_check_names_the_command_too(lapel, recorded):
    _, out, _ = lapel("check", recorded)
    assert "--approved" in out


def test_transcript_and_download_are_decided_for_all_packages_at_once(lapel, recorded):
    made = lapel.json("export", recorded, "--to", "web,video", "--no-transcript", "--download")
    paths = {each["target"]: Path(each["path"]) for each in made["packages"]}
    page = (paths["web"] / "index.html").read_text()
    assert 'id="transcript"' not in page
    assert 'id="keep-video"' in page
    assert not list(paths["video"].glob("*transcript*"))


def test_an_unknown_target_is_refused_with_the_names_of_those_there_are(lapel, recorded):
    said = lapel.refuses("export", recorded, "--to", "flash")
    assert "no target called flash" in said
    assert "SCORM 1.2 (scorm12)" in said


def test_targets_that_failed_are_called_by_the_names_people_know(capsys, tmp_path):
    reason = UserError("export.cannot_write", folder=tmp_path, reason="No space left on device")
    done = Published(
        resource_id="r1",
        version=1,
        title="How we greet",
        duration_us=1,
        cues=0,
        packages=(Package("web", tmp_path, 1, 0.1),),
        timings_s={},
        failed=(("scorm12", reason), ("scorm2004", reason)),
    )
    with pytest.raises(UserError) as refused:
        answer(Terminal(as_json=True), done)
    assert refused.value.params["targets"] == "SCORM 1.2, SCORM 2004 4th"
    told = capsys.readouterr().err
    assert "SCORM 1.2 could not be built: " in told
    assert "scorm12" not in told
