"""The command line as scripts and producers use it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app import messages
from tests.app.kit import Lapel, files_below


def test_new_answers_with_the_id_of_a_resource_that_asks_seven_questions(lapel, resource):
    shown = lapel.json("show", resource)
    assert shown["title"] == "How we greet"
    assert [each["key"] for each in shown["prompts"]] == [
        "what", "why", "when", "who", "prerequisites", "kind", "levels",
    ]  # fmt: skip
    assert shown["status"] == "draft"


def test_show_has_every_field_of_the_contract(lapel, resource, clip):
    lapel.json("import", resource, clip)
    shown = lapel.json("show", resource)
    assert set(shown) == {
        "id", "title", "summary", "status", "version", "language", "duration_s", "tags",
        "prompts", "spans", "words", "cues", "chapters", "flags",
    }  # fmt: skip
    assert set(shown["tags"]) == {"level", "roles", "kind", "prerequisites", "when_to_use", "keywords"}
    (take,) = shown["prompts"][0]["takes"]
    assert set(take) == {"id", "chosen", "state", "duration_s", "path", "sync"}
    assert take["state"] == "safe"
    assert take["chosen"] is True
    assert take["duration_s"] == pytest.approx(4, abs=0.1)
    assert Path(take["path"]).is_dir()
    assert shown["duration_s"] == pytest.approx(4, abs=0.1)


def test_a_table_for_people_a_document_for_scripts(lapel, resource):
    _, out, _ = lapel("list")
    assert "How we greet" in out
    assert [each["id"] for each in lapel.json("list")] == [resource]


def test_record_takes_files_as_devices(lapel, resource, sample):
    voice, camera = sample / "5-prerequisites.flac", sample / "5-prerequisites.camera.mp4"
    code, out, err = lapel(
        "record", resource, "--prompt", 5, "--camera", f"file:{camera}", "--mic", f"file:{voice}",
        "--seconds", 2, "--json",
    )  # fmt: skip
    assert code == 0, err
    take = json.loads(out)
    assert take["state"] == "safe"
    assert take["duration_s"] == pytest.approx(2, abs=0.2)


def test_edit_cuts_keeps_and_takes_back(lapel, resource, clip):
    lapel.json("import", resource, clip)
    assert lapel.json("edit", resource, "--cut", "1-2")["duration_s"] == pytest.approx(3, abs=0.1)
    assert lapel.json("edit", resource, "--keep", "0:00-0:02")["duration_s"] == pytest.approx(2, abs=0.1)
    assert lapel.json("edit", resource, "--undo")["duration_s"] == pytest.approx(3, abs=0.1)
    assert lapel.json("edit", resource, "--redo")["duration_s"] < 3
    assert lapel.json("edit", resource, "--undo")["duration_s"] == pytest.approx(3, abs=0.1)
    assert "Cut a stretch" in lapel("edit", resource, "--undo")[1]
    assert lapel.json("show", resource)["duration_s"] == pytest.approx(4, abs=0.1)


def test_choose_gives_the_star_to_another_take(lapel, resource, clip):
    first = lapel.json("import", resource, clip, "--prompt", 1)["id"]
    second = lapel.json("import", resource, clip, "--prompt", 1)["id"]

    def chosen():
        return [t["id"] for t in lapel.json("show", resource)["prompts"][0]["takes"] if t["chosen"]]

    assert chosen() == [second]
    lapel.json("choose", resource, first)
    assert chosen() == [first]


def test_split_shares_the_takes(lapel, resource, clip):
    for prompt in (1, 2, 3):
        lapel.json("import", resource, clip, "--prompt", prompt)
    made = lapel.json("split", resource, "--chapters", "1,3", "--title", "For beginners")["id"]
    shown = lapel.json("show", made)
    assert shown["duration_s"] == pytest.approx(8, abs=0.2)
    assert len(shown["chapters"]) == 2
    assert len(lapel.json("show", resource)["chapters"]) == 3


def test_tags_are_kept_and_shown(lapel, resource):
    lapel.json(
        "tag", resource, "--level", "beginner", "--role", "Adviser", "--kind", "skill",
        "--keyword", "greeting", "--when", "A guest arrives", "--prerequisite", "The price list",
    )  # fmt: skip
    tags = lapel.json("show", resource)["tags"]
    assert tags["level"] == "beginner"
    assert tags["roles"] == ["Adviser"]
    assert tags["kind"] == ["skill"]
    assert tags["when_to_use"] == "A guest arrives"
    assert [each["id"] for each in lapel.json("list", "--level", "beginner")] == [resource]
    assert lapel.json("list", "--level", "advanced") == []


def test_what_is_binned_can_be_restored(lapel, resource):
    lapel.json("bin", resource)
    assert lapel.json("list") == []
    lapel.json("restore", resource)
    assert [each["id"] for each in lapel.json("list")] == [resource]


def test_a_bundle_travels_to_another_library(lapel, resource, clip, tmp_path, capfd):
    lapel.json("import", resource, clip)
    file = tmp_path / "travel.lapel"
    lapel.json("bundle", resource, file)
    other = Lapel(tmp_path / "other", capfd)
    brought = other.json("unbundle", file)["id"]
    assert other.json("show", brought)["duration_s"] == pytest.approx(4, abs=0.1)


def test_recover_rebuilds_takes_from_their_folders(lapel, resource, clip):
    lapel.json("import", resource, clip)
    for file in lapel.folder.glob("library.db*"):
        file.unlink()
    assert lapel.json("recover")["takes"] == 1
    (found,) = lapel.json("list")
    assert found["title"] == "How we greet"
    assert lapel.json("show", found["id"])["duration_s"] == pytest.approx(4, abs=0.1)


# Bad input -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["show", "check", "caption", "bin", "restore", "export"])
def test_an_unknown_id_is_one_readable_line(lapel, verb, resource):
    assert "nobody" in lapel.refuses(verb, "nobody")


@pytest.mark.parametrize(
    "arguments",
    [
        ("new",),
        ("new", "--title", " "),
        ("new", "--title", "T", "--guide", "no-such-guide"),
        ("new", "--title", "T", "--guide", "no-such.toml"),
        ("frobnicate",),
        ("edit", "ID"),
        ("edit", "ID", "--cut", "5-3"),
        ("edit", "ID", "--cut", "soon"),
        ("edit", "ID", "--trim", "--undo"),
        ("edit", "ID", "--remove-silence", "nan"),
        ("record", "ID", "--prompt", "1", "--camera", "none", "--mic", "none", "--seconds", "inf"),
        ("export", "ID", "--to", "scorm13"),
        ("export", "ID", "--to", "cmi5"),
        ("export", "ID", "--completion", "140"),
        ("tag", "ID", "--level", "wizard"),
        ("record", "ID", "--prompt", "1", "--camera", "file:/no/such.mp4", "--mic", "none"),
        ("record", "ID", "--prompt", "99", "--camera", "none", "--mic", "none"),
        ("import", "ID", "/no/such.mp4"),
        ("split", "ID", "--chapters", "x", "--title", "T"),
        ("split", "ID", "--chapters", "9", "--title", "T"),
        ("choose", "ID", "no-such-take"),
        ("make", "/no/such.mp4", "--title", "T"),
        ("caption", "ID", "--model", "no-such-model"),
        ("unbundle", "/no/such.lapel"),
        ("models", "get", "no-such-model"),
    ],
    ids=lambda arguments: " ".join(arguments),
)
def test_bad_input_exits_2_with_one_line_and_writes_nothing(lapel, resource, arguments):
    before = files_below(lapel.folder / "media") | files_below(lapel.folder / "exports")
    listed = lapel.json("list")
    given = [resource if each == "ID" else each for each in arguments]
    code, out, err = lapel(*given)
    assert code == 2, err
    assert out == ""
    assert len(err.strip().splitlines()) == 1, err
    assert files_below(lapel.folder / "media") | files_below(lapel.folder / "exports") == before
    assert lapel.json("list") == listed


def test_a_library_somebody_else_writes_to_exits_1_and_names_them(lapel, resource):
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from editor.library import Library\n"
            f"with Library.open(Path({str(lapel.folder)!r}), write=True, holder='the Lapel window'):\n"
            "    print('held', flush=True); sys.stdin.read()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    try:
        assert holder.stdout.readline() == b"held\n"
        assert "the Lapel window" in lapel.refuses("tag", resource, "--role", "R", code=1)
        assert lapel.json("list")  # reading goes on
    finally:
        holder.communicate(timeout=30)
    assert lapel.json("tag", resource, "--role", "R")


HOSTILE = [
    "<script>alert(1)</script>",
    "quotes \"double\" and 'single' & more",
    "emoji 🎤🧑🏽‍🏭",
    "مرحبا بالعالم",
    "../../etc/passwd",
    "x" * 300,
]


@pytest.mark.parametrize("title", HOSTILE, ids=["script", "quotes", "emoji", "rtl", "path", "long"])
def test_hostile_titles_and_file_names_are_only_text(lapel, clip, tmp_path, title):
    name = "".join(c for c in title if c not in "/\0")[:60].encode()[:200].decode(errors="ignore")
    file = tmp_path / f"{name}.mp4"
    file.write_bytes(clip.read_bytes())
    made = lapel.json("new", "--title", title)["id"]
    lapel.json("import", made, file)
    assert lapel.json("show", made)["title"] == title
    assert title[:30] in lapel("list")[1].replace("\n", "")
    for path in files_below(lapel.folder):
        path.name.encode("ascii")


def test_sound_without_picture_is_accepted(lapel, resource, tmp_path):
    rate = 16_000
    wave = 0.3 * np.sin(2 * np.pi * 200 * np.arange(rate * 4) / rate)
    soundfile.write(tmp_path / "voice.wav", wave, rate)
    assert lapel.json("import", resource, tmp_path / "voice.wav")["state"] == "safe"


def test_doctor_says_what_is_ready(lapel):
    _, out, _ = lapel("doctor", "--json")
    found = {each["check"]: each for each in json.loads(out)}
    assert found["ffmpeg"]["ok"]
    assert found["model"]["ok"]
    assert all(each["ok"] or each["fix"] for each in found.values())


def test_an_import_into_a_resource_without_an_open_prompt_asks_which_one(lapel, clip):
    made = lapel.json("new", "--title", "T", "--guide", "common-questions", "--question", "Why?")["id"]
    lapel.json("import", made, clip)
    assert "--prompt" in lapel.refuses("import", made, clip)
    lapel.json("import", made, clip, "--prompt", 1)


def test_another_resource_of_the_same_title_does_not_replace_packages(lapel, clip, tmp_path):
    made = []
    for _ in range(2):
        one = lapel.json("new", "--title", "How we greet")["id"]
        lapel.json("import", one, clip)
        made += lapel.json("export", one, "--to", "web", "--out", tmp_path / "out")["packages"]
    assert made[0]["path"] != made[1]["path"]
    assert all(Path(each["path"], "index.html").exists() for each in made)


def test_every_undo_step_has_words_also_one_of_a_newer_lapel():
    assert messages.done("word_cut:1") == "Cut a word"
    assert messages.done("word_cut:3") == "Cut 3 words"
    assert messages.done("tags") == "Change tags"
    assert messages.done("from the future:7") == "Edit"
