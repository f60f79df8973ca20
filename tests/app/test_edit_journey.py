"""A producer's afternoon: words written by the real worker, struck, undone, a caption fixed, published."""

import zipfile
from pathlib import Path

from PySide6.QtTest import QTest

from capture.work import Work
from editor import resources, tasks
from editor.peaks import read_peaks
from editor.selection import Selection
from editor.stills import read_stills
from editor.working_copy import working_copy
from tests.conftest import REPO

SAMPLE = REPO / "assets" / "sample"


def texts(tab):
    return [" ".join(each.cue.lines) for each in tab.state.captions]


def test_strike_undo_restart_undo_again_fix_a_caption_publish(producer):
    with producer.library() as library:
        made = resources.new_resource(library, title="Ring back", expert="Amara Osei, Sales Lead")
        resources.tag(library, made.id, level="beginner", roles=["Adviser"])
        camera, lapel = SAMPLE / "5-prerequisites.camera.mp4", SAMPLE / "5-prerequisites.flac"
        tasks.import_file(library, made.id, camera, mic=lapel, work=Work())

    # The words come from the caption worker, by themselves.
    producer.opens()
    edit = producer.goes_to("edit", made.id)
    producer.wait(lambda: bool(edit.state_now and edit.state_now.text), timeout=120_000)
    producer.rest()
    assert "price list" in edit.view.transcript.toPlainText()
    (take,) = edit.state_now.takes
    folder = edit.state_now.folders[take.id]
    assert working_copy(take, folder) is not None  # and all else that plays and draws it
    assert read_peaks(folder, take) is not None
    assert read_stills(folder, take)

    # Two strikes, one undone.
    for first, last in ((0, 2), (6, 8)):
        edit.view.transcript.choose(Selection(first, last))
        edit.view.show_chosen()
        producer.presses("Del", on=edit.view.transcript)
    assert [n for n, each in enumerate(edit.state_now.text) if each.struck] == [0, 1, 2, 6, 7, 8]
    producer.presses("Ctrl+Z", on=edit.view.transcript)
    producer.wait(lambda: [n for n, each in enumerate(edit.state_now.text) if each.struck] == [0, 1, 2])
    producer.leave()

    # After a restart the other one is undone too.
    producer.opens()
    edit = producer.goes_to("edit", made.id)
    producer.wait(lambda: bool(edit.state_now and edit.state_now.text))
    assert [n for n, each in enumerate(edit.state_now.text) if each.struck] == [0, 1, 2]
    producer.presses("Ctrl+Z", on=edit.view.transcript)
    producer.wait(lambda: not any(each.struck for each in edit.state_now.text))
    edit.view.transcript.choose(Selection(0, 1))
    edit.view.show_chosen()
    producer.presses("Del", on=edit.view.transcript)

    # A caption is fixed.
    edit.view.parts.parts["captions"].click()
    tab = edit.captions
    producer.wait(lambda: tab.state is not None and bool(tab.state.captions))
    producer.rest()
    tab.list.choose(0)
    tab.list.edit_text()
    tab.list.row.field.selectAll()
    QTest.keyClicks(tab.list.row.field, "Know the <price list>")
    producer.presses("Return", on=tab.list.row.field)
    assert texts(tab)[0] == "Know the <price list>"

    # It is published, with both.
    publish = producer.goes_to("publish", made.id)
    producer.wait(lambda: publish.shown is not None)
    for target, card in publish.targets.cards.items():
        if card.isChecked() != (target == "scorm12"):
            card.click()
    producer.rest()
    producer.presses("Ctrl+Return", on=producer.window)
    producer.wait(lambda: publish.done is not None, timeout=120_000)
    producer.rest()
    (version,) = producer.window.desk.holder.library.versions(made.id)
    assert version.cues[0].lines == ("Know the <price list>",)
    package = zipfile.ZipFile(Path(version.targets[0].path))
    vtt = next(name for name in package.namelist() if name.endswith(".vtt"))
    assert "Know the &lt;price list&gt;" in package.read(vtt).decode()
    whole_us = sum(take.duration_us for take in producer.window.desk.holder.library.takes(made.id))
    assert version.duration_us < whole_us
