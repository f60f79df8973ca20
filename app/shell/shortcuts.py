"""Every key of the program in one table: where it works and what it does (DESIGN.md section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Scope = Literal[
    "everywhere", "library", "brief", "studio", "edit", "captions", "details", "publish", "first-run"
]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys of one action. What it does, in words, is ``keys.<action>`` of the strings.

    Args:
        action: Name by which a screen binds it.
        scopes: Where it works.
        keys: Any of them; in Qt's portable names.
        hint: Place among the key hints of the status bar; 0 means none.
    """

    action: str
    scopes: tuple[Scope, ...]
    keys: tuple[str, ...]
    hint: int = 0


def _all(scope: Scope, *rows: tuple[str, str] | tuple[str, str, int]) -> tuple[Shortcut, ...]:
    return tuple(
        Shortcut(row[0], (scope,), tuple(row[1].split(" ")), row[2] if len(row) == 3 else 0) for row in rows
    )


SHORTCUTS: tuple[Shortcut, ...] = (
    *_all(
        "everywhere",
        ("library", "Ctrl+0"),
        ("brief", "Ctrl+1"),
        ("studio", "Ctrl+2"),
        ("edit", "Ctrl+3"),
        ("details", "Ctrl+4"),
        ("publish", "Ctrl+5"),
        ("new", "Ctrl+N"),
        ("undo", "Ctrl+Z"),
        ("redo", "Ctrl+Shift+Z Ctrl+Y"),
        ("find", "Ctrl+F"),
        ("find_next", "F3"),
        ("find_previous", "Shift+F3"),
        ("primary", "Ctrl+Return Ctrl+Enter"),
        ("save", "Ctrl+S"),
        ("settings", "Ctrl+,"),
        ("shortcuts", "F1"),
        ("panel_next", "F6"),
        ("panel_previous", "Shift+F6"),
        ("leave", "Esc"),
    ),
    *_all(
        "library",
        ("library_open", "Return Enter", 1),
        ("library_play", "Space", 2),
        ("library_bin", "Del", 3),
    ),
    *_all(
        "brief",
        ("prompt_up", "Alt+Up"),
        ("prompt_down", "Alt+Down"),
        ("prompt_edit", "F2"),
        ("prompt_include", "Space"),
    ),
    *_all(
        "studio",
        ("record", "R", 1),
        ("prompt_next", "N PgDown", 2),
        ("prompt_previous", "Shift+N PgUp"),
        ("take_new", "T", 3),
        ("mark", "M", 4),
        ("take_best", "B", 5),
        ("take_play", "Space"),
        ("grid", "G", 6),
        ("mirror", "H"),
        ("prompter", "P", 7),
        ("take_up", "Up"),
        ("take_down", "Down"),
    ),
    *_all(
        "edit",
        ("play", "Space"),
        ("shuttle_back", "J", 1),
        ("shuttle_stop", "K"),
        ("shuttle_on", "L"),
        ("frame_back", ","),
        ("frame_on", "."),
        ("step_back", "Left"),
        ("step_on", "Right"),
        ("stride_back", "Shift+Left"),
        ("stride_on", "Shift+Right"),
        ("cut_previous", "Up"),
        ("cut_next", "Down"),
        ("go_start", "Home"),
        ("go_end", "End"),
        ("set_in", "I"),
        ("set_out", "O"),
        ("cut", "Del Backspace", 2),
        ("split", "S", 3),
        ("chapter", "C", 4),
        ("mark", "M"),
        ("play_selection", "/"),
        ("fix_words", "F2"),
        ("show_cuts", "D"),
        ("hear_original", "X"),
        ("zoom_in", "+"),
        ("zoom_out", "-"),
        ("zoom_fit", "\\"),
    ),
    *_all(
        "captions",
        ("play", "Space"),
        ("play_typing", "F5", 3),
        ("caption_edit", "Return Enter", 1),
        ("caption_line", "Shift+Return"),
        ("set_in", "I"),
        ("set_out", "O"),
        ("caption_join", "Ctrl+J"),
        ("caption_split", "Ctrl+K"),
        ("caption_earlier", "Ctrl+["),
        ("caption_later", "Ctrl+]"),
        ("check_next", "F8", 2),
        ("check_previous", "Shift+F8"),
    ),
    *_all(
        "details",
        ("suggestion_accept", "Return Enter"),
        ("suggestions_all", "Ctrl+Shift+A", 1),
        ("preview", "F9"),
        ("check_first", "F8", 2),
    ),
    *_all("publish", ("preview", "F9", 1), ("check_first", "F8", 2)),
)

#: Keys that the focused control may want itself. They act only when it leaves them alone.
PLAIN_KEYS = frozenset(
    {"Space", "Return", "Enter", "Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDown", "Del"}
    | {"Backspace", "Shift+Left", "Shift+Right", "Shift+Return", "Esc"}
)


def shortcuts_of(scope: Scope, *, changed: Mapping[str, str] | None = None) -> tuple[Shortcut, ...]:
    """Return the shortcuts that work on a screen, its own first.

    Args:
        scope: The screen.
        changed: Keys the person gave to actions, by ``scope.action``.
    """
    own = [each for each in SHORTCUTS if scope in each.scopes]
    common = [each for each in SHORTCUTS if "everywhere" in each.scopes and scope != "everywhere"]
    return tuple(_with_changes(each, changed or {}) for each in (*own, *common))


def clashes(scope: Scope, *, changed: Mapping[str, str] | None = None) -> dict[str, tuple[str, ...]]:
    """Return each key that does two things on a screen, with the actions that want it."""
    wanted: dict[str, list[str]] = {}
    for shortcut in shortcuts_of(scope, changed=changed):
        for key in shortcut.keys:
            wanted.setdefault(key, []).append(shortcut.action)
    return {key: tuple(actions) for key, actions in wanted.items() if len(actions) > 1}


def setting_name(shortcut: Shortcut) -> str:
    """Return by what name the settings keep a changed key."""
    return f"{shortcut.scopes[0]}.{shortcut.action}"


def _with_changes(shortcut: Shortcut, changed: Mapping[str, str]) -> Shortcut:
    key = changed.get(setting_name(shortcut))
    if not key:
        return shortcut
    return Shortcut(shortcut.action, shortcut.scopes, (key,), shortcut.hint)
