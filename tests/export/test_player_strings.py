"""Every text of the pages exists, and none is left that no page asks for."""

import re
from itertools import product

import assets
from export import player, preview

ENDINGS = {
    "size": player.SIZES,
    "colours": player.COLOURS,
    "key": [does for _, does in player.SHORTCUTS],
    "kind": ("skill", "theory", "strategy", "join"),
    "thanks": ("system", "browser", "page", "producer"),
}
MADE_UP = {f"{start}_{end}" for start, ends in ENDINGS.items() for _, end in product([start], ends)}
IN_PYTHON = {*player.PARTS, "version"}


def texts():
    return {key for key, value in assets.strings()["player"].items() if isinstance(value, str)}


def scripts():
    return "\n".join(path.read_text() for path in (assets.PLAYER / "src").glob("*.js"))


def in_page():
    return set(re.findall(r"\btext\.(\w+)", (assets.PLAYER / "index.html.j2").read_text()))


def test_every_text_a_page_asks_for_exists():
    asked = set(re.findall(r"lapel\.text\('(\w+)'[,)]", scripts()))
    assert (asked | in_page() | MADE_UP | IN_PYTHON) - texts() == set()


def test_no_text_is_left_that_no_page_asks_for():
    quoted = set(re.findall(r"'(\w+)'", scripts()))
    assert texts() - quoted - in_page() - MADE_UP - IN_PYTHON == set()


def test_the_preview_has_its_words():
    page = (assets.PREVIEW / "host.html.j2").read_text()
    scripts = "".join(each.read_text() for each in assets.PREVIEW.glob("*.js"))
    asked = set(re.findall(r"\btext\.(\w+)", page)) | set(re.findall(r"\bwords\.(\w+)", scripts))
    asked |= {f"standard_{target}" for target in preview.RUNTIMES}
    assert asked == {*assets.strings()["player"]["preview"]}
