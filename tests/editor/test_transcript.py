"""Takes are written down by a real model in a process of its own, which may die and be stopped."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

import assets
from capture.errors import BadInputError, UserError
from capture.giving_way import SIGN_FILE, ask_for_room
from capture.importing import import_take
from capture.places import MODELS_VARIABLE
from capture.take import Segment, Take, TakePrompt
from capture.work import Cancelled, Work
from editor import models, transcript
from editor.audio import read_sound
from editor.caption_part import PART_FILE, PartFile
from editor.caption_protocol import Hear, Heard, to_line
from editor.hearing import Part, find_missing
from editor.model import Transcript, Word
from editor.transcript import CaptionWorker, caption_takes
from editor.voice import RATE_HZ, find_regions, voice_probability

ANSWER = assets.SAMPLE / "5-prerequisites.flac"


def take_of(file: Path, *, start_us: int = 0) -> Take:
    """A take whose lapel track is ``file``, which starts at ``start_us`` of the take's clock."""
    info = soundfile.info(file)
    length_us = info.frames * 1_000_000 // info.samplerate
    return Take(
        id=file.stem,
        resource_id="r1",
        resource_title="First call",
        prompt=TakePrompt("p1", "prerequisites", "What first?", "What to know first"),
        number=1,
        state="safe",
        recorded_at="2026-01-01T10:00:00+00:00",
        duration_us=start_us + length_us,
        segments=(Segment("mic", file.name, start_us, length_us),),
    )


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The model that ships, verified."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(MODELS_VARIABLE, str(tmp_path_factory.mktemp("models")))
        yield models.find_model(models.DEFAULT_MODEL, work=Work())


@pytest.fixture(scope="module")
def worker(model: Path) -> Iterator[CaptionWorker]:
    with CaptionWorker(model) as running:
        yield running


@pytest.fixture(scope="module")
def heard(worker: CaptionWorker) -> Heard:
    """What is said in a real answer."""
    return worker.hear(take_of(ANSWER), ANSWER.parent, language="", work=Work())


def text_of(heard: Heard) -> str:
    return " ".join(word.text for word in heard.words)


def test_a_real_answer_is_written_down(heard: Heard):
    assert heard.language == "en"
    assert heard.gaps == ()
    assert "the price list well enough to give a range without opening it." in text_of(heard)


def test_hesitations_are_written_and_marked(heard: Heard):
    assert [word.text for word in heard.words if word.filler] == ["um,"]


def test_word_times_are_in_order_and_inside_the_take(heard: Heard):
    assert all(0 <= word.start_us < word.end_us for word in heard.words)
    assert heard.words[-1].end_us <= take_of(ANSWER).duration_us
    assert all(one.end_us <= other.start_us for one, other in pairwise(heard.words))


def test_words_start_where_the_voice_does(heard: Heard):
    samples, rate_hz = soundfile.read(ANSWER)
    frame = rate_hz // 100
    loud = np.abs(samples[: len(samples) // frame * frame]).reshape(-1, frame).max(axis=1) > 0.02
    onset_us = int(np.argmax(loud)) * 10_000
    assert abs(heard.words[0].start_us - onset_us) < 120_000


def test_sentences_carry_their_time(heard: Heard):
    found = transcript.sentences(Transcript("t", "en", "base", heard.words))
    assert found[0].text.startswith("You need to know the price list")
    assert found[0].start_us == heard.words[0].start_us
    assert found[-1].end_us == heard.words[-1].end_us


def test_times_are_on_the_takes_clock_not_the_files(worker: CaptionWorker, heard: Heard):
    told = []
    late = worker.hear(
        take_of(ANSWER, start_us=3_000_000),
        ANSWER.parent,
        language="en-GB",
        on_words=lambda take_id, words: told.append((take_id, [word.text for word in words])),
        work=Work(),
    )
    assert late.language == "en-GB"
    assert told[-1] == ("5-prerequisites", [word.text for word in late.words])  # before they are all there
    both = list(zip(heard.words[:5], late.words[:5], strict=True))
    assert [a.text for a, _ in both] == [b.text for _, b in both]
    assert all(abs(b.start_us - a.start_us - 3_000_000) < 100_000 for a, b in both)


def test_no_filler_is_invented_in_clean_reading(worker: CaptionWorker, voices: Path):
    reading = worker.hear(take_of(voices / "ss_0870.wav"), voices, language="en", work=Work())
    assert "leisure to consider" in text_of(reading)
    assert not any(word.filler for word in reading.words)


@pytest.mark.parametrize(
    ("language", "key"), [("tlh", "caption.other_language"), ("English!", "caption.no_language")]
)
def test_a_language_the_model_does_not_know_is_refused(worker: CaptionWorker, language: str, key: str):
    with pytest.raises(BadInputError) as error:
        worker.hear(take_of(ANSWER), ANSWER.parent, language=language, work=Work())
    assert error.value.message_key == key
    assert assets.text(f"errors.{key}", **error.value.params)
    assert worker.alive


def test_a_take_in_which_nobody_speaks_is_flagged_not_filled(worker: CaptionWorker, tmp_path: Path):
    file = tmp_path / "quiet.wav"
    soundfile.write(file, np.random.default_rng(1).normal(0, 0.001, 48_000 * 4), 48_000)
    result = worker.hear(take_of(file), tmp_path, language="en", work=Work())
    assert result.words == ()
    assert [(gap.start_us, gap.end_us, gap.reason) for gap in result.gaps] == [(0, 4_000_000, "no_speech")]


def test_a_take_without_any_sound_is_flagged(worker: CaptionWorker, tmp_path: Path):
    silent = replace(take_of(ANSWER), segments=())
    result = worker.hear(silent, tmp_path, language="en", work=Work())
    assert [gap.reason for gap in result.gaps] == ["no_sound"]
    assert assets.text("flags.no_sound")


def test_a_take_whose_file_is_gone_fails_after_the_others_are_kept(model: Path, tmp_path: Path):
    # The one process that hears three takes: one gone, one broken, one whole.
    shutil.copy(ANSWER, tmp_path)
    (tmp_path / "broken.wav").write_text("no sound at all")
    whole = take_of(tmp_path / ANSWER.name)
    gone = replace(whole, id="gone", segments=(replace(whole.segments[0], file="gone.wav"),))
    broken = replace(whole, id="broken", segments=(replace(whole.segments[0], file="broken.wav"),))
    kept: list[Transcript] = []
    told: list[float] = []
    with pytest.raises(UserError) as error:
        caption_takes(
            [(gone, tmp_path), (broken, tmp_path), (whole, tmp_path)],
            model=model,
            on_take=kept.append,
            work=Work(lambda fraction, _note: told.append(fraction or 0.0)),
        )
    assert error.value.message_key == "edit.media_missing"
    assert [(each.take_id, each.model) for each in kept] == [(whole.id, "base")]
    assert max(told) > 0.99


def test_no_takes_need_no_model():
    assert caption_takes([], model="no-such-model", work=Work()) == ()


@pytest.mark.drill
def test_a_worker_that_dies_is_replaced_and_the_take_heard(model: Path, heard: Heard):
    with CaptionWorker(model) as dying:
        killed: list[int] = []

        def kill_once(_fraction: float | None, note: str) -> None:
            if note == "caption.listening" and not killed and dying.pid is not None:
                killed.append(dying.pid)
                os.kill(dying.pid, 9)

        again = dying.hear(take_of(ANSWER), ANSWER.parent, language="en", work=Work(kill_once))
        assert killed
        assert dying.pid not in killed
    assert [word.text for word in again.words] == [word.text for word in heard.words]


def test_a_take_is_heard_on_from_where_a_crash_ended_it(worker: CaptionWorker, tmp_path: Path):
    shutil.copy(ANSWER, tmp_path)
    take = take_of(tmp_path / ANSWER.name)
    asked = to_line(Hear(take, str(tmp_path), "en")).strip()
    before = PartFile(tmp_path, model="base", asked=asked)
    kept = Word(0, 400_000, "Kept.", 1.0)
    before.add(Part(8 * 16_000, "en", 1.0, (kept,), (), 8_000_000))
    heard = worker.hear(take, tmp_path, language="en", work=Work())
    assert heard.words[0] == kept
    assert heard.words[1].start_us >= 7_900_000
    assert "in one morning." in text_of(heard)
    assert not (tmp_path / PART_FILE).exists()


def test_a_worker_waits_while_a_recorder_loses_frames(worker: CaptionWorker, tmp_path: Path):
    folder = tmp_path / "media" / "r1" / "t1"
    folder.mkdir(parents=True)
    shutil.copy(ANSWER, folder)
    ask_for_room(tmp_path / "media")
    noted: list[str] = []

    def on_report(_fraction: float | None, note: str) -> None:
        noted.append(note)
        if note == "caption.waiting":
            (tmp_path / "media" / SIGN_FILE).unlink(missing_ok=True)

    heard = worker.hear(take_of(folder / ANSWER.name), folder, language="en", work=Work(on_report))
    assert "caption.waiting" in noted
    assert noted[-1] == "caption.listening"
    assert heard.words


@pytest.mark.drill
def test_a_worker_that_dies_twice_is_given_up(model: Path):
    with CaptionWorker(model) as dying:

        def kill(_fraction: float | None, note: str) -> None:
            if note == "caption.listening" and dying.pid is not None:
                os.kill(dying.pid, 9)

        with pytest.raises(UserError) as error:
            dying.hear(take_of(ANSWER), ANSWER.parent, language="en", work=Work(kill))
        assert error.value.message_key == "caption.crashed"
        assert assets.text("errors.caption.crashed", **error.value.params)
        assert not dying.alive


def test_stopping_ends_the_process_and_the_next_take_starts_another(model: Path):
    with CaptionWorker(model) as stopped:
        work = Work(lambda _fraction, note: work.cancel() if note == "caption.listening" else None)
        with pytest.raises(Cancelled):
            stopped.hear(take_of(ANSWER), ANSWER.parent, language="en", work=work)
        assert not stopped.alive


def test_files_that_are_no_model_after_all_are_said(model: Path, tmp_path: Path):
    folder = tmp_path / "broken"
    folder.mkdir()
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        shutil.copy(model / name, folder)
    (folder / "model.bin").write_bytes((model / "model.bin").read_bytes()[:100_000])
    with CaptionWorker(folder) as broken, pytest.raises(UserError) as error:
        broken.hear(take_of(ANSWER), ANSWER.parent, language="en", work=Work())
    assert error.value.message_key == "caption.model_broken"
    assert assets.text("errors.caption.model_broken", **error.value.params)


# Nothing missing, from end to end --------------------------------------------------------------------


def spoken(name: str, seconds: float, *, rate_hz: int = RATE_HZ) -> NDArray[np.float32]:
    """The beginning of a sample answer."""
    return read_sound(assets.SAMPLE / f"{name}.flac", rate_hz=rate_hz, work=Work())[
        : round(seconds * rate_hz)
    ]


def noise(seconds: float, *, loud: float) -> NDArray[np.float32]:
    return np.random.default_rng(2).normal(0, loud, round(seconds * RATE_HZ)).astype(np.float32)


def music(seconds: float) -> NDArray[np.float32]:
    """A new chord of plucked strings every half second."""
    at_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    chords_hz = np.array([(220, 277, 330), (196, 247, 294), (175, 220, 262), (165, 208, 247)], float)
    pitch_hz = chords_hz[(at_s * 2).astype(int) % len(chords_hz)].T
    strings = sum(np.sin(2 * np.pi * n * pitch_hz * at_s) / n for n in (1, 2, 3, 4))
    return (0.1 * np.sum(strings, axis=0) * np.exp(-3 * (at_s * 2 % 1))).astype(np.float32)


def heard_of(
    worker: CaptionWorker, folder: Path, sound: NDArray[np.float32], *, rate_hz: int = RATE_HZ, **how: str
) -> Heard:
    """What is written down of a file that a producer imports."""
    file = folder / "brought.wav"
    soundfile.write(file, sound, rate_hz, **how)
    take = import_take(file, media=folder / "media", take=replace(take_of(file), segments=()), work=Work())
    return worker.hear(take, folder / "media" / take.resource_id / take.id, language="en", work=Work())


def test_where_somebody_speaks_are_words_or_a_flag(worker: CaptionWorker, tmp_path: Path):
    # Speech played backwards is a voice that the model leaves out without a word, for 1.8 s of this one.
    answer, quiet = spoken("5-prerequisites", 10), 0.05 * spoken("4-who", 9)
    backwards, pause = answer[::-1][: 6 * RATE_HZ], np.zeros(12 * RATE_HZ, np.float32)
    parts = [answer, noise(15, loud=0.02), quiet, pause, backwards, noise(5, loud=0.001), 20 * quiet]
    sound = np.concatenate(parts)
    sound += noise(len(sound) / RATE_HZ, loud=0.0005)
    heard = heard_of(worker, tmp_path, sound)
    voiced = find_regions(voice_probability(sound), until_us=len(sound) * 1_000_000 // RATE_HZ)
    wordless = find_missing(voiced, heard.words)
    print(f"without words: {wordless}")
    flagged = [(gap.start_us, gap.end_us) for gap in heard.gaps if gap.reason == "no_words"]
    for each in wordless:
        assert any(a <= each.start_us + 50_000 and each.end_us - 50_000 <= b for a, b in flagged), each
    assert "give a range without opening it." in text_of(heard)
    assert "inside sales advisors and branch advisors." in text_of(heard), "said quietly, after a long pause"


@pytest.mark.parametrize("sound", [music(12), np.zeros(5 * RATE_HZ, np.float32)], ids=["music", "silence"])
def test_music_and_silence_are_not_filled_with_words(
    worker: CaptionWorker, tmp_path: Path, sound: NDArray[np.float32]
):
    heard = heard_of(worker, tmp_path, sound)
    assert heard.words == ()
    assert [gap.reason for gap in heard.gaps] == ["no_speech"]


def test_a_telephones_sound_is_written_down(worker: CaptionWorker, tmp_path: Path):
    heard = heard_of(
        worker, tmp_path, spoken("5-prerequisites", 9.6, rate_hz=8000), rate_hz=8000, subtype="ULAW"
    )
    assert "price list well enough to give a range without opening it." in text_of(heard)


def test_a_voice_in_the_middle_of_six_channels_is_written_down(worker: CaptionWorker, tmp_path: Path):
    voice = spoken("5-prerequisites", 9.6)
    around = 0.1 * noise(len(voice) / RATE_HZ, loud=0.01)
    heard = heard_of(worker, tmp_path, np.stack([around, around, voice, 0 * around, around, around], axis=1))
    assert "price list well enough to give a range without opening it." in text_of(heard)


@pytest.mark.drill
def test_a_worker_killed_in_a_long_take_redoes_nothing_that_it_had_finished(model: Path, tmp_path: Path):
    answer, pause = spoken("5-prerequisites", 9.6), np.zeros(200 * RATE_HZ, np.float32)
    soundfile.write(tmp_path / "long.wav", np.concatenate([answer, pause, answer, pause, answer]), RATE_HZ)
    take = take_of(tmp_path / "long.wav")
    kept: list[bytes] = []
    told: list[float] = []
    with CaptionWorker(model) as dying:
        pids: list[int] = []

        def kill_after_the_first_part(fraction: float | None, note: str) -> None:
            if note != "caption.listening" or not fraction or dying.pid is None:
                return
            told.append(fraction)
            pids.append(dying.pid)
            if len(told) == 1:
                os.kill(dying.pid, 9)
                kept.append((tmp_path / PART_FILE).read_bytes())

        heard = dying.hear(take, tmp_path, language="en", work=Work(kill_after_the_first_part))
    assert kept[0].count(b"\n") == 2, "its head and one part"
    assert len(set(pids)) == 2
    assert told == sorted(told)
    assert told[0] < told[1], "the second process began after what the first had finished"
    assert text_of(heard).count("give a range without opening it.") == 3
    assert not (tmp_path / PART_FILE).exists()
