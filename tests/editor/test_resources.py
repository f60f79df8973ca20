"""The verbs of a producer do the same in the window and on the command line, or say why not."""

from dataclasses import replace

import pytest

from capture.errors import BadInputError
from capture.work import Work
from editor import resources
from editor.chapters import parts, remove_chapter
from editor.language import language_tag
from editor.library import Filter, Library
from editor.model import ChapterPoint, Correction, Edit, Expert, Prompt, Suggestion, TakeEdit
from editor.result import read_result
from editor.typed import expert_line, expert_of
from tests.editor.library_values import a_resource, a_take


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "lib", write=True) as opened:
        yield opened


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(BadInputError) as refused:
        call(*args, **kwargs)
    return refused.value.message_key


def test_a_new_resource_has_its_brief_and_the_prompts_of_its_guide(library):
    made = resources.new_resource(
        library,
        title=" Greet\na guest ",
        expert="Amara Osei, Regional Sales Lead",
        priority="Grow digital sales",
    )
    assert made.title == "Greet a guest"
    assert made.brief.expert == Expert("Amara Osei", "Regional Sales Lead")
    assert (made.brief.start, made.brief.priority, made.brief.guide) == (
        "priority",
        "Grow digital sales",
        "local-expert",
    )
    assert len(made.brief.prompts) == 7
    assert made.created_at == made.changed_at != ""
    assert library.next_undo(made.id) is None


def test_a_gap_with_its_questions(library):
    made = resources.new_resource(
        library,
        title="T",
        guide="common-questions",
        gap="They do not ask",
        questions=["How?", "How?", "When?"],
    )
    assert made.brief.start == "gap"
    assert made.brief.questions == ("How?", "When?")
    assert [each.text for each in made.brief.prompts] == ["How?", "When?"]


def test_questions_come_behind_those_of_the_guide(library):
    made = resources.new_resource(library, title="T", questions=["And if not?"])
    assert [each.key for each in made.brief.prompts][-2:] == ["levels", "question"]


def test_prompts_can_be_given_instead_of_a_guide(library):
    own = Prompt("p1", "question", "Why?", "Why")
    made = resources.new_resource(library, title="T", prompts=[own], questions=["How?"])
    assert [each.text for each in made.brief.prompts] == ["Why?", "How?"]


@pytest.mark.parametrize("title", ["", "   ", "\n\t", "\0", "x" * 1001])
def test_no_title_or_a_page_as_title_makes_no_resource(library, title):
    assert refusal(resources.new_resource, library, title=title) in {
        "resource.no_title",
        "resource.long_title",
    }
    assert library.resources() == ()


def test_a_guide_that_is_not_there_makes_no_resource(library):
    assert refusal(resources.new_resource, library, title="T", guide="no-such") == "guide.unknown"
    assert library.resources() == ()


@pytest.mark.parametrize(
    ("text", "expert"),
    [
        ("Amara Osei, Regional Sales Lead", Expert("Amara Osei", "Regional Sales Lead")),
        ("Amara Osei", Expert("Amara Osei")),
        ("Amara, Lead, North", Expert("Amara", "Lead, North")),
        (" , Lead", Expert("", "Lead")),
        ("", Expert()),
        ("أمارا, مديرة", Expert("أمارا", "مديرة")),
    ],
)
def test_an_expert_is_a_name_and_a_role(text, expert):
    assert expert_of(text) == expert
    assert expert_of(expert_line(expert)).name == (expert.name or expert.role)


@pytest.mark.parametrize("number", [0, -1, 8])
def test_a_prompt_is_found_by_its_number_from_1(library, number):
    made = a_resource(library)
    assert resources.find_prompt(made, 1).key == "what"
    assert resources.find_prompt(made, 7).key == "levels"
    assert refusal(resources.find_prompt, made, number) == "resource.no_prompt"


def test_a_next_take_carries_all_that_recovery_needs(library):
    made = a_resource(library)
    prompt = resources.find_prompt(made, 3)
    take = resources.next_take(library, made, prompt=prompt)
    assert (take.resource_id, take.resource_title, take.number) == (made.id, made.title, 1)
    assert (take.prompt.id, take.prompt.key, take.prompt.text) == (prompt.id, "when", prompt.text)
    assert take.expert == "Henrik Dahl, Key Account Manager"
    assert not library.has_take(take.id)
    assert refusal(resources.next_take, library, library.bin(made.id), prompt=prompt) == "resource.in_bin"


def test_choose_gives_the_star_and_takes_it_from_the_other(library):
    made = a_resource(library)
    first, second = a_take(library, made), a_take(library, made, seconds=1)
    resources.choose(library, made.id, take_id=first.id)
    chosen = resources.choose(library, made.id, take_id=second.id)
    assert [each.take_id for each in chosen.edit.choices] == [second.id]
    assert [each.take_id for each in library.undo(made.id).edit.choices] == [first.id]


def test_choose_refuses_takes_of_others_in_the_bin_or_unfinished(library):
    made, other = a_resource(library), a_resource(library)
    foreign, binned, unfinished = a_take(library, other), a_take(library, made), a_take(library, made)
    library.bin_take(made.id, binned.id)
    library.adopt(replace(unfinished, state="unfinished"), library.take_folder(unfinished))
    assert refusal(resources.choose, library, made.id, take_id=foreign.id) == "resource.unknown_take"
    assert refusal(resources.choose, library, made.id, take_id=binned.id) == "resource.unknown_take"
    assert refusal(resources.choose, library, made.id, take_id=unfinished.id) == "resource.take_not_ready"


# Split -----------------------------------------------------------------------------------------------


def interview(library: Library):
    """Answers to prompts 1, 3 and 7, the first of them in two takes."""
    made = a_resource(library)
    takes = [a_take(library, made, prompt=prompt) for prompt in (1, 3, 7, 1)]
    resources.tag(library, made.id, level="beginner", roles=["Buyer"])
    edit = Edit(takes=tuple(TakeEdit(take.id, corrections=(Correction(0, 9, "x"),)) for take in takes))
    return library.save(replace(library.resource(made.id), edit=edit), label="edit"), takes


def test_split_makes_a_resource_of_its_own_from_shared_takes(library):
    made, takes = interview(library)
    new = resources.split(library, made.id, chapters=[3, 1], title="For the advanced")
    assert [c.prompt_id for c in new.edit.chapters] == [made.brief.prompts[6].id, made.brief.prompts[0].id]
    assert {take.id for take in library.takes(new.id)} == {takes[0].id, takes[2].id, takes[3].id}
    assert {each.take_id for each in new.edit.takes} == {takes[0].id, takes[2].id, takes[3].id}
    assert [each.key for each in new.brief.prompts] == ["what", "levels"]
    assert (new.tags.level, new.tags.roles, new.status) == (None, ("Buyer",), "recorded")
    assert all(library.take_folder(take).is_dir() for take in library.takes(new.id))
    resources.tag(library, new.id, level="advanced", roles=["Trader"])
    assert library.resource(made.id).tags.roles == ("Buyer",)


def test_split_keeps_how_the_shared_takes_sound(library):
    made, _ = interview(library)
    library.save(replace(made, edit=replace(made.edit, clean_sound="mid")), label="sound")
    assert resources.split(library, made.id, chapters=[1], title="For beginners").edit.clean_sound == "mid"


def test_split_inside_an_answer_takes_only_what_is_said_in_that_chapter(library):
    made, takes = interview(library)
    point = ChapterPoint(takes[3].id, 2_000_000, "Later")
    library.save(replace(made, edit=replace(made.edit, points=(point,))), label="edit")
    new = resources.split(library, made.id, chapters=[2], title="The rest of it")
    found = read_result(library, new.id)
    assert [mark.title for mark in found.chapters] == ["Later"]
    ((first, last),) = [(p.span.in_us, p.span.out_us) for p in found.cut_list.placed]
    assert (first, last) == (2_000_000, 5_000_000)
    both = resources.split(library, made.id, chapters=[3, 1], title="Other order")
    found = read_result(library, both.id)
    assert [p.span.take_id for p in found.cut_list.placed] == [takes[1].id, takes[3].id]
    assert found.cut_list.duration_us == 7_000_000
    assert read_result(library, made.id).cut_list.duration_us == 15_000_000


def test_a_chapter_over_two_answers_takes_both_along(library):
    made, takes = interview(library)
    second = read_result(library, made.id)
    edit = remove_chapter(second.resource, parts(second.resource, second.cut_list)[1])
    library.save(replace(second.resource, edit=edit), label="edit")
    new = resources.split(library, made.id, chapters=[1], title="Two in one")
    found = read_result(library, new.id)
    assert [p.span.take_id for p in found.cut_list.placed] == [takes[3].id, takes[1].id]
    assert len(found.chapters) == 1


def test_binning_or_erasing_one_never_takes_media_from_the_other(library):
    made, takes = interview(library)
    new = resources.split(library, made.id, chapters=[1, 2, 3], title="Split")
    resources.to_bin(library, made.id)
    assert len(library.takes(new.id)) == 4
    resources.erase(library, made.id, work=Work())
    for take in library.takes(new.id):
        assert (library.take_folder(take) / "take.json").is_file()
    assert {take.id for take in library.takes(new.id)} == {take.id for take in takes}


@pytest.mark.parametrize("chapters", [[0], [4], [1, 1], [], [-1]])
def test_split_refuses_chapters_that_are_not_there(library, chapters):
    made, _ = interview(library)
    key = refusal(resources.split, library, made.id, chapters=chapters, title="T")
    assert key in {"resource.no_chapter", "resource.chapters_twice"}
    assert refusal(resources.split, library, made.id, chapters=[1], title=" ") == "resource.no_title"
    assert library.count() == 1


def test_a_new_take_of_the_interview_stays_there(library):
    made, _ = interview(library)
    new = resources.split(library, made.id, chapters=[1], title="Split")
    a_take(library, made, prompt=1)
    assert len(library.takes(new.id)) == 2
    mine = resources.next_take(library, new, prompt=new.brief.prompts[0])
    assert (mine.resource_id, mine.number) == (new.id, 3)


# Tags ------------------------------------------------------------------------------------------------


def test_tags_not_given_stay_as_they_are(library):
    made = a_resource(library)
    resources.tag(
        library,
        made.id,
        level="Beginner",
        roles=["Buyer", " Buyer ", ""],
        kind=["SKILL"],
        keywords=["a", "b"],
    )
    tagged = resources.tag(library, made.id, when_to_use="When a guest\ncomes", language="PT_br")
    assert tagged.tags.level == "beginner"
    assert tagged.tags.roles == ("Buyer",)
    assert tagged.tags.kind == ("skill",)
    assert tagged.tags.when_to_use == "When a guest\ncomes"
    assert tagged.tags.language == "pt-BR"
    assert [each.id for each in library.resources(Filter(kinds=("skill",)))] == [made.id]
    assert library.undo(made.id).tags.language == ""


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"level": "wizard"}, "resource.level"),
        ({"kind": ["magic"]}, "resource.kind"),
        ({"language": "english please"}, "resource.language"),
    ],
)
def test_a_wrong_tag_changes_nothing(library, wrong, key):
    made = a_resource(library)
    assert refusal(resources.tag, library, made.id, roles=["Buyer"], **wrong) == key
    assert library.resource(made.id) == made


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ("EN", "en"),
        ("en-gb", "en-GB"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("de-CH-1901", "de-CH-1901"),
    ],
)
def test_language_tags_are_spelt_as_usual(given, tag):
    assert language_tag(given) == tag


@pytest.mark.parametrize(
    "given", ["", "e", "en-", "en--GB", "englisch!", "a-b-c", "../en", "toolonglanguage"]
)
def test_what_is_no_language_tag_is_refused(given):
    assert refusal(language_tag, given) == "resource.language"


def test_suggestions_fill_only_what_is_empty_as_one_step(library):
    made = a_resource(library)
    resources.tag(library, made.id, roles=["Buyer"])
    proposed = [
        Suggestion("level", "advanced", "s"),
        Suggestion("roles", "Seller", "s"),
        Suggestion("kind", "skill", "s"),
        Suggestion("kind", "strategy", "s"),
        Suggestion("keywords", "floor", "s"),
        Suggestion("summary", "Ring inside the hour.", "s"),
        Suggestion("title", "Another title", "s"),
    ]
    tagged = resources.accept(library, made.id, suggestions=proposed)
    assert tagged.tags.level == "advanced"
    assert tagged.tags.roles == ("Buyer",)
    assert tagged.tags.kind == ("skill", "strategy")
    assert (tagged.summary, tagged.title) == ("Ring inside the hour.", made.title)
    back = library.undo(made.id)
    assert (back.tags.level, back.summary, back.tags.roles) == (None, "", ("Buyer",))


def test_consent_is_noted_with_its_time(library):
    made = a_resource(library)
    noted = resources.consent(library, made.id, shown_to="Everybody at work").brief.consent
    assert (noted.given, noted.shown_to) == (True, "Everybody at work")
    assert noted.noted_at


def test_the_bin_takes_resources_and_takes_by_their_id(library):
    made, takes = interview(library)
    new = resources.split(library, made.id, chapters=[1], title="Split")
    resources.to_bin(library, takes[0].id)
    assert takes[0].id not in {take.id for each in (made, new) for take in library.takes(each.id)}
    resources.from_bin(library, takes[0].id)
    assert takes[0].id in {take.id for take in library.takes(new.id)}
    resources.to_bin(library, new.id)
    assert [each.id for each in library.resources()] == [made.id]
    resources.from_bin(library, new.id)
    assert library.count() == 2
    assert refusal(resources.to_bin, library, "nobody") == "resource.unknown"
