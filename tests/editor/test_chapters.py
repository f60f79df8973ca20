"""Chapters are named, moved, added and removed, and follow every cut of what is said in them."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.errors import BadInputError
from editor import chapters, cutlist
from editor.model import Chapter, ChapterPoint, Choice, Edit, Resource, Word
from tests.editor.test_cutlist import RATE, S, cuts, resource, results, take


def shown(found: Resource, *takes) -> list[tuple[float, str]]:
    result = cutlist.cut_list(found, takes, rate=RATE)
    return [(mark.start_us / S, mark.title) for mark in chapters.chapter_marks(found, result)]


def part(found: Resource, number: int, *takes) -> chapters.Part:
    return chapters.parts(found, cutlist.cut_list(found, takes, rate=RATE))[number]


A, B = take("ta"), take("tb", of="b")
BOTH = resource("a", "b")
INSIDE = replace(BOTH, edit=Edit(points=(ChapterPoint("ta", 4 * S, "Later"),)))


def test_one_inside_an_answer_stands_between_those_of_the_answers():
    assert shown(INSIDE, A, B) == [(0, "About a"), (4, "Later"), (10, "About b")]
    assert [(p.start_us // S, p.end_us // S) for p in (part(INSIDE, n, A, B) for n in range(3))] == [
        (0, 4),
        (4, 10),
        (10, 20),
    ]


def test_it_follows_the_cuts_before_it_and_moves_up_to_what_remains():
    earlier = replace(INSIDE, edit=replace(INSIDE.edit, takes=(cuts("ta", (1, 2)),)))
    assert shown(earlier, A, B)[1] == (3, "Later")
    over = replace(INSIDE, edit=replace(INSIDE.edit, takes=(cuts("ta", (3, 6)),)))
    assert shown(over, A, B)[1] == (3, "Later")
    rest = replace(INSIDE, edit=replace(INSIDE.edit, takes=(cuts("ta", (3, 10)),)))
    assert shown(rest, A, B) == [(0, "About a"), (3, "About b")]


def test_where_all_before_it_was_cut_it_stands_for_the_answer():
    found = replace(INSIDE, edit=replace(INSIDE.edit, takes=(cuts("ta", (0, 5)),)))
    assert shown(found, A, B) == [(0, "Later"), (5, "About b")]


def test_it_waits_while_another_take_is_chosen():
    other = take("other", seconds=8)
    found = replace(INSIDE, edit=replace(INSIDE.edit, choices=(Choice("a", "other"),)))
    assert shown(found, A, other) == [(0, "About a")]
    assert shown(INSIDE, A) == [(0, "About a"), (4, "Later")]


def test_added_near_a_word_it_starts_in_the_pause_before_it():
    words = (Word(S, 2 * S, "one", 1.0), Word(3 * S, 4 * S, "two", 1.0))
    edit = chapters.add_chapter(Edit(), "ta", at_us=2_600_000, title=" Two ", words=words)
    assert edit.points == (ChapterPoint("ta", 2_850_000, "Two"),)
    assert chapters.add_chapter(Edit(), "ta", at_us=6 * S, title="x", words=words).points[0].at_us == 6 * S
    tight = (Word(S, 2 * S, "one", 1.0), Word(2 * S + 10, 4 * S, "two", 1.0))
    assert chapters.chapter_place(tight, 2 * S) == 2 * S
    with pytest.raises(BadInputError) as refused:
        chapters.add_chapter(Edit(), "ta", at_us=0, title=" \n")
    assert refused.value.message_key == "edit.no_chapter_title"


def test_renamed():
    first = replace(INSIDE, edit=chapters.rename_chapter(INSIDE, part(INSIDE, 0, A, B), title="Start"))
    inner = replace(first, edit=chapters.rename_chapter(first, part(first, 1, A, B), title="Then"))
    assert [title for _, title in shown(inner, A, B)] == ["Start", "Then", "About b"]


def test_removed_its_words_belong_to_the_chapter_before():
    inner = replace(INSIDE, edit=chapters.remove_chapter(INSIDE, part(INSIDE, 1, A, B)))
    assert shown(inner, A, B) == [(0, "About a"), (10, "About b")]
    second = replace(INSIDE, edit=chapters.remove_chapter(INSIDE, part(INSIDE, 2, A, B)))
    assert shown(second, A, B) == [(0, "About a"), (4, "Later")]
    with pytest.raises(BadInputError) as refused:
        chapters.remove_chapter(INSIDE, part(INSIDE, 0, A, B))
    assert refused.value.message_key == "edit.first_chapter"


def test_moved_it_keeps_its_title():
    edit = chapters.move_chapter(INSIDE, part(INSIDE, 1, A, B), take_id="ta", at_us=7 * S)
    assert shown(replace(INSIDE, edit=edit), A, B)[1] == (7, "Later")
    edit = chapters.move_chapter(BOTH, part(BOTH, 1, A, B), take_id="tb", at_us=2 * S)
    assert shown(replace(BOTH, edit=edit), A, B) == [(0, "About a"), (12, "About b")]


def test_answers_are_reordered_left_out_and_brought_back():
    turned = replace(INSIDE, edit=chapters.reorder(INSIDE, ["b", "a"]))
    assert shown(turned, A, B) == [(0, "About b"), (10, "About a"), (14, "Later")]
    without = replace(turned, edit=chapters.leave_out(turned, "b"))
    assert shown(without, A, B) == [(0, "About a"), (4, "Later")]
    again = replace(without, edit=chapters.bring_back(without, "b"))
    assert shown(again, A, B) == shown(turned, A, B)


def test_the_result_begins_with_a_chapter_also_after_a_reorder():
    second = replace(BOTH, edit=chapters.remove_chapter(BOTH, part(BOTH, 1, A, B)))
    turned = replace(second, edit=chapters.reorder(second, ["b", "a"]))
    assert shown(turned, A, B) == [(0, "About b"), (10, "About a")]


@given(results(), st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 12 * S)), max_size=4))
def test_they_cover_the_result_without_gap_or_overlap(given_values, places):
    found, takes, rate = given_values
    points = tuple(ChapterPoint(f"t{name}", at_us, f"{name}{at_us}") for name, at_us in places)
    unmarked = tuple(Chapter(prompt.id, marked=False) for prompt in found.brief.prompts)
    for edit in (replace(found.edit, points=points), replace(found.edit, points=points, chapters=unmarked)):
        result = cutlist.cut_list(replace(found, edit=edit), takes, rate=rate)
        parts = chapters.parts(replace(found, edit=edit), result)
        assert bool(parts) == bool(result.frames)
        edges = [0, *(p.end_us for p in parts)]
        assert [p.start_us for p in parts] == edges[:-1]
        if parts:
            assert edges[-1] == cutlist.frame_us(result.frames, Fraction(rate))
        assert all(p.start_us < p.end_us for p in parts)
        for p in parts:
            assert abs(cutlist.to_result_us(result, p.take_id, p.at_us) - p.start_us) <= 1
