"""A card holds whatever was typed, and the still is a sharp, light one that weighs little."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from capture.work import Cancelled, Work
from editor import poster
from editor.fit import Size
from tests.editor.film_kit import even_times, write_camera

SIZE = Size(640, 360)
TITLES = [
    "What it is",
    "Spaces,  \t\n \"quotes\" & <script>alert('hi')</script>",
    "🎉 Emoji 👩🏽‍🏫 in the middle",
    "الرد على الاستفسارات خلال ساعة",
    "שלום עולם",
    "日本語のタイトル",
    "W" * 300,
    "An answer " * 30,
    "\u202e\u0000\ufffe",
    "",
]


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is drawn."""
    lit = np.asarray(image.convert("L")).astype(int) > 60
    rows, columns = np.flatnonzero(lit.any(axis=1)), np.flatnonzero(lit.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


@pytest.mark.parametrize("text", TITLES, ids=range(len(TITLES)))
@pytest.mark.parametrize("size", [SIZE, Size(202, 360), Size(64, 48)], ids=str)
def test_whatever_is_typed_stays_within_the_card(text, size):
    made = poster.card(size, heading=text, label=text, name=text, role=text)
    assert made.size == (size.width_px, size.height_px)
    edge = np.asarray(made)[[0, -1]].reshape(-1, 3)
    assert (edge == edge[0]).all()
    if text and text[0].isascii():
        left, _, right, _ = ink(made)
        assert left > 0
        assert right < size.width_px - 1


def test_texts_stand_below_one_another():
    heading = ink(poster.card(SIZE, heading="What it is"))
    both = ink(poster.card(SIZE, heading="What it is", label="Call back"))
    all_four = ink(
        poster.card(SIZE, heading="What it is", label="Call back", name="Amara Osei", role="Sales Lead")
    )
    assert both[1] < heading[1]
    assert all_four[3] > heading[3] + 50


def test_long_titles_shrink_and_end_in_an_ellipsis():
    def height(text: str) -> int:
        _, top, _, bottom = ink(poster.card(SIZE, heading=text))
        return bottom - top

    assert height("Why") < height("Why " * 12) < SIZE.height_px
    assert height("Why " * 75) == pytest.approx(height("Why " * 90), abs=4)


def test_right_to_left_stands_right():
    left, _, right, _ = ink(poster.card(SIZE, heading="שלום", name="א"))
    assert right > SIZE.width_px * 0.85
    assert left > SIZE.width_px * 0.4


def test_signs_that_no_font_has_are_left_out():
    plain = poster.card(SIZE, heading="Hello")
    assert np.array_equal(np.asarray(poster.card(SIZE, heading="Hello\U000e0041\ufffe")), np.asarray(plain))


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five seconds: black, blurred, sharp, blurred, glaring."""
    random = np.random.default_rng(1)
    sharp = np.kron(random.integers(60, 200, (24, 32)), np.ones((10, 10))).astype(np.uint8)
    blurred = np.asarray(Image.fromarray(sharp).resize((16, 12)).resize((320, 240), Image.Resampling.BICUBIC))
    black, glaring = np.zeros_like(sharp), (sharp // 8 + 224).astype(np.uint8)
    pictures = [each for each in (black, blurred, sharp, blurred, glaring) for _ in range(25)]
    path = tmp_path_factory.mktemp("stills") / "video.mp4"
    return write_camera(
        path,
        even_times(125, 25),
        rate=Fraction(25),
        size=(320, 240),
        pictures=pictures,
        options={"g": "25"},
    )


class TestPosterFrame:
    def test_the_sharp_one_is_taken(self, tmp_path, video):
        poster.poster_frame(video, out=tmp_path / "poster.jpg", work=Work())
        with Image.open(tmp_path / "poster.jpg") as made:
            assert (made.format, made.size) == ("JPEG", (320, 240))
            grey = np.asarray(made.convert("L")).astype(int)
        with av.open(str(video)) as container:
            frames = [frame.to_ndarray(format="gray").astype(int) for frame in container.decode(video=0)]
        best = min(range(125), key=lambda n: float(np.abs(frames[n] - grey).mean()))
        assert 50 <= best < 75

    def test_it_is_the_same_every_time(self, tmp_path, video):
        for name in ("1.jpg", "2.jpg"):
            poster.poster_frame(video, out=tmp_path / name, work=Work())
        assert (tmp_path / "1.jpg").read_bytes() == (tmp_path / "2.jpg").read_bytes()

    def test_stopped_it_leaves_nothing(self, tmp_path, video):
        work = Work()
        work.cancel()
        with pytest.raises(Cancelled):
            poster.poster_frame(video, out=tmp_path / "poster.jpg", work=work)
        assert not any(tmp_path.iterdir())

    def test_a_single_frame_is_enough(self, tmp_path):
        write_camera(tmp_path / "one.mp4", [0.0])
        poster.poster_frame(tmp_path / "one.mp4", out=tmp_path / "poster.jpg", work=Work())
        assert (tmp_path / "poster.jpg").stat().st_size > 0


def test_the_busiest_picture_weighs_at_most_200_kb():
    noise = np.random.default_rng(1).integers(0, 255, (1080, 1920, 3), dtype=np.uint8)
    assert len(poster.jpeg(Image.fromarray(noise))) <= 200_000
