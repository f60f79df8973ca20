"""Answers saved as files come into the library, those of one person once, and nothing else does."""

import json

import pytest

from capture.errors import BadInputError
from editor import feedback, resources
from editor.library import Library
from editor.model import Feedback

WHO = "0123456789abcdef"


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library", write=True) as library:
        yield library


@pytest.fixture
def resource(library):
    return resources.new_resource(library, title="Ring within the hour")


@pytest.fixture
def saved(tmp_path, resource):
    """``saved(helped=…)``: a file as the page saves it, with these changes."""

    def write(name="feedback.json", **changes):
        said = {
            "format": "lapel-feedback-1",
            "resource": resource.id,
            "version": 3,
            "who": WHO,
            "helped": True,
            "comments": [{"at_s": 6.3, "text": "Which number?"}],
            "said_at": "2026-11-25T09:30:00.000Z",
        }
        (tmp_path / name).write_text(json.dumps({**said, **changes}))
        return tmp_path / name

    return write


def test_answer_and_comments_are_kept_with_their_second(library, resource, saved):
    feedback.import_file(library, saved())
    at = "2026-11-25T09:30:00.000Z"
    assert library.feedback(resource.id) == (
        Feedback(resource.id, 3, at, True),
        Feedback(resource.id, 3, at, None, "Which number?", 6_300_000),
    )


def test_a_later_file_of_the_same_person_replaces_the_first(library, resource, saved):
    feedback.import_file(library, saved())
    feedback.import_file(library, saved(helped=False, comments=[]))
    assert [each.helped for each in library.feedback(resource.id)] == [False]


def test_other_people_are_kept_beside_it(library, resource, saved):
    for who in (WHO, "fedcba9876543210", ""):
        feedback.import_file(library, saved(who=who))
    assert len(library.feedback(resource.id)) == 6


def test_the_same_file_twice_is_once(library, resource, saved):
    file = saved(who="")
    feedback.import_file(library, file)
    feedback.import_file(library, file)
    assert len(library.feedback(resource.id)) == 2


def test_it_goes_with_its_resource(library, resource, saved):
    feedback.import_file(library, saved())
    library.erase(resource.id)
    assert library.feedback(resource.id) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "other"},
        {"version": 0},
        {"version": "3"},
        {"helped": "yes"},
        {"comments": [{"at_s": -1, "text": "x"}]},
        {"comments": [{"at_s": float("nan"), "text": "x"}]},
        {"comments": [{"text": "x"}] * 501},
        {"comments": "x"},
        {"resource": "x" * 41},
    ],
)
def test_what_no_page_saved_is_refused(library, resource, saved, changes):
    with pytest.raises(BadInputError) as refused:
        feedback.import_file(library, saved(**changes))
    assert refused.value.message_key == "feedback.not_ours"
    assert library.feedback(resource.id) == ()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe{", b"[" * 100_000, b" " * (2 << 20)])
def test_what_is_no_json_is_refused(library, tmp_path, content):
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(BadInputError, match="not_ours"):
        feedback.import_file(library, tmp_path / "x.json")


def test_a_file_that_is_gone_and_a_resource_that_is_not_here(library, saved, tmp_path):
    with pytest.raises(BadInputError, match="unreadable"):
        feedback.import_file(library, tmp_path / "none.json")
    with pytest.raises(BadInputError):
        feedback.import_file(library, saved(resource="r000000000"))


def test_what_was_typed_stays_text_of_the_length_a_page_takes(library, resource, saved):
    feedback.import_file(
        library, saved(helped=None, comments=[{"at_s": 0, "text": "a\x00b\x1b[31m" + "x" * 900}])
    )
    (said,) = library.feedback(resource.id)
    assert len(said.comment) == 600
    assert said.comment.isprintable()
