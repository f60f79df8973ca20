"""A producer says what the business needs, who knows how and what is asked; it keeps itself."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.screens import brief_presenter as presenter
from app.screens.brief import BriefScreen
from app.screens.brief_presenter import BriefState, Known
from capture.errors import BadInputError
from editor import guides, resources
from editor.model import Prompt
from tests.app.window_kit import Producer, clipped, nameless


@pytest.fixture
def brief(producer: Producer) -> BriefScreen:
    with producer.library() as library:
        resources.new_resource(
            library, title="Before", expert="Imran Qureshi, Category Analyst", priority="Protect margin"
        )
        made = resources.new_resource(library, title="Ring back")
    producer.opens()
    return producer.goes_to("brief", made.id)


def saved(producer: Producer, screen: BriefScreen):
    return producer.window.desk.holder.library.resource(screen.resource_id).brief


def texts(screen: BriefScreen) -> list[str]:
    return [each.text for each in screen.guide.list.rows.prompts]


class TestForm:
    def test_what_is_typed_is_kept_on_leaving_a_field_as_one_step_each(self, producer, brief):
        producer.types("Ring back inside the hour", brief.form.outcome)
        producer.types("Amara Osei", brief.form.expert)
        brief.form.role.setFocus()
        producer.rest()
        assert saved(producer, brief).outcome == "Ring back inside the hour"
        assert saved(producer, brief).expert.name == "Amara Osei"
        producer.presses("Ctrl+Z")
        assert saved(producer, brief).expert.name == ""
        assert saved(producer, brief).outcome == "Ring back inside the hour"
        producer.wait(lambda: brief.form.expert.text() == "")

    def test_priority_and_gap_each_keep_what_was_typed(self, producer, brief):
        producer.types("Grow digital sales", brief.form.priority.lineEdit())
        producer.clicks("Performance gap", within=brief.form)
        producer.types("Managers avoid feedback", brief.form.gap)
        producer.clicks("Business priority", within=brief.form)
        producer.rest()
        assert brief.form.priority.currentText() == "Grow digital sales"
        producer.clicks("Performance gap", within=brief.form)
        assert brief.form.gap.text() == "Managers avoid feedback"
        assert (saved(producer, brief).start, saved(producer, brief).priority) == (
            "gap",
            "Grow digital sales",
        )

    def test_a_known_expert_brings_the_job_role(self, producer, brief):
        producer.types("Imran Qureshi", brief.form.expert)
        producer.presses("Return", on=brief.form.expert)
        assert brief.form.role.text() == "Category Analyst"

    def test_leaving_the_expert_empty_is_said_below_the_field_and_beside_the_button(self, producer, brief):
        brief.form.expert.setFocus()
        brief.form.outcome.setFocus()
        producer.rest()
        assert "Say who is recorded" in brief.form.expert_field.below.text()
        assert not brief.open_studio.isEnabled()
        assert brief.reason.text() == "Name the expert first"
        producer.types("Amara Osei", brief.form.expert)
        brief.form.outcome.setFocus()
        producer.rest()
        assert brief.form.expert_field.below.text() == ""
        assert brief.reason.text() != "Name the expert first"

    def test_consent_is_noted_with_where_it_may_be_shown(self, producer, brief):
        producer.types("Intranet", brief.form.shown_to)
        brief.form.outcome.setFocus()
        producer.rest()
        consent = saved(producer, brief).consent
        assert consent.given
        assert (consent.shown_to, bool(consent.noted_at)) == ("Intranet", True)
        producer.clicks("Agreed to be recorded", within=brief.form)
        assert not saved(producer, brief).consent.given

    def test_what_is_being_typed_is_kept_when_the_window_is_closed(self, producer, brief):
        producer.types("Half a thou", brief.form.outcome)
        producer.leave()
        with producer.library() as library:
            assert library.resource(brief.resource_id).brief.outcome == "Half a thou"


class TestGuide:
    def test_questions_become_prompts_and_rewording_one_keeps_it(self, producer, brief):
        producer.clicks("Performance gap", within=brief.form)
        brief.form.questions.setFocus()
        brief.form.questions.insertPlainText("Do I write it down?\nWhat if they disagree?")
        brief.form.outcome.setFocus()
        producer.rest()
        producer.clicks("Common questions", within=brief.guide)
        assert texts(brief) == ["Do I write it down?", "What if they disagree?"]
        first = brief.guide.list.rows.prompts[0].id
        brief.guide.list.setCurrentIndex(brief.guide.list.rows.index(0))
        producer.presses("F2")
        brief.guide.list.editor.text.setText("Must I write it down?")
        producer.presses("Return", on=brief.guide.list.editor.text)
        assert (brief.guide.list.rows.prompts[0].id, texts(brief)[0]) == (first, "Must I write it down?")
        assert brief.form.questions.toPlainText().startswith("Must I write it down?")

    def test_prompts_are_moved_with_alt_and_arrows_and_by_the_grip(self, producer, brief):
        before = texts(brief)
        prompts = brief.guide.list
        prompts.setFocus()
        prompts.setCurrentIndex(prompts.rows.index(2))
        producer.presses("Alt+Up")
        assert texts(brief)[:3] == [before[0], before[2], before[1]]
        grip, to = (prompts.visualRect(prompts.rows.index(n)).center().y() for n in (0, 2))
        view = prompts.viewport()
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(14, grip))
        QTest.mouseMove(view, QPoint(14, to))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(14, to))
        assert texts(brief)[:3] == [before[2], before[1], before[0]]
        assert [each.text for each in saved(producer, brief).prompts] == texts(brief)

    def test_space_leaves_a_prompt_out_and_one_must_remain(self, producer, brief):
        prompts = brief.guide.list
        for row in range(len(prompts.rows.prompts)):
            prompts.setCurrentIndex(prompts.rows.index(row))
            prompts.setFocus()
            producer.presses("Space")
        assert not any(each.included for each in saved(producer, brief).prompts)
        producer.types("Amara Osei", brief.form.expert)
        brief.form.outcome.setFocus()
        producer.rest()
        assert brief.reason.text() == "Tick at least one prompt"

    def test_a_prompt_is_added_never_without_words_and_removed_again(self, producer, brief):
        producer.clicks("Add a prompt", within=brief.guide)
        editor = brief.guide.list.editor
        editor.text.setText("  ")
        producer.presses("Return", on=editor.text)
        assert "needs words" in editor.wrong.text()
        editor.text.setText("What went wrong at first?")
        producer.presses("Return", on=editor.text)
        assert texts(brief)[-1] == "What went wrong at first?"
        producer.presses("F2")
        producer.clicks("Remove", within=brief.guide)
        producer.rest()
        assert "What went wrong at first?" not in texts(brief)

    def test_the_guide_is_copied_as_plain_text(self, producer, brief):
        producer.clicks("Copy guide for the expert", within=brief.guide)
        copied = QGuiApplication.clipboard().text()
        assert copied.startswith("Ring back\n\n1. What is the expertise?\n   One or two sentences")

    def test_a_guide_of_ones_own_is_saved_and_used_again(self, producer, brief, tmp_path):
        brief.keep_guide(tmp_path / "mine.toml")
        producer.clicks("Add a prompt", within=brief.guide)
        brief.take_guide(tmp_path / "mine.toml")
        producer.rest()
        assert texts(brief) == [each.text for each in guides.find_guide("local-expert").prompts]
        (tmp_path / "photo.toml").write_bytes(b"\xff\xd8\xff\xe0")
        brief.take_guide(tmp_path / "photo.toml")
        assert brief.guide.line.isVisible()
        assert len(texts(brief)) == 7


class TestPresenter:
    def test_an_answered_question_is_left_out_instead_of_removed(self):
        prompts = guides.question_prompts(["One?", "Two?"])
        resource = resources.Resource(id="r1", title="A")
        brief = replace(resource.brief, prompts=prompts, questions=("One?", "Two?"))
        state = BriefState(replace(resource, brief=brief), frozenset({prompts[0].id}), Known())
        now = presenter.set_questions(state, "Two?")
        assert [(each.text, each.included) for each in now.prompts] == [("One?", False), ("Two?", True)]
        with pytest.raises(BadInputError):
            presenter.set_questions(state, "x" * 501)

    def test_the_time_follows_from_how_much_is_asked(self):
        short, long = (Prompt("p", "what", words, "") for words in ("Why?", "And what then? " * 10))
        assert presenter.seconds(short) < presenter.seconds(long)
        assert presenter.seconds(long) % 5 == 0


def test_everything_has_a_name_and_nothing_is_cut_at_double_text(producer, brief):
    brief.form.left.emit("expert")
    producer.window.desk.settings.change(text_percent=200)
    for start in ("priority", "gap"):
        brief.form.start_chosen.emit(start)
        producer.rest()
        assert nameless(producer.window) == []
        assert clipped(producer.window) == []
