"""The input level is set where the system has it."""

import pytest

from app.sound_settings import sound_settings


@pytest.mark.parametrize(
    ("platform", "there", "opened"),
    [
        ("darwin", (), ("x-apple.systempreferences:com.apple.Sound-Settings.extension",)),
        ("win32", (), ("ms-settings:sound",)),
        ("linux", ("pavucontrol", "gnome-control-center"), ("gnome-control-center", "sound")),
        ("linux", ("pavucontrol",), ("pavucontrol", "--tab=4")),
        ("linux", (), ()),
    ],
)
def test_each_desktop_has_its_own(platform, there, opened):
    assert sound_settings(platform, which=lambda name: name if name in there else None) == opened
