"""A library to give verbs to, and a small recording."""

import shutil
from pathlib import Path

import pytest

from app.shell.sweep import Sweep
from capture import ffmpeg
from capture.work import Work
from editor import resources, tasks
from editor.library import Library
from editor.preparing import Outlines, WorkingCopies, plan_take, prepare_take
from tests.app.kit import Lapel
from tests.app.window_kit import Producer, say
from tests.capture.conftest import make_disk  # noqa: F401 - a fixture
from tests.conftest import REPO


@pytest.fixture
def lapel(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Lapel:
    return Lapel(tmp_path / "library", capfd)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of picture and a voice-like sound."""
    folder = tmp_path_factory.mktemp("clip")
    path = folder / "an answer.mp4"
    ffmpeg.run(
        [
            *("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=4"),
            *("-f", "lavfi", "-i", "sine=frequency=220:duration=4,volume=0.4"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest"),
        ],
        out=path,
        work=Work(),
    )
    return path


@pytest.fixture
def resource(lapel: Lapel) -> str:
    return lapel.json("new", "--title", "How we greet", "--expert", "Amara Osei, Sales Lead")["id"]


@pytest.fixture
def producer(qtbot, qapp, tmp_path: Path):
    """Somebody who sits at the window of a library; nothing may stall it, nothing may be a bug."""
    sweep = Sweep(qapp)  # as in the program: a widget that dies in the thread of a job ends it
    made = Producer(qtbot, qapp, tmp_path)
    yield made
    made.leave()
    sweep.stop()


@pytest.fixture(scope="session")
def interview(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A library with two answers, ready to be played and cut, and the id of their resource."""
    folder = tmp_path_factory.mktemp("interview") / "library"
    sample = REPO / "assets" / "sample"
    with Library.open(folder, write=True) as library:
        made = resources.new_resource(library, title="Ring back", expert="Amara Osei, Sales Lead")
        for name in ("1-what", "2-why"):
            camera, lapel = sample / f"{name}.camera.mp4", sample / f"{name}.flac"
            take = tasks.import_file(library, made.id, camera, mic=lapel, work=Work())
            say(library, take, name)
            prepare_take(plan_take((WorkingCopies(), Outlines()), library, take), work=Work())
        return folder, made.id


@pytest.fixture
def resource_id(producer: Producer, interview: tuple[Path, str]) -> str:
    shutil.copytree(interview[0], producer.folder)
    return interview[1]


@pytest.fixture
def edit(producer: Producer, resource_id: str):
    """Edit of that interview, at rest; what is made of its sound follows by itself."""
    producer.opens()
    screen = producer.goes_to("edit", resource_id)
    producer.wait(
        lambda: screen.view.tidy_up is not None and screen.player.player is not None, timeout=60_000
    )
    producer.wait(lambda: screen.view.video.has_picture, timeout=30_000)
    producer.rest()
    yield screen
    producer.leave()


@pytest.fixture(scope="session")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ninety seconds of an answer: its take does not end by itself while a busy computer opens a window."""
    path = tmp_path_factory.mktemp("voice") / "voice.wav"
    source = REPO / "assets" / "sample" / "2-why.flac"
    options = ["-stream_loop", "3", "-i", str(source), "-t", "90", "-ac", "1", "-ar", "48000"]
    ffmpeg.run(options, out=path, work=Work())
    return path
