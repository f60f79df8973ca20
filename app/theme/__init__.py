"""Colours, sizes, type and icons of the design: the same for style sheets and for what we paint ourselves."""

from app.theme.icons import icon, pixmap
from app.theme.look import Look, current, follow
from app.theme.tokens import Scheme, Theme, Tint, TypeRole, read_theme

__all__ = ["Look", "Scheme", "Theme", "Tint", "TypeRole", "current", "follow", "icon", "pixmap", "read_theme"]
