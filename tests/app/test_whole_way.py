"""A producer's first day: from the first start over recordings dropped in to six checked packages."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeySequence
from PySide6.QtTest import QTest

from app import messages
from export.checks import errors
from export.package_check import check_package
from export.registry import BUILT

ANSWERS = ("1-what", "2-why", "3-when")
PATIENCE_MS = 120_000


def drop(screen, paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    screen.dropEvent(QDropEvent(QPointF(600, 500), copy, data, left, Qt.KeyboardModifier.NoModifier))


def press(keys, on):
    combination = QKeySequence(keys)[0]
    QTest.keyClick(on, combination.key(), combination.keyboardModifiers())


def test_from_the_first_start_to_six_checked_packages(producer, sample):
    window = producer.opens(first_run=True)
    assert window.screen_name == "first-run"
    producer.clicks("Skip the checks")
    producer.rest()

    library = window.screens["library"]
    drop(library, [sample / f"{name}.camera.mp4" for name in ANSWERS])
    producer.rest()
    producer.wait(
        lambda: len(library.model.rows) == 1 and library.model.rows[0].resource.status == "recorded"
    )
    library.list.setCurrentIndex(library.model.index(0))
    press("Return", library.list)
    producer.wait(lambda: window.screen_name == "edit")
    made = window.resource_id
    assert [take.prompt.key for take in window.desk.holder.library.takes(made)] == ["what", "why", "when"]

    press("Ctrl+4", window)  # while Edit still gets the answers ready
    producer.wait(lambda: window.screen_name == "details" and window.current.state_now is not None)
    form = window.screens["details"].form
    form.title.selectAll()
    producer.types("Ring back inside the hour", form.title)
    producer.clicks("Intermediate", form)
    roles = form.tokens["roles"]
    producer.types("Branch adviser", roles.edit)
    press("Return", roles.edit)
    producer.clicks(messages.text("details.continue"))

    producer.wait(lambda: window.screen_name == "publish")
    screen = window.screens["publish"]
    producer.wait(lambda: screen.shown is not None and screen.shown.resource.title.startswith("Ring back"))
    for card in screen.targets.cards.values():
        if not card.isChecked():
            card.click()
    press("Ctrl+Return", window)
    producer.wait(lambda: screen.done is not None, timeout=PATIENCE_MS)

    (version,) = window.desk.holder.library.versions(made)
    assert [each.target for each in version.targets] == list(BUILT)
    assert (version.title, version.tags.level) == ("Ring back inside the hour", "intermediate")
    assert version.tags.roles == ("Branch adviser",)
    assert len(version.chapters) == len(ANSWERS)
    for each in version.targets:
        assert errors(check_package(Path(each.path), target=each.target)) == ()
    assert screen.band.verdict.text() == messages.counted("publish.made", len(BUILT))
