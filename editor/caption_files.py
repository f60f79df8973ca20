"""Write captions as files that players and learning systems take, and read them from anywhere.

WebVTT: https://www.w3.org/TR/webvtt1/. SubRip has no standard: no escapes, a comma in times, UTF-8 by habit.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from capture.errors import BadInputError
from capture.files import write_whole
from editor.cue_layout import LONGEST_LINE, SpokenWord, break_into_lines, columns
from editor.model import ChapterMark, Cue
from editor.phrasing import space_between

_PARAGRAPH_US = 3_000_000
# In WebVTT whatever stands between these is a tag; SubRip's habits are a few tags, and places for the text.
_VTT_MARKS = re.compile(r"<[^>]*>")
_SRT_MARKS = re.compile(r"</?(?:b|i|u|s|font)(?:\s[^<>]*)?>|\{\\[^}]*\}", re.IGNORECASE)
_ARROW = re.compile(r"\d.*-+>|-+>.*\d")
# What a player could take for markup, by signs that read the same: SubRip knows no escapes.
_SRT_SIGNS = str.maketrans({"<": "‹", ">": "›"})


def vtt_text(cues: Sequence[Cue], *, speaker: str = "") -> str:
    """Return the captions as a WebVTT file.

    Args:
        cues: In order of time.
        speaker: Named at the first caption, see https://www.w3.org/TR/webvtt1/#webvtt-cue-voice-span.
    """
    captions = [_caption(cue, html_escape) for cue in cues]
    name = html_escape(_one_line(speaker)).replace("\n", " ").strip()
    if name.endswith("-"):  # else it makes an arrow with the end of the tag, which no caption may hold
        name = f"{name[:-1]}&#45;"
    if name and captions:
        captions[0].lines = [f"<v {name}>{captions[0].lines[0]}", *captions[0].lines[1:]]
    return f"{webvtt.WebVTT(captions=captions).content.rstrip()}\n"


def srt_text(cues: Sequence[Cue], *, speaker: str = "") -> str:
    """Return the captions as a SubRip file; the first one names the ``speaker``, if given."""
    out = io.StringIO()
    named = [*(_named(cue, speaker) for cue in cues[:1]), *cues[1:]]
    webvtt.WebVTT(captions=[_caption(cue, _srt_safe) for cue in named]).write(out, format="srt")
    text = out.getvalue().rstrip()
    return f"{text}\n" if text else ""


def write_vtt(cues: Sequence[Cue], path: Path, *, speaker: str = "") -> None:
    """Write a WebVTT file, UTF-8 without a byte order mark."""
    write_whole(path, vtt_text(cues, speaker=speaker).encode())


def write_srt(cues: Sequence[Cue], path: Path, *, speaker: str = "") -> None:
    """Write a SubRip file, UTF-8 without a byte order mark."""
    write_whole(path, srt_text(cues, speaker=speaker).encode())


def read_cues(path: Path) -> tuple[Cue, ...]:
    """Return the captions of a WebVTT or SubRip file, whichever it is; those without any text are left out.

    Raises:
        BadInputError: It cannot be read, is neither, or the times of a caption make no sense.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError("captions.unreadable", file=path.name) from error
    is_vtt = text.lstrip().startswith("WEBVTT")
    try:
        if is_vtt:
            captions = webvtt.WebVTT.from_string(text, strict=True).captions
        else:
            captions = webvtt.WebVTT.from_buffer(io.StringIO(text), format="srt").captions
    except (MalformedFileError, MalformedCaptionError) as error:
        raise BadInputError("captions.unreadable", file=path.name) from error
    # The library passes over what it cannot read; a caption must not vanish without a word.
    if not captions or sum(bool(caption.lines) for caption in captions) < _count(text):
        raise BadInputError("captions.unreadable", file=path.name)
    marks = _VTT_MARKS if is_vtt else _SRT_MARKS
    cues = tuple(
        Cue(_us(caption.start_time), _us(caption.end_time), lines)
        for caption in captions
        if (lines := tuple(said for line in caption.lines if (said := _plain(line, marks))))
    )
    _require_order(cues, path)
    return cues


def _count(text: str) -> int:
    """Return how many captions with text a file means to have, also where their times are misspelt."""
    count = 0
    for block in re.split(r"\n\s*\n", "\n".join(text.splitlines())):
        lines = block.strip().split("\n")
        if lines[0].startswith(("NOTE", "STYLE", "REGION")):
            continue
        for n, line in enumerate(lines[:-1]):
            count += bool(_ARROW.search(line)) and (n < 2 or lines[n - 1].strip().isdecimal())
    return count


def plain_text(cues: Sequence[Cue], chapters: Sequence[ChapterMark] = ()) -> str:
    """Return what is said as running text, a paragraph for each chapter below its title."""
    return "\n\n".join(_paragraphs(cues, chapters)) + "\n"


def _named(cue: Cue, speaker: str) -> Cue:
    """Return a caption that begins with a name, broken anew so that it stays in its two lines if it can."""
    name = _one_line(speaker)
    if not name:
        return cue
    texts = [f"{name}:", *" ".join(cue.lines).split()]
    lines = break_into_lines(tuple(SpokenWord(text, n, n + 1) for n, text in enumerate(texts)))
    if any(columns(line) > LONGEST_LINE for line in lines):
        lines = (f"{name}:", *cue.lines)
    return Cue(cue.start_us, cue.end_us, lines)


def html_escape(text: str) -> str:
    """Return text that WebVTT takes for nothing but text; "-->" cannot end a cue any more either."""
    return html.escape(text, quote=False)


def _paragraphs(cues: Sequence[Cue], chapters: Sequence[ChapterMark]) -> Iterator[str]:
    titles = sorted(chapters, key=lambda mark: mark.start_us)
    text = ""
    before_us = 0
    for cue in cues:
        due = [mark for mark in titles if mark.start_us <= cue.start_us]
        if text and (due or cue.start_us - before_us > _PARAGRAPH_US):
            yield text
            text = ""
        for mark in due:
            titles.remove(mark)
            if mark.title:
                yield mark.title
        for line in cue.lines:
            text += f"{space_between(text, line)}{line}" if text else line
        before_us = cue.end_us
    if text:
        yield text


def _caption(cue: Cue, escape: Callable[[str], str]) -> webvtt.Caption:
    lines = [escape(_one_line(line)) for line in cue.lines]
    return webvtt.Caption(_clock(cue.start_us), _clock(cue.end_us), [line for line in lines if line])


def _one_line(line: str) -> str:
    """Return a line without what would end it early, or that no text file may hold."""
    spaced = " ".join(line.split())
    return "".join(each for each in spaced if unicodedata.category(each) not in {"Cc", "Cs"})


def _srt_safe(line: str) -> str:
    # "{\an8}" moves a caption to the top in players that read SubRip as Advanced SubStation.
    return line.translate(_SRT_SIGNS).replace("{\\", "{ \\")


def _clock(us: int) -> str:
    ms = (us + 500) // 1000
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def _us(time: webvtt.models.Timestamp) -> int:
    return time.in_milliseconds() * 1000


def _plain(line: str, marks: re.Pattern[str]) -> str:
    return html.unescape(marks.sub("", line)).strip()


def _require_order(cues: Sequence[Cue], path: Path) -> None:
    before_us = 0
    for number, cue in enumerate(cues, start=1):
        if cue.end_us <= cue.start_us or cue.start_us < before_us:
            raise BadInputError("captions.broken_time", file=path.name, number=number)
        before_us = cue.start_us
