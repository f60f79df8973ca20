"""A cut of working copies is copied: whole groups of pictures as they are, joins encoded, frames exact."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.take import Take
from capture.work import Cancelled, Work
from editor import encode, film_file, render
from editor.cutlist import place
from editor.fit import Size
from editor.joins import plan_runs
from editor.model import CutList, Rendition, Span
from editor.working_copy import WorkingCopy, make_working_copy
from tests.editor.film_kit import S, a_resource, coded_take, codes, even_times, write_camera

NTSC = Fraction(30000, 1001)


def a_copy(*, frames: int, keys: Sequence[int], crf: float = 23.0) -> WorkingCopy:
    return WorkingCopy(
        Path("work.mp4"),
        encode.house_settings(Fraction(30), Size(1280, 720), crf=crf),
        frames,
        tuple(keys),
        bytes=1,
        sha256="",
    )


def frame_spans(*stretches: tuple[int, int], take: str = "t") -> CutList:
    us = [(round(a * S / 30), round(b * S / 30)) for a, b in stretches]
    return place([Span(take, "p", a, b) for a, b in us], rate=Fraction(30))


class TestThePlan:
    COPY = a_copy(frames=300, keys=range(0, 300, 30))

    def test_whole_groups_are_copied_and_the_ends_of_a_span_encoded(self):
        runs = plan_runs(frame_spans((40, 130)), {"t": self.COPY})
        assert [(run.result_frame, run.frames, run.copied) for run in runs] == [
            (0, 20, False),
            (20, 60, True),
            (80, 10, False),
        ]
        assert runs[1].copy_frame == 60

    def test_neighbours_are_encoded_in_one_go(self):
        runs = plan_runs(frame_spans((40, 70), (95, 130)), {"t": self.COPY})
        assert [(run.frames, run.copied) for run in runs] == [(65, False)]

    def test_all_of_a_take_is_copied_as_it_is(self):
        (run,) = plan_runs(frame_spans((0, 300)), {"t": self.COPY})
        assert (run.frames, run.copied, run.copy_frame) == (300, True, 0)

    def test_what_is_drawn_on_is_encoded_and_no_more(self):
        runs = plan_runs(frame_spans((0, 300)), {"t": self.COPY}, drawn_on=[(65, 70), (89, 91)])
        assert [(run.frames, run.copied) for run in runs] == [(60, True), (60, False), (180, True)]

    def test_what_has_no_copy_is_encoded(self):
        runs = plan_runs(frame_spans((0, 300), take="other"), {"t": self.COPY})
        assert [(run.frames, run.copied) for run in runs] == [(300, False)]

    def test_a_single_frame_is_never_a_run_between_key_frames(self):
        runs = plan_runs(frame_spans((29, 90)), {"t": self.COPY})
        assert [(run.frames, run.copied) for run in runs] == [(31, False), (30, True)]

    def test_each_take_s_ends_have_its_own_quality(self):
        both = place([Span("t", "p", 0, S + 500_000), Span("u", "q", 500_000, 2 * S)], rate=Fraction(30))
        soft = a_copy(frames=60, keys=(0, 30), crf=30.0)
        runs = plan_runs(both, {"t": self.COPY, "u": soft})
        assert [(run.frames, run.crf) for run in runs] == [(30, 23.0), (15, 23.0), (15, 30.0), (30, 30.0)]

    @settings(max_examples=200, deadline=None)
    @given(st.data())
    def test_every_frame_is_in_one_run_and_copied_runs_begin_and_end_at_keys(self, data):
        steps = data.draw(st.lists(st.integers(3, 30), min_size=1, max_size=20))
        keys = [0, *np.cumsum(steps).tolist()]
        copy = a_copy(frames=keys.pop(), keys=keys)
        edges = data.draw(
            st.lists(st.integers(0, copy.frames), min_size=2, max_size=12, unique=True).map(sorted)
        )
        cut = frame_spans(*zip(edges[::2], edges[1::2], strict=False))
        drawn = data.draw(st.lists(st.integers(0, max(1, cut.frames)), max_size=6, unique=True).map(sorted))
        drawn_on = list(zip(drawn[::2], drawn[1::2], strict=False))
        runs = plan_runs(cut, {"t": copy}, drawn_on=drawn_on)
        at = 0
        for run in runs:
            assert run.result_frame == at
            assert run.frames > 0
            at = run.end
            if run.copied:
                assert {run.copy_frame, run.copy_frame + run.frames} <= {*keys, copy.frames}
                assert all(last <= run.result_frame or first >= run.end for first, last in drawn_on)
        assert at == cut.frames


def a_take(folder: Path, *, seconds: int = 12, rate: Fraction | int = 30, name: str = "t", **options) -> Take:
    folder.mkdir(exist_ok=True)
    write_camera(folder / "a.mp4", even_times(int(seconds * rate), rate), rate=Fraction(rate), **options)
    take = coded_take(folder, camera="a.mp4", seconds=seconds, name=name, beeps_s=range(seconds))
    return replace(take, picture_rate=str(rate))


def copies_of(takes: Sequence[Take], folders: dict[str, Path]) -> dict[str, WorkingCopy]:
    made = (
        (take.id, make_working_copy(take, folders[take.id], in_background=False, work=Work()))
        for take in takes
    )
    return {take: copy for take, copy in made if copy is not None}


def rendered(
    takes: Sequence[Take], folders: dict[str, Path], result: CutList, out: Path, *, copies=None, **more
) -> render.Rendered:
    found = copies_of(takes, folders) if copies is None else copies
    return render.render(
        a_resource(*takes), takes, folders, result, out=out, copies=found, **{"work": Work(), **more}
    )


def spans(take: Take, *stretches: tuple[float, float], rate: Fraction | int = 30) -> list[Span]:
    return [Span(take.id, take.prompt.id, round(a * S), round(b * S)) for a, b in stretches]


def wanted(result: CutList) -> list[int]:
    return [each.take_frame + n for each in result.placed for n in range(each.frames)]


class TestTheResult:
    @pytest.mark.parametrize("rate", [NTSC, Fraction(60)])
    def test_frames_are_exactly_those_of_the_cut_list(self, tmp_path, rate):
        take = a_take(tmp_path, rate=rate)
        result = place(spans(take, (0.31, 3.77), (4.0, 4.2), (5.5, 9.01), (11.1, 11.9)), rate=rate)
        done = rendered([take], {"t": tmp_path}, result, tmp_path / "out.mp4")
        assert codes(done.path) == wanted(result)
        assert done.copied_frames >= 2 * rate
        assert done.why == ""

    def test_what_is_copied_is_the_same_to_the_bit(self, tmp_path):
        take = a_take(tmp_path)
        result = place(spans(take, (0.5, 3.5), (6.2, 9.9)), rate=Fraction(30))
        copies = copies_of([take], {"t": tmp_path})
        done = rendered([take], {"t": tmp_path}, result, tmp_path / "out.mp4", copies=copies)
        runs = [run for run in plan_runs(result, copies) if run.copied]
        ours, theirs = _packets(done.path), _packets(copies["t"].path)
        assert runs
        for run in runs:
            assert [ours[run.result_frame + n] for n in range(run.frames)] == [
                theirs[run.copy_frame + n] for n in range(run.frames)
            ]

    def test_pictures_are_those_of_encoding_it_anew(self, tmp_path):
        take = a_take(tmp_path)
        result = place(spans(take, (0.5, 3.5), (6.2, 9.9)), rate=Fraction(30))
        fast = rendered([take], {"t": tmp_path}, result, tmp_path / "fast.mp4")
        slow = rendered([take], {"t": tmp_path}, result, tmp_path / "slow.mp4", copies={})
        assert (slow.why, slow.copied_frames, slow.size, slow.frames) == (
            "no_copies",
            0,
            fast.size,
            fast.frames,
        )
        for one, other in zip(_greys(fast.path), _greys(slow.path), strict=True):
            assert np.abs(one - other).mean() < 2

    def test_takes_of_several_cameras_share_one_file(self, tmp_path):
        folders = {name: tmp_path / name for name in ("wide", "tall", "heard", "slow")}
        takes = [
            a_take(folders["wide"], name="wide", seconds=4),
            a_take(folders["tall"], name="tall", seconds=3, size=(120, 160)),
            a_take(folders["slow"], name="slow", seconds=3, rate=25),
        ]
        folders["heard"].mkdir()
        takes.append(coded_take(folders["heard"], seconds=2, name="heard"))
        cut = [(takes[0], (0.2, 3.8)), (takes[1], (0, 3)), (takes[3], (0, 2)), (takes[2], (0, 3))]
        result = place([span for take, part in cut for span in spans(take, part)], rate=Fraction(30))
        done = rendered(takes, folders, result, tmp_path / "out.mp4")
        assert 60 <= done.copied_frames <= 108  # the only ones of the common size and rate
        assert done.size == Size(160, 120)
        assert codes(done.path)[:108] == list(range(6, 114))
        assert codes(done.path, (35, 0, 90, 120))[108:198] == list(range(90))

    def test_comes_out_the_same_again_also_from_copies_made_again(self, tmp_path):
        take = a_take(tmp_path)
        result = place(spans(take, (0.31, 3.77), (5.5, 9.01)), rate=Fraction(30))
        first = rendered([take], {"t": tmp_path}, result, tmp_path / "first.mp4").path.read_bytes()
        (tmp_path / "work.mp4").unlink()
        again = rendered([take], {"t": tmp_path}, result, tmp_path / "again.mp4").path.read_bytes()
        assert hashlib.sha256(again).digest() == hashlib.sha256(first).digest()

    def test_a_taller_result_comes_from_the_camera_s_file(self, tmp_path):
        take = a_take(tmp_path, seconds=2, size=(1440, 1080))
        result = place(spans(take, (0.2, 1.8)), rate=Fraction(30))
        done = rendered([take], {"t": tmp_path}, result, tmp_path / "out.mp4", rendition=Rendition(1080))
        assert (done.size, done.why) == (Size(1440, 1080), "no_copies")

    @pytest.mark.parametrize("at", [0.2, 0.6])
    def test_stopped_nothing_is_left(self, tmp_path, at):
        take = a_take(tmp_path)
        result = place(spans(take, (0.31, 9.01)), rate=Fraction(30))
        copies = copies_of([take], {"t": tmp_path})
        there = set(tmp_path.iterdir())

        def stop(fraction: float | None, note: str) -> None:
            if (fraction or 0) >= at:
                work.cancel()

        work = Work(stop)
        with pytest.raises(Cancelled):
            rendered([take], {"t": tmp_path}, result, tmp_path / "out.mp4", copies=copies, work=work)
        assert set(tmp_path.iterdir()) == there


class TestWhenItCannotBeCopied:
    """Nothing but a whole, exact file comes out: what cannot be copied is encoded, and it is said."""

    def cut(self, take: Take) -> CutList:
        return place(spans(take, (0.5, 3.5), (6.2, 9.9)), rate=Fraction(30))

    def test_other_parameter_sets_are_noticed(self, tmp_path):
        take = a_take(tmp_path)
        copies = copies_of([take], {"t": tmp_path})
        _encode_again(copies["t"], profile="main")
        other = hashlib.sha256(copies["t"].path.read_bytes()).hexdigest()
        copies = {"t": replace(copies["t"], sha256=other)}
        done = rendered([take], {"t": tmp_path}, self.cut(take), tmp_path / "out.mp4", copies=copies)
        assert (done.why, done.copied_frames) == ("not_alike", 0)
        assert codes(done.path) == wanted(self.cut(take))

    def test_key_frames_that_are_not_where_they_should_be_are_noticed(self, tmp_path):
        take = a_take(tmp_path)
        copy = copies_of([take], {"t": tmp_path})["t"]
        moved = replace(copy, keys=tuple(key + 1 if key else 0 for key in copy.keys))
        done = rendered([take], {"t": tmp_path}, self.cut(take), tmp_path / "out.mp4", copies={"t": moved})
        assert done.why == "not_alike"
        assert codes(done.path) == wanted(self.cut(take))

    @pytest.mark.parametrize("harm", ["half", "one bit"])
    def test_a_copy_that_was_harmed_is_noticed(self, tmp_path, harm):
        take = a_take(tmp_path)
        copies = copies_of([take], {"t": tmp_path})
        data = bytearray(copies["t"].path.read_bytes())
        data[-100] ^= 1
        copies["t"].path.write_bytes(data[: len(data) // 2] if harm == "half" else data)
        done = rendered([take], {"t": tmp_path}, self.cut(take), tmp_path / "out.mp4", copies=copies)
        assert done.why == "not_alike"
        assert codes(done.path) == wanted(self.cut(take))

    def test_a_written_file_that_lacks_a_picture_is_not_kept(self, tmp_path, monkeypatch):
        take = a_take(tmp_path)
        monkeypatch.setattr(film_file, "joined", _losing(film_file.joined))
        done = rendered([take], {"t": tmp_path}, self.cut(take), tmp_path / "out.mp4")
        assert (done.why, done.copied_frames) == ("not_alike", 0)
        assert codes(done.path) == wanted(self.cut(take))

    def test_one_that_was_encoded_anew_and_lacks_a_picture_is_none_at_all(self, tmp_path, monkeypatch):
        take = a_take(tmp_path)
        monkeypatch.setattr(film_file, "encoded", _losing(film_file.encoded))
        with pytest.raises(film_file.RenderError):
            rendered([take], {"t": tmp_path}, self.cut(take), tmp_path / "out.mp4", copies={})
        assert not (tmp_path / "out.mp4").exists()

    def test_a_cut_that_keeps_only_what_is_large_is_encoded_smaller(self, tmp_path):
        random = np.random.default_rng(1)
        still = np.full((180, 320), 90, np.uint8)
        noise = [random.integers(16, 235, (180, 320), dtype=np.uint8) for _ in range(60)]
        take = a_take(tmp_path, seconds=12, size=(320, 180), pictures=[still] * 300 + noise)
        result = place(spans(take, (9.9, 12)), rate=Fraction(30))
        done = rendered([take], {"t": tmp_path}, result, tmp_path / "out.mp4")
        assert done.why == "too_big"
        assert done.bytes_a_minute <= 8_000_000


def _losing(packets_of: Callable[..., Iterator]) -> Callable[..., Iterator]:
    """Lose one of the pictures that a function yields."""

    def losing(*arguments, **options):
        for n, packet in enumerate(packets_of(*arguments, **options)):
            if n != 40:
                yield packet

    return losing


def _encode_again(copy: WorkingCopy, **options: str) -> None:
    """Write a working copy with other settings; its key frames stay where they are."""
    settings = replace(copy.settings, options=copy.settings.options | options)
    with av.open(str(copy.path)) as container:
        frames = list(container.decode(video=0))
    target = encode.ResultFile(copy.path, settings=settings, title="", sound_bits_per_s=0)
    for packet in encode.encoded(settings, frames):
        target.picture(packet, run_frame=0)
    target.finish()


def _packets(path: Path) -> dict[int, bytes]:
    """The bytes of each frame."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        step = 1 / (stream.average_rate * stream.time_base)
        return {int(packet.pts / step): bytes(packet) for packet in container.demux(stream) if packet.size}


def _greys(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="gray").astype(int) for frame in container.decode(video=0)]
