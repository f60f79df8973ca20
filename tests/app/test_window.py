"""The window shows what the library holds and opens pages; nothing it reads blocks it."""

import pytest
from PySide6.QtCore import Qt

from app.jobs import Jobs
from app.window import Window
from editor import resources
from editor.library import Library


@pytest.fixture
def open_window(qtbot):
    def opened(folder):
        bugs = []
        window = Window(folder, Jobs(bugs.append))
        qtbot.addWidget(window)
        window.show()
        qtbot.waitUntil(lambda: not window.jobs.running)
        assert bugs == []
        return window

    return opened


def test_an_empty_library_says_how_to_get_the_first_resource(open_window, tmp_path):
    window = open_window(tmp_path / "library")
    assert "lapel demo" in window.says.text()
    assert window.says.isVisible()


def test_resources_are_listed_with_expert_and_status(open_window, tmp_path):
    with Library.open(tmp_path / "library", write=True) as library:
        resources.new_resource(library, title="How we <b>greet</b>", expert="Amara Osei, Sales Lead")
    window = open_window(tmp_path / "library")
    index = window.model.index(0, 0)
    assert window.list.isVisible()
    assert window.model.data(index) == "How we <b>greet</b>\nAmara Osei · Draft"
    assert "Draft" in window.model.data(index, Qt.ItemDataRole.AccessibleTextRole)


def test_a_resource_without_a_page_says_how_to_make_one(open_window, tmp_path):
    with Library.open(tmp_path / "library", write=True) as library:
        resources.new_resource(library, title="How we greet")
    window = open_window(tmp_path / "library")
    window.open_page(window.model.index(0, 0))
    assert "lapel export" in window.statusBar().currentMessage()


def test_a_folder_that_is_no_library_is_explained_in_place(open_window, tmp_path):
    (tmp_path / "library").write_text("a file")
    window = open_window(tmp_path / "library")
    assert "library" in window.says.text()
    assert window.says.isVisible()
