"""A result keeps to its size whatever is filmed: it is written softer until it does."""

from fractions import Fraction
from pathlib import Path

import pytest

from capture.work import Work
from editor import encode, fitting
from editor.encode import house_settings
from editor.fit import Size

MINUTE_US = 60_000_000


@pytest.mark.parametrize("per_half", [6.0, 9.0, 12.0])
@pytest.mark.parametrize("sound_bytes", [0, 480_000])
def test_pictures_that_shrink_slowly_and_sound_that_does_not_shrink_still_fit(
    tmp_path: Path, per_half: float, sound_bytes: int
):
    """``per_half``: how much softer pictures must be to need half the room; x264's rule of thumb is 6."""
    file, written = tmp_path / "film.mp4", []

    def write(settings, work):
        written.append(settings.crf)
        picture = 4_000_000 * 2 ** (-(settings.crf - encode.BEST_CRF) / per_half)
        file.write_bytes(bytes(round(picture) + sound_bytes))

    fitting.write_to_fit(
        write,
        file,
        duration_us=MINUTE_US,
        most_bytes=2_400_000,
        sound_bytes=sound_bytes,
        settings=house_settings(Fraction(30), Size(1280, 720)),
        work=Work(),
    )
    assert file.stat().st_size <= 2_400_000
    assert written == sorted(written)
    assert file.stat().st_size > 0.75 * 2_400_000
