"""``lapel record --second-copy DIR``: the take is safe first, and a stick that fails harms nothing."""

from capture.take import read_take


def test_a_take_and_its_copy(lapel, sample, tmp_path):
    made = lapel.json("new", "--title", "T")
    stick = tmp_path / "stick"
    stick.mkdir()
    mic = f"file:{sample / '4-who.flac'}"
    given = ["record", made["id"], "--prompt", 1, "--camera", "none", "--mic", mic, "--seconds", 1]
    take = lapel.json(*given, "--second-copy", stick)
    assert take["state"] == "safe"
    copy = stick / made["id"] / take["id"]
    assert read_take(copy).id == take["id"]
    assert (copy / "mic-001.wav").exists()
    assert "second copy" in lapel.refuses(*given, "--second-copy", tmp_path / "pulled")
    assert len(lapel.json("show", made["id"])["prompts"][0]["takes"]) == 1, "nothing was recorded"
