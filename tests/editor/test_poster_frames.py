"""Stills proposed for the poster are sharp, the face large, nothing moves, and no two are of one moment."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

import assets
from capture.face_model import find_face_model
from capture.faces import FaceFinder
from capture.work import Cancelled, Work
from editor import cutlist, poster_frames
from editor.model import Cut, Edit, TakeEdit, Transcript, Word
from editor.take_frames import camera_frames
from tests.editor.film_kit import a_resource, coded_take, even_times, write_camera

S = 1_000_000
RATE = Fraction(25)


def open_frames(take, folder, rate):
    return camera_frames(take, folder, rate, work=Work())


def proposed(take, folder, resource=None, transcripts=(), work=None):
    cut_list = cutlist.cut_list(resource or a_resource(take), (take,), rate=RATE)
    return poster_frames.propose(
        cut_list, (take,), {take.id: folder}, transcripts, open_frames=open_frames, work=work or Work()
    )


@pytest.fixture(scope="module")
def sharp_in_the_middle(tmp_path_factory):
    """Twelve seconds, sharp from the fifth to the seventh."""
    folder = tmp_path_factory.mktemp("posters")
    random = np.random.default_rng(1)
    sharp = np.kron(random.integers(60, 200, (24, 32)), np.ones((10, 10))).astype(np.uint8)
    blurred = np.asarray(Image.fromarray(sharp).resize((16, 12)).resize((320, 240), Image.Resampling.BICUBIC))
    pictures = [sharp if 125 <= n < 175 else blurred for n in range(300)]
    write_camera(
        folder / "camera.mp4",
        even_times(300, 25),
        rate=RATE,
        size=(320, 240),
        pictures=pictures,
        options={"g": "25"},
    )
    return folder, coded_take(folder, camera="camera.mp4", seconds=12)


@pytest.fixture(scope="module")
def finder():
    model = find_face_model()
    if model is None:
        pytest.skip("the face model is not here: lapel models get face")
    return FaceFinder(model)


class TestProposals:
    def test_the_best_is_the_sharp_one_and_four_are_told_in_order_of_time(self, sharp_in_the_middle):
        folder, take = sharp_in_the_middle
        found = proposed(take, folder)
        assert len(found) == poster_frames.MOST
        assert 5 * S <= max(found, key=lambda each: each.worth).result_us < 7 * S
        times = [each.result_us for each in found]
        assert times == sorted(times)
        assert len(set(times)) == len(times)

    def test_each_has_the_sentence_that_is_said_there(self, sharp_in_the_middle):
        folder, take = sharp_in_the_middle
        words = tuple(Word(n * S, n * S + 900_000, f"Word{n}.", 0.9) for n in range(12))
        for each in proposed(take, folder, transcripts=(Transcript(take.id, "en", "base", words),)):
            said = f"Word{each.suggestion.start_us // S}."
            assert (each.suggestion.field, each.suggestion.sentence) == ("poster", said)

    def test_what_was_cut_is_not_proposed(self, sharp_in_the_middle):
        folder, take = sharp_in_the_middle
        cut = TakeEdit(take.id, cuts=(Cut(4 * S, 8 * S, "hand"),))
        resource = replace(a_resource(take), edit=Edit(takes=(cut,)))
        found = proposed(take, folder, resource)
        assert found
        assert all(not 4 * S <= each.suggestion.start_us < 8 * S for each in found)

    def test_sound_alone_has_none(self, tmp_path):
        assert proposed(coded_take(tmp_path, seconds=3), tmp_path) == ()

    def test_a_file_that_is_gone_has_none(self, tmp_path, sharp_in_the_middle):
        assert proposed(sharp_in_the_middle[1], tmp_path) == ()

    def test_it_can_be_stopped(self, sharp_in_the_middle):
        work = Work()
        work.cancel()
        with pytest.raises(Cancelled):
            proposed(sharp_in_the_middle[1], sharp_in_the_middle[0], work=work)


class TestWorth:
    portrait = np.asarray(
        Image.open(assets.ROOT / "assets" / "sample" / "portrait.png").convert("RGB").resize((480, 270))
    )

    def test_a_near_face_is_worth_more_than_a_far_one(self, finder):
        far = np.full((540, 960, 3), 128, np.uint8)
        far[135:405, 240:720] = self.portrait
        small = np.asarray(Image.fromarray(far).resize((480, 270)))
        near = poster_frames.still_worth(self.portrait, self.portrait, finder)
        assert near > poster_frames.still_worth(small, small, finder)

    def test_movement_costs(self, finder):
        moved = np.roll(self.portrait, 12, axis=1)
        still = poster_frames.still_worth(self.portrait, self.portrait, finder)
        assert still > 1.2 * poster_frames.still_worth(self.portrait, moved, finder)

    def test_blur_costs(self, finder):
        blurred = np.asarray(Image.fromarray(self.portrait).resize((60, 34)).resize((480, 270)))
        still = poster_frames.still_worth(self.portrait, self.portrait, finder)
        assert still > 1.5 * poster_frames.still_worth(blurred, blurred, finder)
