"""Pictures that get lost are told of; a camera that only slows down in the dark is told of once, as that."""

import itertools
import random
from fractions import Fraction
from types import SimpleNamespace

import pytest

from capture.picture_watch import PictureWatch, missing_so_far

US = 1_000_000
STEP_US = 33_333


def told_of(times_us, *, lost=lambda n: 0, codec="h264"):
    told = []
    video = SimpleNamespace(codec_context=SimpleNamespace(name=codec))
    watch = PictureWatch(
        SimpleNamespace(video=video, rate=Fraction(30)), lambda key, at_us: told.append((key, at_us))
    )
    for n, at_us in enumerate(times_us):
        watch.add(f"picture {n}".encode(), at_us, lost_pictures=lost(n))
    return told


def at_rates(*stretches):
    """When pictures come at some rates, each for some seconds."""
    steps = itertools.chain.from_iterable([US // rate] * (rate * seconds) for rate, seconds in stretches)
    return list(itertools.accumulate(steps, initial=0))


def keys(told):
    return [key for key, _ in told]


def test_a_steady_camera_says_nothing():
    assert told_of(at_rates((30, 60))) == []


@pytest.mark.parametrize("slow", [20, 15, 10, 5])
def test_a_webcam_in_the_dark_is_told_of_once_and_loses_nothing(slow):
    assert keys(told_of(at_rates((30, 7), (slow, 60), (30, 7), (slow, 10)))) == ["camera.slow"]


def test_one_that_slows_down_step_by_step_loses_nothing_either():
    assert keys(told_of(at_rates((30, 3), (25, 1), (20, 1), (15, 1), (12, 1), (10, 20)))) == ["camera.slow"]


def test_a_little_slower_is_not_worth_a_word():
    assert told_of(at_rates((30, 5), (28, 30))) == []


@pytest.mark.parametrize("share", [0.2, 0.4, 0.6])
@pytest.mark.parametrize("rate", [30, 15])
def test_pictures_that_get_lost_here_and_there_are_told_of_every_ten_seconds(share, rate):
    chance = random.Random(3)
    times_us = [at_us for at_us in at_rates((rate, 25)) if chance.random() > share]
    told = [(key, at_us) for key, at_us in told_of(times_us) if key == "camera.dropped"]
    assert len(told) in (2, 3)
    assert all(b - a >= 10 * US for (_, a), (_, b) in itertools.pairwise(told))


def test_what_came_and_was_not_taken_in_is_lost_however_evenly():
    told = told_of(at_rates((30, 5), (15, 5)), lost=lambda n: max(0, n - 150))
    assert keys(told) == ["camera.dropped"]


def test_late_pictures_that_come_together_in_the_end_are_not_missing():
    for stall_us in (5 * STEP_US, 400_000):
        times_us = [at_us + stall_us - at_us % stall_us for at_us in at_rates((30, 20))]
        assert told_of(times_us) == []


def test_a_camera_away_for_a_second_has_lost_a_second():
    times_us = [at_us for at_us in at_rates((30, 10)) if not 3 * US < at_us < 4 * US]
    assert keys(told_of(times_us)) == ["camera.dropped"]
    assert missing_so_far(times_us, usual_us=STEP_US)[-1] == pytest.approx(30, abs=1.5)


def test_pictures_that_come_in_decoding_order_are_sorted_first():
    times_us = at_rates((30, 20))
    for n in range(0, len(times_us) - 1, 2):
        times_us[n], times_us[n + 1] = times_us[n + 1], times_us[n]
    assert told_of(times_us) == []
