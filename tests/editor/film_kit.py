"""Cameras whose every frame says which one it is, so that a test can tell exactly what a result shows."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile

from capture.take import Segment, Sync, Take, TakePrompt
from editor.audio import RATE_HZ
from editor.model import Brief, Expert, Prompt, Resource

S = 1_000_000
COLUMNS, ROWS = 4, 3
BITS = COLUMNS * ROWS
DARK, LIGHT = 40, 215
TICKS = 90_000
COUNTING = (".avi", ".mpg")  # time is counted in frames there


def code_picture(number: int, width: int, height: int) -> np.ndarray:
    """The number in binary, lowest bit top left: light fields are ones. Shape (height, width)."""
    fields = np.array([number >> bit & 1 for bit in range(BITS)]).reshape(ROWS, COLUMNS)
    rows, columns = np.arange(height) * ROWS // height, np.arange(width) * COLUMNS // width
    return np.where(fields[np.ix_(rows, columns)], LIGHT, DARK).astype(np.uint8)


def read_code(grey: np.ndarray, box: tuple[int, int, int, int] | None = None) -> int:
    """The number that a grey picture shows within a box of left, top, width, height."""
    left, top, width, height = box or (0, 0, grey.shape[1], grey.shape[0])
    inner = grey[top : top + height, left : left + width]
    number = 0
    for bit in range(BITS):
        y = (2 * (bit // COLUMNS) + 1) * inner.shape[0] // (2 * ROWS)
        x = (2 * (bit % COLUMNS) + 1) * inner.shape[1] // (2 * COLUMNS)
        field = inner[max(0, y - 3) : y + 4, max(0, x - 3) : x + 4]
        number |= int(field.mean() > 128) << bit
    return number


def codes(path: Path, box: tuple[int, int, int, int] | None = None) -> list[int]:
    """The number on each frame of a video."""
    with av.open(str(path)) as container:
        return [read_code(frame.to_ndarray(format="gray"), box) for frame in container.decode(video=0)]


def write_camera(
    path: Path,
    times_s: Sequence[float],
    *,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    size: tuple[int, int] = (160, 120),
    rotation: int = 0,
    sample_aspect: Fraction = Fraction(1),
    options: dict[str, str] | None = None,
    rate: Fraction = Fraction(30),
    pictures: Sequence[np.ndarray] | None = None,
) -> Path:
    """Write a video whose frame n shows n and starts at ``times_s[n]``.

    Args:
        path: Its suffix decides the container.
        times_s: When each frame starts.
        codec: FFmpeg's encoder.
        pixels: FFmpeg's pixel format.
        size: As it is to be seen, upright.
        rotation: Degrees counter-clockwise that a player must turn the stored frames.
        sample_aspect: Of stored samples.
        options: For the encoder.
        rate: What the header says.
        pictures: Other grey pictures than the numbers, upright.
    """
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, options=options or {})
        turned = size[::-1] if rotation % 180 else size
        stream.width, stream.height = turned
        stream.pix_fmt = pixels
        tick = Fraction(1, TICKS) if path.suffix not in COUNTING else 1 / rate
        stream.codec_context.time_base = tick
        stream.codec_context.sample_aspect_ratio = sample_aspect
        if rotation:
            stream.set_display_rotation(rotation)
        for number, time_s in enumerate(times_s):
            grey = code_picture(number, *size) if pictures is None else pictures[number]
            stored = np.ascontiguousarray(np.rot90(grey, -rotation // 90))
            frame = av.VideoFrame.from_ndarray(np.repeat(stored[..., None], 3, axis=2), format="rgb24")
            frame.pts, frame.time_base = round(time_s / tick), tick
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def even_times(count: int, rate: Fraction | int) -> list[float]:
    return [float(n / Fraction(rate)) for n in range(count)]


def write_lapel(path: Path, seconds: float, *, beeps_s: Sequence[float] = ()) -> None:
    """Write a lapel track: faint noise, with beeps of 0.1 s."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    made = np.random.default_rng(1).standard_normal(len(t)) * 0.01
    for beep_s in beeps_s:
        made += np.where((t >= beep_s) & (t < beep_s + 0.1), np.sin(2 * np.pi * 1000 * t) * 0.5, 0)
    soundfile.write(path, made.astype(np.float32), RATE_HZ, subtype="PCM_24")


def coded_take(
    folder: Path,
    *,
    camera: str = "",
    seconds: float,
    start_s: float = 0.0,
    name: str = "t",
    sync: Sync | None = None,
    beeps_s: Sequence[float] = (),
) -> Take:
    """A take with a lapel track and, where a camera's file is named, its picture."""
    write_lapel(folder / "mic-001.wav", seconds, beeps_s=beeps_s)
    segments = [Segment("mic", "mic-001.wav", 0, round(seconds * S))]
    if camera:
        segments.append(Segment("camera", camera, round(start_s * S), round(seconds * S)))
    asked = TakePrompt(f"p-{name}", "question", f"What is {name}?", f"About {name}")
    return Take(
        *(name, "r", "R", asked, 1, "safe", "2026-03-01T10:00:00+01:00", round(seconds * S), tuple(segments)),
        has_picture=bool(camera),
        sync=sync,
    )


def a_resource(*takes: Take, title: str = "Call back within the hour") -> Resource:
    prompts = tuple(Prompt(t.prompt.id, "question", t.prompt.text, t.prompt.title) for t in takes)
    return Resource("r", title, brief=Brief(expert=Expert("Amara Osei", "Sales Lead"), prompts=prompts))
