"""The transcript as files to read, print, search and paste: plain text, Markdown and a web page."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

import jinja2

import assets
from editor import caption_files, typed
from editor.model import Version
from export.lom import PAGE_LANGUAGE
from export.package import clean
from export.player import clock, transcript_lines

_INLINE = re.compile(r"([\\`*_\[\]<>&~|$])")
_OPENER = re.compile(r"^(\d{0,9})(?=[#+=.)-])")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and the second it starts at."""

    start_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter and what is said in it; what is said before the first chapter has no title."""

    start_s: float
    title: str
    lines: tuple[Line, ...]


def parts(version: Version) -> tuple[Part, ...]:
    """Return the transcript chapter by chapter."""
    marks = sorted(version.chapters, key=lambda mark: mark.start_us)
    starts = [mark.start_us for mark in marks]
    said: list[list[Line]] = [[] for _ in range(len(marks) + 1)]
    for cue in transcript_lines(version.cues, version.chapters):
        said[bisect_right(starts, cue.start_us)].append(Line(_seconds(cue.start_us), cue.lines[0]))
    before = [Part(0.0, "", tuple(said[0]))] if said[0] else []
    chapters = zip(marks, said[1:], strict=True)
    return (
        *before,
        *(Part(_seconds(mark.start_us), mark.title, tuple(lines)) for mark, lines in chapters),
    )


def text_file(version: Version) -> str:
    """Return the transcript as plain text below its title."""
    head = [typed.one_line(version.title), typed.expert_line(version.expert)]
    text = caption_files.plain_text(version.cues, version.chapters)
    return clean("\n".join(line for line in head if line) + "\n\n" + text)


def markdown_file(version: Version) -> str:
    """Return the transcript as Markdown: chapters are headings, every line starts with its time."""
    out = [f"# {_escaped(version.title)}"]
    out += [_escaped(each) for each in (typed.expert_line(version.expert), version.summary) if each]
    for part in parts(version):
        if part.title:
            out.append(f"## {clock(part.start_s)} {_escaped(part.title)}")
        out += [f"**{clock(line.start_s)}** {_escaped(line.text)}" for line in part.lines]
    return "\n\n".join(out) + "\n"


def html_file(version: Version, *, video: str) -> str:
    """Return the transcript as a page whose times open ``video``, a file beside it, at that second."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(assets.PLAYER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    page = environment.get_template("transcript.html.j2").render(
        title=version.title,
        language=version.tags.language or PAGE_LANGUAGE,
        expert=typed.expert_line(version.expert),
        summary=version.summary,
        parts=parts(version),
        video=video,
        clock=clock,
    )
    return clean(page)


def _escaped(text: str) -> str:
    """Return text on one line that Markdown takes for nothing but text (CommonMark, backslash escapes)."""
    line = _INLINE.sub(r"\\\1", typed.one_line(clean(text)))
    return _OPENER.sub(r"\1\\", line)


def _seconds(us: int) -> float:
    return round(us / 1_000_000, 3)
