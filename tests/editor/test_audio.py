"""Sound comes out whole, in its place to the sample, and at one loudness."""

import contextlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from capture.errors import BadInputError
from capture.ffmpeg import file_name, run
from capture.take import Segment, Sync, Take, TakePrompt
from capture.work import Cancelled, Work
from editor import audio, loudness
from editor.audio import FADE_US, RATE_HZ, result_sound, sample_at, take_sound
from editor.cutlist import SANE_RATES, place
from editor.model import Span

S = 1_000_000
BEEP_AT_S = 1.0
BEEP = "aevalsrc='if(between(t,1,1.05),0.5*sin(2*PI*1000*t),0)':s=48000:d=2"


def a_take(*segments: Segment, seconds: float, sync: Sync | None = None, name: str = "t") -> Take:
    asked = TakePrompt("p", "question", "What is it?", "What it is")
    return Take(name, "r", "", asked, 1, "safe", "", round(seconds * S), segments, sync=sync)


def write(path: Path, samples: np.ndarray) -> np.ndarray:
    """Write a lapel track and return it as it will be read."""
    soundfile.write(path, samples, RATE_HZ, subtype="PCM_24")
    return soundfile.read(path, dtype="float32")[0]


def unlike(seconds: float, *, seed: int = 1) -> np.ndarray:
    """Noise: no two stretches of it are alike, so any shift shows."""
    return (np.random.default_rng(seed).standard_normal(round(seconds * RATE_HZ)) * 0.1).astype(np.float32)


def onset_s(samples: np.ndarray) -> float:
    return float(np.flatnonzero(np.abs(samples) > 0.3 * np.abs(samples).max())[0]) / RATE_HZ


@pytest.fixture(scope="session")
def make_beep(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    folder = tmp_path_factory.mktemp("beeps")

    def make(name: str, *options: str) -> Path:
        run(["-f", "lavfi", "-i", BEEP, *options], out=folder / name, work=Work())
        return folder / name

    return make


class TestReadSound:
    @pytest.mark.parametrize(
        ("name", "options"),
        [
            ("a.wav", ["-c:a", "pcm_s24le"]),
            ("8 kHz phone.wav", ["-ar", "8000"]),
            ("44.1.m4a", ["-ar", "44100", "-c:a", "aac"]),
            ("5.1.m4a", ["-ac", "6", "-c:a", "aac"]),
            ("four tracks.wav", ["-ac", "4", "-ar", "96000"]),
            ("a.opus", ["-c:a", "libopus"]),
            ("a.mp3", []),
            ("a.mka", ["-c:a", "flac", "-ac", "2"]),
        ],
    )
    def test_any_codec_rate_and_layout_keeps_its_time_and_level(self, make_beep, name, options):
        heard = audio.read_sound(make_beep(name, *options), work=Work())
        assert heard.dtype == np.float32
        assert onset_s(heard) == pytest.approx(BEEP_AT_S, abs=0.0005)
        assert np.abs(heard).max() == pytest.approx(0.5, abs=0.04)
        assert len(heard) / RATE_HZ == pytest.approx(2, abs=0.03)

    def test_lossless_sound_is_read_bit_by_bit(self, tmp_path):
        written = write(tmp_path / "a.wav", unlike(1.2345))
        assert np.array_equal(audio.read_sound(tmp_path / "a.wav", work=Work()), written)

    def test_gaps_in_the_recording_are_silence(self, tmp_path, make_beep):
        whole = make_beep("whole.mka", "-c:a", "pcm_s16le")
        drop = "aselect='not(between(t,0.2,0.7))'"
        run(["-i", file_name(whole), "-af", drop, "-c:a", "pcm_s16le"], out=tmp_path / "gap.mka", work=Work())
        heard = audio.read_sound(tmp_path / "gap.mka", work=Work())
        assert onset_s(heard) == pytest.approx(BEEP_AT_S, abs=0.002)

    def test_time_starts_with_the_picture_where_that_comes_first(self, tmp_path):
        picture = ["-f", "lavfi", "-i", "color=gray:size=64x64:rate=25:duration=3"]
        late = ["-itsoffset", "0.5", "-f", "lavfi", "-i", BEEP]
        run([*picture, *late, "-c:v", "libx264", "-c:a", "aac"], out=tmp_path / "late.mp4", work=Work())
        heard = audio.read_sound(tmp_path / "late.mp4", work=Work())
        assert onset_s(heard) == pytest.approx(BEEP_AT_S + 0.5, abs=0.002)

    def test_what_holds_no_sound_is_said_in_words(self, tmp_path):
        picture = ["-f", "lavfi", "-i", "color=gray:size=64x64:rate=25:duration=1"]
        run([*picture, "-c:v", "libx264"], out=tmp_path / "mute.mp4", work=Work())
        with pytest.raises(audio.NoSoundError):
            audio.read_sound(tmp_path / "mute.mp4", work=Work())
        (tmp_path / "text.wav").write_text("no sound")
        with pytest.raises(BadInputError):
            audio.read_sound(tmp_path / "text.wav", work=Work())

    def test_a_broken_off_file_gives_what_is_there(self, tmp_path):
        write(tmp_path / "a.wav", unlike(2))
        data = (tmp_path / "a.wav").read_bytes()
        (tmp_path / "half.wav").write_bytes(data[: len(data) // 2])
        assert len(audio.read_sound(tmp_path / "half.wav", work=Work())) == pytest.approx(RATE_HZ, abs=2000)

    def test_can_be_stopped(self, tmp_path):
        write(tmp_path / "a.wav", unlike(1))
        work = Work()
        work.cancel()
        with pytest.raises(Cancelled):
            audio.read_sound(tmp_path / "a.wav", work=work)


class TestTakeSound:
    def test_segments_lie_where_they_started(self, tmp_path):
        first, second = write(tmp_path / "1.wav", unlike(1)), write(tmp_path / "2.wav", unlike(1, seed=2))
        take = a_take(Segment("mic", "2.wav", 1_500_000, S), Segment("mic", "1.wav", 0, S), seconds=2.25)
        heard = take_sound(tmp_path, take, work=Work())
        assert len(heard) == 2.25 * RATE_HZ
        assert np.array_equal(heard[:RATE_HZ], first)
        assert not heard[RATE_HZ : RATE_HZ * 3 // 2].any()
        assert np.array_equal(heard[RATE_HZ * 3 // 2 :], second[: RATE_HZ * 3 // 4])

    def test_the_lapel_is_preferred_to_the_camera(self, tmp_path):
        lapel = write(tmp_path / "mic.wav", unlike(1))
        write(tmp_path / "camera.wav", unlike(1, seed=2))
        take = a_take(Segment("camera", "camera.wav", 0, S), Segment("mic", "mic.wav", 0, S), seconds=1)
        assert np.array_equal(take_sound(tmp_path, take, work=Work()), lapel)

    def test_a_camera_alone_is_heard_where_its_picture_is_seen(self, tmp_path):
        own = write(tmp_path / "camera.wav", unlike(2))
        take = a_take(Segment("camera", "camera.wav", -250_000, 2 * S), seconds=1.5)
        assert np.array_equal(take_sound(tmp_path, take, work=Work()), own[RATE_HZ // 4 : RATE_HZ * 7 // 4])

    def test_a_missing_file_is_named(self, tmp_path):
        with pytest.raises(audio.MediaMissingError) as missing:
            take_sound(tmp_path, a_take(Segment("mic", "gone.wav", 0, S), seconds=1), work=Work())
        assert missing.value.params["file"] == "gone.wav"

    def test_a_take_without_any_sound_is_said_in_words(self, tmp_path):
        with pytest.raises(audio.NoSoundError):
            take_sound(tmp_path, a_take(seconds=1), work=Work())


class TestResultSound:
    @pytest.mark.parametrize("rate", SANE_RATES, ids=str)
    def test_every_span_starts_at_its_sample(self, tmp_path, rate):
        lapel = write(tmp_path / "mic.wav", unlike(6))
        take = a_take(Segment("mic", "mic.wav", 0, 6 * S), seconds=6)
        edges_s = (0.1, 0.5, 0.9, 1.13, 2.0, 2.05, 3.3, 5.9)
        pairs = zip(edges_s[::2], edges_s[1::2], strict=True)
        result = place([Span("t", "p", round(a * S), round(b * S)) for a, b in pairs], rate=rate)
        heard = np.concatenate(list(result_sound(result, {"t": take}, {"t": tmp_path}, work=Work())))
        assert len(heard) == sample_at(result.frames, rate)
        fade = RATE_HZ * FADE_US // S
        for each in result.placed:
            start, end = (sample_at(each.result_frame + n, rate) for n in (0, each.frames))
            source = sample_at(each.take_frame, rate)
            inner = slice(start + fade, end - fade)
            assert np.array_equal(heard[inner], lapel[source + fade : source + end - start - fade])
            assert heard[start] == 0
            assert abs(heard[end - 1]) < 1e-3

    def test_a_thousand_spans_do_not_drift(self):
        rate = Fraction(30000, 1001)
        spans = [Span("t", "p", n * 100_000, n * 100_000 + 67_000) for n in range(1000)]
        result = place(spans, rate=rate)
        exact = Fraction(result.frames * RATE_HZ) / rate
        assert abs(sample_at(result.frames, rate) - exact) <= Fraction(1, 2)

    def test_sound_that_goes_on_is_not_faded(self, tmp_path):
        lapel = write(tmp_path / "mic.wav", unlike(2))
        take = a_take(Segment("mic", "mic.wav", 0, 2 * S), seconds=2)
        result = place([Span("t", "p", 0, S), Span("t", "p", S, 2 * S)], rate=Fraction(25))
        heard = np.concatenate(list(result_sound(result, {"t": take}, {"t": tmp_path}, work=Work())))
        assert np.array_equal(heard[RATE_HZ - 500 : RATE_HZ + 500], lapel[RATE_HZ - 500 : RATE_HZ + 500])

    def test_takes_may_come_in_any_order(self, tmp_path):
        parts = {}
        for seed, name in enumerate("ab"):
            folder = tmp_path / name
            folder.mkdir()
            parts[name] = write(folder / "mic.wav", unlike(2, seed=seed))
        takes = {name: a_take(Segment("mic", "mic.wav", 0, 2 * S), seconds=2, name=name) for name in "ab"}
        spans = [Span("b", "p", S, 2 * S), Span("a", "p", 0, S), Span("b", "p", 0, S)]
        folders = {name: tmp_path / name for name in "ab"}
        result = place(spans, rate=Fraction(25))
        heard = np.concatenate(list(result_sound(result, takes, folders, work=Work())))
        middle = slice(1000, RATE_HZ - 1000)
        assert np.array_equal(heard[:RATE_HZ][middle], parts["b"][RATE_HZ:][middle])
        assert np.array_equal(heard[RATE_HZ : 2 * RATE_HZ][middle], parts["a"][:RATE_HZ][middle])
        assert np.array_equal(heard[2 * RATE_HZ :][middle], parts["b"][:RATE_HZ][middle])

    def test_a_join_does_not_click(self, tmp_path):
        t = np.arange(2 * RATE_HZ) / RATE_HZ
        write(tmp_path / "mic.wav", np.cos(2 * np.pi * 100 * t) * 0.5)
        take = a_take(Segment("mic", "mic.wav", 0, 2 * S), seconds=2)
        result = place([Span("t", "p", 0, 500_000), Span("t", "p", 1_120_000, 2 * S)], rate=Fraction(25))
        heard = np.concatenate(list(result_sound(result, {"t": take}, {"t": tmp_path}, work=Work())))
        assert np.abs(np.diff(heard)).max() < 0.02  # the tone itself moves by up to 0.0065 a sample


class TestEnteringTheResult:
    """Playing starts anywhere; what is heard from there on is what the whole result has there."""

    def result(self):
        spans = [Span("t", "p", 500_000, 4 * S), Span("t", "p", 9 * S, 11 * S), Span("t", "p", 5 * S, 6 * S)]
        return place(spans, rate=Fraction(25))

    @pytest.mark.parametrize("first_frame", [1, 30, 87, 88, 100, 150])
    def test_of_a_wav_it_is_the_same_to_the_sample(self, tmp_path, first_frame):
        write(tmp_path / "mic.wav", unlike(12))
        result, take = self.result(), a_take(Segment("mic", "mic.wav", 0, 12 * S), seconds=12)
        given = {"t": take}, {"t": tmp_path}
        whole = np.concatenate(list(result_sound(result, *given, work=Work())))
        entered = result_sound(result, *given, first_frame=first_frame, block_s=0.25, work=Work())
        heard = np.concatenate(list(entered))
        assert len(heard) == len(whole) - sample_at(first_frame, result.rate)
        fade = RATE_HZ * FADE_US // S
        assert np.array_equal(heard[fade:], whole[-len(heard) + fade :])
        assert heard[0] == 0

    def test_of_a_compressed_file_it_is_alike(self, tmp_path):
        t = np.arange(12 * RATE_HZ) / RATE_HZ
        write(tmp_path / "a.wav", np.sin(2 * np.pi * (200 + 40 * t) * t) * 0.4)
        run(["-i", file_name(tmp_path / "a.wav"), "-ar", "44100", str(tmp_path / "phone.m4a")], work=Work())
        take = a_take(Segment("phone", "phone.m4a", 0, 12 * S), seconds=12)
        with contextlib.closing(audio.TakeSound(tmp_path, take, work=Work())) as reader:
            whole = reader.read(0, 12 * RATE_HZ)
        start = 9 * RATE_HZ
        with contextlib.closing(audio.TakeSound(tmp_path, take, start=start, work=Work())) as reader:
            entered = reader.read(start, 11 * RATE_HZ)
        assert np.corrcoef(whole[start : 11 * RATE_HZ], entered)[0, 1] > 0.995  # half a sample off

    def test_a_reader_cannot_go_back(self, tmp_path):
        write(tmp_path / "mic.wav", unlike(4))
        take = a_take(Segment("mic", "mic.wav", 0, 4 * S), seconds=4)
        with (
            contextlib.closing(audio.TakeSound(tmp_path, take, start=3 * RATE_HZ, work=Work())) as reader,
            pytest.raises(ValueError, match="96000"),
        ):
            reader.read(2 * RATE_HZ, 3 * RATE_HZ)


class TestLoudness:
    def speech(self, *, peak_db: float = -20, seconds: float = 12) -> np.ndarray:
        """Bursts with a voice's crest: mostly quiet, now and then ten times louder."""
        random = np.random.default_rng(3)
        steps = np.repeat(random.choice([0.02, 0.1, 0.25, 1.0], round(seconds * 20)), RATE_HZ // 20)
        made = random.standard_normal(len(steps)) * steps
        return (made / np.abs(made).max() * 10 ** (peak_db / 20)).astype(np.float32)

    @pytest.mark.parametrize("peak_db", [-30.0, -12.0, -1.0])
    def test_quiet_and_loud_takes_end_at_the_same_loudness(self, tmp_path, peak_db):
        source, out = tmp_path / "in.f32", tmp_path / "out.f32"
        loudness.write_sound(source, [self.speech(peak_db=peak_db)], work=Work())
        done = loudness.level(source, out, work=Work())
        assert done.after.integrated_lufs == pytest.approx(-16, abs=0.5)
        assert done.after.true_peak_dbtp <= -1.5
        assert done.before.true_peak_dbtp == pytest.approx(peak_db, abs=1)
        assert loudness.samples_in(out) == loudness.samples_in(source)

    def test_ffmpeg_agrees_with_our_own_peaks(self, tmp_path):
        t = np.arange(RATE_HZ) / RATE_HZ
        # A quarter of the rate, an eighth of a turn late: samples only ever see 0.707 of the peak.
        swell = np.minimum(1, np.minimum(t, 1 - t) * 10)  # a sudden start would itself overshoot
        tone = (0.9 * swell * np.sin(2 * np.pi * RATE_HZ / 4 * t + np.pi / 4)).astype(np.float32)
        outline = loudness.read_outline([tone], work=Work())
        assert np.abs(tone).max() < 0.64
        assert outline.peaks.max() == pytest.approx(0.9, abs=0.01)
        loudness.write_sound(tmp_path / "tone.f32", [tone], work=Work())
        measured = loudness.measure_loudness(tmp_path / "tone.f32", work=Work())
        assert measured.true_peak_dbtp == pytest.approx(20 * np.log10(0.9), abs=0.2)

    def test_below_the_ceiling_gain_is_all_that_happens(self):
        made = self.speech(peak_db=-20)
        outline = loudness.read_outline([made], work=Work())
        heard = np.concatenate(list(loudness.limited([made], outline, gain_db=10)))
        assert np.allclose(heard, made * 10 ** (10 / 20), rtol=1e-6)

    def test_the_limiter_lets_nothing_pass_and_moves_nothing(self):
        made = self.speech(peak_db=-3)
        outline = loudness.read_outline([made], work=Work())
        heard = np.concatenate(list(loudness.limited([made], outline, gain_db=12)))
        assert len(heard) == len(made)
        assert loudness.read_outline([heard], work=Work()).peaks.max() <= 10 ** (-1.9 / 20)
        quiet = np.abs(made) > 1e-6
        assert (np.sign(heard[quiet]) == np.sign(made[quiet])).all()

    def test_it_does_not_matter_how_the_sound_is_divided(self):
        made = self.speech(peak_db=-3)
        pieces = np.array_split(made, 321)
        outline = loudness.read_outline([made], work=Work())
        again = loudness.read_outline(pieces, work=Work())
        assert np.array_equal(outline.peaks, again.peaks)
        whole = np.concatenate(list(loudness.limited([made], outline, gain_db=12)))
        assert np.array_equal(whole, np.concatenate(list(loudness.limited(pieces, outline, gain_db=12))))

    def test_where_nothing_needs_limiting_a_quick_look_changes_nothing(self):
        made = self.speech(peak_db=-3)
        full, quick = (
            loudness.read_outline([made], exact_from=least, work=Work())
            for least in (0.0, 10 ** (-14.8 / 20))
        )
        assert (quick.peaks >= full.peaks * 0.9999).all()
        assert 0.2 < (quick.peaks != full.peaks).mean() < 0.9
        for gain_db in (0.0, 6.0, 12.0):
            assert np.array_equal(*(loudness.limiter_curve(each, gain_db) for each in (full, quick)))

    def test_silence_stays_silence(self, tmp_path):
        source, out = tmp_path / "in.f32", tmp_path / "out.f32"
        loudness.write_sound(source, [unlike(3) * 1e-3], work=Work())
        done = loudness.level(source, out, work=Work())
        assert done.gain_db == 0
        loudness.write_sound(source, [np.zeros(RATE_HZ, np.float32)], work=Work())
        assert loudness.level(source, out, work=Work()).after.integrated_lufs <= -70

    def test_arguments(self, tmp_path):
        assert loudness.measure_args(tmp_path / "a.wav") == [
            *("-i", f"file:{tmp_path}/a.wav"),
            *("-filter_complex", "[0:a]ebur128=framelog=quiet:peak=true[s0]"),
            *("-map", "[s0]", "-f", "null", "-"),
        ]
        raw = loudness.measure_args(tmp_path / "a.f32")
        assert raw[: raw.index("-i")] == ["-f", "f32le", "-ac", "1", "-ar", "48000"]

    def test_summary_of_ffmpeg(self):
        printed = (
            "[Parsed_ebur128_0 @ 0x1] Summary:\n\n  Integrated loudness:\n    I:         -23.4 LUFS\n"
            "    Threshold: -33.6 LUFS\n\n  Loudness range:\n    LRA:         5.1 LU\n"
            "    Threshold: -43.5 LUFS\n"
            "    LRA low:   -27.0 LUFS\n    LRA high:  -21.9 LUFS\n\n  True peak:\n    Peak:       -4.2 dBFS"
        )
        assert loudness.read_summary(printed) == loudness.Loudness(-23.4, 5.1, -4.2)
        silent = loudness.read_summary(printed.replace("-4.2 dBFS", "-inf dBFS"))
        assert silent.true_peak_dbtp == -np.inf
