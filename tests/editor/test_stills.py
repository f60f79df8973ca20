"""Small pictures show where one is in a take: the right moment, made once, as many as are useful."""

import contextlib
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from capture.work import Cancelled, Work
from editor import stills
from editor.take_frames import CameraFrames, CopyFrames, camera_frames, open_take_frames
from editor.viewing import TakeFrames
from editor.working_copy import make_working_copy
from tests.editor.film_kit import coded_take, even_times, read_code, write_camera

S = 1_000_000


def open_frames(take, folder, rate) -> TakeFrames | None:
    return camera_frames(take, folder, rate, work=Work())


@pytest.fixture
def take(tmp_path):
    write_camera(tmp_path / "camera.mp4", even_times(210, 30), size=(320, 240), options={"g": "30"})
    return coded_take(tmp_path, camera="camera.mp4", seconds=7)


def number_on(still: stills.Still) -> int:
    return read_code(np.asarray(Image.open(still.path).convert("L")))


class TestStills:
    def test_each_shows_its_moment(self, tmp_path, take):
        made = stills.take_stills(tmp_path, take, open_frames=open_frames, work=Work())
        assert [still.at_us for still in made] == [0, 2 * S, 4 * S, 6 * S]
        assert [number_on(still) for still in made] == [0, 60, 120, 180]

    def test_they_come_one_by_one_and_are_there_the_next_time(self, tmp_path, take):
        told: list[stills.Still] = []
        made = stills.take_stills(tmp_path, take, open_frames=open_frames, on_still=told.append, work=Work())
        assert tuple(told) == made
        assert stills.read_stills(tmp_path, take) == made

    def test_stopped_in_the_middle_it_goes_on_where_it_was(self, tmp_path, take):
        work = Work()
        with pytest.raises(Cancelled):
            stills.take_stills(
                tmp_path, take, open_frames=open_frames, on_still=lambda _: work.cancel(), work=work
            )
        assert stills.read_stills(tmp_path, take) is None
        first = next((tmp_path / "stills").iterdir())
        before = first.stat().st_mtime_ns
        assert len(stills.take_stills(tmp_path, take, open_frames=open_frames, work=Work())) == 4
        assert first.stat().st_mtime_ns == before

    def test_one_that_is_gone_is_made_again(self, tmp_path, take):
        made = stills.take_stills(tmp_path, take, open_frames=open_frames, work=Work())
        made[2].path.unlink()
        assert stills.read_stills(tmp_path, take) is None
        assert stills.take_stills(tmp_path, take, open_frames=open_frames, work=Work()) == made

    def test_of_sound_alone_there_are_none(self, tmp_path):
        assert (
            stills.take_stills(
                tmp_path, coded_take(tmp_path, seconds=3), open_frames=open_frames, work=Work()
            )
            == ()
        )

    def test_a_long_take_has_no_more_than_a_person_can_use(self):
        times = stills.still_times(4 * 3600 * S, Fraction(30))
        assert 300 < len(times) <= 400
        assert len(set(np.diff(times).tolist())) == 1


class TestCopyFrames:
    """Frame n of a working copy is frame n of the grid, whichever way one comes to it."""

    @pytest.fixture
    def copy(self, tmp_path):
        options = {"g": "30", "bf": "3", "sc_threshold": "0", "preset": "veryfast", "flags": "+cgop"}
        path = write_camera(tmp_path / "work.mp4", even_times(150, 30), options=options)
        frames = CopyFrames(path, Fraction(30))
        yield frames
        frames.close()

    def code(self, frame) -> int:
        return read_code(frame.to_ndarray(format="gray"))

    def test_a_take_is_opened_by_its_working_copy_where_there_is_one(self, tmp_path):
        write_camera(tmp_path / "camera.mp4", even_times(90, 30), options={"g": "90"})
        take = replace(coded_take(tmp_path, camera="camera.mp4", seconds=3), picture_rate="30")
        for kind in (CameraFrames, CopyFrames):
            with contextlib.closing(open_take_frames(take, tmp_path, Fraction(30))) as frames:
                assert isinstance(frames, kind)
                assert [self.code(frames.frame(n)) for n in (70, 3, 40)] == [70, 3, 40]
            make_working_copy(take, tmp_path, work=Work())
        with contextlib.closing(open_take_frames(take, tmp_path, Fraction(25))) as other_rate:
            assert isinstance(other_rate, CameraFrames)

    def test_forward_backward_and_at_random(self, copy):
        order = [
            *range(0, 150, 7),
            *range(149, 0, -11),
            *np.random.default_rng(1).integers(0, 150, 60).tolist(),
        ]
        assert [self.code(copy.frame(n)) for n in order] == order

    def test_one_after_the_other(self, copy):
        assert [self.code(copy.frame(n)) for n in range(150)] == list(range(150))

    def test_before_the_first_and_after_the_last_the_picture_stands_still(self, copy):
        assert [self.code(copy.frame(n)) for n in (-9, 400, 149, 500)] == [0, 149, 149, 149]

    def test_the_last_again_after_the_end_was_reached(self, copy):
        assert [self.code(copy.frame(n)) for n in (149, 148, 149, 0, 149)] == [149, 148, 149, 0, 149]
