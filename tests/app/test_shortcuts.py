"""The table of keys holds what DESIGN.md section 3 says, and no key means two things."""

import re

import pytest
from PySide6.QtGui import QKeySequence

import assets
from app.shell.keys import shown
from app.shell.shortcuts import SHORTCUTS, clashes, shortcuts_of
from tests.conftest import SHARED

SCOPES = ("library", "brief", "studio", "edit", "captions", "details", "publish")
TAKEN_BY_SYSTEMS = {"Alt+Space", "Ctrl+Space", "Alt+F4", "Ctrl+Q", "Ctrl+W", "F11", "Ctrl+Alt+Del"}


@pytest.mark.parametrize("scope", SCOPES)
def test_no_key_does_two_things(scope):
    assert clashes(scope) == {}


def test_a_changed_key_is_seen_as_a_clash_where_it_is_one():
    assert clashes("edit", changed={"edit.split": "C"}) == {"C": ("split", "chapter")}


def test_every_key_is_one_that_qt_knows_and_no_system_takes():
    for shortcut in SHORTCUTS:
        for key in shortcut.keys:
            assert QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText) == key, key
            assert key not in TAKEN_BY_SYSTEMS
            assert not re.fullmatch(r"Alt\+[A-Z]", key)


def test_every_action_has_words():
    for shortcut in SHORTCUTS:
        assert assets.text(f"keys.{shortcut.action}")


def test_the_table_of_the_design_is_all_there():
    design = SHARED / "design" / "DESIGN.md"
    if not design.is_file():
        pytest.skip("the design is not here")
    section = design.read_text(encoding="utf-8").partition("## 3. Keyboard")[2].partition("## 4.")[0]
    names = {"Enter": "Return", "PageDown": "PgDown", "PageUp": "PgUp", "Shift+Ctrl+Z": "Ctrl+Shift+Z"}
    names |= {"Shift+Ctrl+A": "Ctrl+Shift+A", "Ctrl+Enter": "Ctrl+Return", "Shift+Enter": "Shift+Return"}
    missing = []
    for where, keys in re.findall(r"^\| ([^|]+) \| `(.+?)` \|", section, re.MULTILINE):
        scope = {
            "Everywhere": "everywhere",
            "Library, Journeys": "library",
            "Brief": "brief",
            "Studio": "studio",
            "Edit, Cut": "edit",
            "Edit, Captions": "captions",
        }.get(where)
        if scope is None or keys == "Arrows" or (keys.startswith("Alt+") and scope == "library"):
            continue  # lists move by themselves; journeys come later
        wanted = [", ", "."] if keys == ", ." else re.split(r", (?=\S)", keys)
        if keys == "Ctrl+1 … Ctrl+5":
            wanted = [f"Ctrl+{number}" for number in range(1, 6)]
        have = {key for each in shortcuts_of(scope) for key in each.keys}
        missing += [(where, key) for key in map(str.strip, wanted) if names.get(key, key) not in have]
    assert missing == []


def test_keys_are_shown_as_caps():
    assert shown("Ctrl+F") == ("Ctrl", "F")
    assert shown("+") == ("+",)
