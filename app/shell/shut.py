"""What stands in place of the screens while the library is not open: why, what is safe, and Try again."""

from __future__ import annotations

from collections.abc import Callable

from app import messages
from app.theme import dress
from app.widgets.message import EmptyState, Step
from capture.errors import UserError


class ShutLibrary(EmptyState):
    """Says why the library cannot be opened; ``try_again`` opens it as soon as that can be."""

    def __init__(self, try_again: Callable[[], None]) -> None:
        super().__init__()
        dress(self)
        self.setProperty("ground", "window")
        words = messages.text("window.try_again")
        self._again: Step = (words, "rotate-ccw", "primary", try_again)

    def say_why(self, error: UserError) -> str:
        """Say why, put the keyboard on the way out, and return the title."""
        is_held = error.message_key.startswith("library.busy")
        title = messages.text("window.held" if is_held else "window.shut")
        safe = messages.text("window.held_safe") if is_held else ""
        text = f"{messages.sentence(error)} {safe}".strip()
        self.say(title, text, icon="triangle-alert", tint="warn", actions=[self._again])
        self.setAccessibleName(f"{title}. {text}")
        for button in self.buttons:
            button.show()
            button.setFocus()
        return title
