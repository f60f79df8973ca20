"""Remember what the person prefers and how the window was left, in one small file of their own."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import msgspec
import platformdirs

from app import messages
from capture.errors import UserError
from capture.files import write_whole

log = logging.getLogger(__name__)

SETTINGS_FILE = "settings.json"
#: What captions can be told to be in, as BCP 47; the models hear others too.
CAPTION_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt", "tr", "sv", "ja", "zh")


def caption_languages() -> dict[str, str]:
    """Return what captions can be told to be in, with words; "" is what is heard."""
    names = {code: messages.text(f"languages.{code}") for code in CAPTION_LANGUAGES}
    return {"": messages.text("settings.language_heard"), **names}


@dataclass(frozen=True, slots=True)
class WindowState:
    """How the window was left; ``geometry`` is Qt's own, as base64."""

    geometry: str = ""
    folded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. A new field needs a default; unknown ones of a newer Lapel are kept out.

    Args:
        theme: Colours; ``system`` follows the system.
        dark_in_studio_and_edit: Dark there whatever ``theme`` says.
        text_percent: Size of text, 100 to 200.
        reduced_motion: No movement beyond what is needed.
        library_view: How Library shows resources.
        library_sort: By what Library sorts.
        completion_percent: What Publish starts from.
        targets: What Publish starts with ticked.
        feedback: Whether packages ask if it helped.
        transcript: Whether packages hold what is said as text.
        download: Whether packages offer the video as a file.
        height_px: How many lines the published picture may have.
        most_mb: What a package may weigh; 0 for what it comes to.
        lower_third: Whether the video shows name and role of the expert at the start.
        burnt_captions: Whether captions are part of the picture of the plain video file.
        base_iri: What names in record stores start with where a resource is published for the first time.
        record_store: Address of the xAPI record store that feedback is read from; its key is in the keyring.
        record_store_user: Name the store knows us by.
        camera: What Studio records the picture from, as ``lapel record --camera``; empty: the first there is.
        mic: Likewise the voice.
        phone_address: Of this laptop, on the network over which the phone came in last.
        countdown_s: From Record to recording.
        start_tick: Whether a tick is heard when a take is about to start.
        prompter_mirror: Turned round, for a prompter that is read in a mirror.
        prompter_percent: Size of the prompter's text.
        prompter_time: Whether the prompter shows how long the take is.
        second_copy: Folder that gets a second copy of each take; empty: none.
        model: Caption model.
        caption_language: BCP 47; empty: hear which it is.
        keys: Keys changed by the person: action to key sequence.
        first_run_done: Whether the three checks were passed or skipped.
        window: How the window was left.
    """

    theme: Literal["system", "light", "dark"] = "system"
    dark_in_studio_and_edit: bool = True
    text_percent: int = 100
    reduced_motion: bool = False
    library_view: Literal["cards", "list"] = "cards"
    library_sort: Literal["changed", "title", "level"] = "changed"
    completion_percent: int = 80
    targets: tuple[str, ...] = ()
    feedback: bool = True
    transcript: bool = True
    download: bool = False
    height_px: Literal[720, 1080] = 720
    most_mb: int = 0
    lower_third: bool = False
    burnt_captions: bool = False
    base_iri: str = ""
    record_store: str = ""
    record_store_user: str = ""
    camera: str = ""
    mic: str = ""
    phone_address: str = ""
    countdown_s: Literal[0, 3, 5] = 3
    start_tick: bool = False
    prompter_mirror: bool = False
    prompter_percent: int = 100
    prompter_time: bool = True
    second_copy: str = ""
    model: str = "base"
    caption_language: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    first_run_done: bool = False
    window: WindowState = WindowState()


def settings_folder() -> Path:
    """Return ``LAPEL_SETTINGS``, else the platform's folder for settings."""
    given = os.environ.get("LAPEL_SETTINGS", "").strip()
    return Path(given).expanduser() if given else platformdirs.user_config_path("Lapel", appauthor=False)


class SettingsFile:
    """The settings now, and the file that keeps them; a broken file is put aside, not overwritten."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / SETTINGS_FILE
        self.now = self._read()
        self._told: list[Callable[[Settings], None]] = []
        self.on_error: Callable[[UserError], None] = lambda error: log.warning("%s", error)

    def change(self, **fields: Any) -> Settings:  # noqa: ANN401 - fields of Settings
        """Keep other values for some fields and tell who listens; ``on_error`` hears of a full disk."""
        self.now = replace(self.now, **fields)
        for told in tuple(self._told):
            told(self.now)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, msgspec.json.format(msgspec.json.encode(self.now), indent=1))
        except OSError as error:
            self.on_error(UserError("settings.unwritable", path=self.path, reason=error.strerror or error))
        return self.now

    def listen(self, told: Callable[[Settings], None]) -> None:
        """Call ``told`` after each change."""
        self._told.append(told)

    def _read(self) -> Settings:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Settings)
        except FileNotFoundError:
            return Settings()
        except (OSError, msgspec.MsgspecError) as error:
            log.warning("the settings in %s cannot be read, so defaults hold: %s", self.path, error)
            with contextlib.suppress(OSError):
                self.path.replace(self.path.with_suffix(".broken.json"))
            return Settings()
