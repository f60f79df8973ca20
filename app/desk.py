"""What every screen works with: the library, jobs, messages, settings, and the ways to other screens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from app.jobs import Jobs
    from app.library_holder import LibraryHolder
    from app.settings import SettingsFile
    from capture.errors import UserError

ScreenName = Literal["library", "first-run", "brief", "studio", "edit", "details", "publish"]
STAGES: tuple[ScreenName, ...] = ("brief", "studio", "edit", "details", "publish")

#: What a message offers: the words of a button, and what it does.
Offer = tuple[str, Callable[[], None]]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a resource a screen should open.

    Args:
        part: Part of the screen: "captions" in Edit, the name of a field in Brief or Details.
        take_id: The take that ``at_us`` counts in; empty: on the result's clock.
        at_us: The moment.
        words: What was searched for, to be found again there.
    """

    part: str = ""
    take_id: str = ""
    at_us: int | None = None
    words: str = ""


class Door(Protocol):
    """The one way to say something to the person that belongs to no field. Texts come from the strings."""

    def toast(self, text: str, *, offers: Sequence[Offer] = ()) -> None:
        """Say for some seconds that something was done, perhaps with Undo."""

    def error(self, error: UserError, *, offers: Sequence[Offer] = ()) -> None:
        """Say above the screen what went wrong, until it is closed. Better say it where it happened."""

    def ask(self, title: str, text: str, *, yes: str, no: str, danger: bool = False) -> bool:
        """Ask before something that cannot be taken back; return whether the person wants it."""

    def announce(self, text: str) -> None:
        """Say something to screen readers only."""


class Ways(Protocol):
    """The ways between screens."""

    def to(self, screen: ScreenName, resource_id: str = "", *, spot: Spot | None = None) -> None:
        """Show a screen, for a resource where it is a stage."""

    def new_resource(self) -> None:
        """Start a new resource and open its brief."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every screen works with; made once in ``app/window.py`` and handed to each screen."""

    holder: LibraryHolder
    jobs: Jobs
    settings: SettingsFile
    door: Door
    ways: Ways

    @property
    def folder(self) -> Path:
        """The library's folder."""
        return self.holder.folder
