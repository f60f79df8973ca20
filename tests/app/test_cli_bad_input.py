"""What a producer may hand in by mistake: one readable line, exit 2, nothing written or lost."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from capture import ffmpeg
from capture.work import Work
from tests.app.kit import files_below

KEPT = ("media", "exports")


def ffmpeg_file(path: Path, *args: str) -> Path:
    ffmpeg.run([*args], out=path, work=Work())
    return path


@pytest.fixture(scope="session")
def bad_files(tmp_path_factory, clip) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("bad")
    (folder / "a folder.mp4").mkdir()
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "text.mp4").write_text("Dear Amara, the video is attached.\n" * 50)
    whole = clip.read_bytes()
    (folder / "truncated.mp4").write_bytes(whole[: len(whole) // 2])
    ffmpeg_file(folder / "mute.mp4", "-i", str(clip), "-c", "copy", "-an")
    ffmpeg_file(
        folder / "no-length.mp4",
        *("-f", "lavfi", "-i", "color=size=320x180:rate=25", "-f", "lavfi", "-i", "sine"),
        *("-t", "0", "-c:v", "libx264", "-c:a", "aac"),
    )
    return {path.name: path for path in folder.iterdir()} | {"missing.mp4": folder / "missing.mp4"}


BAD = ["missing.mp4", "a folder.mp4", "empty.mp4", "text.mp4", "truncated.mp4", "mute.mp4", "no-length.mp4"]


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_answer_is_refused_by_name(lapel, resource, bad_files, name):
    before = files_below(lapel.folder / "media")
    line = lapel.refuses("import", resource, bad_files[name])
    assert name in line
    assert files_below(lapel.folder / "media") == before
    assert lapel.json("show", resource)["status"] == "draft"


@pytest.mark.parametrize("name", BAD)
def test_make_leaves_no_resource_behind_for_a_bad_file(lapel, clip, bad_files, name, tmp_path):
    lapel.refuses("make", clip, bad_files[name], "--title", "T", "--out", tmp_path / "out")
    assert lapel.json("list") == []
    assert files_below(tmp_path / "out") == set()
    assert [path for each in KEPT for path in files_below(lapel.folder / each)] == []


def test_a_lapel_track_of_another_moment_is_refused(lapel, resource, sample):
    lapel.refuses("import", resource, sample / "1-what.camera.mp4", "--mic", sample / "5-prerequisites.flac")
    assert files_below(lapel.folder / "media") == set()
    taken = lapel.json("import", resource, sample / "1-what.camera.mp4", "--mic", sample / "1-what.flac")
    (take,) = lapel.json("show", resource)["prompts"][0]["takes"]
    assert take["id"] == taken["id"]
    assert take["sync"]["offset_s"] == pytest.approx(0.370, abs=0.01)


def test_an_output_folder_that_cannot_be_written_leaves_the_last_version(lapel, resource, clip, tmp_path):
    lapel.json("import", resource, clip)
    made = lapel.json("export", resource, "--to", "web")
    (tmp_path / "a file").write_text("not a folder")
    before = files_below(lapel.folder / "exports")
    lapel.refuses("export", resource, "--to", "web", "--out", tmp_path / "a file" / "below")
    assert files_below(lapel.folder / "exports") == before
    assert lapel.json("show", resource)["version"] == made["version"]


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
@pytest.mark.parametrize(
    ("options", "code"), [("size=200k", 1), ("size=10m,ro", 2)], ids=["full", "read-only"]
)
def test_an_output_disk_that_is_full_or_read_only(lapel, resource, clip, tmp_path, options, code):
    lapel.json("import", resource, clip)
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], check=False)
    if mounted.returncode:
        pytest.skip("no mounting here")
    try:
        found, out, err = lapel("export", resource, "--to", "web,scorm12", "--out", disk)
        assert (found, out) == (2, ""), err
        assert len(err.strip().splitlines()) == 1, err
        assert files_below(disk) == set()
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    assert lapel.json("export", resource, "--to", "web")["version"] == 1


def test_packages_there_already_are_replaced_whole_and_the_rest_stays(lapel, resource, clip, tmp_path):
    lapel.json("import", resource, clip)
    out = tmp_path / "out"
    first = lapel.json("export", resource, "--to", "scorm12", "--out", out)
    (out / "notes.txt").write_text("mine")
    second = lapel.json("export", resource, "--to", "scorm12", "--out", out)
    assert (first["version"], second["version"]) == (1, 2)
    assert first["packages"][0]["path"] == second["packages"][0]["path"]
    assert (out / "notes.txt").read_text() == "mine"


def test_a_model_whose_checksum_is_wrong_is_not_used(lapel, resource, clip, tmp_path, monkeypatch):
    lapel.json("import", resource, clip)
    here = Path(lapel.json("models", "get", "base")["path"])
    models = tmp_path / "models"
    shutil.copytree(here, models / "base")
    with (models / "base" / "model.bin").open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"tampered")
    monkeypatch.setenv("LAPEL_MODELS", str(models))
    lapel.refuses("caption", resource)
    assert lapel.json("show", resource)["words"] == []


def test_a_library_from_a_newer_version_is_left_alone(lapel, resource):
    import sqlite3

    database = lapel.folder / "library.db"
    with sqlite3.connect(database) as db:
        (table,) = db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%migrations%'"
        ).fetchone()
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        row = dict(zip(columns, db.execute(f"SELECT * FROM {table}").fetchone(), strict=True))
        row |= {"name": "m999_from_the_future"} | ({"id": 999} if "id" in row else {})
        places = ", ".join("?" * len(row))
        db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", [*row.values()])
    db.close()
    before = database.read_bytes()
    lapel.refuses("list")
    lapel.refuses("tag", resource, "--role", "R")
    assert database.read_bytes() == before
