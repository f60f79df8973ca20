"""An interview through the real window: three prompts, one again, a star; a pulled mic, a killed window."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.screens.studio_parts.readying import Readying
from editor import resources
from tests.app.studio_kit import enters, keeps, records, sample_devices, takes_of, why
from tests.capture.pulse import running_pulse
from tests.conftest import REPO

needs_pulse = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("pulseaudio") is None,
    reason="needs PulseAudio as the microphone",
)


@pytest.fixture
def resource_id(producer, monkeypatch):
    # What is done with a safe take in the background has tests of its own; a model would take its time here.
    monkeypatch.setattr(Readying, "start", lambda self, take: None)
    with producer.library() as library:
        return resources.new_resource(library, title="Ring back", expert="Amara Osei, Sales Lead").id


def interviews(producer, studio):
    """Record three prompts, the second one twice, and star its first take."""
    records(producer, studio)
    for key in ("N", "R"):
        producer.presses(key, on=studio)
    producer.wait(
        lambda: studio.take is not None and studio.row == 1 and studio.at_us > 1.2e6, timeout=30_000
    )
    producer.presses("T", on=studio)
    producer.wait(lambda: studio.take is not None and studio.take.number == 2, timeout=30_000)
    producer.wait(lambda: studio.at_us > 1.2e6, timeout=30_000)
    producer.presses("N", on=studio)
    records(producer, studio)
    producer.presses("R", on=studio)
    keeps(producer, studio, 4)
    first = studio.state_now.rows[1].takes[0]
    producer.clicks("Take 1 is the best", within=rows_of(studio, prompt=1))
    producer.wait(lambda: studio.state_now.rows[1].best == first.id)


def rows_of(studio, *, prompt):
    """Return the part of the list that holds the takes of a prompt."""
    takes = {take.id for take in studio.state_now.rows[prompt].takes}
    from app.screens.studio_parts.take_row import TakeRow

    found = [
        row for row in studio.view.prompts.findChildren(TakeRow) if row.take.id in takes and row.isVisible()
    ]
    return found[0].parentWidget()


def test_three_prompts_one_again_and_the_other_starred_with_file_devices(producer, resource_id, sample):
    studio = enters(producer, resource_id, **sample_devices(sample))
    interviews(producer, studio)
    takes = takes_of(studio)
    assert [(take.prompt.key, take.number) for take in takes] == [
        ("what", 1),
        ("why", 1),
        ("why", 2),
        ("when", 1),
    ]
    assert {take.state for take in takes} == {"safe"}, why(takes)


@pytest.fixture
def pulse(tmp_path, monkeypatch):
    with running_pulse(tmp_path / "home", monkeypatch) as running:
        yield running


@needs_pulse
def test_three_prompts_with_a_microphone_and_it_is_pulled_in_the_last(
    producer, resource_id, sample, pulse, voice
):
    camera = f"file:{sample / '1-what.camera.mp4'}"
    studio = enters(producer, resource_id, camera=camera, mic="mic:pulse:lapel.monitor")
    with pulse.playing(voice, to="lapel"):
        producer.wait(lambda: studio.view.devices.meter.held_db > -40, timeout=30_000)
        interviews(producer, studio)
        takes = takes_of(studio)
        assert {take.state for take in takes} == {"safe"}, why(takes)
        assert {take.devices.mic_id for take in takes} == {"mic:pulse:lapel.monitor"}
        producer.presses("N", on=studio)
        records(producer, studio)
    pulse.unplug("lapel")
    producer.wait(lambda: {"mic.lost", "mic.stalled", "mic.moved"} & set(studio.alerts.keys), timeout=30_000)
    assert studio.take is not None, "a warning never stops a recording"
    producer.wait(lambda: studio.view.video.alerts.lines[0].isVisible())
    assert "microphone" in studio.view.video.alerts.lines[0].text.text()
    before = studio.at_us
    producer.wait(lambda: studio.at_us > before + 500_000, timeout=30_000)
    producer.presses("R", on=studio)
    keeps(producer, studio, 5)
    (last,) = studio.state_now.rows[3].takes
    assert last.state == "damaged"
    assert last.has_picture
    assert "Take 1:" in studio.view.line.text.text()
    producer.leave()


@pytest.mark.skipif(os.name == "nt", reason="kills as POSIX does")
def test_a_killed_window_loses_nothing_and_the_next_one_goes_on(producer, resource_id, sample, voice):
    devices = {**sample_devices(sample), "mic": f"file:{voice}"}
    command = [sys.executable, str(Path(__file__).with_name("studio_window.py")), str(producer.folder)]
    command += [str(producer.settings), resource_id, devices["camera"], devices["mic"]]
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    window = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)
    try:
        take_id = window.stdout.readline().strip()
        assert take_id, "it recorded"
    finally:
        window.send_signal(signal.SIGKILL)
        window.wait(10)
        window.stdout.close()
    opened = producer.opens()
    producer.wait(lambda: opened.screen_name == "studio", timeout=30_000)  # by itself: somebody still speaks
    studio = opened.screens["studio"]
    producer.wait(lambda: studio.take is not None and studio.take.id == take_id, timeout=30_000)
    before = studio.at_us
    producer.wait(lambda: studio.at_us > before, timeout=30_000)
    producer.presses("R", on=studio)
    keeps(producer, studio, 1)
    (take,) = takes_of(studio)
    assert take.state == "safe", why([take])
    assert take.duration_us > 1_000_000
