"""Widgets die on the main thread, whichever thread is busy."""

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QObject

from app.shell.sweep import Sweep


class Knot:
    """Refers to itself, so that only the collector can end it."""

    def __init__(self) -> None:
        self.myself = self


@pytest.fixture
def sweep(qapp):
    owner = QObject()
    made = Sweep(owner)
    yield made
    made.stop()


def test_what_a_busy_thread_leaves_is_collected_on_the_main_thread(sweep, qtbot):
    died_in: list[int] = []

    def work() -> None:
        knots = [Knot() for _ in range(5_000)]  # far beyond what makes Python collect at once
        weakref.finalize(knots[0], lambda: died_in.append(threading.get_ident()))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(died_in), timeout=5_000)
    assert died_in == [threading.get_ident()]


def test_python_collects_by_itself_again_afterwards(sweep):
    assert not gc.isenabled()
    sweep.stop()
    assert gc.isenabled()
