"""A producer makes a resource easy to find: types, takes over what was said, sees what is missing."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.desk import Spot
from app.screens.details import DetailsScreen
from capture.work import Work
from editor import resources, tasks
from editor.library import Library
from editor.model import Transcript, Word
from tests.app.window_kit import Producer, clipped, nameless
from tests.conftest import REPO

SAID = {
    1: "Calling a web enquiry back inside the hour is how we book more calls. The call is short.",
    4: "This is for inside sales advisers and for branch managers.",
}


def words(text: str) -> tuple[Word, ...]:
    return tuple(Word(n * 300_000, n * 300_000 + 250_000, each, 0.9) for n, each in enumerate(text.split()))


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A library with two answers and what is said in them, and the id of their resource."""
    folder = tmp_path_factory.mktemp("told") / "library"
    sample = REPO / "assets" / "sample"
    with Library.open(folder, write=True) as library:
        made = resources.new_resource(library, title="Untitled", expert="Amara Osei, Sales Lead")
        for number, text in SAID.items():
            path = sample / "1-what.camera.mp4"
            take = tasks.import_file(library, made.id, path, prompt=number, work=Work())
            library.save_transcript(Transcript(take.id, "en", "base", words(text)))
        return folder, made.id


@pytest.fixture
def details(producer: Producer, told: tuple[Path, str]) -> DetailsScreen:
    shutil.copytree(told[0], producer.folder)
    producer.opens()
    return producer.goes_to("details", told[1])


def saved(producer: Producer, screen: DetailsScreen):
    return producer.window.desk.holder.library.resource(screen.resource_id)


def chips(screen: DetailsScreen, field: str) -> dict:
    return {each.value: chip for each, chip in screen.form.hints[field].chips.items()}


class TestSuggestions:
    def test_a_chip_says_its_sentence_and_a_click_takes_it_over(self, producer, details):
        roles = chips(details, "roles")
        assert roles
        value, chip = next(iter(roles.items()))
        assert SAID[4] in chip.toolTip()
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
        producer.rest()
        assert saved(producer, details).tags.roles == (value,)
        assert details.form.tokens["roles"].values == (value,)
        assert value not in chips(details, "roles")

    def test_one_that_is_dismissed_never_comes_back_unless_undone(self, producer, details):
        value, chip = next(iter(chips(details, "roles").items()))
        chip.setFocus()
        producer.presses("Del", on=chip)
        producer.leave()
        producer.opens()
        again = producer.goes_to("details", details.resource_id)
        assert value not in chips(again, "roles")
        producer.presses("Ctrl+Z")
        producer.wait(lambda: value in chips(again, "roles"))

    def test_all_are_taken_over_as_one_step(self, producer, details):
        count = len(details.state_now.suggestions)
        assert str(count) in details.form.accept_all.text()
        producer.presses("Ctrl+Shift+A")
        kept = saved(producer, details)
        assert kept.tags.roles
        assert kept.summary
        assert not details.form.accept_all.isVisible()
        producer.presses("Ctrl+Z")
        assert saved(producer, details).tags.roles == ()
        producer.wait(lambda: len(details.state_now.suggestions) == count)


class TestFields:
    def test_what_is_typed_is_kept_on_leaving_and_shown_on_the_card(self, producer, details):
        details.form.title.selectAll()
        producer.types("Ring back inside the hour", details.form.title)
        assert details.preview.title.text() == "Ring back inside the hour"
        assert details.form.title_field.extra.text() == "25 of 70"
        details.form.when.setFocus()
        details.form.when.insertPlainText("A web enquiry lands\n\nMonday morning")
        details.form.title.setFocus()
        producer.clicks("Intermediate", within=details.form)
        producer.clicks("Skill", within=details.form)
        producer.rest()
        kept = saved(producer, details)
        assert (kept.title, kept.tags.level, kept.tags.kind) == (
            "Ring back inside the hour",
            "intermediate",
            ("skill",),
        )
        assert kept.tags.when_to_use == "A web enquiry lands\nMonday morning"

    def test_an_empty_title_is_said_and_not_kept(self, producer, details):
        details.form.title.clear()
        producer.presses("Return", on=details.form.title)
        assert "needs a title" in details.form.title_field.below.text()
        assert saved(producer, details).title == "Untitled"

    def test_the_foot_names_what_is_missing_and_goes_there(self, producer, details):
        assert details.jump.text() == "Still missing: title, level, one role"
        producer.types("Ring back", details.form.title)
        producer.presses("Return", on=details.form.title)
        producer.presses("Ctrl+Return")
        assert producer.window.screen_name == "details"
        assert details.form.level.parts["beginner"].hasFocus()
        producer.clicks("Beginner", within=details.form)
        producer.types("Branch adviser", details.form.tokens["roles"].edit)
        producer.presses("Return", on=details.form.tokens["roles"].edit)
        assert details.complete.text() == "All that Publish needs is filled in"

    def test_a_language_that_is_none_is_refused_below_its_field(self, producer, details):
        producer.types("klingon!", details.form.language)
        producer.presses("Return", on=details.form.language)
        assert details.form.language_field.below.text()
        assert saved(producer, details).tags.language == ""
        details.form.language.clear()
        producer.types("pt_br", details.form.language)
        producer.presses("Return", on=details.form.language)
        assert saved(producer, details).tags.language == "pt-BR"

    def test_publish_sends_people_to_the_field(self, producer, details):
        producer.goes_to("details", details.resource_id, Spot(part="keywords"))
        assert details.form.tokens["keywords"].edit.hasFocus()


def test_everything_has_a_name_and_nothing_is_cut_at_double_text(producer, details):
    producer.window.desk.settings.change(text_percent=200)
    producer.rest()
    assert nameless(producer.window) == []
    assert clipped(producer.window) == []
