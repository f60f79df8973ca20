"""What remains of the takes is exact to the frame, whatever is cut, struck, put back or reordered."""

import itertools
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.errors import BadInputError
from capture.take import Take, TakePrompt
from editor import chapters, cutlist
from editor.cutlist import SANE_RATES, SHORTEST_SPAN_FRAMES, cut_list, frame_at, frame_us
from editor.model import (
    Brief,
    Chapter,
    Choice,
    Correction,
    Cut,
    CutList,
    Edit,
    Prompt,
    Resource,
    Span,
    TakeEdit,
    Word,
)

settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")

S = 1_000_000
RATE = Fraction(30)


def prompt(name: str, **values) -> Prompt:
    return Prompt(name, "question", f"What is {name}?", f"About {name}", **values)


def take(
    name: str, *, of: str = "a", seconds: float = 10, state="safe", number: int = 1, at="2026-03-01"
) -> Take:
    asked = TakePrompt(of, "question", "", "")
    return Take(name, "r", "", asked, number, state, f"{at}T10:00:00+01:00", duration_us=round(seconds * S))


def resource(*prompts: str, edit: Edit | None = None) -> Resource:
    return Resource("r", "R", brief=Brief(prompts=tuple(map(prompt, prompts))), edit=edit or Edit())


def cuts(take_id: str, *stretches: tuple[float, float]) -> TakeEdit:
    return TakeEdit(take_id, tuple(Cut(round(a * S), round(b * S), "hand") for a, b in stretches))


def shown(result: CutList) -> list[tuple[str, int]]:
    """Which take and which of its frames each frame of the result shows."""
    return [(each.span.take_id, each.take_frame + n) for each in result.placed for n in range(each.frames)]


rates = st.sampled_from(SANE_RATES)
moments = st.integers(0, 12 * S)
some_cuts = st.lists(
    st.builds(Cut, moments, moments, st.sampled_from(["word", "silence", "hand"])), max_size=12
)


@st.composite
def results(draw) -> tuple[Resource, tuple[Take, ...], Fraction]:
    """Resources of up to three takes with any cuts."""
    names = draw(st.permutations(["a", "b", "c"]))[: draw(st.integers(1, 3))]
    takes = tuple(take(f"t{name}", of=name, seconds=draw(st.integers(1, 12 * S)) / S) for name in names)
    edit = Edit(takes=tuple(TakeEdit(each.id, tuple(draw(some_cuts))) for each in takes))
    return resource(*names, edit=edit), takes, draw(rates)


class TestFrames:
    @given(rates, st.integers(0, 10**7))
    def test_the_time_of_a_frame_leads_back_to_it(self, rate, frame):
        assert frame_at(frame_us(frame, rate), rate) == frame

    @given(rates, moments)
    def test_a_moment_snaps_to_the_nearest_frame(self, rate, t_us):
        away = abs(frame_at(t_us, rate) - Fraction(t_us, S) * rate)
        assert away <= Fraction(1, 2)


class TestResultRate:
    def test_most_takes_decide(self):
        assert cutlist.result_rate([Fraction(25), Fraction(30), Fraction(30)]) == 30

    @pytest.mark.parametrize(
        ("rate", "sane"),
        [
            (Fraction(30000, 1001), Fraction(30000, 1001)),
            (Fraction(2997, 100), Fraction(30000, 1001)),
            (Fraction(2980, 100), Fraction(30000, 1001)),  # variable, on average
            (Fraction(12, 1), Fraction(24)),
            (Fraction(15), Fraction(30)),
            (Fraction(240), Fraction(60)),
            (Fraction(24000, 1001), Fraction(24000, 1001)),
        ],
    )
    def test_odd_rates_become_ones_that_players_expect(self, rate, sane):
        assert cutlist.result_rate([rate]) == sane

    def test_sound_alone_counts_in_twenty_fifths(self):
        assert cutlist.result_rate([]) == 25


class TestChosenTake:
    def test_newest_safe_take_of_three_seconds(self):
        takes = [
            take("old", at="2026-03-01"),
            take("new", at="2026-03-02"),
            take("short", seconds=2, at="2026-03-03"),
            take("damaged", state="damaged", at="2026-03-04"),
            take("other prompt", of="b", at="2026-03-05"),
        ]
        assert cutlist.chosen_take(Edit(), "a", takes).id == "new"

    def test_short_takes_serve_where_there_is_no_other(self):
        assert cutlist.chosen_take(Edit(), "a", [take("short", seconds=1)]).id == "short"

    def test_of_one_moment_the_higher_number(self):
        assert cutlist.chosen_take(Edit(), "a", [take("x", number=2), take("y", number=1)]).id == "x"

    def test_zones_of_time_are_heeded(self):
        early = replace(take("early"), recorded_at="2026-03-01T12:00:00+05:00")
        late = replace(take("late"), recorded_at="2026-03-01T11:00:00+00:00")
        assert cutlist.chosen_take(Edit(), "a", [late, early]).id == "late"

    def test_a_star_wins_even_on_a_damaged_take(self):
        takes = [take("good"), take("starred", state="damaged")]
        assert cutlist.chosen_take(Edit(choices=(Choice("a", "starred"),)), "a", takes).id == "starred"

    def test_a_starred_take_in_the_bin_is_passed_over(self):
        assert cutlist.chosen_take(Edit(choices=(Choice("a", "binned"),)), "a", [take("there")]).id == "there"

    def test_none_while_recording(self):
        assert cutlist.chosen_take(Edit(), "a", [take("now", state="recording")]) is None


class TestCutList:
    @given(results())
    def test_keeps_exactly_what_no_cut_covers(self, given_values):
        found, takes, rate = given_values
        frames = shown(cut_list(found, takes, rate=rate))
        half_us = S / rate / 2
        for each in takes:
            edit = cutlist.take_edit(found.edit, each.id)
            kept = {frame for take_id, frame in frames if take_id == each.id}
            covered = [(cut.in_us, cut.out_us) for cut in edit.cuts if cut.out_us > cut.in_us]
            for frame in kept:
                start_us, end_us = frame * S / rate, (frame + 1) * S / rate
                assert end_us <= each.duration_us
                # No cut reaches further than half a frame into a frame that is shown.
                assert not any(a <= start_us + half_us - 1 and b >= end_us - half_us + 1 for a, b in covered)
            for in_us, out_us in cutlist.kept(each.duration_us, edit.cuts):
                inner = range(
                    frame_at(in_us, rate), min(frame_at(out_us, rate), int(each.duration_us * rate / S))
                )
                if len(inner) >= SHORTEST_SPAN_FRAMES:
                    assert set(inner) <= kept

    @given(results())
    def test_is_contiguous_and_without_slivers(self, given_values):
        found, takes, rate = given_values
        result = cut_list(found, takes, rate=rate)
        at = 0
        for each in result.placed:
            assert each.result_frame == at
            assert each.frames >= SHORTEST_SPAN_FRAMES
            at += each.frames
        assert result.frames == at
        for before, after in itertools.pairwise(result.placed):
            if before.span.take_id == after.span.take_id:
                assert before.take_frame + before.frames < after.take_frame

    @given(results())
    def test_stored_spans_place_the_same_again(self, given_values):
        found, takes, rate = given_values
        result = cut_list(found, takes, rate=rate)
        assert cutlist.place([each.span for each in result.placed], rate=rate) == result

    @given(st.integers(0, 12 * S), some_cuts)
    def test_kept_and_cut_make_the_whole(self, duration_us, some):
        left = cutlist.kept(duration_us, some)
        edges = sorted(
            {0, duration_us, *(t for cut in some for t in (cut.in_us, cut.out_us) if t < duration_us)}
        )
        for a, b in itertools.pairwise(edges):
            is_cut = any(cut.in_us <= a and b <= cut.out_us for cut in some)
            assert is_cut != any(x <= a and b <= y for x, y in left)

    def test_a_cut_in_another_take_of_the_prompt_waits_for_it(self):
        takes = (take("one"), take("two", at="2026-03-02"))
        found = resource("a", edit=Edit(takes=(cuts("one", (0, 5)), cuts("two", (2, 3)))))
        assert cut_list(found, takes, rate=RATE).frames == 270
        swapped = replace(found, edit=replace(found.edit, choices=(Choice("a", "one"),)))
        assert cut_list(swapped, takes, rate=RATE).frames == 150

    def test_chapters_follow_the_guide_until_reordered(self):
        takes = (take("ta"), take("tb", of="b"))
        found = resource("a", "b")
        assert [p.span.prompt_id for p in cut_list(found, takes, rate=RATE).placed] == ["a", "b"]
        turned = replace(found, edit=Edit(chapters=(Chapter("b", "First"), Chapter("a"))))
        result = cut_list(turned, takes, rate=RATE)
        assert [p.span.prompt_id for p in result.placed] == ["b", "a"]
        marks = chapters.chapter_marks(turned, result)
        assert [(mark.start_us, mark.title) for mark in marks] == [(0, "First"), (10 * S, "About a")]

    def test_left_out_prompts_and_consent_do_not_appear(self):
        prompts = (replace(prompt("a"), key="consent"), prompt("b", included=False), prompt("c"))
        found = Resource("r", "R", brief=Brief(prompts=prompts))
        takes = tuple(take(f"t{name}", of=name) for name in "abc")
        assert [p.span.prompt_id for p in cut_list(found, takes, rate=RATE).placed] == ["c"]
        by_hand = replace(found, edit=Edit(chapters=(Chapter("a"),)))
        assert [p.span.prompt_id for p in cut_list(by_hand, takes, rate=RATE).placed] == ["a", "c"]

    def test_a_question_asked_after_the_chapters_were_decided_follows_them(self):
        takes = tuple(take(f"t{name}", of=name) for name in "abc")
        found = resource("a", "b", "c", edit=Edit(chapters=(Chapter("b"), Chapter("a", included=False))))
        assert [p.span.prompt_id for p in cut_list(found, takes, rate=RATE).placed] == ["b", "c"]

    def test_a_chapter_cut_away_has_no_mark(self):
        found = resource("a", "b", edit=Edit(takes=(cuts("ta", (0, 10)),)))
        result = cut_list(found, (take("ta"), take("tb", of="b")), rate=RATE)
        assert [mark.title for mark in chapters.chapter_marks(found, result)] == ["About b"]


class TestClocks:
    @given(results(), moments)
    def test_there_and_back(self, given_values, t_us):
        found, takes, rate = given_values
        result = cut_list(found, takes, rate=rate)
        for each in takes:
            there = cutlist.to_result_us(result, each.id, t_us)
            if there is not None:
                take_id, back_us = cutlist.to_take(result, there)
                assert take_id == each.id
                assert abs(back_us - t_us) <= 1  # frames of 30000/1001 start between microseconds
        if t_us < result.duration_us:
            take_id, there_us = cutlist.to_take(result, t_us)
            assert abs(cutlist.to_result_us(result, take_id, there_us) - t_us) <= 1

    def test_what_was_cut_is_nowhere(self):
        found = resource("a", edit=Edit(takes=(cuts("t", (2, 4)),)))
        result = cut_list(found, (take("t"),), rate=RATE)
        assert cutlist.to_result_us(result, "t", 3 * S) is None
        assert cutlist.to_result_us(result, "t", 5 * S) == 3 * S
        assert cutlist.to_take(result, 2 * S) == ("t", 4 * S)
        with pytest.raises(ValueError):
            cutlist.to_take(result, 8 * S)


class TestCutAndKeep:
    @given(results(), moments, moments)
    def test_take_out_and_leave_exactly_that(self, given_values, a_us, b_us):
        found, takes, rate = given_values
        result = cut_list(found, takes, rate=rate)
        in_us, out_us = sorted((a_us, b_us))
        first, last = frame_at(in_us, rate), min(frame_at(out_us, rate), result.frames)
        before = shown(result)
        try:
            cut = cutlist.cut(found.edit, result, in_us=in_us, out_us=out_us)
            kept = cutlist.keep(found.edit, result, [(in_us, out_us)])
        except BadInputError:
            return
        for edit, expected in ((cut, before[:first] + before[last:]), (kept, before[first:last])):
            after = shown(cut_list(replace(found, edit=edit), takes, rate=rate))
            lost = [frame for frame in expected if frame not in set(after)]
            assert [frame for frame in expected if frame not in set(lost)] == after
            # Only slivers beside a join go as well.
            for take_id, frame in lost:
                assert {(take_id, frame - 1), (take_id, frame + 1)}.isdisjoint(set(expected) - set(lost))

    def test_a_cut_over_a_chapter_border_touches_both_takes(self):
        found = resource("a", "b")
        takes = (take("ta"), take("tb", of="b"))
        edit = cutlist.cut(found.edit, cut_list(found, takes, rate=RATE), in_us=9 * S, out_us=12 * S)
        assert edit.takes == (cuts("ta", (9, 10)), cuts("tb", (0, 2)))

    def test_several_stretches_are_kept(self):
        found = resource("a")
        result = cut_list(found, (take("t"),), rate=RATE)
        edit = cutlist.keep(found.edit, result, [(7 * S, 8 * S), (1 * S, 2 * S)])
        after = cut_list(replace(found, edit=edit), (take("t"),), rate=RATE)
        assert [(p.span.in_us, p.span.out_us) for p in after.placed] == [(S, 2 * S), (7 * S, 8 * S)]

    @pytest.mark.parametrize(
        ("in_s", "out_s", "key"),
        [
            (-1, 2, "edit.not_in_result"),
            (5, 4, "edit.not_in_result"),
            (10, 12, "edit.not_in_result"),
            (1, 1.005, "edit.under_a_frame"),
            (0, 10, "edit.nothing_left"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, in_s, out_s, key):
        found = resource("a")
        result = cut_list(found, (take("t"),), rate=RATE)
        with pytest.raises(BadInputError) as refused:
            cutlist.cut(found.edit, result, in_us=round(in_s * S), out_us=round(out_s * S))
        assert refused.value.message_key == key


class TestWords:
    said = (Word(S, 2 * S, "the", 0.9), Word(2 * S, 3 * S, "two", 0.9), Word(4 * S, 5 * S, "line", 0.9))

    @given(results(), moments, moments)
    def test_struck_and_restored_is_as_before(self, given_values, a_us, b_us):
        found, takes, rate = given_values
        bare = replace(found, edit=Edit())
        word = Word(min(a_us, b_us), max(a_us, b_us), "so", 1.0)
        struck = cutlist.strike(Edit(), takes[0].id, [word])
        back = cutlist.restore(struck, takes[0].id, in_us=word.start_us, out_us=word.end_us)
        before = cut_list(bare, takes, rate=rate)
        assert cut_list(replace(found, edit=back), takes, rate=rate) == before

    def test_restoring_reaches_into_any_cut(self):
        edit = Edit(takes=(cuts("t", (0, 4), (6, 8)),))
        assert cutlist.restore(edit, "t", in_us=3 * S, out_us=7 * S).takes == (cuts("t", (0, 3), (7, 8)),)

    def test_the_middle_of_a_word_decides(self):
        edit = cutlist.strike(Edit(), "t", self.said[1:2])
        assert [cutlist.is_struck(edit.takes[0].cuts, word) for word in self.said] == [False, True, False]

    def test_trimming_again_replaces_the_trim(self):
        once = cutlist.trim(Edit(takes=(cuts("t", (4, 5)),)), take("t"), in_us=S, out_us=9 * S)
        again = cutlist.trim(once, take("t"), in_us=2 * S, out_us=10 * S)
        assert again.takes[0].cuts == (Cut(0, 2 * S, "trim"), Cut(4 * S, 5 * S, "hand"))

    def test_corrections_keep_times_where_the_words_match(self):
        edit = cutlist.correct(Edit(), "t", self.said[1:], text="two-line e-mail")
        read = cutlist.corrected_words(self.said, edit.takes[0])
        assert [word.text for word in read] == ["the", "two-line", "e-mail"]
        assert [(word.start_us, word.end_us) for word in read] == [(w.start_us, w.end_us) for w in self.said]

    def test_other_counts_of_words_share_the_time(self):
        edit = TakeEdit("t", corrections=(Correction(0, 5 * S, "ab cdef"),))
        read = cutlist.corrected_words(self.said, edit)
        assert [(w.text, w.start_us) for w in read] == [("ab", S), ("cdef", S + 4 * S // 3)]
        assert read[-1].end_us == 5 * S

    def test_an_empty_correction_takes_the_words_from_the_caption(self):
        assert (
            cutlist.corrected_words(self.said, TakeEdit("t", corrections=(Correction(0, 6 * S, " "),))) == ()
        )

    def test_corrected_again_the_last_wins(self):
        edit = cutlist.correct(Edit(), "t", self.said[:2], text="one two")
        edit = cutlist.correct(edit, "t", self.said[:2], text="a two")
        assert [w.text for w in cutlist.corrected_words(self.said, edit.takes[0])] == ["a", "two", "line"]


def test_spans_stand_on_frames():
    found = resource("a", edit=Edit(takes=(cuts("t", (0, 1.01)),)))
    assert cut_list(found, (take("t"),), rate=RATE).placed[0].span == Span("t", "a", S, 10 * S)
