"""Words come from the plain look, hesitations and false starts from the other."""

import pytest

from editor.two_looks import joined


def read(first: str, second: str, language: str = "en") -> str:
    looks = (first.split(), second.split())
    return " ".join(looks[look][n] for look, n in joined(*looks, language=language))


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ("So, what I do is", "So, um, what I do is", "So, um, what I do is"),
        ("I don't wait.", "I don't, uh, I don't wait.", "I don't, uh, I don't wait."),
        ("It broke again.", "It, you know, it broke again.", "It, you know, it broke again."),
        ("For existing customers.", "For, for existing customers.", "For, for existing customers."),
        ("The advisor rings.", "The adviser rings.", "The advisor rings."),
        ("A whole sentence more. Then this.", "Then this.", "A whole sentence more. Then this."),
        ("Then this.", "I like you. Then this.", "Then this."),
        ("Same text.", "Same text.", "Same text."),
        ("", "", ""),
        ("Some words.", "", "Some words."),
    ],
)
def test_what_is_kept_of_each_look(first: str, second: str, text: str):
    assert read(first, second) == text


def test_a_long_insertion_gives_its_hesitation_only():
    first = "Ring them."
    second = "Ring them um and then we thought about going to the shop."
    assert read(first, second) == "Ring them um"


def test_a_loop_of_the_model_is_no_false_start():
    assert (
        read("Ring them now.", "Ring them now. Ring them now or then we Ring them now.") == "Ring them now."
    )
