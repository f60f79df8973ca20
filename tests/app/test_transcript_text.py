"""Striking words changes the transcript in place, to exactly what writing it anew would show."""

from dataclasses import replace
from fractions import Fraction

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QTextDocument

from app.screens.edit_parts.transcript_text import TranscriptText
from app.screens.edit_presenter import EditState, spoken_word
from capture.take import Marker, Segment, Take, TakePrompt
from editor import chapters, cutlist, selection
from editor.model import Brief, Cut, Edit, Prompt, Resource, TakeEdit, Transcript, Word

S = 1_000_000
SAID = "So, um, we ring 😀 them back. Because an enquiry goes cold"
TAKES = tuple(
    Take(
        each,
        "r",
        "",
        TakePrompt(f"p{each}", "question", f"Question {each}?", each),
        1,
        "safe",
        "",
        660 * S,
        (Segment("mic", "mic.wav", 0, 660 * S),),
        markers=(Marker(3 * S),),
    )
    for each in ("a", "b")
)
WORDS = tuple(
    Word(
        n * S * 2,
        n * S * 2 + (S if n % 2 else 2 * S - 1),
        text,
        0.2 if text == "cold" else 0.9,
        text == "um,",
    )
    for n, text in enumerate(SAID.split())
)


def state(*cuts: tuple[int, int], take: str = "a") -> EditState:
    prompts = tuple(Prompt(f"p{each.id}", "question", "", each.id) for each in TAKES)
    edit = Edit(takes=(TakeEdit(take, tuple(Cut(a * S, b * S, "hand") for a, b in cuts)),))
    resource = Resource("r", "Ring back", brief=Brief(prompts=prompts), edit=edit)
    transcripts = tuple(Transcript(each.id, "en", "base", WORDS) for each in TAKES)
    cut_list = cutlist.cut_list(resource, TAKES, rate=Fraction(25))
    return EditState(
        resource=resource,
        takes=TAKES,
        folders={},
        transcripts=transcripts,
        cut_list=cut_list,
        cues=(),
        text=selection.text_of(resource, TAKES, transcripts),
        lanes=selection.lanes(resource, TAKES),
        blocks=selection.blocks(resource, TAKES),
        parts=chapters.parts(resource, cut_list),
    )


@pytest.fixture
def written(qapp):
    """Write a state into a document of its own."""
    owners = []

    def write(shown: EditState, *, show_cuts: bool = True, at_once: int = 1000) -> TranscriptText:
        document = QTextDocument()
        owners.append((document, QObject()))
        text = TranscriptText(*owners[-1], at_once=at_once)
        text.write(shown, show_cuts=show_cuts)
        return text

    return write


def looks(text: TranscriptText) -> str:
    return text._document.toHtml()


@pytest.mark.parametrize("take", ["a", "b"])
@pytest.mark.parametrize("cuts", [((4, 8),), ((5, 6), (14, 20)), ((7, 8),), ((0, 60),)])
def test_it_is_what_writing_anew_would_show(written, cuts, take):
    text = written(state())
    assert text.change(state(*cuts, take=take))
    assert looks(text) == looks(written(state(*cuts, take=take)))
    assert text.change(state())
    assert looks(text) == looks(written(state()))


def test_every_word_stands_where_it_is_said_to(written):
    shown = state((4, 8))
    text = written(shown)
    plain = text._document.toPlainText().encode("utf-16-le")
    for place, at in zip(text.places, text.placed, strict=True):
        assert plain[2 * at.first : 2 * at.last].decode("utf-16-le") == shown.text[place].word.text
        assert text.word_at(at.first) == text.word_at(at.last - 1) == place


def test_a_long_text_comes_in_several_goes_and_is_the_same(written):
    at_once = written(state((4, 8)))
    text = written(state((4, 8)), at_once=1)
    assert len(text.places) == len(WORDS)
    assert not text.change(state())
    assert not text.more()
    assert looks(text) == looks(at_once)
    assert (text.places, text.placed) == (at_once.places, at_once.placed)


def test_other_words_or_hidden_cuts_are_written_anew(written):
    shown = state()
    text = written(shown)
    fewer = replace(shown, text=shown.text[:-1])
    assert not text.change(fewer)
    assert not written(shown, show_cuts=False).change(state((4, 8)))


def test_a_time_of_another_length_is_written_anew(written):
    assert not written(state()).change(state((1, 660)))  # the second answer starts at 0:01, not at 11:00


def test_a_screen_reader_hears_what_is_cut_as_one(written):
    words = state((2, 8)).text
    assert spoken_word(words, 1) == spoken_word(words, 3) == "cut, um, we ring"
    assert spoken_word(state().text, 1) == "filler, um,"
    assert spoken_word(words, len(WORDS) - 1) == "unsure, cold"
    assert spoken_word(words, 0) == "So,"
