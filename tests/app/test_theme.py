"""Colours and sizes come from the tokens, in both themes and at every size of text."""

import re
import sys

import pytest
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QWidget

import assets
from app.theme import Look, Theme, current, dress, pixmap
from app.theme.look import sheet
from app.theme.tokens import tokens


@pytest.fixture
def look(qapp):
    made = Look(qapp)
    yield made
    made.darken(dark=False)
    made.choose("light", text_percent=100, reduced_motion=False)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("percent", [100, 200])
def test_the_style_sheet_knows_only_colours_of_the_tokens(scheme, percent):
    made = sheet(Theme(scheme, percent))
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", made)) <= set(tokens()["themes"][scheme].values())
    assert "$" not in made
    assert "font" not in made.partition("*/")[2]


def test_studio_is_dark_whatever_else_holds(look):
    look.choose("light", text_percent=100, reduced_motion=False)
    look.darken(dark=True)
    assert current().scheme == "dark"
    look.darken(dark=False)
    assert current().scheme == "light"


def test_what_is_hidden_takes_the_sheet_of_a_theme_when_it_is_shown(look, qtbot):
    look.choose("light", text_percent=100, reduced_motion=False)
    shown, hidden = QWidget(), QWidget()
    for each in (shown, hidden):
        qtbot.addWidget(each)
        dress(each)
    shown.show()
    look.choose("dark", text_percent=100, reduced_motion=False)
    assert shown.styleSheet() == sheet(Theme("dark"))
    assert hidden.styleSheet() == sheet(Theme("light"))
    hidden.show()
    assert hidden.styleSheet() == sheet(Theme("dark"))


def test_text_is_never_below_twelve_pixels(look):
    for role in ("caption", "body", "title", "prompt-studio"):
        assert Theme("light").font(role).pixelSize() >= 12
        assert Theme("light", 200).font(role).pixelSize() == 2 * Theme("light").font(role).pixelSize()


def test_controls_grow_with_their_text():
    assert Theme("light").height("control") == 32
    assert Theme("light", 200).height("control") == 52


def test_reduced_motion_means_no_motion():
    assert Theme("light").motion_ms("normal") == 180
    assert Theme("light", moving=False).motion_ms("normal") == 0


def test_bold_text_is_bold(look, qapp):
    light, bold = Theme("light").font("body"), Theme("light").font("title-small")
    bold.setPixelSize(light.pixelSize())
    assert QFontMetrics(bold).horizontalAdvance("Lapel") > QFontMetrics(light).horizontalAdvance("Lapel")


def test_icons_take_the_colour_of_the_theme(look):
    look.choose("light", text_percent=100, reduced_motion=False)
    image = pixmap("check", "ok", size=24).toImage()
    seen = {
        image.pixelColor(x, y).name()
        for x in range(24)
        for y in range(24)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert current().hex("ok").lower() in seen


def test_every_icon_is_one_that_ships_with_its_licence():
    assert (assets.ICONS / "LICENSE").is_file()
    for path in assets.ICONS.glob("*.svg"):
        assert "<svg" in path.read_text(encoding="utf-8")


def test_painting_does_not_use_up_none(qapp):
    """PySide6 6.12.0 did under Python 3.11, see docs/adr/0002."""
    image = QImage(10, 10, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    before = sys.getrefcount(None)
    for _ in range(1000):
        painter.setPen(QColor("red"))
    after = sys.getrefcount(None)
    painter.end()
    assert abs(after - before) < 100
