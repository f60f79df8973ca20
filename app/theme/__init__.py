"""Colours, sizes, type and icons of the design: the same for style sheets and for what we paint ourselves."""

from app.theme.icons import icon, pixmap
from app.theme.look import Look, current, dress, follow
from app.theme.tokens import Scheme, Theme, Tint, TypeRole

__all__ = ["Look", "Scheme", "Theme", "Tint", "TypeRole", "current", "dress", "follow", "icon", "pixmap"]
