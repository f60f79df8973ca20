"""The outline of a take's sound is true at every zoom, comes bit by bit, and is kept for the next time."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile

from capture.take import Segment, Take, TakePrompt
from capture.work import Cancelled, Work
from editor import peaks
from editor.audio import RATE_HZ, MediaMissingError

S = 1_000_000


def a_take(folder, seconds: float, *, sound: np.ndarray | None = None) -> Take:
    if sound is None:
        sound = (
            np.random.default_rng(1).uniform(-1, 1, round(seconds * RATE_HZ))
            * np.linspace(0, 1, 9).repeat(round(seconds * RATE_HZ) // 9 + 1)[: round(seconds * RATE_HZ)]
        )
    soundfile.write(folder / "mic-001.wav", sound.astype(np.float32), RATE_HZ, subtype="PCM_24")
    asked = TakePrompt("p", "question", "What is it?", "What it is")
    segment = Segment("mic", "mic-001.wav", 0, round(seconds * S))
    return Take("t", "r", "", asked, 1, "safe", "", round(seconds * S), (segment,))


def swing(folder, in_us: int, out_us: int) -> tuple[float, float]:
    sound = soundfile.read(folder / "mic-001.wav")[0][in_us * RATE_HZ // S : out_us * RATE_HZ // S]
    return float(sound.min()) * 127, float(sound.max()) * 127


class TestOutline:
    @pytest.mark.parametrize(
        ("in_s", "out_s", "count"), [(0, 30, 7), (10, 12, 100), (0, 30, 1), (29, 30, 200)]
    )
    def test_every_column_holds_the_lowest_and_highest_of_its_part(self, tmp_path, in_s, out_s, count):
        outline = peaks.take_peaks(tmp_path, a_take(tmp_path, 30), work=Work())
        found = outline.columns(in_s * S, out_s * S, count)
        assert found.shape == (count, 2)
        for n in range(0, count, max(1, count // 7)):
            first, last = (in_s * S + (out_s - in_s) * S * k // count for k in (n, n + 1))
            low, high = swing(tmp_path, first, last)
            assert found[n, 0] <= low + 1  # a point at an edge may hold a little more
            assert found[n, 1] >= high - 1

    def test_beyond_either_end_it_is_silent(self, tmp_path):
        outline = peaks.take_peaks(
            tmp_path, a_take(tmp_path, 1.92, sound=np.full(round(1.92 * RATE_HZ), 0.5)), work=Work()
        )
        found = outline.columns(-2 * S, 6 * S, 8)
        assert found[:, 1].tolist() == [0, 0, 64, 64, 0, 0, 0, 0]

    def test_a_click_of_one_sample_is_seen_at_any_zoom(self, tmp_path):
        sound = np.zeros(60 * RATE_HZ)
        sound[1_234_567] = 0.9
        outline = peaks.take_peaks(tmp_path, a_take(tmp_path, 60, sound=sound), work=Work())
        for count in (1, 13, 500, 5000):
            assert outline.columns(0, 60 * S, count)[:, 1].max() == 114

    def test_nothing_to_draw_is_no_error(self, tmp_path):
        outline = peaks.take_peaks(tmp_path, a_take(tmp_path, 1), work=Work())
        assert outline.columns(0, 0, 10).shape == (10, 2)
        assert outline.columns(0, S, 0).shape == (0, 2)


class TestKeeping:
    def test_it_comes_bit_by_bit_and_is_the_same_from_beside_the_take(self, tmp_path):
        take, parts = a_take(tmp_path, 45), []
        outline = peaks.take_peaks(tmp_path, take, on_part=parts.append, work=Work())
        assert [part.duration_us for part in parts] == [20 * S, 40 * S, 45 * S]
        assert not parts[0].is_whole
        kept = peaks.read_peaks(tmp_path, take)
        assert kept is not None
        assert all(np.array_equal(a, b) for a, b in zip(outline.levels, kept.levels, strict=True))

    def test_that_of_another_sound_is_not_taken_for_it(self, tmp_path):
        take = a_take(tmp_path, 2)
        peaks.take_peaks(tmp_path, take, work=Work())
        assert peaks.read_peaks(tmp_path, replace(take, duration_us=3 * S)) is None
        a_take(tmp_path, 3)
        assert peaks.read_peaks(tmp_path, take) is None

    @pytest.mark.parametrize("damage", [b"", b"LAPELPK1", b"rubbish" * 50])
    def test_a_broken_one_is_made_again(self, tmp_path, damage):
        take = a_take(tmp_path, 1)
        (tmp_path / peaks.FILE).write_bytes(damage)
        assert peaks.take_peaks(tmp_path, take, work=Work()).duration_us == S

    def test_can_be_stopped_and_leaves_nothing(self, tmp_path):
        take, work = a_take(tmp_path, 45), Work()
        with pytest.raises(Cancelled):
            peaks.take_peaks(tmp_path, take, on_part=lambda _: work.cancel(), work=work)
        assert [path.name for path in tmp_path.iterdir()] == ["mic-001.wav"]

    def test_a_missing_file_is_said(self, tmp_path):
        take = a_take(tmp_path, 1)
        (tmp_path / "mic-001.wav").unlink()
        with pytest.raises(MediaMissingError):
            peaks.take_peaks(tmp_path, take, work=Work())
