"""A chip encodes only after it has proven that every picture comes out as asked; until then x264 does."""

from fractions import Fraction

import pytest

from capture.encoder import Encoder, EncoderChoice, hardware, proves, software
from capture.video_file import VideoFile

SIZE = {"width": 320, "height": 180, "rate": Fraction(30)}


def test_x264_proves_itself():
    assert proves(software(Fraction(30)), **SIZE)


@pytest.mark.parametrize(
    "bad",
    [
        Encoder("no_such_encoder"),
        Encoder("h264_nvenc", {"preset": "p1"}),
        Encoder("libx264", {"x264-params": "keyint=10"}),
        Encoder("libx264", {"preset": "ultrafast", "crf": "51", "forced-idr": "1"}, "yuv444p16le"),
    ],
    ids=["unknown", "no such chip here", "key frames where it likes", "a format it does not know"],
)
def test_what_does_not_do_as_asked_is_not_trusted(bad):
    assert not proves(bad, **SIZE)


def test_a_proven_one_is_used_from_the_next_take_on():
    stand_in = Encoder("libx264", software(Fraction(30)).options)
    choice = EncoderChoice(lambda: (Encoder("h264_amf", {}), stand_in))
    assert choice.encoder(**SIZE) == software(Fraction(30))
    thread = choice.try_for(**SIZE)
    assert thread is not None
    thread.join(60)
    assert choice.encoder(**SIZE) is stand_in
    assert choice.try_for(**SIZE) is None, "tried once"


def test_only_chips_that_can_be_there_are_tried(tmp_path):
    assert hardware(platform="linux", root=tmp_path) == ()
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "nvidia0").touch()
    assert [each.name for each in hardware(platform="linux", root=tmp_path)] == ["h264_nvenc"]
    assert [each.name for each in hardware(platform="darwin")] == ["h264_videotoolbox"]
    assert len(hardware(platform="win32")) == 3


def test_the_settings_say_what_encoded_the_pictures(tmp_path, make_media):
    """And a camera that does not say the shape of its pixels is no trouble."""
    from capture.file_device import FileCamera

    jpegs = make_media("jpegs.avi", "-vf", "setsar=0", "-c:v", "mjpeg", "-an", seconds=1)
    camera = FileCamera(jpegs, paced=False)
    delivers = camera.open()
    assert not delivers.video.sample_aspect_ratio
    encoder = Encoder("libx264", {**software(Fraction(30)).options, "crf": "30"}, "nv12")
    file = VideoFile(tmp_path / "camera-001.mp4", delivers, encoder=encoder)
    for packet in camera.packets(0):
        for frame in packet.decode():
            file.write_frame(frame)
    file.close()
    camera.close()
    assert file.frames == 30
    assert (file.settings["encoder"], file.settings["crf"], file.settings["pix_fmt"]) == (
        "libx264",
        "30",
        "nv12",
    )
