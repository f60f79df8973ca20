"""A producer makes a resource easy to find: types, takes over what was said, sees what is missing."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from app.desk import Spot
from app.screens.details import DetailsScreen
from app.screens.details_parts import posters
from app.screens.library_presenter import read_facts
from capture.work import Work
from editor import resources, tasks
from editor.library import Library
from editor.model import Poster, Transcript, Word
from tests.app.window_kit import Producer, clipped, nameless

SAID = {
    1: "Calling a web enquiry back inside the hour is how we book more calls. The call is short.",
    4: "This is for inside sales advisers and for branch managers.",
}


def words(text: str) -> tuple[Word, ...]:
    return tuple(Word(n * 300_000, n * 300_000 + 250_000, each, 0.9) for n, each in enumerate(text.split()))


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory, clip: Path) -> tuple[Path, str]:
    """A library with two answers and what is said in them, and the id of their resource."""
    folder = tmp_path_factory.mktemp("told") / "library"
    with Library.open(folder, write=True) as library:
        made = resources.new_resource(library, title="Untitled", expert="Amara Osei, Sales Lead")
        for number, text in SAID.items():
            take = tasks.import_file(library, made.id, clip, prompt=number, work=Work())
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


def large_image(path: Path, width: int = 1600, height: int = 900) -> Path:
    image = QImage(width, height, QImage.Format.Format_RGB888)
    image.fill(QColor("teal"))
    image.save(str(path))
    return path


class TestPoster:
    def test_four_stills_are_proposed_and_one_is_chosen_until_undone(self, producer, details):
        assert len(details.poster.buttons) == 4
        proposal, button = details.poster.buttons[2]
        assert button.accessibleName().startswith("Still at 0:")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        producer.rest()
        moment = Poster(proposal.suggestion.take_id, proposal.suggestion.start_us)
        assert saved(producer, details).edit.poster == (moment,)
        assert [each.isChecked() for _, each in details.poster.buttons] == [False, False, True, False]
        card = read_card(producer, details)
        assert card.name == f"card-{moment.at_us}.jpg"
        producer.presses("Ctrl+Z")
        assert saved(producer, details).edit.poster == ()
        producer.wait(lambda: not any(each.isChecked() for _, each in details.poster.buttons))
        assert read_card(producer, details).name == "card.jpg"

    def test_what_the_slider_stands_at_is_kept(self, producer, details):
        slider = details.poster.slider
        slider.setFocus()
        for _ in range(3):
            producer.presses("PgUp", on=slider)
        producer.wait(lambda: saved(producer, details).edit.poster != ())
        producer.rest()
        kept = saved(producer, details).edit.poster[0]
        assert kept.at_us == 3_000_000
        assert details.poster.still.length == "0:03"
        producer.leave()
        producer.opens()
        again = producer.goes_to("details", details.resource_id)
        assert again.poster.slider.value() == slider_frame(again, kept)

    def test_leaving_at_once_keeps_it_too(self, producer, details):
        details.poster.slider.setFocus()
        producer.presses("PgUp", on=details.poster.slider)
        producer.goes_to("brief", details.resource_id)
        assert saved(producer, details).edit.poster[0].at_us == 1_000_000

    def test_who_comes_back_too_soon_gets_stills_proposed_all_the_same(self, producer, details):
        told = details.resource_id
        bare = resources.new_resource(producer.window.desk.holder.library, title="Bare")
        producer.goes_to("brief", bare.id)
        producer.goes_to("details", bare.id)
        producer.window.to("details", told)
        producer.wait(lambda: any(each.shown for each in producer.window.desk.jobs.running))
        producer.window.to("brief", told)
        again = producer.goes_to("details", told)
        assert len(again.poster.buttons) == 4

    def test_an_image_of_ones_own_stands_on_the_card(self, producer, details, monkeypatch, tmp_path):
        path = large_image(tmp_path / "mine.png")
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
        producer.clicks("Choose image")
        producer.rest()
        kept = saved(producer, details).edit.poster[0]
        assert kept.file.startswith("own-poster-")
        assert read_card(producer, details).name == f"card-{kept.file}"
        producer.clicks("Let Lapel choose")
        assert saved(producer, details).edit.poster == ()

    def test_a_small_image_is_refused_in_words(self, producer, details, monkeypatch, tmp_path):
        path = large_image(tmp_path / "icon.png", 640, 360)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
        producer.clicks("Choose image")
        producer.rest()
        said = details.poster.says.text.text()
        assert "640 × 360" in said
        assert "1280 × 720" in said
        assert saved(producer, details).edit.poster == ()

    def test_without_takes_there_is_nothing_to_choose(self, producer, details):
        bare = resources.new_resource(producer.window.desk.holder.library, title="Bare")
        screen = producer.goes_to("details", bare.id)
        assert not screen.poster.image.isEnabled()
        assert not screen.poster.slider.isVisible()
        assert screen.poster.hint.text()


def read_card(producer: Producer, screen: DetailsScreen) -> Path:
    with producer.window.desk.holder.read() as library:
        return read_facts(library, library.resource(screen.resource_id), work=Work()).poster


def slider_frame(screen: DetailsScreen, poster: Poster) -> int | None:
    return posters.frame_of(screen.poster.state, poster)


def test_a_chapter_takes_its_title_from_the_answer(producer, details):
    each, chip = next(iter(details.form.hints["chapter"].chips.items()))
    assert "→" in chip.text()
    assert each.sentence in chip.toolTip()
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    producer.rest()
    named = saved(producer, details).edit.chapters
    assert {one.prompt_id: one.title for one in named}[each.prompt_id] == each.value


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

    def test_f8_goes_to_what_is_missing(self, producer, details):
        producer.presses("F8")
        assert details.form.title.hasFocus()

    def test_f9_shows_in_the_browser_what_would_be_published(self, producer, details):
        shown = []
        details.previewing.ready.disconnect()
        details.previewing.ready.connect(shown.append)
        details.bindings()["preview"]()
        producer.wait(lambda: len(shown) == 1, timeout=60_000)
        details.previewing.job.cancel()
        producer.rest()
        assert shown[0].startswith("http://127.0.0.1:")

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
