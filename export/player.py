"""The player page of a version: the same files in every package, with one adapter for its target."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from fractions import Fraction
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup

import assets
from editor import caption_files, typed
from editor.model import LEVELS, ChapterMark, Cue, Version
from editor.phrasing import ends_sentence, space_between
from export.iri import iris
from export.lom import PAGE_LANGUAGE
from export.package import Entry, clean, stem_of
from export.target import Edition

INDEX = "index.html"
VIDEO = "video.mp4"
POSTER = "poster.jpg"
CAPTIONS = "captions.vtt"

#: 'self' also stands for the files beside the page when it is opened by double click.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'none'"
)

SCRIPTS = (
    "segments", "codec", "tracker", "text", "captions", "popups", "bar", "lists", "tabs", "feedback", "keys",
    "sharing",
)  # fmt: skip
_RECORDS = ("names", "record-store", "statements", "record")
#: What keeps state and completion in each target's page, besides ``adapter-*.js``.
ADAPTERS: dict[str, tuple[str, ...]] = {
    "scorm12": ("scorm",),
    "scorm2004": ("scorm",),
    "web": (),
    "cmi5": _RECORDS,
    "xapi": _RECORDS,
}
SPEEDS = (0.5, 0.75, 1, 1.25, 1.5, 1.75, 2)
SIZES = ("small", "normal", "large", "largest")
COLOURS = ("white", "yellow", "black", "blue")
PARTS = ("chapters", "transcript", "about")
SHORTCUTS = (
    (("Space", "K"), "play"), (("J", "L"), "jump"), (("←", "→"), "step"), (("C",), "captions"),
    (("/",), "find"), (("<", ">"), "slower"), (("F",), "full"), (("M",), "mute"), (("?",), "list"),
)  # fmt: skip

_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")  # a version may come from elsewhere in a bundle
LINE_LENGTH = 220  # characters: a transcript line without a full stop ends somewhere


def page(edition: Edition, *, adapter: str) -> tuple[Entry, ...]:
    """Return the files of the page, the page itself first.

    Args:
        edition: What it shows.
        adapter: Which ``assets/player/src/adapter-*.js`` keeps state and completion.
    """
    version = edition.version
    fonts = sorted(assets.PLAYER.glob("fonts/*"))
    entries = [
        Entry(INDEX, _html(version, adapter).encode()),
        Entry("data.js", _data(version, adapter).encode()),
        Entry("player.js", _script(adapter)),
        Entry("player.css", assets.PLAYER / "player.css"),
        Entry("vendor/video.core.min.js", assets.PLAYER / "vendor" / "video.core.min.js"),
        Entry("vendor/LICENSE", assets.PLAYER / "vendor" / "LICENSE"),
        Entry("LICENSE-icons", assets.PLAYER / "icons" / "LICENSE"),
        *(Entry(f"fonts/{font.name}", font) for font in fonts),
        Entry(POSTER, edition.poster),
    ]
    if version.cues:
        entries.append(Entry(CAPTIONS, caption_files.vtt_text(version.cues).encode()))
    return (*entries, Entry(VIDEO, edition.video))


def policy(version: Version, adapter: str) -> str:
    """Return what the page may load and whom it may speak to: nobody but who keeps its records.

    A record store is known only at the launch, so any may be spoken to that is encrypted, and the page's own
    server.
    """
    if ADAPTERS[adapter] == _RECORDS:
        return f"{CSP}; connect-src 'self' https:"
    host = urlsplit(version.feedback_url).netloc if adapter == "web" else ""
    return f"{CSP}; connect-src https://{host}" if _HOST.fullmatch(host) else CSP


def transcript_lines(cues: Sequence[Cue], chapters: Sequence[ChapterMark]) -> tuple[Cue, ...]:
    """Return what is said as one reads it, a sentence a line; a chapter always starts a line.

    Where a sentence starts inside a cue, its time is that of its place in the text: near enough to go to.
    """
    starts = sorted(mark.start_us for mark in chapters)
    lines: list[Cue] = []
    ended = True
    for cue in cues:
        at = bisect_left(starts, lines[-1].end_us) if lines else 0
        ended = ended or (at < len(starts) and starts[at] <= cue.start_us)
        for word in _timed_words(cue):
            text = f"{lines[-1].lines[0]}{space_between(lines[-1].lines[0], word.lines[0])}" if lines else ""
            if ended or len(text) + len(word.lines[0]) > LINE_LENGTH:
                lines.append(word)
            else:
                lines[-1] = Cue(lines[-1].start_us, word.end_us, (text + word.lines[0],))
            ended = ends_sentence(word.lines[0])
    return tuple(lines)


def _timed_words(cue: Cue) -> Iterator[Cue]:
    text = " ".join(cue.lines)
    length_us = cue.end_us - cue.start_us
    for found in re.finditer(r"\S+", text):
        start_us, end_us = (cue.start_us + length_us * place // len(text) for place in found.span())
        yield Cue(start_us, end_us, (found.group(),))


def clock(seconds: float) -> str:
    """Return a time as people read it: 0:43, 1:01:23. The page's ``LapelPlayer.clock`` agrees."""
    minutes, rest = divmod(int(seconds + 0.001), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _html(version: Version, adapter: str) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(assets.PLAYER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.globals.update(icon=_icon, clock=clock)
    page = environment.get_template("index.html.j2")
    return clean(page.render(_words(version), csp=Markup(policy(version, adapter))))


def _words(version: Version) -> dict[str, Any]:
    text = assets.strings()["player"]
    tags = version.tags
    level = assets.text(f"level.{tags.level}") if tags.level else ""
    language = tags.language or PAGE_LANGUAGE
    has = {"chapters": bool(version.chapters), "transcript": version.transcript, "find": version.transcript}
    in_language = Markup(' lang="{}"').format(language) if language != PAGE_LANGUAGE else ""
    return {
        "text": text,
        "page_language": PAGE_LANGUAGE,
        "in_language": in_language,
        "title": version.title,
        "summary": version.summary,
        "video": VIDEO,
        "poster": POSTER,
        "captions_file": CAPTIONS if version.cues else "",
        "duration_s": _seconds(version.duration_us),
        "expert": typed.expert_line(version.expert),
        "initials": _initials(version.expert.name),
        "level": level,
        "level_bars_filled": LEVELS.index(tags.level) + 1 if tags.level else 0,
        "roles": tags.roles,
        "when_to_use": [line for line in tags.when_to_use.splitlines() if line.strip()],
        "know_first": tags.prerequisites,
        "kind": _kind(version),
        "version": _version_words(version),
        "chapters": _chapter_rows(version),
        "with_transcript": version.transcript,
        "transcript": [
            {"start_s": _seconds(line.start_us), "text": line.lines[0]}
            for line in (transcript_lines(version.cues, version.chapters) if version.transcript else ())
        ],
        "feedback": version.feedback,
        "download": version.download,
        "file_name": stem_of(version.title, otherwise=version.resource_id),
        "parts": [part for part in PARTS if has.get(part, True)],
        "speeds": SPEEDS,
        "sizes": SIZES,
        "colours": COLOURS,
        "shortcuts": [(keys, text[f"key_{does}"]) for keys, does in SHORTCUTS if has.get(does, True)],
    }


def _data(version: Version, adapter: str) -> str:
    data: dict[str, Any] = {
        "id": version.resource_id,
        "version": version.number,
        "title": version.title,
        "language": version.tags.language or PAGE_LANGUAGE,
        "duration_s": _seconds(version.duration_us),
        "completion": version.completion_percent,
        "cues": [[_seconds(cue.start_us), _seconds(cue.end_us), list(cue.lines)] for cue in version.cues],
        "chapters": [[_seconds(mark.start_us), mark.title] for mark in version.chapters],
        "strings": {
            key: words for key, words in assets.strings()["player"].items() if isinstance(words, str)
        },
    }
    if ADAPTERS[adapter] == _RECORDS:
        data["xapi"] = {**asdict(iris(version)), "summary": version.summary, "frame_rate": _rate(version)}
    elif adapter == "web" and version.feedback_url:
        data["feedback_url"] = version.feedback_url
    # ASCII only, and none of the characters that could end a script element or start a comment in it.
    written = json.dumps(data, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    for sign in "<>&":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return f"window.VIDEOJS_NO_DYNAMIC_STYLE=true;\nwindow.LAPEL={written};\n"


def _script(adapter: str) -> bytes:
    names = (*SCRIPTS, *ADAPTERS[adapter], f"adapter-{adapter}", "main")
    sources = [assets.PLAYER / "src" / f"{name}.js" for name in names]
    return b"\n".join(source.read_bytes() for source in sources)


def _icon(name: str) -> Markup:
    lines = (assets.PLAYER / "icons" / f"{name}.svg").read_text(encoding="utf-8").splitlines()
    shapes = "".join(line.strip() for line in lines if line.startswith("  <"))
    head = (
        f'<svg class="icon icon-{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
    )
    return Markup(head + shapes + "</svg>")


def _chapter_rows(version: Version) -> list[dict[str, Any]]:
    starts = [mark.start_us for mark in version.chapters]
    ends = [*starts[1:], version.duration_us]
    return [
        {"start_s": _seconds(mark.start_us), "length_s": _seconds(end - mark.start_us), "title": mark.title}
        for mark, end in zip(version.chapters, ends, strict=False)
    ]


def _kind(version: Version) -> str:
    text = assets.strings()["player"]
    kinds = [text[f"kind_{kind}"] for kind in version.tags.kind]
    if not kinds:
        return ""
    joined = text["kind_join"].join(kinds)
    return str(joined[0].upper() + joined[1:])


def _version_words(version: Version) -> str:
    at = datetime.fromisoformat(version.published_at)
    month = assets.strings()["player"]["months"][at.month - 1]
    return assets.text("player.version", number=version.number, day=at.day, month=month, year=at.year)


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else ""


def _rate(version: Version) -> float:
    return round(float(Fraction(version.rate)), 3) if version.rate else 0.0


def _seconds(us: int) -> float:
    return round(us / 1_000_000, 3)
