"""The terminal shows level and events of a recording."""

from app.recording_view import RecordingView
from capture.recorder_messages import Event, Position


def test_the_level_follows_and_its_peak_is_held():
    view = RecordingView(tell=lambda line: None)
    assert view.line() == "0:00"
    view.on_message(Position(61_000_000, peak_db=-6.0, rms_db=-30.0))
    line = view.line()
    assert line.startswith("1:01 ▕██████ ")
    assert line.endswith(" -6 dB")
    view.on_message(Position(62_000_000, peak_db=-40.0, rms_db=-60.0))
    assert "█" not in view.line()
    assert "│" in view.line()
    assert view.line().endswith(" -6 dB"), "held"
    for _ in range(20):
        view.on_message(Position(63_000_000, peak_db=-40.0, rms_db=-60.0))
    assert view.line().endswith("-40 dB")


def test_events_are_told_in_words():
    told: list[str] = []
    view = RecordingView(tell=told.append)
    view.on_message(Event(65_000_000, "mic.stalled"))
    assert len(told) == 1
    assert told[0].startswith("1:05 ")
    assert "microphone stopped" in told[0]
