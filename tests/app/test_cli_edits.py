"""Captions from a file, lost recordings, takes without speech: nothing is lost, and one line says why."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from editor.library import Library
from editor.model import Flag, Transcript

S = 48_000
FILE = "WEBVTT\n\n00:00.200 --> 00:01.500\nRing within\nthe hour.\n\n00:01.700 --> 00:03.500\nThen wait.\n"


def test_captions_of_a_file_are_taken_over_and_follow_a_cut(lapel, resource, clip, tmp_path):
    lapel.json("import", resource, clip)
    (tmp_path / "by-hand.vtt").write_text(FILE)
    lapel.json("edit", resource, "--captions", tmp_path / "by-hand.vtt")
    first, second = lapel.json("show", resource)["cues"]
    assert first["lines"] == ["Ring within", "the hour."]
    assert first["start_s"] == pytest.approx(0.2, abs=0.04)
    lapel.json("edit", resource, "--cut", "0-1.6")
    (left,) = lapel.json("show", resource)["cues"]
    assert left["lines"] == second["lines"]
    assert left["start_s"] == pytest.approx(0.1, abs=0.05)
    assert "Read captions" in lapel("edit", resource, "--undo")[1] + lapel("edit", resource, "--undo")[1]


@pytest.mark.parametrize(
    "content",
    [
        "1\n00:00:03,000 --> 00:00:02,000\nbackwards\n",
        "1\n00:00:05,000 --> 00:00:06,000\na\n\n2\n00:00:01,000 --> 00:00:02,000\nb\n",
        "WEBVTT\n\n00:00:xx.000 --> 00:00:02.000\nhello\n",
        "Dear Amara, the captions are attached.",
    ],
)
def test_captions_with_broken_times_change_nothing(lapel, resource, clip, tmp_path, content):
    lapel.json("import", resource, clip)
    (tmp_path / "broken.srt").write_text(content)
    before = lapel.json("show", resource)
    assert "broken.srt" in lapel.refuses("edit", resource, "--captions", tmp_path / "broken.srt")
    assert lapel.json("show", resource) == before


def test_captions_without_any_take_are_refused(lapel, resource, tmp_path):
    (tmp_path / "early.vtt").write_text(FILE)
    lapel.refuses("edit", resource, "--captions", tmp_path / "early.vtt")


def test_a_lost_recording_is_named_and_taken_back(lapel, resource, clip, tmp_path):
    take = lapel.json("import", resource, clip)["id"]
    folder = Path(lapel.json("show", resource)["prompts"][0]["takes"][0]["path"])
    shutil.move(folder, tmp_path / "elsewhere")
    found = lapel.json("show", resource)
    assert [(flag["take"], flag["reason"]) for flag in found["flags"]] == [(take, "media_missing")]
    code, _, err = lapel("show", resource)
    assert code == 0
    assert take in err
    before = lapel.json("edit", resource, "--cut", "1-2")["duration_s"]
    lapel.refuses("edit", resource, "--trim", code=1)
    assert lapel.json("show", resource)["duration_s"] == pytest.approx(before)
    lapel.refuses("recover", "--take", take, "--from", tmp_path / "nowhere")
    lapel.refuses("recover", "--take", take)
    lapel.json("recover", "--take", take, "--from", tmp_path)
    assert lapel.json("show", resource)["flags"] == []
    lapel.json("edit", resource, "--trim")


def test_a_recording_damaged_behind_our_back_stops_an_edit_and_leaves_it_as_it_was(lapel, resource, clip):
    lapel.json("import", resource, clip)
    lapel.json("edit", resource, "--cut", "1-2")
    folder = Path(lapel.json("show", resource)["prompts"][0]["takes"][0]["path"])
    for path in folder.iterdir():
        if path.suffix in {".mp4", ".wav"}:
            path.write_bytes(b"\x00" * 5000)
    before = lapel.json("show", resource)
    code, out, err = lapel("edit", resource, "--trim", "--remove-silence", "0.5")
    assert code in {1, 2}
    assert out == ""
    assert "Traceback" not in err
    assert lapel.json("show", resource) == before


def test_fillers_are_not_looked_for_in_silence_about_missing_words(lapel, resource, clip):
    lapel.json("import", resource, clip)
    code, _, err = lapel("edit", resource, "--remove-fillers")
    assert code == 0
    assert f"lapel caption {resource}" in err


def test_show_says_where_nobody_wrote_down_what_is_said(lapel, resource, clip):
    take = lapel.json("import", resource, clip)["id"]
    with Library.open(lapel.folder, write=True) as library:
        flag = Flag(take, 1_000_000, 3_000_000, "no_words")
        library.save_transcript(Transcript(take, "en", "base", (), (flag,)))
    assert "0:01 to 0:03 of “What it is”" in lapel("show", resource)[2].replace("\n", " ")
    lapel.json("edit", resource, "--cut", "0.5-3.5")
    assert "0:01 to" not in lapel("show", resource)[2]


@pytest.mark.parametrize("kind", ["silence", "music"])
def test_takes_without_speech_are_left_whole(lapel, resource, tmp_path, kind):
    t = np.arange(6 * S) / S
    sound = np.random.default_rng(1).standard_normal(len(t)) * 1e-4
    if kind == "music":
        chords = (np.sin(2 * np.pi * f * t) for f in (220, 277, 330, 440))
        sound = sound + 0.1 * sum(chords) * (1 + 0.1 * np.sin(2 * np.pi * 2 * t))
    soundfile.write(tmp_path / "take.wav", sound, S)
    taken = lapel.json("import", resource, tmp_path / "take.wav")
    lapel.json("choose", resource, taken["id"])  # a silent one is kept, but never chosen by itself
    after = lapel.json("edit", resource, "--trim", "--remove-silence", "0.4", "--remove-fillers")
    assert after["duration_s"] == pytest.approx(taken["duration_s"], abs=0.05)
