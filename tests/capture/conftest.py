"""Small real recordings to capture from, made once, and places where the disk misbehaves."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from capture.ffmpeg import run
from capture.take import Take, TakePrompt
from capture.work import Work

PICTURE = ["-f", "lavfi", "-i", "testsrc2=size=160x120:rate=30:duration={seconds}"]
TONE = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration={seconds}"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
MakeMedia = Callable[..., Path]


@pytest.fixture(scope="session")
def make_media(tmp_path_factory: pytest.TempPathFactory) -> MakeMedia:
    """Make a file with FFmpeg's test picture and a tone: ``make_media("a.mp4", *options, seconds=2)``."""
    folder = tmp_path_factory.mktemp("media")

    def make(
        name: str, *options: str, seconds: float = 2, inputs: tuple[str, ...] = (*PICTURE, *TONE)
    ) -> Path:
        recipe = hashlib.sha256(repr((options, seconds, inputs)).encode()).hexdigest()[:12]
        path = folder / recipe / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            run([*(each.format(seconds=seconds) for each in inputs), *options], out=path, work=Work())
        return path

    return make


@pytest.fixture(scope="session")
def clip(make_media: MakeMedia) -> Path:
    """Two seconds from a camera whose H.264 can be kept: a key frame every second."""
    return make_media("camera clip.mp4", *H264, "-g", "30", "-bf", "2", "-c:a", "aac")


@pytest.fixture(scope="session")
def long_clip(make_media: MakeMedia) -> Path:
    """Twenty seconds of moving picture and tone, to be interrupted."""
    return make_media("long clip.mp4", *H264, "-g", "30", "-c:a", "aac", seconds=20)


@pytest.fixture(scope="session")
def still_clip(make_media: MakeMedia) -> Path:
    """Twenty seconds of a picture that does not move: a few bytes a frame."""
    picture = ["-f", "lavfi", "-i", "color=gray:size=160x120:rate=30:duration={seconds}"]
    return make_media("still clip.mp4", *H264, "-g", "30", seconds=20, inputs=tuple(picture))


@pytest.fixture(scope="session")
def tone(make_media: MakeMedia) -> Path:
    """Two seconds of sound alone."""
    return make_media("tone.flac", seconds=2, inputs=tuple(TONE))


@pytest.fixture(scope="session")
def long_tone(make_media: MakeMedia) -> Path:
    """Twenty seconds of sound alone."""
    return make_media("long tone.flac", seconds=20, inputs=tuple(TONE))


@pytest.fixture(scope="session")
def silent_clip(make_media: MakeMedia) -> Path:
    """A picture without any sound."""
    return make_media("no sound.mp4", *H264, inputs=tuple(PICTURE))


@pytest.fixture
def take() -> Take:
    """A take that is about to be recorded."""
    return Take(
        id="take-1",
        resource_id="resource-1",
        resource_title="Reading a gauge",
        prompt=TakePrompt(id="p1", key="what", text="What do you know?", title="What"),
        number=1,
        state="recording",
        recorded_at="2026-05-04T10:00:00+02:00",
    )


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """The media folder of a library."""
    return tmp_path / "media"


MakeDisk = Callable[..., Path]


@pytest.fixture
def make_disk(tmp_path: Path) -> Iterator[MakeDisk]:
    """Mount a disk of its own: ``make_disk(size_kb=2000)``; skipped where that is not allowed."""
    mounted: list[Path] = []

    def make(*, size_kb: int, options: str = "rw") -> Path:
        disk = tmp_path / f"disk{len(mounted)}"
        disk.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size_kb}k,{options}", "tmpfs", str(disk)]
        try:
            done = subprocess.run(command, check=False, capture_output=True)
        except FileNotFoundError:
            pytest.skip("no mount command here")
        if done.returncode:
            pytest.skip("may not mount a small disk here")
        mounted.append(disk)
        return disk

    yield make
    for disk in mounted:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.fixture
def ext4(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Mount the file system in an image: ``ext4(image, at)``, made first if the image is not there."""
    mounted: list[Path] = []

    def mount(image: Path, at: Path) -> Path:
        if not image.exists():
            with image.open("wb") as file:
                file.truncate(64 << 20)
            if shutil.which("mkfs.ext4") is None:
                pytest.skip("no mkfs.ext4 here")
            subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
        at.mkdir()
        command = ["mount", "-o", "loop", str(image), str(at)]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip("may not mount an image here")
        mounted.append(at)
        return at

    yield mount
    for each in mounted:
        subprocess.run(["umount", "--lazy", str(each)], check=True)
