"""What leaves the loudspeaker is the result's sound: no gap and no click where takes were cut."""

import subprocess
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from capture.errors import UserError
from capture.take import Segment, Take, TakePrompt
from capture.work import Work
from editor.audio import RATE_HZ, result_sound
from editor.cutlist import place
from editor.fit import Size
from editor.model import Span
from editor.play_sound import Speaker
from editor.playback import Player, PlayState, Programme
from tests.capture.pulse import Pulse, running_pulse

S = 1_000_000


@pytest.fixture
def pulse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    with running_pulse(tmp_path / "home", monkeypatch) as server:
        yield server


def a_take(folder: Path, seconds: int) -> Take:
    sound = np.random.default_rng(5).standard_normal(seconds * RATE_HZ) * 0.1
    soundfile.write(folder / "mic-001.wav", sound, RATE_HZ, subtype="PCM_24")
    asked = TakePrompt("p", "question", "What is it?", "What it is")
    segment = Segment("mic", "mic-001.wav", 0, seconds * S)
    return Take("t", "r", "", asked, 1, "safe", "", seconds * S, (segment,))


def test_what_leaves_the_loudspeaker_is_the_result_across_its_joins(tmp_path, pulse, monkeypatch):
    take = a_take(tmp_path, 9)
    spans = [Span("t", "p", 0, 900_000), Span("t", "p", 5 * S, 6 * S), Span("t", "p", 2 * S, 2_700_000)]
    programme = Programme(place(spans, rate=Fraction(30)), {"t": take}, {"t": tmp_path})
    ended = threading.Event()
    began: list[float] = []

    def on_state(state: PlayState) -> None:
        if state.speed:
            began.append(state.speed)
        elif began:
            ended.set()

    monkeypatch.delenv("PULSE_LATENCY_MSEC")  # it is for microphones
    heard_path = tmp_path / "heard.raw"
    listen = ["parec", "--device=lapel.monitor", "--raw", "--format=float32le", "--channels=1"]
    with heard_path.open("wb") as heard_file:
        listener = subprocess.Popen([*listen, f"--rate={RATE_HZ}"], stdout=heard_file)
        player = Player(
            programme,
            size=Size(64, 36),
            output=Speaker(),
            open_frames=lambda *_: None,
            on_frame=lambda _: None,
            on_state=on_state,
        )
        try:
            player.play()
            assert ended.wait(30)
        finally:
            player.close()
            listener.terminate()
            listener.wait(10)
    heard = np.fromfile(heard_path, np.float32)
    wanted = np.concatenate(
        list(result_sound(programme.cut_list, programme.takes, programme.folders, work=Work()))
    )
    # A machine with other work to do may starve the stream elsewhere; over each join it must be whole.
    for join_s in (0.9, 1.9):
        around = wanted[round((join_s - 0.1) * RATE_HZ) : round((join_s + 0.1) * RATE_HZ)]
        lag = best_lag(heard, around)
        assert np.corrcoef(heard[lag : lag + len(around)], around)[0, 1] > 0.99


def best_lag(heard: np.ndarray, wanted: np.ndarray) -> int:
    size = 1 << (len(heard) + len(wanted)).bit_length()
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size)), size)
    return int(np.argmax(product[: len(heard)]))


def test_a_computer_without_a_loudspeaker_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    (tmp_path / ".asoundrc").write_text("pcm.!default { type hw card 99 }\n")
    with pytest.raises(UserError) as refused:
        Speaker()
    assert refused.value.message_key == "play.no_speaker"
