"""Open the system's own sound settings: how loud a microphone comes in is set there, and nowhere else.

Lapel never makes a take louder while it is recorded: what is on disk is what the microphone sent.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

_ADDRESSES = {
    "darwin": "x-apple.systempreferences:com.apple.Sound-Settings.extension",
    "win32": "ms-settings:sound",
}
#: The settings of the desktops, the commonest first, then the mixers of PulseAudio and ALSA.
_PROGRAMS = (
    ("gnome-control-center", "sound"),
    ("systemsettings", "kcm_pulseaudio"),
    ("cinnamon-settings", "sound"),
    ("mate-volume-control",),
    ("pavucontrol", "--tab=4"),
    ("pavucontrol-qt", "--tab=3"),
)


def sound_settings(platform: str, *, which: Callable[[str], str | None] = shutil.which) -> tuple[str, ...]:
    """Return the address of the sound settings, or the command that opens them; empty if there is none.

    Args:
        platform: As ``sys.platform``.
        which: Returns where a program is, or None.
    """
    if platform in _ADDRESSES:
        return (_ADDRESSES[platform],)
    return next((each for each in _PROGRAMS if which(each[0]) is not None), ())


def open_sound_settings() -> bool:
    """Open them; return whether there are any."""
    found = sound_settings(sys.platform)
    if not found:
        return False
    if ":" in found[0]:
        return QDesktopServices.openUrl(QUrl(found[0]))
    started = QProcess.startDetached(found[0], list(found[1:]))
    return bool(started[0] if isinstance(started, tuple) else started)
