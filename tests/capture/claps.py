"""Recordings of somebody who claps once before a silent camera."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile

from capture.take import Segment

US = 1_000_000


def clap_sound(
    path: Path,
    *,
    at_s: float,
    seconds: float = 4.0,
    noise_db: float = -60,
    voice: bool = False,
    seed: int = 0,
    level: float = 0.6,
    more_at_s: tuple[float, ...] = (),
) -> None:
    rng = np.random.default_rng(seed)
    count = round(seconds * 48_000)
    samples = rng.normal(0, 10 ** (noise_db / 20), count)
    if voice:
        t = np.arange(count) / 48_000
        tone = sum(np.sin(2 * np.pi * 130 * k * t + k) / k for k in range(1, 30))
        samples += 0.05 * tone * (0.5 + 0.5 * np.sin(2 * np.pi * 3 * t))
    for each in (at_s, *more_at_s):
        decay = np.exp(-np.arange(4800) / 400)
        begin = round(each * 48_000)
        burst = level * rng.normal(0, 0.5, 4800) * decay
        samples[begin : begin + 4800] += burst[: max(0, count - begin)]
        late = begin + 900  # the wall
        samples[late : late + 4800] += 0.3 * burst[: max(0, count - late)]
    soundfile.write(path, np.clip(samples, -1, 1), 48_000, subtype="PCM_24")


def clap_picture(
    path: Path,
    *,
    at_s: float,
    rate: int = 30,
    seconds: float = 4.0,
    noise: float = 3.0,
    seed: int = 0,
    reach_s: float = 0.22,
    part_after_s: float = 0.15,
    size=(640, 360),
    exposure_s: float = 0.008,
    jitter_s: float = 0.0,
) -> None:
    """Two hands that come together ever faster, rest on each other, and part slowly."""
    rng = np.random.default_rng(seed)
    width, height = size
    wall = rng.integers(60, 120, (height, width)).astype(np.float32)
    hand = rng.integers(150, 230, (height // 3, width // 10)).astype(np.float32)
    with av.open(str(path), "w") as file:
        stream = file.add_stream(
            "libx264", rate=rate, options={"preset": "ultrafast", "crf": "18", "g": str(rate)}
        )
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 90_000)
        for n in range(round(seconds * rate)):
            shown_s = n / rate + (rng.uniform(-jitter_s, jitter_s) if n else 0)
            seen = np.mean(
                [
                    _frame(wall, hand, shown_s - at_s + part, reach_s=reach_s, part_after_s=part_after_s)
                    for part in (-exposure_s, -exposure_s / 2, 0.0)
                ],
                axis=0,
            )
            seen = np.clip(seen + rng.normal(0, noise, seen.shape), 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(seen, format="gray").reformat(format="yuv420p")
            frame.pts, frame.time_base = round(shown_s * 90_000), Fraction(1, 90_000)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def _frame(wall, hand, since_s: float, *, reach_s: float, part_after_s: float) -> np.ndarray:
    height, width = wall.shape
    if since_s < -reach_s:
        apart = 1.0
    elif since_s < 0:
        apart = 1.0 - ((since_s + reach_s) / reach_s) ** 2
    elif since_s < part_after_s:
        apart = 0.0
    else:
        apart = min(1.0, (since_s - part_after_s) / 0.8)
    frame = wall.copy()
    top, middle = height // 2, width // 2
    gap = round(apart * width / 5)
    high, wide = hand.shape
    frame[top : top + high, middle - gap - wide : middle - gap] = hand
    frame[top : top + high, middle + gap : middle + gap + wide] = hand[:, ::-1]
    return frame


def clap_take(
    folder: Path, take, *, delay_s: float, camera_start_s: float = -0.2, heard_s: float = 1.9, **picture
):
    """Record a clap into ``folder`` and return its take."""
    from dataclasses import replace

    from capture.take import Devices

    folder.mkdir(parents=True, exist_ok=True)
    sound = {key: picture.pop(key) for key in ("noise_db", "voice", "level", "more_at_s") if key in picture}
    clap_sound(folder / "mic-001.wav", at_s=heard_s, **sound)
    clap_picture(folder / "camera-001.mp4", at_s=heard_s - camera_start_s + delay_s, **picture)
    return replace(
        take,
        state="safe",
        segments=(
            Segment("camera", "camera-001.mp4", round(camera_start_s * US), 4 * US),
            Segment("mic", "mic-001.wav", 0, 4 * US),
        ),
        devices=Devices(camera_id="camera:usb-1", camera_name="Webcam", mic_id="mic:lapel", mic_name="Lapel"),
        has_picture=True,
    )
