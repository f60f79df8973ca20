"""The page that turns a phone into a camera: put together once, served from memory.

There are no paths to ask for: what is not in the table does not exist.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import assets

PHONE = assets.PLAYER.with_name("phone")
SCRIPTS = ("text", "store", "link", "sender", "camera", "recorder", "health", "preview", "view", "main")
KEY_FRAME_MS = 1000


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file of the page."""

    data: bytes
    content_type: str


def page_files(*, laptop: str, most_part_bytes: int) -> dict[str, PageFile]:
    """Return every file of the page by its name; the page itself has none.

    Args:
        laptop: What people call this computer.
        most_part_bytes: The longest part that is taken.
    """
    script = b"\n".join((PHONE / "src" / f"{name}.js").read_bytes() for name in SCRIPTS)
    settings = {"laptop": laptop, "most_part_bytes": most_part_bytes, "key_frame_ms": KEY_FRAME_MS}
    fonts = sorted(assets.PLAYER.glob("fonts/*.woff2"))
    return {
        "": PageFile(_html(laptop).encode(), "text/html"),
        "data.js": PageFile(_data(settings).encode(), "text/javascript"),
        "phone.js": PageFile(script, "text/javascript"),
        "phone.css": PageFile((PHONE / "phone.css").read_bytes(), "text/css"),
        **{f"fonts/{font.name}": PageFile(font.read_bytes(), "font/woff2") for font in fonts},
    }


def _html(laptop: str) -> str:
    import jinja2
    from markupsafe import Markup

    def icon(name: str) -> Markup:
        lines = (PHONE / "icons" / f"{name}.svg").read_text(encoding="utf-8").splitlines()
        shapes = "".join(line.strip() for line in lines if line.startswith("  <"))
        head = (
            f'<svg class="icon icon-{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
            'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
        )
        return Markup(head + shapes + "</svg>")

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PHONE), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.globals.update(icon=icon)
    return environment.get_template("index.html.j2").render(text=assets.strings()["phone"], laptop=laptop)


def _data(settings: dict[str, object]) -> str:
    words = {key: value for key, value in assets.strings()["phone"].items() if isinstance(value, str)}
    written = json.dumps({**settings, "strings": words}, ensure_ascii=True, sort_keys=True)
    # None of the characters that could end a script element or start a comment in it.
    for sign in "<>&":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return f"window.LAPEL={written};\n"
