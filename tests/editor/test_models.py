"""Caption models are put together offline, checked bit by bit, and never used unverified."""

import hashlib
import os
import sys
from pathlib import Path

import pytest

import assets
from capture.errors import BadInputError, UserError
from capture.places import MODELS_VARIABLE
from capture.work import Cancelled, Work
from editor import models

MODEL = models.DEFAULT_MODEL


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the default model, put together once from the installed packages."""
    folder = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(MODELS_VARIABLE, str(folder))
        return models.get_model(MODEL, work=Work())


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty models folder."""
    folder = tmp_path / "models"
    monkeypatch.setenv(MODELS_VARIABLE, str(folder))
    return folder


def copy_of(model: Path, folder: Path, *, stamped: bool = False) -> Path:
    """The same files by hard links, which keeps the tests quick: replace them, never write into them."""
    folder.mkdir(parents=True)
    for file in model.iterdir():
        if stamped or file.name != models.STAMP_FILE:
            os.link(file, folder / file.name)
    return folder


def flip_a_bit(path: Path, *, keep_time: bool) -> None:
    before = path.stat()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.unlink()
    path.write_bytes(data)
    if keep_time:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def keys(error: pytest.ExceptionInfo[UserError]) -> str:
    """The error's key; its text must exist and take its values."""
    text = assets.text(f"errors.{error.value.message_key}", **error.value.params)
    assert "\n" not in text
    return error.value.message_key


def test_the_catalogue_says_everything_about_each_model():
    base, tiny = models.catalogue()
    assert (base.name, tiny.name) == ("base", "tiny.en")
    assert {"en", "de", "zh"} <= set(base.languages)
    assert tiny.languages == ("en",)
    for model in (base, tiny):
        assert model.source.startswith("https://")
        assert model.licence
        assert model.size_bytes > 70_000_000
        assert {file.name for file in model.files} == {
            "model.bin",
            "config.json",
            "tokenizer.json",
            "vocabulary.txt",
        }
        assert all(len(file.sha256) == 64 for file in model.files)


def test_base_is_joined_from_two_packages_into_exactly_the_published_file(store: Path):
    folder = models.find_model("base", work=Work())
    assert folder == store / "base"
    with (folder / "model.bin").open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    assert digest == "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
    assert [(each.name, each.model is not None) for each in models.installed()] == [("base", True)]


def test_nothing_half_written_remains_when_stopped(store: Path):
    work = Work(lambda fraction, _note: work.cancel() if (fraction or 0) > 0.3 else None)
    with pytest.raises(Cancelled):
        models.get_model(MODEL, work=work)
    assert list(store.iterdir()) == []
    assert models.installed() == ()


def test_progress_goes_from_nothing_to_all_of_it(store: Path):
    told: list[float] = []
    models.get_model(MODEL, work=Work(lambda fraction, _note: told.append(fraction or 0.0)))
    assert told == sorted(told)
    assert told[0] == 0.0
    assert told[-1] == 1.0


def test_an_unchanged_model_is_not_read_again(store: Path, whole: Path):
    copy_of(whole, store / MODEL, stamped=True)
    notes: list[str] = []
    models.find_model(MODEL, work=Work(lambda _fraction, note: notes.append(note)))
    assert notes == []


def test_a_model_without_a_stamp_is_read_in_full_and_then_stamped(store: Path, whole: Path):
    copy_of(whole, store / MODEL)
    notes: set[str] = set()
    models.find_model(MODEL, work=Work(lambda _fraction, note: notes.add(note)))
    assert notes == {"models.verifying"}
    assert (store / MODEL / models.STAMP_FILE).is_file()


@pytest.mark.parametrize("file", ["model.bin", "tokenizer.json"])
def test_one_wrong_bit_and_the_model_is_not_used(store: Path, whole: Path, file: str):
    folder = copy_of(whole, store / MODEL, stamped=True)
    flip_a_bit(folder / file, keep_time=False)
    with pytest.raises(BadInputError) as error:
        models.find_model(MODEL, work=Work())
    assert keys(error) == "models.checksum"
    assert error.value.params == {"name": MODEL, "file": file}
    with pytest.raises(BadInputError):  # nor the next time
        models.find_model(MODEL, work=Work())


def test_a_wrong_bit_in_a_folder_given_by_hand_is_found_too(store: Path, whole: Path, tmp_path: Path):
    folder = copy_of(whole, tmp_path / "from a stick")
    assert models.find_model(folder, work=Work()) == folder
    flip_a_bit(folder / "model.bin", keep_time=True)
    with pytest.raises(BadInputError) as error:
        models.find_model(str(folder), work=Work())
    assert keys(error) == "models.checksum"


def test_a_cut_off_model_is_not_used(store: Path, whole: Path):
    folder = copy_of(whole, store / MODEL, stamped=True)
    start = (folder / "model.bin").read_bytes()[:1_000_000]
    (folder / "model.bin").unlink()
    (folder / "model.bin").write_bytes(start)
    with pytest.raises(BadInputError) as error:
        models.find_model(MODEL, work=Work())
    assert keys(error) == "models.checksum"


def test_a_known_model_from_a_folder_takes_its_own_name(store: Path, whole: Path, tmp_path: Path):
    added = models.add_model(copy_of(whole, tmp_path / "download"), work=Work())
    assert added == store / MODEL
    assert models.find_model(MODEL, work=Work()) == added


def test_a_damaged_download_is_not_added(store: Path, whole: Path, tmp_path: Path):
    folder = copy_of(whole, tmp_path / "download")
    flip_a_bit(folder / "model.bin", keep_time=False)
    with pytest.raises(BadInputError) as error:
        models.add_model(folder, work=Work())
    assert keys(error) == "models.checksum"
    assert not store.exists()


@pytest.fixture
def own_model(whole: Path, tmp_path: Path) -> Path:
    """A model that no catalogue lists: what somebody trained on their own words."""
    folder = copy_of(whole, tmp_path / "our words")
    (folder / "model.bin").unlink()
    (folder / "model.bin").write_bytes((whole / "model.bin").read_bytes()[:1_000_000])
    return folder


def test_an_unknown_model_is_used_only_after_the_producer_added_it(store: Path, own_model: Path):
    with pytest.raises(BadInputError) as error:
        models.find_model(own_model, work=Work())
    assert keys(error) == "models.not_added"
    added = models.add_model(own_model, work=Work())
    assert added == store / "our-words"
    assert models.find_model("our-words", work=Work()) == added
    assert [(each.name, each.model) for each in models.installed()] == [("our-words", None)]


def test_an_added_model_that_changed_is_refused(store: Path, own_model: Path):
    added = models.add_model(own_model, work=Work())
    flip_a_bit(added / "model.bin", keep_time=False)
    with pytest.raises(BadInputError) as error:
        models.find_model("our-words", work=Work())
    assert keys(error) == "models.changed"


def test_a_name_can_be_added_once(store: Path, own_model: Path):
    models.add_model(own_model, work=Work())
    with pytest.raises(BadInputError) as error:
        models.add_model(own_model, work=Work())
    assert keys(error) == "models.exists"


@pytest.mark.parametrize("missing", ["config.json", "vocabulary.txt"])
def test_a_folder_without_all_files_is_no_model(store: Path, whole: Path, tmp_path: Path, missing: str):
    folder = copy_of(whole, tmp_path / "half")
    (folder / missing).unlink()
    with pytest.raises(BadInputError) as error:
        models.add_model(folder, work=Work())
    assert keys(error) == "models.incomplete"
    assert error.value.params["missing"] == missing


def test_any_other_file_called_model_is_no_model(store: Path, whole: Path, tmp_path: Path):
    folder = copy_of(whole, tmp_path / "other")
    (folder / "model.bin").unlink()
    (folder / "model.bin").write_bytes(b"no model at all")
    with pytest.raises(BadInputError) as error:
        models.find_model(folder, work=Work())
    assert keys(error) == "models.no_whisper"


@pytest.mark.parametrize("name", ["huge", "", "no/such/folder"])
def test_an_unknown_name_says_which_are_known(store: Path, name: str):
    with pytest.raises(BadInputError) as error:
        models.find_model(name, work=Work())
    assert keys(error) == "models.unknown"


def test_a_known_model_that_is_not_on_this_computer_says_where_to_get_it(
    store: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "path", [])  # as if no package of a model were installed
    with pytest.raises(UserError) as error:
        models.find_model("base", work=Work())
    assert keys(error) == "models.missing"
    assert not isinstance(error.value, BadInputError)
    assert "huggingface.co/Systran/faster-whisper-base" in str(error.value.params["source"])
    assert not any(models.is_available(model) for model in models.catalogue())


def test_removing_takes_the_folder_away_and_only_that(store: Path, whole: Path):
    copy_of(whole, store / MODEL, stamped=True)
    (store / "keep").mkdir()
    models.remove_model(MODEL)
    assert [each.name for each in store.iterdir()] == ["keep"]
    for name in (MODEL, "..", ""):
        with pytest.raises(BadInputError) as error:
            models.remove_model(name)
        assert keys(error) == "models.not_installed"


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path / "file" / "models"))
    with pytest.raises(UserError) as error:
        models.get_model(MODEL, work=Work())
    assert keys(error) == "models.cannot_write"
