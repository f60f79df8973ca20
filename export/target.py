"""What a target is: a learning system's package format, or a page, made of one frozen version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import assets
from capture.work import Work
from editor.model import Version


@dataclass(frozen=True, slots=True)
class Edition:
    """A frozen version with its rendered media: the same edition gives the same bytes.

    Args:
        version: What was published.
        video: The rendered MP4.
        poster: A JPEG that stands for the video until it plays.
        stem: ASCII name that the packages start with.
        captioned: The MP4 with the captions in its picture, where the version asks for it.
    """

    version: Version
    video: Path
    poster: Path
    stem: str
    captioned: Path | None = None


class Target(Protocol):
    """One package format; each lives in a file of its own and is listed in ``registry``."""

    @property
    def name(self) -> str:
        """What ``--to`` calls it."""

    def build(self, edition: Edition, folder: Path, *, work: Work) -> Path:
        """Write the whole package into the empty ``folder``; return its main file or folder."""


def target_title(name: str) -> str:
    """Return what people call a target."""
    return assets.text(f"publish.target.{name}.name")


def missing_members(candidate: object) -> tuple[str, ...]:
    """Return which members of ``Target`` a candidate lacks, so that an error can name them."""
    wanted = [name for name in vars(Target) if not name.startswith("_")]
    return tuple(name for name in wanted if not hasattr(candidate, name))
