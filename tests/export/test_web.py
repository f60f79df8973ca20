"""The web page: a folder to double-click and the same as a zip."""

import json
import zipfile
from pathlib import Path

from capture.work import Work
from export.web import Web

GOLDEN = Path(__file__).parent / "golden" / "web.json"


def test_the_files_and_the_data_are_the_golden_ones(edition, tmp_path):
    """Look at the difference; if it is meant, write the new text to the golden file."""
    folder = Web().build(edition(), tmp_path, work=Work())
    data = json.loads((folder / "data.js").read_text().partition("LAPEL=")[2].rstrip(";\n"))
    del data["strings"]  # wording may change without the format changing
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert {"files": files, "data": data} == json.loads(GOLDEN.read_text())


def test_the_zip_holds_what_the_folder_holds(edition, tmp_path):
    folder = Web().build(edition(), tmp_path, work=Work())
    with zipfile.ZipFile(folder.with_name(f"{folder.name}.zip")) as archive:
        for name in archive.namelist():
            assert archive.read(name) == (folder / name).read_bytes()


def test_the_captions_ship_as_a_file_too(edition, tmp_path):
    text = (Web().build(edition(), tmp_path, work=Work()) / "captions.vtt").read_text()
    assert text.startswith("WEBVTT")
    assert "If we rang inside the hour,\none in three booked a visit." in text
