"""A minute of 1080p30 with a window that looks on: ``bench.recording --minutes 30`` in short."""

import sys

import pytest

from bench.recording import measure

SECONDS = 60


@pytest.mark.drill
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads processor time and memory from /proc")
def test_full_hd(tmp_path):
    """What the machine is too busy for is told; memory never grows without end."""
    made = measure(tmp_path, SECONDS, gray=False, preview=True)
    print(made)
    assert made.state == "safe"
    assert made.seconds == pytest.approx(SECONDS, abs=0.001)
    whole = made.frames >= SECONDS * 30 * 0.995
    assert whole or {"camera.dropped", "camera.slow"} & set(made.events), (
        "pictures are never missing silently"
    )
    assert made.previews >= 2 * SECONDS, "the preview gives way on a busy machine, but goes on"
    assert made.preview_age_ms < 500, "and shows what is, however far behind the take is"
    assert max(made.memory_mb) < 400
    settled = made.memory_mb[len(made.memory_mb) // 2 :]
    assert max(settled) - min(settled) < 60, "flat"
