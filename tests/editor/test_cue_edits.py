"""The producer's hand on a caption stays through every later cut, and mends what the report complains of."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import assets
from capture.errors import BadInputError
from editor import cue_edits, cue_report, cutlist
from editor.caption_import import take_over
from editor.captions import Caption, make_captions
from editor.cue_rules import CueProblem
from editor.model import Cue, CueOverride, Cut, CutList, Edit, Transcript
from tests.editor.test_captions import ANSWER, RATE, S, read, transcript, whole

MADE = transcript(ANSWER)
WHOLE = whole(MADE)


def captions(edit: Edit = Edit(), cut_list: CutList = WHOLE, *heard: Transcript) -> tuple[Caption, ...]:  # noqa: B008
    return make_captions(cut_list, heard or [MADE], edit)


def lines(edit: Edit, cut_list: CutList = WHOLE) -> list[str]:
    return [" / ".join(each.cue.lines) for each in captions(edit, cut_list)]


PLAIN = lines(Edit())


def without(word: str) -> CutList:
    """The result without one word."""
    found = next(each for each in MADE.words if each.text == word)
    return whole(MADE, cuts=[Cut(found.start_us, found.end_us, "word")])


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(BadInputError) as refused:
        call(*args, **kwargs)
    assert assets.text(f"errors.{refused.value.message_key}", **refused.value.params)
    return refused.value.message_key


def test_written_it_reads_so_and_what_it_said_before_comes_back():
    edit = cue_edits.write(Edit(), captions()[1], lines=("Ring soon,", " and  open "))
    assert lines(edit)[1] == "Ring soon, / and open"
    assert lines(edit)[2:] == PLAIN[2:]
    assert lines(cue_edits.as_said(edit, captions(edit)[1])) == PLAIN
    hidden = cue_edits.write(Edit(), captions()[1], lines=(" ",))
    assert lines(hidden) == [PLAIN[0], *PLAIN[2:]]


def test_split_where_the_caret_is_and_joined_again():
    text = PLAIN[1].replace(" / ", " ")
    edit = cue_edits.split(Edit(), captions()[1], at_column=text.index("hour,"))
    two = captions(edit)
    assert " ".join(two[1].cue.lines).endswith("within the")
    assert " ".join(two[2].cue.lines).startswith("hour,")
    assert read([each.cue for each in two]) == ANSWER
    joined = cue_edits.join_next(edit, two, 1)
    assert lines(joined) == PLAIN


def test_what_was_split_or_joined_follows_the_words_that_are_cut_later():
    edit = cue_edits.join_next(Edit(), captions(), 0)
    assert read([each.cue for each in captions(edit, without("beginner,"))]).startswith("For a it is simply")
    split = cue_edits.split(Edit(), captions()[1])
    shorter = captions(split, without("within"))
    assert "within" not in read([each.cue for each in shorter])
    assert len(shorter) == len(captions(split))


def test_a_line_breaks_where_it_is_told_or_where_it_reads_best():
    edit = cue_edits.break_line(Edit(), captions()[0], at_column=6)
    assert lines(edit)[0] == "For a / beginner, it is simply this."
    assert lines(cue_edits.break_line(Edit(), captions()[0]))[0] == "For a beginner, / it is simply this."
    written = cue_edits.write(Edit(), captions()[0], lines=("one two three four",))
    assert (
        lines(cue_edits.break_line(written, captions(written)[0], at_column=8))[0] == "one two / three four"
    )


def test_times_that_were_set_keep_their_distance_to_the_words():
    before = captions()
    cue = before[1].cue
    wanted = (cue.start_us + 100_000, cue.end_us - 200_000)
    edit = cue_edits.set_times(Edit(), before[1], start_us=wanted[0], end_us=wanted[1])
    after = captions(edit)[1].cue
    assert after.start_us == pytest.approx(wanted[0], abs=17_000)
    assert after.end_us == pytest.approx(wanted[1], abs=17_000)
    earlier = captions(edit, without("beginner,"))[1]
    assert earlier.cue.start_us - earlier.words[0].start_us == pytest.approx(
        wanted[0] - before[1].words[0].start_us, abs=34_000
    )


def test_all_are_shifted_or_those_from_here_on():
    all_later = cue_edits.shift_times(Edit(), captions(), by_us=100_000)
    pairs = zip(captions(all_later), captions(), strict=True)
    assert {a.cue.start_us - b.cue.start_us for a, b in pairs} == {100_000}
    some = cue_edits.shift_times(Edit(), captions(), by_us=-200_000, from_index=2)
    moved = [b.cue.start_us - a.cue.start_us for a, b in zip(captions(some), captions(), strict=True)]
    assert moved[:2] == [0, 0]
    assert set(moved[3:]) == {200_000}
    back = cue_edits.shift_times(some, captions(some), by_us=200_000, from_index=2)
    assert back == Edit()
    both = cue_edits.shift_times(all_later, captions(all_later), by_us=100_000)
    assert [shift.by_us for shift in both.cue_shifts] == [200_000]


def test_replaced_words_are_corrected_and_written_ones_rewritten():
    edit = cue_edits.write(Edit(), captions()[0], lines=("For the Worry", "of it"))
    edit, count = cue_edits.find_and_replace(edit, captions(edit), {"t1": MADE}, text="worry", by="concern")
    assert count == 2
    assert lines(edit)[0] == "For the concern / of it"
    assert "first concern is" in read([each.cue for each in captions(edit)])
    assert edit.takes[0].corrections[0].text == "concern"
    assert cue_edits.find(captions(edit), "CONCERN") == (0, 2)
    assert cue_edits.find(captions(edit), "CONCERN", match_case=True) == ()
    over, count = cue_edits.find_and_replace(
        Edit(), captions(), {"t1": MADE}, text="ring within", by="Call in"
    )
    assert count == 1
    assert "Call in the hour" in read([each.cue for each in captions(over)])
    assert cue_edits.find_and_replace(Edit(), captions(), {"t1": MADE}, text=" ", by="x") == (Edit(), 0)


def test_what_makes_no_sense_is_refused():
    assert refusal(cue_edits.join_next, Edit(), captions(), len(PLAIN) - 1) == "captions.last_one"
    one = transcript("Yes.")
    alone = make_captions(whole(one), [one], Edit())[0]
    assert refusal(cue_edits.split, Edit(), alone) == "captions.one_word"
    assert refusal(cue_edits.break_line, Edit(), alone) == "captions.one_word"
    assert refusal(cue_edits.set_times, Edit(), alone, start_us=5, end_us=5) == "captions.backwards"
    other = transcript("No.", "t2")
    two = make_captions(whole(one, other), [one, other], Edit())
    assert refusal(cue_edits.join_next, Edit(), two, 0) == "captions.other_answer"


def test_longer_means_only_into_free_time():
    made = captions()
    cue = made[0].cue
    short = cue_edits.set_times(Edit(), made[0], start_us=cue.start_us, end_us=cue.start_us + 300_000)
    now = captions(short)
    (finding,) = [f for f in cue_report.report(now, cut_list=WHOLE) if f.problem.rule == "too_short"]
    assert finding.fixes[0] == "stay_longer"
    mended = cue_report.mend(short, now, finding, "stay_longer", cut_list=WHOLE)
    after = captions(mended)
    assert cue_report.report(after, cut_list=WHOLE) == ()
    assert after[0].cue.end_us < after[1].cue.start_us
    assert refusal(cue_edits.stay_longer, mended, after, 0, cut_list=WHOLE) == "captions.no_time"


def test_the_report_says_when_the_words_of_a_written_caption_changed():
    edit = cue_edits.write(Edit(), captions()[0], lines=("For beginners, it is this.",))
    assert cue_report.report(captions(edit), cut_list=WHOLE) == ()
    shorter = without("simply")
    (finding,) = cue_report.report(captions(edit, shorter), cut_list=shorter)
    assert finding == cue_report.Finding(CueProblem(0, "changed", 0, 0, avoidable=True), ("as_said",))
    assert assets.text("rules.changed")
    mended = cue_report.mend(edit, captions(edit, shorter), finding, "as_said", cut_list=shorter)
    assert lines(mended, shorter)[0].startswith("For a beginner, it is this.")


def test_a_long_line_is_broken_and_a_long_caption_split_by_the_report():
    joined = Edit()
    for _ in range(2):
        joined = cue_edits.join_next(joined, captions(joined), 1)
    found = cue_report.report(captions(joined), cut_list=WHOLE)
    (split,) = [f for f in found if f.problem.rule == "line_length"]
    assert split.fixes == ("split",)
    mended = cue_report.mend(joined, captions(joined), split, "split", cut_list=WHOLE)
    assert len(captions(mended)) == len(captions(joined)) + 1
    long_line = cue_edits.write(Edit(), captions()[1], lines=(PLAIN[1].replace(" / ", " "),))
    finding = next(f for f in cue_report.report(captions(long_line), cut_list=WHOLE))
    assert finding.fixes == ("break_line",)
    assert all(
        f.problem.rule != "line_length"
        for f in cue_report.report(
            captions(cue_report.mend(long_line, captions(long_line), finding, "break_line", cut_list=WHOLE)),
            cut_list=WHOLE,
        )
    )


def test_of_two_that_want_one_word_the_later_has_it():
    first, second = MADE.words[2], MADE.words[5]
    early = CueOverride("t1", 0, second.end_us, ("Early.",), said="x")
    late = CueOverride("t1", first.end_us, second.end_us, ("Late.",), said="x")
    assert lines(Edit(cue_overrides=(early, late)))[:2] == ["Early.", "Late."]
    assert lines(Edit(cue_overrides=(late, early)))[0] == "Early."


class TestImported:
    FILE = (
        Cue(400_000, 3 * S, ("For beginners:", "simply this.")),
        Cue(3 * S, 6 * S, ("Ring soon.",)),
    )

    def test_captions_of_a_file_stand_for_the_words_they_were_shown_with(self):
        made = take_over(Edit(), WHOLE, [MADE], self.FILE)
        assert made.transcripts == ()
        after = captions(made.edit)
        assert [each.cue.lines for each in after[:2]] == [cue.lines for cue in self.FILE]
        assert after[0].cue.start_us == pytest.approx(400_000, abs=17_000)
        assert after[1].cue.end_us == pytest.approx(6 * S, abs=80_000)
        shorter = captions(made.edit, without("beginner,"))
        assert shorter[0].cue.lines == self.FILE[0].lines
        assert shorter[1].cue.start_us < after[1].cue.start_us

    def test_a_take_without_words_gets_them_from_the_file(self):
        made = take_over(Edit(), WHOLE, [], self.FILE, language="en")
        (heard,) = made.transcripts
        assert [word.text for word in heard.words] == [
            "For",
            "beginners:",
            "simply",
            "this.",
            "Ring",
            "soon.",
        ]
        after = captions(made.edit, WHOLE, heard)
        assert [each.cue.lines for each in after] == [cue.lines for cue in self.FILE]
        cut = whole(MADE, cuts=[Cut(0, 3 * S, "hand")])
        assert [each.cue.lines for each in captions(made.edit, cut, heard)] == [("Ring soon.",)]

    def test_what_was_decided_before_makes_room(self):
        before = cue_edits.shift_times(
            cue_edits.write(Edit(), captions()[3], lines=("mine",)), captions(), by_us=S
        )
        made = take_over(before, WHOLE, [MADE], self.FILE)
        assert made.edit.cue_shifts == ()
        assert "mine" not in lines(made.edit)

    def test_a_caption_where_nobody_speaks_is_shown(self):
        late = MADE.words[-1].end_us
        own = CueOverride("t1", late + 200_000, late + 800_000, (" ", " [Applause]\n"))
        assert lines(Edit(cue_overrides=(own,)))[-1] == "[Applause]"

    @pytest.mark.parametrize("heard", [True, False])
    def test_captions_that_overlap_are_shown_one_after_the_other(self, heard):
        file = (
            Cue(0, 4 * S, ("one two three",)),
            Cue(S, 2 * S, ("four five",)),
            Cue(5 * S, 6 * S, ("six",)),
            Cue(5 * S, 7 * S, ("seven",)),
        )
        made = take_over(Edit(), WHOLE, [MADE] if heard else [], file, language="en")
        after = captions(made.edit, WHOLE, *([MADE] if heard else made.transcripts))
        texts = [" ".join(each.cue.lines) for each in after if each.override is not None]
        assert texts == ["one two three", "four five", "six seven"]

    @given(st.lists(st.integers(0, 20 * S), min_size=2, max_size=8), st.booleans())
    @settings(max_examples=40, deadline=None)
    def test_any_file_with_sane_times_fits(self, times, heard):
        edges = sorted(set(times))
        cues = [Cue(a, b, (f"line {n}",)) for n, (a, b) in enumerate(pairwise(edges))]
        made = take_over(Edit(), WHOLE, [MADE] if heard else [], cues)
        after = captions(made.edit, WHOLE, *([MADE] if heard else made.transcripts))
        assert all(a.cue.end_us <= b.cue.start_us for a, b in pairwise(after))
        assert all(0 <= each.cue.start_us < each.cue.end_us <= WHOLE.duration_us + 1 for each in after)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("sjbwtm"), st.integers(0, 9), st.integers(0, 80)), max_size=8))
def test_whatever_is_done_captions_neither_overlap_nor_lose_words(actions):
    edit = Edit()
    for what, index, column in actions:
        now = captions(edit)
        index %= len(now)
        try:
            if what == "s":
                edit = cue_edits.split(edit, now[index], at_column=column)
            elif what == "j":
                edit = cue_edits.join_next(edit, now, index)
            elif what == "b":
                edit = cue_edits.break_line(edit, now[index], at_column=column)
            elif what == "t":
                start_us = now[index].cue.start_us + column * 5_000
                edit = cue_edits.set_times(edit, now[index], start_us=start_us, end_us=start_us + S)
            elif what == "m":
                edit = cue_edits.shift_times(edit, now, by_us=(column - 40) * 10_000, from_index=index)
            else:
                edit = cue_edits.write(edit, now[index], lines=tuple(now[index].cue.lines))
        except BadInputError:
            continue
    after = captions(edit)
    assert read([each.cue for each in after]) == ANSWER
    assert all(a.cue.end_us <= b.cue.start_us for a, b in pairwise(after))
    assert all(each.cue.end_us <= cutlist.frame_us(WHOLE.frames, RATE) for each in after)
