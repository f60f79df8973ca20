"""Every text that the phone page asks for exists, and none is left that it does not ask for."""

import re
from itertools import product

import assets
from capture.phone_page import PHONE, SCRIPTS, page_files

MADE_UP = {f"refused_{kind}_{step}" for kind, step in product(("ios", "android", "other"), (1, 2, 3))}


def texts():
    return {key for key, value in assets.strings()["phone"].items() if isinstance(value, str)}


def scripts():
    return "\n".join((PHONE / "src" / f"{name}.js").read_text() for name in SCRIPTS)


def in_page():
    return set(re.findall(r"\btext\.(\w+)", (PHONE / "index.html.j2").read_text()))


def test_every_text_the_page_asks_for_exists():
    asked = set(re.findall(r"phone\.text\('(\w+)'[,)]|view\.note\('(\w+)'", scripts()))
    named = {name for pair in asked for name in pair if name}
    assert (named | in_page() | MADE_UP) - texts() == set()


def test_no_text_is_left_that_the_page_does_not_ask_for():
    quoted = set(re.findall(r"'(\w+)'", scripts()))
    assert texts() - quoted - in_page() - MADE_UP == set()


def test_every_script_is_part_of_the_page():
    assert {path.stem for path in (PHONE / "src").glob("*.js")} == set(SCRIPTS)


def test_a_hostile_name_of_the_laptop_stays_text():
    files = page_files(laptop="</script><img src=x onerror=alert(1)>", most_part_bytes=1)
    assert b"<img" not in files[""].data
    assert b"<" not in files["data.js"].data


def test_the_page_asks_nothing_of_anybody_else():
    for file in page_files(laptop="Laptop", most_part_bytes=1).values():
        if not file.content_type.startswith("font/"):
            assert not re.search(rb"https?://(?!www\.w3\.org)", file.data)
            assert b" style=" not in file.data
            assert not re.search(rb"\son\w+=", file.data)
