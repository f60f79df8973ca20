"""The still that stands for a resource: the moment or the picture that was chosen, wherever the take goes."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from capture.errors import BadInputError
from capture.work import Work
from editor import still
from editor.library import Library
from editor.model import Edit, Poster
from tests.editor.film_kit import a_resource, coded_take, even_times, read_code, write_camera
from tests.editor.library_values import a_resource as kept_resource
from tests.editor.library_values import a_take

S = 1_000_000


@pytest.fixture
def take(tmp_path):
    write_camera(tmp_path / "camera.mp4", even_times(120, 30), size=(320, 240), options={"g": "30"})
    return coded_take(tmp_path, camera="camera.mp4", seconds=4)


def size_of(path):
    with Image.open(path) as image:
        return image.size


def image_file(path, width, height, **how):
    Image.new("RGB", (width, height), "teal").save(path, **how)
    return path


class TestChoice:
    def test_the_last_one_counts_as_long_as_its_take_is_there(self, take):
        chosen = Poster(take.id, 2 * S)
        made = replace(a_resource(take), edit=Edit(poster=(Poster("gone", 0), chosen)))
        assert still.chosen_poster(made, (take,)) == chosen
        assert still.chosen_poster(made, ()) is None
        assert still.chosen_poster(a_resource(take), (take,)) is None

    def test_packages_show_the_moment(self, tmp_path, take):
        out = tmp_path / "poster.jpg"
        wanted = Poster(take.id, 2 * S)
        rate = Fraction(30)
        assert still.write_poster(wanted, take, tmp_path, rate=rate, limit_px=720, out=out, work=Work())
        with Image.open(out) as made:
            assert read_code(np.asarray(made.convert("L"))) == 60

    def test_a_still_is_no_larger_than_the_video(self, tmp_path, take):
        out = tmp_path / "poster.jpg"
        wanted = Poster(take.id, 0)
        still.write_poster(wanted, take, tmp_path, rate=Fraction(30), limit_px=120, out=out, work=Work())
        assert size_of(out) == (160, 120)

    def test_without_a_picture_there_is_none(self, tmp_path):
        take = coded_take(tmp_path, seconds=2)
        out = tmp_path / "poster.jpg"
        wanted = Poster(take.id, 0)
        rate = Fraction(30)
        assert not still.write_poster(wanted, take, tmp_path, rate=rate, limit_px=720, out=out, work=Work())
        assert not out.exists()


class TestOwnPicture:
    def test_it_is_kept_with_the_take_and_used_as_it_is(self, tmp_path, take):
        source = image_file(tmp_path / "mine.png", 1600, 900)
        name = still.keep_picture(tmp_path, source, work=Work())
        chosen = Poster(take.id, file=name)
        own = still.own_picture(tmp_path, chosen)
        assert size_of(own) == (1600, 900)
        out = tmp_path / "poster.jpg"
        still.write_poster(chosen, take, tmp_path, rate=Fraction(30), limit_px=720, out=out, work=Work())
        assert out.read_bytes() == own.read_bytes()

    def test_it_stands_as_the_camera_was_held(self, tmp_path):
        turned = Image.Exif()
        turned[0x0112] = 6
        source = image_file(tmp_path / "phone.jpg", 1080, 1920, exif=turned)
        name = still.keep_picture(tmp_path, source, work=Work())
        assert size_of(tmp_path / name) == (1920, 1080)

    def test_a_large_one_is_made_smaller(self, tmp_path):
        name = still.keep_picture(tmp_path, image_file(tmp_path / "large.png", 4000, 3000), work=Work())
        assert size_of(tmp_path / name) == (1440, 1080)

    def test_a_small_one_is_refused_with_both_sizes(self, tmp_path):
        with pytest.raises(BadInputError) as refused:
            still.keep_picture(tmp_path, image_file(tmp_path / "icon.png", 1280, 719), work=Work())
        assert refused.value.message_key == "poster.small"
        shown = refused.value.params
        assert (shown["width"], shown["height"]) == (1280, 719)
        assert (shown["least_width"], shown["least_height"]) == (1280, 720)
        assert not list(tmp_path.glob("own-*"))

    @pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n broken", b"<svg/>"])
    def test_what_is_no_picture_is_refused(self, tmp_path, data):
        (tmp_path / "mine.png").write_bytes(data)
        with pytest.raises(BadInputError, match=r"poster\.unreadable"):
            still.keep_picture(tmp_path, tmp_path / "mine.png", work=Work())

    @pytest.mark.parametrize(
        "name", ["take.json", "../secret.jpg", "own-poster-/../../secret.jpg", "/etc/passwd"]
    )
    def test_a_bundle_cannot_name_another_file(self, tmp_path, name):
        folder = tmp_path / "take"
        folder.mkdir()
        (folder / "take.json").write_text("{}")
        (tmp_path / "secret.jpg").write_text("secret")
        assert still.own_picture(folder, Poster("t", file=name)) is None


def test_the_card_shows_the_choice_and_goes_back_without_it(tmp_path):
    with Library.open(tmp_path / "library", write=True) as library:
        made = kept_resource(library)
        take = a_take(library, made)
        folder = library.take_folder(take)
        own = still.keep_picture(folder, image_file(tmp_path / "mine.png", 1280, 720), work=Work())
        chosen = replace(made, edit=replace(made.edit, poster=(Poster(take.id, file=own),)))
        shown = still.resource_card(library, chosen, (take,), work=Work())
        assert size_of(shown) == (640, 360)
        (folder / own).unlink()
        assert still.resource_card(library, chosen, (take,), work=Work()) is None
