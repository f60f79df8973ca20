"""Name and captions are drawn where they belong, in any script, and only there is anything encoded anew."""

from fractions import Fraction

import av
import numpy as np
import pytest

from capture.take import Take
from capture.work import Work
from editor import render
from editor.cutlist import place
from editor.fit import Size
from editor.model import Cue, CutList, Expert, Rendition, Span
from editor.overlay import drawn_on, make_overlays
from editor.working_copy import make_working_copy
from tests.editor.film_kit import S, a_resource, codes
from tests.editor.test_working_copy import a_take

BURNT = Rendition(burnt_captions=True)
NAMED = Rendition(lower_third=True)
AMARA = Expert("Amara Osei", "Sales Lead")
SIZES = [Size(1280, 720), Size(720, 1280), Size(640, 480), Size(160, 120)]


def a_cut(seconds: int = 10) -> CutList:
    return place([Span("t", "p-t", 0, seconds * S)], rate=Fraction(30))


def overlays(cues=(), *, expert=AMARA, rendition=BURNT, size=SIZES[0]):
    return make_overlays(a_cut(), size=size, expert=expert, cues=cues, rendition=rendition)


def grey(size: Size, level: int = 120) -> av.VideoFrame:
    plane = np.full((size.height_px * 3 // 2, size.width_px), 128, np.uint8)
    plane[: size.height_px] = level
    return av.VideoFrame.from_ndarray(plane, format="yuv420p")


def test_nothing_is_drawn_unless_asked_for():
    assert overlays([Cue(0, S, ("Hello.",))], rendition=Rendition()) == ()


def test_a_caption_is_there_as_long_as_its_cue():
    (found,) = overlays([Cue(S, 3 * S, ("Ring them", "within the hour."))])
    assert (found.first, found.last) == (30, 90)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_it_can_be_read_and_nothing_else_changes(size):
    (found,) = overlays([Cue(0, S, ("Ring them within", "the hour, not later."))], size=size)
    before, after = grey(size), found.draw(grey(size), 5)
    old, new = (each.to_ndarray()[: size.height_px].astype(int) for each in (before, after))
    rows = slice(found.top, found.top + found.image.height)
    columns = slice(found.left, found.left + found.image.width)
    assert new[rows, columns].max() > 215
    assert new[rows, columns].min() < 70
    changed = old != new
    changed[rows, columns] = False
    assert not changed.any()
    assert (after.width, after.height, after.format.name) == (size.width_px, size.height_px, "yuv420p")


@pytest.mark.parametrize(
    "text",
    [
        "مرحبا بكم في الفرع",
        "שלום לכולם",
        '<b>bold</b> {\\an8} %s & "quotes"',
        "\u202edrowssap\u202c \x00\x07\x1b[31m",
        "🙂🙃" * 40,
        "word" * 300,
        "   ",
        "",
    ],
)
@pytest.mark.parametrize("size", SIZES[1:], ids=str)
def test_any_text_is_only_text(text, size):
    for found in (
        *overlays([Cue(0, S, (text,))], size=size),
        *overlays(expert=Expert(text, text), rendition=NAMED, size=size),
    ):
        assert found.image.width <= size.width_px
        assert found.draw(grey(size), found.first + 4).height == size.height_px


def test_the_lower_third_comes_and_goes_softly():
    (found,) = overlays(rendition=NAMED)
    assert (found.first, found.last) == (30, 180)
    size = SIZES[0]
    shown = [
        found.draw(grey(size), n).to_ndarray()[found.top + 2, found.image.width - 3] for n in range(30, 180)
    ]
    assert shown[0] > shown[4] > shown[7] == shown[80]
    assert shown[-1] > shown[-4] > shown[-9]


def test_an_expert_without_a_name_is_not_announced():
    assert overlays(expert=Expert(), rendition=NAMED) == ()


def test_a_name_that_is_read_from_the_right_stands_at_the_right():
    (found,) = overlays(expert=Expert("أمارا أوسي", "مديرة المبيعات"), rendition=NAMED)
    assert found.left + found.image.width == SIZES[0].width_px


def test_stretches_that_touch_are_one():
    cues = [Cue(0, S, ("a",)), Cue(S, 2 * S, ("b",)), Cue(4 * S, 5 * S, ("c",))]
    assert drawn_on(overlays(cues)) == [(0, 60), (120, 150)]


class TestInTheResult:
    @pytest.fixture
    def take(self, tmp_path) -> Take:
        return a_take(tmp_path, seconds=8, size=(320, 180))

    def rendered(self, folder, take: Take, rendition: Rendition) -> render.Rendered:
        copy = make_working_copy(take, folder, in_background=False, work=Work())
        return render.render(
            a_resource(take),
            [take],
            {"t": folder},
            place([Span("t", "p-t", 0, 8 * S)], rate=Fraction(30)),
            out=folder / "out.mp4",
            rendition=rendition,
            copies={"t": copy},
            cues=[Cue(5 * S, 6 * S, ("Ring them", "within the hour."))],
            work=Work(),
        )

    def test_only_what_is_drawn_on_is_encoded_and_every_frame_stays_its_own(self, tmp_path, take):
        done = self.rendered(tmp_path, take, BURNT)
        assert done.why == ""
        assert 120 <= done.copied_frames < 240
        assert codes(done.path, (0, 0, 320, 120))[:150] == codes(tmp_path / "a.mp4", (0, 0, 320, 120))[:150]
        with av.open(str(done.path)) as container:
            frames = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
        with av.open(str(tmp_path / "work.mp4")) as container:
            plain = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
        away = [
            float(np.abs(one[150:].astype(int) - other[150:]).mean())
            for one, other in zip(frames, plain, strict=True)
        ]
        assert min(away[150:180]) > 5
        assert max(away[:145] + away[185:]) < 3

    def test_the_name_is_drawn_in_the_first_seconds(self, tmp_path, take):
        done = self.rendered(tmp_path, take, NAMED)
        assert done.copied_frames >= 30


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_on_the_screen_it_looks_as_in_the_video(size):
    (found,) = overlays(rendition=NAMED, size=size)
    middle = (found.first + found.last) // 2
    grey_on_screen = np.full((size.height_px, size.width_px, 4), 120, np.uint8)
    seen = found.paint(grey_on_screen, middle)
    assert (grey_on_screen == 120).all()
    video = found.draw(grey(size, round(16 + 120 * 219 / 255)), middle)
    video.colorspace, video.color_range = 1, 1
    expected = video.reformat(format="bgra", src_colorspace="ITU709", dst_color_range=2).to_ndarray()
    away = np.abs(seen[..., :3].astype(int) - expected[..., :3]).mean(axis=2)
    rows = slice(found.top, found.top + found.image.height)
    columns = slice(found.left, found.left + found.image.width)
    assert np.median(away[rows, columns]) <= 3
    assert np.abs(seen[rows, columns, :3].astype(int) - 120).max() > 60
    away[rows, columns] = 0
    assert away.max() <= 2


def test_on_the_screen_it_comes_and_goes_softly():
    (found,) = overlays(rendition=NAMED)
    picture = np.full((720, 1280, 4), 120, np.uint8)
    changed = [int((found.paint(picture, n) != picture).sum()) for n in (found.first, found.first + 30)]
    first, full = (
        np.abs(found.paint(picture, n).astype(int) - 120).max() for n in (found.first, found.first + 30)
    )
    assert 0 < changed[0] <= changed[1]
    assert first < full / 4
