"""One completion rule, and a state that always fits: the page's own scripts, run in a real browser."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import assets

LIMIT = 4096
ROUND_TRIP = (
    "(s) => { const text = LapelPlayer.codec.encode(s); return [text, LapelPlayer.codec.decode(text)] }"
)
SCRIPTS = ("segments", "codec", "text", "tracker")
FAKE = """
window.LAPEL = { strings: {} };
/* An adapter that keeps what it is told, and fails as often as it is told to. */
window.fake = (kept = null, failures = 0) => ({
  kept, saves: [], finishes: [], failures,
  start() { return this.kept },
  save(snapshot) { this.saves.push(snapshot); return this.failures-- <= 0 },
  finish(snapshot) { this.finishes.push(snapshot) },
});
"""


@pytest.fixture(scope="module")
def scripts(browser):
    page = browser.new_page()
    page.evaluate(FAKE)
    for name in SCRIPTS:
        page.evaluate((assets.PLAYER / "src" / f"{name}.js").read_text())
    yield page
    page.close()


def run(page, steps, *, duration_s=100, completion=80, kept=None):
    """Run steps on a fresh tracker ``t`` with adapter ``a``; return what both know afterwards."""
    return page.evaluate(
        "([steps, rule, kept]) => { const a = fake(kept); const t = LapelPlayer.createTracker(rule, a);"
        " t.start();"
        " new Function('t', 'a', steps)(t, a);"
        " return { state: t.state, share: t.share(), saves: a.saves, finishes: a.finishes } }",
        [steps, {"version": 1, "duration_s": duration_s, "completion": completion}, kept],
    )


def completed_saves(result):
    return [save["completed"] for save in result["saves"]]


def test_watching_the_set_share_completes_at_the_right_second(scripts):
    steps = "for (let s = 0; s < {}; s += 0.25) t.watch(s, s + 0.25)"
    assert not run(scripts, steps.format(79.75))["state"]["completed"]
    done = run(scripts, steps.format(80))
    assert done["state"]["completed"]
    assert done["saves"][-1]["completed"]
    assert done["saves"][-1]["position_s"] == 80


def test_seeking_over_something_is_not_watching_it(scripts):
    result = run(scripts, "t.watch(0, 1); t.moveTo(99); t.watch(99, 100)")
    assert not result["state"]["completed"]
    assert result["share"] == pytest.approx(0.02)


def test_watching_one_half_twice_is_watching_half(scripts):
    result = run(scripts, "t.watch(0, 50); t.watch(0, 50)")
    assert result["share"] == 0.5
    assert not result["state"]["completed"]


def test_opening_is_enough_where_the_share_is_zero(scripts):
    assert run(scripts, "", completion=0)["saves"][0]["completed"]


def test_all_of_it_forgives_the_last_clipped_second(scripts):
    assert run(scripts, "t.watch(0.4, 99.8)", completion=100)["state"]["completed"]
    assert not run(scripts, "t.watch(0, 98)", completion=100)["state"]["completed"]


def test_state_is_saved_at_each_tenth_and_every_15_s_of_watching(scripts):
    result = run(scripts, "for (let s = 0; s < 60; s += 0.5) t.watch(s, s + 0.5)", duration_s=3600)
    assert len(result["saves"]) == 1 + 4
    result = run(scripts, "for (let s = 0; s < 60; s += 0.5) t.watch(s, s + 0.5)", duration_s=100)
    assert len(result["saves"]) == 1 + 6


def test_pause_saves_only_what_is_new(scripts):
    assert len(run(scripts, "t.watch(0, 1); t.flush(); t.flush()")["saves"]) == 2


def test_a_save_that_fails_is_tried_again(scripts):
    steps = "a.failures = 1; t.answer(true)"
    assert len(run(scripts, steps)["saves"]) == 2
    assert len(run(scripts, steps + "; t.flush()")["saves"]) == 3


def test_leaving_finishes_exactly_once_and_saves_nothing_after(scripts):
    result = run(scripts, "t.watch(0, 90); t.leave(); t.leave(); t.answer(true); t.flush()")
    assert len(result["finishes"]) == 1
    assert result["finishes"][0]["completed"]
    assert all(save["helped"] is None for save in result["saves"])


def test_completion_is_never_taken_back(scripts):
    before = run(scripts, "t.watch(0, 80)")["saves"][-1]["data"]
    after = run(scripts, "t.watch(0, 1)", kept=before)
    assert set(completed_saves(after)) == {True}


def test_another_version_starts_afresh_but_keeps_the_answer(scripts):
    before = run(scripts, "t.watch(0, 50); t.answer(true); t.comment(3, 'Good')")["saves"][-1]["data"]
    newer = scripts.evaluate(
        "(kept) => { const rule = {version: 2, duration_s: 80, completion: 80};"
        " const t = LapelPlayer.createTracker(rule, fake(kept));"
        " t.start(); return t.state }",
        before,
    )
    assert newer["segments"] == []
    assert newer["position"] == 0
    assert newer["helped"] is True
    assert newer["comments"] == [{"at": 30, "text": "Good"}]


@pytest.mark.parametrize(
    "damaged", ["", "x", "1.2.3", "1.A.A.i.L%%%.", "1.A.A.i.L.!A*%%%%", "2.A.A.i.L.", "null"]
)
def test_a_state_damaged_by_the_learning_system_starts_afresh(scripts, damaged):
    assert run(scripts, "t.watch(0, 1)", kept=damaged)["state"]["segments"] == [[0, 10]]


# The state as text ---------------------------------------------------------------------------------

FOUR_HOURS = 4 * 3600 * 10
lengths = st.one_of(st.just(FOUR_HOURS), st.integers(min_value=1, max_value=FOUR_HOURS))


@st.composite
def states(draw):
    """Any state a learner can leave behind, the worst included: 4 hours watched in thousands of pieces."""
    length = draw(lengths)
    count = min(draw(st.sampled_from([9000, 1500, 100, 5, 1, 0])), length // 2)
    step = max(1, length // max(1, count * 2))
    part = draw(st.integers(min_value=1, max_value=max(1, step)))
    shift = draw(st.integers(min_value=0, max_value=step))
    segments = []
    for index in range(count):
        start = shift + index * step * 2
        end = min(length, start + part)
        if end > start and (not segments or start > segments[-1][1]):
            segments.append([start, end])
    comments = draw(
        st.lists(
            st.fixed_dictionaries({"at": st.integers(0, length), "text": st.text(max_size=700)}), max_size=4
        )
    )
    return {
        "version": draw(st.integers(0, 10_000)),
        "length": length,
        "position": draw(st.integers(0, length)),
        "segments": segments,
        "completed": draw(st.booleans()),
        "helped": draw(st.sampled_from([None, True, False])),
        "comments": comments,
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(state=states())
def test_the_state_always_fits_and_never_invents_watching(scripts, state):
    text, back = scripts.evaluate(
        ROUND_TRIP,
        json.loads(json.dumps(state)),
    )
    assert len(text) <= LIMIT
    assert text.isascii()
    assert text.isprintable()
    for name in ("version", "position", "completed", "helped"):
        assert back[name] == state[name]
    watched = set()
    for start, end in state["segments"]:
        watched.update(range(start, end))
    restored = set()
    for start, end in back["segments"]:
        restored.update(range(start, end))
    assert restored <= watched
    if len(state["segments"]) <= 500:
        assert restored == watched


def test_the_worst_case_fits_too(scripts):
    """Every other tenth of four hours, and comments in signs of four bytes: 72,000 pieces."""
    state = {
        "version": 9999,
        "length": FOUR_HOURS,
        "position": FOUR_HOURS,
        "completed": True,
        "helped": False,
    }
    segments = [[i, i + 1] for i in range(0, FOUR_HOURS, 2)]
    comments = [{"at": FOUR_HOURS, "text": "👋" * 700}] * 5
    text, back = scripts.evaluate(ROUND_TRIP, {**state, "segments": segments, "comments": comments})
    assert 3500 < len(text) <= LIMIT
    assert back["completed"]


def test_a_coarse_state_keeps_nearly_all_of_long_watching(scripts):
    """4 hours watched with 1,000 small skips: saving and coming back loses less than 7 % of it."""
    length = 4 * 36_000
    segments = [[i * 144, i * 144 + 130] for i in range(1000)]
    state = {"version": 1, "length": length, "position": 5, "segments": segments, "completed": False}
    back = scripts.evaluate(
        "(state) => LapelPlayer.codec.decode(LapelPlayer.codec.encode(state))",
        {**state, "helped": None, "comments": []},
    )
    kept = sum(end - start for start, end in back["segments"])
    assert 0.93 * 130_000 < kept <= 130_000


def test_the_newest_comment_survives_however_long_it_is(scripts):
    state = {
        "version": 1,
        "length": 10,
        "position": 5,
        "segments": [[0, 5]],
        "completed": False,
        "helped": True,
    }
    comments = [{"at": 1, "text": "old " * 200}, {"at": 2, "text": "👋" * 700}]
    text, back = scripts.evaluate(
        ROUND_TRIP,
        {**state, "comments": comments},
    )
    assert len(text) <= LIMIT
    assert back["comments"][-1]["text"].startswith("👋" * 200)
