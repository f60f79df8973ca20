"""Try camera and microphone in a terminal: five seconds, a verdict, and where to play them back."""

from __future__ import annotations

from typing import Any

from app import messages
from app.recording_view import RecordingView
from app.terminal import Terminal
from capture import clap
from capture.camera_delay import remember_delay
from capture.places import trial_folder
from capture.trial import Trial, record_trial


def run(terminal: Terminal, *, camera: str, mic: str, is_clap: bool) -> None:
    """Record a moment, say how it is, and with ``is_clap`` remember how late the camera is.

    Raises:
        UserError: A device cannot be used, or there was no clap.
    """
    view = RecordingView(tell=terminal.tell)
    label = messages.text("cli.clap_now" if is_clap else "cli.recording")
    with terminal.work(label, beside=view.line) as work:
        made = record_trial(trial_folder(), camera=camera, mic=mic, on_message=view.on_message, work=work)
        delay_us = None
        if is_clap:
            delay_us = clap.measure_clap(made.folder, made.take, work=work).delay_us
            devices = made.take.devices
            remember_delay(devices.camera_id, devices.camera_name, delay_us)
    terminal.result(_document(made, delay_us), table="\n".join(_lines(made, delay_us)))


def _document(made: Trial, delay_us: int | None) -> dict[str, Any]:
    sound = made.sound
    return {
        "sound": None
        if sound is None
        else {
            "verdict": sound.key.partition(".")[2],
            "noise_db": sound.noise_db,
            "voice_db": sound.voice_db,
            "peak_db": sound.peak_db,
            "clipped_samples": sound.clipped_samples,
            "hum_hz": sound.hum_hz,
        },
        "picture": {each.check: each.key.partition(".")[2] for each in made.picture},
        "camera_delay_s": None if delay_us is None else delay_us / 1e6,
        "events": [each.text for each in made.take.events],
        "files": [str(each) for each in made.files],
    }


def _lines(made: Trial, delay_us: int | None) -> list[str]:
    lines = []
    if made.sound is not None:
        sound = made.sound
        levels = {"noise": sound.noise_db, "voice": sound.voice_db, "peak": sound.peak_db}
        lines.append(messages.text(f"trial.{sound.key}"))
        lines.append(messages.text("trial.levels", **{key: f"{db:.0f}" for key, db in levels.items()}))
    lines += [messages.text(f"coach.{each.key}") for each in made.picture]
    if delay_us is not None:
        name = made.take.devices.camera_name
        lines.append(messages.text("trial.delay", name=name, delay=f"{delay_us / 1000:.0f}"))
    lines.append(messages.text("trial.files", files=" ".join(str(each) for each in made.files)))
    return lines
