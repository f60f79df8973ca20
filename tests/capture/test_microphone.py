"""A real microphone: PulseAudio's null sink through ALSA and PortAudio, recorded by the recorder."""

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from capture import microphone
from capture.devices import DeviceLostError, SoundBlock
from capture.errors import BadInputError
from capture.ffmpeg import run
from capture.meter import Meter
from capture.mic_clock import MicClock, clock_file, drift_ppm, read_clock
from capture.microphone import LiveMicrophone
from capture.recorder_messages import Level, Position
from capture.recording import record_take, repair
from capture.take import Take, read_take
from capture.work import Work
from tests.capture.background import Recording
from tests.capture.pulse import Pulse, running_pulse
from tests.capture.studio_kit import Studio

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("pulseaudio") is None,
    reason="needs PulseAudio as the microphone",
)
US = 1_000_000
REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def pulse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    with running_pulse(tmp_path / "home", monkeypatch) as running:
        yield running


@pytest.fixture(scope="session")
def lapel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-five seconds of an answer, as paplay can play them."""
    path = tmp_path_factory.mktemp("lapel") / "lapel.wav"
    source = REPO / "assets" / "sample" / "2-why.flac"
    run(["-i", str(source), "-t", "25", "-ac", "1", "-ar", "48000"], out=path, work=Work())
    return path


def matches(heard: np.ndarray, truth: np.ndarray) -> list[tuple[int, float]]:
    """Where voiced windows of half a second are heard, in samples, and how alike they are.

    Window by window: on a busy computer the player, which is no part of ours, falters now and then. That
    puts gaps between what is heard; only what a recorder loses brings it closer together.
    """
    size = 1 << (len(heard) + len(truth)).bit_length()
    spectrum = np.fft.rfft(heard, size)
    found = []
    for begin in range(0, len(truth) - 24_000, 24_000):
        piece = truth[begin : begin + 24_000]
        if np.abs(piece).max() < 0.05:
            continue
        at = int(np.argmax(np.fft.irfft(spectrum * np.conj(np.fft.rfft(piece, size)), size)[: len(heard)]))
        there = heard[at : at + len(piece)]
        piece = piece[: len(there)]
        found.append((at - begin, float(there @ piece / np.sqrt((there @ there) * (piece @ piece)))))
    return found


@pytest.mark.parametrize("mic", ["lapel_mic", "mic:pulse:lapel.monitor"])
def test_what_is_played_is_what_is_recorded(pulse, lapel, media, take, mic):
    recording = Recording(media, take, mic=mic)
    with pulse.playing(lapel, to="lapel"):
        time.sleep(3.5)
        made = recording.stop()
    assert (made.state, made.events) == ("safe", ())
    assert made.devices.mic_id == f"mic:{mic.removeprefix('mic:')}"
    assert made.devices.mic_name
    heard, rate_hz = soundfile.read(recording.folder / "mic-001.wav", dtype="float64")
    truth, _ = soundfile.read(lapel, dtype="float64")
    found = matches(heard, truth[: 3 * rate_hz])
    alike = max(each for _, each in found)
    print(f"{mic}: correlation with what was played", [f"{each:.4f} at {lag}" for lag, each in found])
    assert alike > 0.9999
    lags = [lag for lag, each in found if each > 0.99]
    assert lags == sorted(lags), "nothing that was played is missing"
    positions = [each for each in recording.told if isinstance(each, Position) and each.peak_db is not None]
    assert max(each.peak_db for each in positions) > -30, "the meter follows"
    clock = read_clock(clock_file(recording.folder / "mic-001.wav"))
    assert len(clock) >= 3
    for samples, at_us in clock:
        assert at_us == pytest.approx(made.segments[0].start_us + samples * US / 48_000, abs=150_000)


def test_hardly_anything_is_missing_between_two_takes(pulse, media, take, tmp_path):
    """Space for next: the second take begins where the first one ends, but for the block that both share."""
    noise = tmp_path / "noise.wav"
    truth = np.random.default_rng(5).normal(0, 0.1, 48_000 * 30)
    soundfile.write(noise, truth, 48_000, subtype="PCM_16")
    with Studio(media, take, mic="mic:lapel_mic") as studio, pulse.playing(noise, to="lapel"):
        studio.wait_until_live()
        studio.wait_for(lambda: any(isinstance(each, Level) and each.rms_db > -40 for each in studio.told))
        studio.record("take-1")
        studio.wait_until_recording("take-1", beyond_us=US)
        studio.record("take-2", follows=True)
        studio.wait_until_recording("take-2", beyond_us=US)
        assert not studio.failed()
        studio.session.stop()
        assert [studio.done(name).state for name in ("take-1", "take-2")] == ["safe", "safe"]
    first, second = (
        soundfile.read(studio.folder(name) / "mic-001.wav", dtype="float64")[0]
        for name in ("take-1", "take-2")
    )
    missing = place_of(second[:9600], truth) - place_of(first[-9600:], truth) - 9600
    print(f"missing between two takes: {missing / 48:.1f} ms")
    assert missing <= 2 * 480


def place_of(heard: np.ndarray, truth: np.ndarray) -> int:
    """Where a piece of what was played begins."""
    size = 1 << (len(heard) + len(truth)).bit_length()
    alike = np.fft.irfft(np.fft.rfft(truth, size) * np.conj(np.fft.rfft(heard, size)), size)
    return int(np.argmax(alike[: len(truth)]))


def test_the_microphones_are_listed_with_names_and_identities(pulse):
    script = "from capture.microphone import list_mics; [print(each.id, each.name) for each in list_mics()]"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=REPO, capture_output=True, text=True, check=True
    )
    ids = [line.split()[0] for line in done.stdout.splitlines()]
    assert {"mic:lapel_mic", "mic:pulse:lapel.monitor", "mic:pulse:other.monitor"} <= set(ids)


@pytest.mark.parametrize("mic", ["mic:nothing", "99", "mic:pulse:gone.monitor"])
def test_a_microphone_that_is_not_there_leaves_nothing(pulse, media, take, mic):
    with pytest.raises(BadInputError) as caught:
        record_take(media=media, take=take, camera="none", mic=mic, work=Work())
    assert caught.value.message_key == "device.no_such_mic"
    assert not media.exists()


def test_the_drift_of_a_microphone_is_read_from_its_clock(tmp_path):
    """Half an hour at 40 parts in a million, with blocks that come up to 30 ms late."""
    path = clock_file(tmp_path / "mic-001.wav")
    clock = MicClock(path)
    for n in range(1, 18_001):
        late_us = n * 7919 % 30_000
        clock.add(n * 4800, round(n * 100_000 / 1.00004) + 500 + late_us)
    clock.close()
    assert drift_ppm(read_clock(path)) == pytest.approx(40, abs=3)
    assert drift_ppm(read_clock(path)[:50]) == 0, "too short to say"
    with path.open("a") as file:
        file.write("86400")  # torn by a power cut
    assert len(read_clock(path)) == 1801


@pytest.mark.parametrize(
    ("level", "seconds", "events"),
    [
        (0.0, 2, ["mic.silent"]),
        (0.001, 14, ["mic.quiet"]),
        (0.02, 20, ["mic.faint"]),
        (0.1, 14, []),
        (1.0, 3, ["mic.clipping"]),
    ],
)
def test_the_meter_says_what_is_wrong_once(level, seconds, events):
    told: list[str] = []
    meter = Meter(lambda key, at_us: told.append(key), lambda peak_db, rms_db: None, watch_quiet=True)
    for n in range(seconds * 100):
        meter.add(SoundBlock(n * 10_000, np.full(480, level, np.float32)))
    assert told == events


def test_a_pause_in_speech_is_not_quiet():
    told: list[str] = []
    meter = Meter(lambda key, at_us: told.append(key), lambda peak_db, rms_db: None, watch_quiet=True)
    for n in range(1200):
        level = 0.2 if n % 400 == 0 else 0.001
        meter.add(SoundBlock(n * 10_000, np.full(480, level, np.float32)))
    assert told == []


def test_a_voice_that_becomes_loud_enough_is_told_of():
    told: list[str] = []
    meter = Meter(lambda key, at_us: told.append(key), lambda peak_db, rms_db: None, watch_quiet=True)
    for n, level in enumerate([0.02] * 1500 + [0.04] * 300 + [0.2] * 300 + [0.02] * 600 + [0.3] * 10):
        meter.add(SoundBlock(n * 10_000, np.full(480, level, np.float32)))
    assert told == ["mic.faint", "mic.good"]


# Drills -------------------------------------------------------------------------------------------


@pytest.mark.drill
def test_a_silent_microphone_is_told_of_within_two_seconds(pulse, media, take):
    recording = Recording(media, take)
    recording.wait_for_event("mic.silent")
    assert recording.stop().state == "damaged"


@pytest.mark.drill
def test_a_microphone_that_is_unplugged_and_comes_back(pulse, lapel, media, take, long_clip):
    recording = Recording(media, take, mic="mic:pulse:lapel.monitor", camera=f"file:{long_clip}")
    with pulse.playing(lapel, to="lapel"):
        recording.wait_until_heard()
    pulse.unplug("lapel")
    recording.wait_for(lambda: set(recording.events) & {"mic.moved", "mic.lost", "mic.stalled"})
    pulse.plug("lapel")
    recording.wait_for_event("mic.back")
    with pulse.playing(lapel, to="lapel"):
        recording.wait_until_heard()
        made = recording.stop()
    assert_two_pieces(recording.folder, made)
    assert [each.file for each in made.segments if each.track == "camera"] == ["camera-001.mp4"]


@pytest.mark.drill
def test_a_microphone_that_was_moved(pulse, lapel, media, take):
    recording = Recording(media, take)
    with pulse.playing(lapel, to="lapel"):
        recording.wait_until_heard()
        pulse.move("other.monitor")
        # On a busy computer the move itself takes so long that it is a stall.
        recording.wait_for(lambda: set(recording.events) & {"mic.moved", "mic.stalled"})
        recording.wait_for_event("mic.back")  # the chosen one is still there
        recording.wait_until_heard()
        made = recording.stop()
    assert made.state == "damaged"
    assert_two_pieces(recording.folder, made)


@pytest.mark.drill
def test_the_microphone_itself_tells_that_it_was_moved_and_can_be_had_again(pulse, monkeypatch):
    monkeypatch.setattr(microphone, "STALLED_S", 20.0)  # on a busy computer the move itself would be a stall
    mic = LiveMicrophone("pulse:lapel.monitor")
    mic.open()
    try:
        blocks = mic.blocks(0)
        for _ in range(50):
            assert next(blocks).event is None
        pulse.move("other.monitor")
        told = []
        with pytest.raises(DeviceLostError) as lost:
            told.extend(each.event for each in itertools.islice(blocks, 2_000))  # 20 s
    finally:
        mic.close()
    assert lost.value.event == "mic.returned"
    assert "mic.moved" in told


@pytest.mark.drill
def test_a_sound_server_that_hangs(pulse, lapel, media, take):
    recording = Recording(media, take)
    with pulse.playing(lapel, to="lapel"):
        recording.wait_until_heard()
        pulse.signal(signal.SIGSTOP)
        stopped_s = time.monotonic()
        recording.wait_for_event("mic.stalled")
        told_after_s = time.monotonic() - stopped_s
        print(f"sound server stopped: told after {told_after_s:.2f} s")
        assert told_after_s < 1.5
        time.sleep(1)
        pulse.signal(signal.SIGCONT)
        recording.wait_for_event("mic.back")
        recording.wait_until_heard()
        made = recording.stop()
    assert made.state == "damaged"
    assert_two_pieces(recording.folder, made)


@pytest.mark.drill
def test_a_take_ends_in_time_although_the_sound_server_hangs(pulse, lapel, media, take):
    recording = Recording(media, take)
    with pulse.playing(lapel, to="lapel"):
        recording.wait_until_heard()
        pulse.signal(signal.SIGSTOP)
        recording.wait_for_event("mic.stalled")
        began_s = time.monotonic()
        made = recording.stop()
        assert time.monotonic() - began_s < 8
        pulse.signal(signal.SIGCONT)
    assert made == read_take(recording.folder)
    assert made.segments[0].duration_us > US


@pytest.mark.drill
def test_a_sound_server_that_died_and_was_restarted(pulse, lapel, media, take):
    recording = Recording(media, take)
    with pulse.playing(lapel, to="lapel"):
        recording.wait_until_heard()
    pulse.stop()
    recording.wait_for(lambda: set(recording.events) & {"mic.stalled", "mic.lost"})
    pulse.start()
    pulse.plug("lapel")
    recording.wait_for_event("mic.back")
    with pulse.playing(lapel, to="lapel"):
        recording.wait_until_heard()
        made = recording.stop()
    assert_two_pieces(recording.folder, made)


@pytest.mark.drill
def test_a_recorder_killed_while_a_microphone_runs(pulse, lapel, media, take):
    recording = Recording(media, take)
    pid = int(json.loads((recording.folder / "recorder.json").read_text())["pid"])
    with pulse.playing(lapel, to="lapel"):
        time.sleep(2)
        position_us = max(each.at_us for each in recording.told if isinstance(each, Position))
        os.kill(pid, signal.SIGKILL)
        made = recording.stop()
    assert made == repair(recording.folder)
    print(f"recorder killed: lost {(position_us - made.duration_us) / US:.3f} s")
    assert position_us - made.duration_us < US // 2


def assert_two_pieces(folder: Path, made: Take) -> None:
    """Both files hold the voice, lie behind each other, and the take is as long as both and the gap."""
    pieces = [each for each in made.segments if each.track == "mic"]
    assert [each.file for each in pieces] == ["mic-001.wav", "mic-002.wav"]
    assert pieces[1].start_us >= pieces[0].duration_us
    for each in pieces:
        heard, rate_hz = soundfile.read(folder / each.file, dtype="float64")
        assert len(heard) == pytest.approx(each.duration_us * rate_hz / US, abs=2)
        assert np.abs(heard).max() > 0.01, f"nothing is heard in {each.file}"
    assert made == read_take(folder)
