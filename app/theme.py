"""Colours and sizes of the design, the same for style sheets and for what we paint ourselves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

import assets

Scheme = Literal["light", "dark"]

_SHEET = """
QWidget {{ background: {window}; color: {text}; }}
QListView {{ background: {surface}; border: 1px solid {border}; border-radius: 10px; outline: none; }}
QListView::item {{ border-bottom: 1px solid {border}; padding: 8px 16px; }}
QListView::item:hover {{ background: {surface-hover}; }}
QListView::item:selected {{ background: {surface-selected}; color: {text}; }}
QListView:focus {{ border: 2px solid {focus}; }}
QLabel#says {{ color: {text-muted}; padding: 48px; }}
QStatusBar {{ color: {text-muted}; min-height: 28px; }}
"""


@dataclass(frozen=True, slots=True)
class Theme:
    """One scheme's colours by their design names, as ``#RRGGBB``."""

    scheme: Scheme
    colours: dict[str, str]

    def colour(self, name: str) -> QColor:
        """Return a colour for painting."""
        return QColor(self.colours[name])

    def sheet(self) -> str:
        """Return the style sheet of the program."""
        return _SHEET.format_map(self.colours)


def read_theme(scheme: Scheme) -> Theme:
    """Return the colours of a scheme."""
    return Theme(scheme, json.loads(assets.TOKENS.read_text(encoding="utf-8"))["themes"][scheme])


def apply(application: QApplication) -> None:
    """Give the program its font and the colours of the system's scheme, also when that changes."""
    QFontDatabase.addApplicationFont(str(assets.FONTS / "InterVariable.ttf"))
    font = QFont("Inter Variable")
    font.setPixelSize(13)
    application.setFont(font)
    hints = application.styleHints()

    def follow(system: Qt.ColorScheme) -> None:
        scheme: Scheme = "dark" if system == Qt.ColorScheme.Dark else "light"
        application.setStyleSheet(read_theme(scheme).sheet())

    follow(hints.colorScheme())
    hints.colorSchemeChanged.connect(follow)
