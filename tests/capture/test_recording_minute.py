"""A minute of 1080p30 with a window that looks on: the short version of ``bench.recording --minutes 30``."""

import sys

import pytest

from bench.recording import measure


@pytest.mark.drill
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads processor time and memory from /proc")
def test_a_minute_of_full_hd(tmp_path):
    """What the machine is too busy for is told, and never grows in memory without end."""
    made = measure(tmp_path, 60, gray=False, preview=True)
    print(made)
    assert made.state == "safe"
    assert made.seconds == pytest.approx(60, abs=0.001)
    whole = made.frames >= 60 * 30 * 0.995
    assert whole or "camera.dropped" in made.events, "pictures are never missing silently"
    assert made.previews > 5, "the preview gives way on a busy machine, but goes on"
    assert max(made.memory_mb) < 400
    settled = made.memory_mb[len(made.memory_mb) // 2 :]
    assert max(settled) - min(settled) < 60, "flat"
