"""Guides are data files: two come with Lapel, others come from anybody and are not believed."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capture.errors import BadInputError
from editor import guides
from editor.typed import one_line

GOOD = """
title = "Safety walk"
[[prompts]]
key = "why"
text = "Why do we walk?"
title = "Why"
tip = "Let them think."
[[prompts]]
text = "What do you look for?"
"""


def test_the_local_expert_is_asked_seven_questions_that_feed_the_details():
    guide = guides.find_guide("local-expert")
    assert [each.key for each in guide.prompts] == [
        "what", "why", "when", "who", "prerequisites", "kind", "levels",
    ]  # fmt: skip
    assert [each.title for each in guide.prompts] == [
        "What it is", "Why it matters", "When to use it", "Who it is for", "What to know first",
        "Skill, theory or strategy", "Beginner to advanced",
    ]  # fmt: skip
    for prompt in guide.prompts:
        assert prompt.text.endswith("?")
        assert len(prompt.text) <= 70  # two lines on the prompter
        assert prompt.tip
        assert prompt.hint


def test_each_question_people_keep_asking_becomes_a_prompt():
    guide = guides.find_guide("common-questions")
    prompts = guides.fresh_prompts(guide, questions=["What if they say no?", " ", "Do I write it\ndown?"])
    assert [(each.key, each.text, each.title) for each in prompts] == [
        ("question", "What if they say no?", "What if they say no?"),
        ("question", "Do I write it down?", "Do I write it down?"),
    ]
    assert all(each.tip and each.hint for each in prompts)


def test_without_questions_there_is_nothing_to_ask():
    with pytest.raises(BadInputError) as refused:
        guides.fresh_prompts(guides.find_guide("common-questions"))
    assert refused.value.message_key == "guide.no_questions"


def test_prompts_of_two_resources_never_share_an_id():
    guide = guides.find_guide("local-expert")
    ids = [each.id for _ in range(2) for each in guides.fresh_prompts(guide, questions=["Why?"])]
    assert len(set(ids)) == 16


def test_a_producers_own_guide(tmp_path):
    file = tmp_path / "Safety walk.toml"
    file.write_text("\ufeff" + GOOD, encoding="utf-8")
    guide = guides.find_guide(file)
    assert guide.title == "Safety walk"
    assert [(each.key, each.text, each.title, each.tip) for each in guide.prompts] == [
        ("why", "Why do we walk?", "Why", "Let them think."),
        ("question", "What do you look for?", "What do you look for?", ""),
    ]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"\xff\xfe not text", "guide.not_utf8"),
        (b"title = ", "guide.not_toml"),
        (b"x = " + b"[" * 50_000, "guide.not_toml"),
        (b"x = " + b"9" * 10_000, "guide.not_toml"),
        (b"", "guide.lacks_title"),
        (b"title = 7", "guide.no_text"),
        (b'title = "T"', "guide.empty"),
        (b'title = "T"\nprompts = 3', "guide.no_list"),
        (b'title = "T"\nprompts = ["What?"]', "guide.no_list"),
        (b'title = "T"\n[[prompts]]\nkey = "why"', "guide.lacks_text"),
        (b'title = "T"\n[[prompts]]\ntext = "W"\nkey = "__class__"', "guide.key"),
        (b'title = "T"\n[[prompts]]\ntext = "W"\nkey = []', "guide.key"),
        (b'title = "T"\n[[prompts]]\ntext = "' + b"x" * 501 + b'"', "guide.long_text"),
        (b'title = "T"\n' + b'[[prompts]]\ntext = "W"\n' * 101, "guide.too_many"),
        (b'format = 2\ntitle = "T"', "guide.newer"),
        (b"#" * 300_000, "guide.too_big"),
    ],
)
def test_a_bad_guide_file_is_refused_in_words(tmp_path, content, key):
    file = tmp_path / "guide.toml"
    file.write_bytes(content)
    with pytest.raises(BadInputError) as refused:
        guides.find_guide(file)
    assert refused.value.message_key == key
    assert refused.value.params["file"] == file


@pytest.mark.parametrize(("which", "key"), [("no-such", "guide.unknown"), ("no-such.toml", "guide.missing")])
def test_a_guide_that_is_not_there_is_named(which, key):
    with pytest.raises(BadInputError) as refused:
        guides.find_guide(which)
    assert refused.value.message_key == key
    assert which in str(refused.value.params.values())


def test_a_folder_is_no_guide(tmp_path):
    with pytest.raises(BadInputError) as refused:
        guides.find_guide(tmp_path)
    assert refused.value.message_key == "guide.directory"


@given(st.binary(max_size=200))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_make_a_guide_or_a_readable_error(tmp_path, content):
    file: Path = tmp_path / "any.toml"
    file.write_bytes(content)
    with pytest.raises(BadInputError):
        guides.read_guide(file)


def test_text_of_a_guide_stays_on_one_line(tmp_path):
    file = tmp_path / "g.toml"
    file.write_text('title = "A\\nB\\u0000"\n[[prompts]]\ntext = """\nWhy\nthis?"""')
    guide = guides.read_guide(file)
    assert guide.title == "A B"
    assert guide.prompts[0].text == "Why this?"


@given(st.text(alphabet=st.characters()))
def test_typed_lines_hold_nothing_that_breaks_a_line_or_a_database(text):
    line = one_line(text)
    assert line == line.strip()
    assert "\n" not in line
    assert "\0" not in line
    line.encode()
    assert one_line(line) == line
