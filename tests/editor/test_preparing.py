"""Takes are made ready while the next is recorded; only the caller's thread writes to the library."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from capture.errors import UserError
from capture.work import Cancelled, Work
from editor.library import Library
from editor.model import Take
from editor.preparing import Outlines, Preparing, Slow, plan_take, prepare_take
from tests.editor.film_kit import coded_take, even_times, write_camera
from tests.editor.library_values import a_resource, a_take, say


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "lib", write=True) as opened:
        yield opened


class Noting:
    """A step that notes what it does and where; done for good once kept."""

    def __init__(self, note: str, log: list[tuple[str, str]], *, do: Callable[[Work], None] | None = None):
        self.note = note
        self.log = log
        self.done: set[str] = set()
        self.threads: list[threading.Thread] = []
        self.kept_in: list[threading.Thread] = []
        self.closed = False
        self._do = do

    def plan(self, library: Library, take: Take) -> Slow | None:
        if take.id in self.done:
            return None

        def slow(work: Work):
            self.threads.append(threading.current_thread())
            self.log.append((self.note, take.id))
            if self._do is not None:
                self._do(work)

            def keep(library: Library) -> None:
                self.kept_in.append(threading.current_thread())
                self.done.add(take.id)

            return keep

        return slow

    def close(self) -> None:
        self.closed = True


def takes_in(library: Library, count: int) -> list[Take]:
    resource = a_resource(library)
    return [a_take(library, resource, prompt=n + 1) for n in range(count)]


def test_outcomes_are_kept_by_the_callers_thread_and_made_in_another(library: Library):
    step = Noting("first", [])
    (take,) = takes_in(library, 1)
    with Preparing(library, [step]) as preparing:
        preparing.add(take)
        preparing.finish(work=Work())
    assert step.done == {take.id}
    assert step.kept_in == [threading.current_thread()]
    assert threading.current_thread() not in step.threads
    assert step.closed


def test_what_is_needed_first_is_done_first_for_every_take(library: Library):
    log: list[tuple[str, str]] = []
    added = threading.Event()
    one, two = Noting("one", log, do=lambda _: added.wait(5) and None), Noting("two", log)
    first, second = takes_in(library, 2)
    with Preparing(library, [one, two]) as preparing:
        preparing.add(first)
        preparing.add(second)
        added.set()
        preparing.finish(work=Work())
    assert log == [("one", first.id), ("one", second.id), ("two", first.id), ("two", second.id)]


def test_what_is_done_already_is_not_done_again(library: Library):
    step = Noting("first", [])
    (take,) = takes_in(library, 1)
    step.done.add(take.id)
    with Preparing(library, [step]) as preparing:
        preparing.add(take)
        preparing.finish(work=Work())
    assert step.log == []


def test_a_step_that_fails_is_told_and_stops_nothing_else(library: Library):
    def fail(work: Work) -> None:
        raise UserError("edit.no_sound", name="Why")

    log: list[tuple[str, str]] = []
    bad, good = Noting("caption.listening", log, do=fail), Noting("good", log)
    (take,) = takes_in(library, 1)
    with Preparing(library, [bad, good]) as preparing:
        preparing.add(take)
        preparing.finish(work=Work())
        (failed,) = preparing.failed
    assert (failed.take_id, failed.note) == (take.id, "caption.listening")
    assert good.done == {take.id}


def test_a_bug_in_a_step_reaches_the_caller(library: Library):
    def fail(work: Work) -> None:
        raise ZeroDivisionError

    (take,) = takes_in(library, 1)
    with Preparing(library, [Noting("first", [], do=fail)]) as preparing:
        preparing.add(take)
        with pytest.raises(ZeroDivisionError):
            preparing.finish(work=Work())


def test_cancelling_ends_what_runs(library: Library):
    started = threading.Event()

    def until_cancelled(work: Work) -> None:
        started.set()
        while True:
            work.checkpoint()

    work = Work()
    (take,) = takes_in(library, 1)
    step = Noting("first", [], do=until_cancelled)
    with Preparing(library, [step]) as preparing:
        preparing.add(take)
        assert started.wait(5)
        work.cancel()
        with pytest.raises(Cancelled):
            preparing.finish(work=work)
    assert step.done == set()


def test_leaving_early_ends_what_runs_too(library: Library):
    def until_cancelled(work: Work) -> None:
        while True:
            work.checkpoint()

    with Preparing(library, [Noting("first", [], do=until_cancelled)]) as preparing:
        preparing.add(takes_in(library, 1)[0])


def test_a_window_plans_runs_and_keeps_by_itself(library: Library):
    log: list[tuple[str, str]] = []
    steps = [Noting("one", log), Noting("two", log)]
    (take,) = takes_in(library, 1)
    for keep in prepare_take(plan_take(steps, library, take), work=Work()):
        keep(library)
    assert [step.done for step in steps] == [{take.id}, {take.id}]
    assert plan_take(steps, library, take) == ()


def test_captions_are_written_only_where_there_are_none(library: Library):
    from editor.preparing import Captions

    first, second = takes_in(library, 2)
    say(library, first, "So, ring them.")
    assert Captions().plan(library, first) is None
    assert Captions().plan(library, second) is not None


def test_outlines_are_made_once_and_lie_beside_the_take(library: Library):
    resource = a_resource(library)
    folder = library.media / resource.id / "t"
    folder.mkdir(parents=True)
    write_camera(folder / "camera.mp4", even_times(90, 30))
    take = replace(coded_take(folder, camera="camera.mp4", seconds=3), resource_id=resource.id)
    (slow,) = plan_take([Outlines()], library, take)
    slow(Work())(library)
    assert {"peaks.bin", "stills", "stills.json"} <= {path.name for path in folder.iterdir()}
    assert plan_take([Outlines()], library, take) == ()
