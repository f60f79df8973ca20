"""Every change can be taken back, also after a restart, and made again until another change is made."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editor import undo
from editor.library import Library
from editor.model import Brief, Chapter, Correction, Cut, Edit, Expert, Resource, Tags, TakeEdit
from tests.editor.library_values import a_resource, a_take, say


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "lib", write=True) as opened:
        yield opened


def content(resource: Resource) -> tuple[object, ...]:
    return resource.title, resource.summary, resource.brief, resource.tags, resource.edit


TEXTS = st.text(max_size=8)
CUTS = st.builds(Cut, st.integers(0, 9), st.integers(10, 20), st.sampled_from(["word", "silence", "hand"]))
TAKE_EDITS = st.builds(
    TakeEdit,
    st.sampled_from(["t1", "t2"]),
    st.lists(CUTS, max_size=3).map(tuple),
    st.lists(st.builds(Correction, st.just(0), st.just(9), TEXTS), max_size=2).map(tuple),
)
EDITS = st.builds(
    Edit,
    chapters=st.lists(st.builds(Chapter, st.sampled_from(["p1", "p2"]), TEXTS), max_size=2).map(tuple),
    takes=st.lists(TAKE_EDITS, max_size=2).map(tuple),
)
CHANGES = st.one_of(
    st.tuples(st.just("title"), TEXTS),
    st.tuples(st.just("summary"), TEXTS),
    st.tuples(st.just("brief"), st.builds(Brief, gap=TEXTS, expert=st.builds(Expert, TEXTS, TEXTS))),
    st.tuples(st.just("tags"), st.builds(Tags, roles=st.lists(TEXTS, max_size=2).map(tuple), language=TEXTS)),
    st.tuples(st.just("edit"), EDITS),
)
ACTIONS = st.lists(st.one_of(CHANGES, st.sampled_from(["undo", "redo", "restart"])), max_size=14)


@given(ACTIONS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_undo_and_redo_walk_through_the_states_that_were(tmp_path_factory, actions):
    folder = tmp_path_factory.mktemp("lib")
    library = Library.open(folder, write=True)
    made = library.save(Resource(id="r1", title="T"), label="new")
    states, at = [content(made)], 0
    for action in actions:
        if action == "restart":
            library.close()
            library = Library.open(folder, write=True)
        elif action == "undo":
            assert (library.undo("r1") is None) == (at == 0)
            at = max(at - 1, 0)
        elif action == "redo":
            assert (library.redo("r1") is None) == (at == len(states) - 1)
            at = min(at + 1, len(states) - 1)
        else:
            field, value = action
            saved = library.save(replace(library.resource("r1"), **{field: value}), label=field)
            if content(saved) != states[at]:
                states = [*states[: at + 1], content(saved)]
                at += 1
        assert content(library.resource("r1")) == states[at]
    library.close()


def test_a_save_that_changes_nothing_leaves_no_step_and_no_trace(library):
    made = a_resource(library)
    assert library.save(made, label="title") == made
    assert library.next_undo(made.id) is None


def test_a_step_says_what_it_was_and_keeps_only_what_changed(library):
    made = a_resource(library)
    cut = TakeEdit("t1", (Cut(0, 9, "word"),))
    library.save(replace(made, edit=Edit(takes=(cut,))), label="trim")
    step = library.next_undo(made.id)
    assert step.label == "trim"
    assert step.before == b'{"edit":{"takes":[]}}'
    assert library.undo(made.id).edit == Edit()
    assert library.next_redo(made.id).label == "trim"


def test_the_last_500_steps_are_kept(library):
    made = a_resource(library)
    with library.transaction():
        for number in range(undo.MOST_STEPS + 20):
            library.save(replace(made, summary=f"{number}"), label="summary")
    steps = 0
    while library.undo(made.id) is not None:
        steps += 1
    assert steps == undo.MOST_STEPS
    assert library.resource(made.id).summary == "19"


def test_another_change_ends_what_could_be_made_again(library):
    made = a_resource(library)
    for title in ("One", "Two", "Three"):
        library.save(replace(made, title=title), label="title")
    library.undo(made.id)
    library.undo(made.id)
    library.save(replace(made, title="Other"), label="title")
    assert library.redo(made.id) is None
    assert [library.undo(made.id).title, library.undo(made.id).title] == ["One", made.title]


def test_each_resource_has_its_own_steps(library):
    first, second = a_resource(library), a_resource(library)
    library.save(replace(first, title="First"), label="title")
    library.save(replace(second, title="Second"), label="title")
    library.undo(first.id)
    assert library.resource(first.id).title == first.title
    assert library.resource(second.id).title == "Second"


def test_search_follows_undo(library):
    made = a_resource(library)
    take = a_take(library, made)
    say(library, take, "Ask for the lapell microphone.")
    corrected = TakeEdit(take.id, corrections=(Correction(1_500_000, 1_999_000, "lavalier"),))
    library.save(replace(made, title="Microphones", edit=Edit(takes=(corrected,))), label="edit")
    assert [hit.start_us for hit in library.search("lavalier")] == [0]
    assert library.search("lapell") == ()
    library.undo(made.id)
    assert library.search("lavalier") == library.search("microphones") == ()
    assert library.search("lapell")[0].places == 1
