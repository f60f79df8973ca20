"""What a check found, in words that a producer can act on, and where it is mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import assets

#: ``error`` stops an export, ``warning`` does not, ``ok`` is a comfort.
CheckLevel = Literal["error", "warning", "ok"]
#: The stage of the window where it is mended.
Place = Literal["brief", "studio", "edit", "captions", "details", "publish"]

_ORDER: dict[CheckLevel, int] = {"error": 0, "warning": 1, "ok": 2}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Args:
        level: How much it matters.
        key: Its stable name; the wording is ``checks.<key>.text``, what to do ``checks.<key>.fix``.
        place: The screen where it is mended.
        params: What fills the wording.
        field: The field of that screen, empty where the whole screen is meant.
        target: Which package it is about, empty where it is about the resource.
    """

    level: CheckLevel
    key: str
    place: Place
    params: Mapping[str, object] = field(default_factory=dict)
    field: str = ""
    target: str = ""


def text(check: Check) -> str:
    """Return what was found, in plain words."""
    return assets.text(f"checks.{check.key}.text", **check.params)


def fix(check: Check) -> str:
    """Return what to do about it, empty where nothing needs doing."""
    return "" if check.level == "ok" else assets.text(f"checks.{check.key}.fix", **check.params)


def command(check: Check, *, resource_id: str) -> str:
    """Return the command that does it, for the terminal; empty where there is none."""
    if "command" not in assets.strings()["checks"][check.key]:
        return ""
    return assets.text(f"checks.{check.key}.command", **{**check.params, "id": resource_id})


def words(check: Check) -> str:
    """Return both in one line."""
    return f"{text(check)} {fix(check)}".strip()


def ordered(found: Iterable[Check]) -> tuple[Check, ...]:
    """Return errors first, then warnings, then what is well."""
    return tuple(sorted(found, key=lambda each: _ORDER[each.level]))


def errors(found: Iterable[Check]) -> tuple[Check, ...]:
    """Return those that stop an export."""
    return tuple(each for each in found if each.level == "error")
