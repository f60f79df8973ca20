"""Make what people typed safe to keep: as it was typed, but without characters that nobody sees or means."""

from __future__ import annotations

import unicodedata

from editor.model import Expert


def one_line(text: str) -> str:
    """Return ``text`` on one line, without control characters and the blanks around it."""
    return plain(text).replace("\n", " ")


def plain(text: str) -> str:
    """Return ``text`` without control characters; line breaks stay.

    Half characters (a name read from a badly encoded file system) become the replacement mark, since neither
    SQLite nor a package can hold them.
    """
    kept = (each if each == "\n" else _shown(each) for each in text.replace("\r\n", "\n"))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def expert_of(text: str) -> Expert:
    """Return who ``"Name, Role"`` is; all after the first comma is the role."""
    name, _, role = one_line(text).partition(",")
    return Expert(name.strip(), role.strip())


def expert_line(expert: Expert) -> str:
    """Return ``"Name, Role"``, or what there is of it."""
    return ", ".join(part for part in (expert.name, expert.role) if part)


def distinct(texts: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Return the texts on one line each, without empty ones and without repeats, in their order."""
    return tuple(dict.fromkeys(line for line in map(one_line, texts) if line))


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    if category == "Cc":
        return " " if character.isspace() else ""
    return "\n" if category in {"Zl", "Zp"} else character
