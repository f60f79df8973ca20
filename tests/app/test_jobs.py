"""Slow work leaves the window's thread, tells how far it is, and can be stopped."""

import threading

import pytest

from app.jobs import Jobs
from capture.errors import UserError


@pytest.fixture
def jobs(qtbot):
    bugs = []
    made = Jobs(bugs.append)
    made.bugs = bugs
    yield made
    made.close()


def test_a_result_comes_back_on_the_windows_thread(qtbot, jobs):
    seen = {}

    def slow(*, work):
        seen["worker"] = threading.current_thread()
        return 42

    def on_done(result):
        seen["done"] = (threading.current_thread(), result)

    jobs.start("cli.making", slow, on_done=on_done)
    qtbot.waitUntil(lambda: "done" in seen)
    assert seen["done"] == (threading.main_thread(), 42)
    assert seen["worker"] is not threading.main_thread()
    assert jobs.running == ()


def test_progress_reaches_the_handle(qtbot, jobs):
    go_on = threading.Event()

    def slow(*, work):
        work.report(0.5, "cli.making")
        go_on.wait(5)

    job = jobs.start("cli.making", slow)
    qtbot.waitUntil(lambda: job.fraction == 0.5)
    assert job.note == "cli.making"
    assert job.left_s > 0
    go_on.set()
    qtbot.waitUntil(lambda: job.state == "done")


def test_cancelling_is_no_error(qtbot, jobs):
    told = []
    started = threading.Event()

    def slow(*, work):
        started.set()
        while True:
            work.checkpoint()

    job = jobs.start("cli.making", slow, on_done=told.append, on_error=told.append)
    assert started.wait(5)
    job.cancel()
    qtbot.waitUntil(lambda: job.state == "cancelled")
    assert told == []
    assert jobs.bugs == []


def test_what_a_person_can_mend_goes_to_on_error(qtbot, jobs):
    told = []

    def fails(*, work):
        raise UserError("unknown")

    jobs.start("cli.making", fails, on_error=told.append)
    qtbot.waitUntil(lambda: len(told) == 1)
    assert jobs.bugs == []


def test_anything_else_is_a_bug(qtbot, jobs, caplog):
    def fails(*, work):
        raise ValueError("ours")

    job = jobs.start("cli.making", fails)
    qtbot.waitUntil(lambda: job.state == "failed")
    assert [type(each) for each in jobs.bugs] == [ValueError]


def test_closing_waits_until_work_has_cleaned_up(qtbot):
    jobs = Jobs(lambda bug: None)
    cleaned = threading.Event()
    started = threading.Event()

    def slow(*, work):
        try:
            started.set()
            while True:
                work.checkpoint()
        finally:
            cleaned.set()

    jobs.start("cli.making", slow)
    assert started.wait(5)
    jobs.close()
    assert cleaned.is_set()


def test_what_must_be_let_go_is_let_go_although_the_window_closes(qtbot):
    jobs, seen = Jobs(lambda bug: None), []
    began = threading.Event()

    def let_go():
        began.set()
        threading.Event().wait(0.2)
        seen.append("let go")

    jobs.closing.connect(lambda: jobs.finish(let_go))
    jobs.close()
    assert began.is_set()
    assert seen == ["let go"]


def test_a_bug_while_letting_go_is_a_bug(qtbot, jobs, caplog):
    def broken():
        raise ValueError("broken")

    jobs.finish(broken)
    qtbot.waitUntil(lambda: len(jobs.bugs) == 1)
    assert isinstance(jobs.bugs[0], ValueError)
    caplog.clear()
