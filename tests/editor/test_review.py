"""Every filler and silence is shown with its words around it before it goes, and goes or stays by itself."""

from editor import review
from editor.model import Edit
from editor.speech import measure_levels
from tests.editor.test_tidy import LENGTH, SAID, S, a_take, seconds_cut, sound, words

TAKE = a_take(LENGTH)
HEARD = measure_levels([sound(*SAID, seconds=LENGTH)])
WORDS = words(*SAID, fillers=[1, 3])


def test_fillers_are_listed_with_confidence_and_context():
    first, second = review.fillers(Edit(), TAKE, HEARD, WORDS)
    assert (first.text, first.before, first.after) == ("um", "word", "word um")
    assert (second.before, second.after) == ("word um word", "")
    assert first.confidence == 0.9
    assert not first.done


def test_some_or_all_go_and_come_back():
    found = review.fillers(Edit(), TAKE, HEARD, WORDS)
    one = review.take_out(Edit(), found[1:])
    assert [each.done for each in review.fillers(one, TAKE, HEARD, WORDS)] == [False, True]
    both = review.take_out(one, found)
    assert len(seconds_cut(both)) == 2
    assert review.put_back(both, found).takes[0].cuts == ()


def test_silences_are_listed_with_the_words_around_them():
    found = review.silences(Edit(), TAKE, HEARD, WORDS, longer_than_us=S)
    assert [(each.before, each.after) for each in found] == [("word um", "word um"), ("word um word um", "")]
    gone = review.take_out(Edit(), found[:1])
    assert [each.done for each in review.silences(gone, TAKE, HEARD, WORDS, longer_than_us=S)] == [
        True,
        False,
    ]
