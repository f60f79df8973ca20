"""The plain video, for any place that takes one: MP4 with captions, chapters and title inside it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from capture import ffmpeg
from capture.work import Work
from editor import caption_files, typed
from editor.language import three_letters
from editor.model import ChapterMark, Cue, Version
from export import transcript_files
from export.package import Entry, clean, write_folder
from export.player import clock
from export.target import Edition

# What FFmpeg's metadata format takes for syntax (https://ffmpeg.org/ffmpeg-formats.html#Metadata).
_SYNTAX = str.maketrans({sign: f"\\{sign}" for sign in "=;#\\\n"})


class Video:
    """A folder: the MP4, captions as VTT and SRT, transcript as text, Markdown and page, chapters, poster."""

    name = "video"

    def build(self, edition: Edition, folder: Path, *, work: Work) -> Path:
        """Write the folder into ``folder`` and return it."""
        path = folder / f"{edition.stem}-{self.name}"
        stem = edition.stem
        write_folder(path, texts(edition.version, stem=stem, poster=edition.poster), work=work.part(0, 0.1))
        step = work.part(0.1, 1)
        with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as room:
            notes, captions = Path(room) / "notes.txt", Path(room) / "captions.srt"
            notes.write_bytes(metadata(edition.version).encode())
            captions.write_bytes(srt_of(edition.version).encode())
            video = edition.captioned or edition.video
            # Captions that are in the picture would be seen twice.
            shown = None if edition.captioned else captions
            args = mux_args(edition.version, video=video, notes=notes, captions=shown)
            ffmpeg.run(args, out=path / f"{stem}.mp4", duration_us=edition.version.duration_us, work=step)
        return path


def srt_of(version: Version) -> str:
    """Return the captions as SubRip, the expert named at the first."""
    return caption_files.srt_text(version.cues, speaker=version.expert.name)


def texts(version: Version, *, stem: str, poster: Path) -> list[Entry]:
    """Return the files that stand beside the MP4, each named after it so that players find them."""
    written: dict[str, str] = {}
    if version.transcript:
        written[f"{stem}-transcript.html"] = transcript_files.html_file(version, video=f"{stem}.mp4")
        written[f"{stem}-transcript.md"] = transcript_files.markdown_file(version)
        written[f"{stem}-transcript.txt"] = transcript_files.text_file(version)
    if version.cues:
        written[f"{stem}.srt"] = srt_of(version)
        written[f"{stem}.vtt"] = caption_files.vtt_text(version.cues, speaker=version.expert.name)
    if version.chapters:
        written[f"{stem}-chapters.txt"] = chapter_list(version.chapters)
        written[f"{stem}-chapters.vtt"] = caption_files.vtt_text(chapter_cues(version))
    entries = [Entry(name, text.encode("utf-8", "replace")) for name, text in written.items()]
    return [*entries, Entry(f"{stem}.jpg", poster)]


def chapter_list(chapters: Sequence[ChapterMark]) -> str:
    """Return a line for each chapter, as descriptions on video sites take them: ``0:33 Why it matters``."""
    lines = (
        f"{clock(mark.start_us / 1e6)} {typed.one_line(clean(mark.title))}".rstrip() for mark in chapters
    )
    return "\n".join(lines) + "\n"


def chapter_cues(version: Version) -> tuple[Cue, ...]:
    """Return the chapters as cues of a chapter track, each until the next."""
    marks = version.chapters
    ends = [*(mark.start_us for mark in marks[1:]), version.duration_us][: len(marks)]
    return tuple(
        Cue(mark.start_us, end_us, (mark.title,))
        for mark, end_us in zip(marks, ends, strict=True)
        if end_us > mark.start_us
    )


def metadata(version: Version) -> str:
    """Return title, author, description and chapters in FFmpeg's metadata format."""
    tags = version.tags
    known = {
        "title": version.title,
        "artist": typed.expert_line(version.expert),
        "date": version.published_at[:10],
        "description": version.summary,
        "comment": "; ".join((*tags.roles, *tags.when_to_use.splitlines())),
        "keywords": ", ".join(tags.keywords),
    }
    lines = [";FFMETADATA1", *(f"{key}={_value(text)}" for key, text in known.items() if _value(text))]
    for cue in chapter_cues(version):
        lines += ["[CHAPTER]", "TIMEBASE=1/1000000", f"START={cue.start_us}", f"END={cue.end_us}"]
        lines.append(f"title={_value(cue.lines[0])}")
    return "\n".join(lines) + "\n"


def mux_args(version: Version, *, video: Path, notes: Path, captions: Path | None) -> list[str]:
    """Return what FFmpeg is told: picture and sound copied, captions and chapters put beside them.

    ``bitexact`` keeps its own version and every date out of the file: the same version, the same bytes.
    """
    sources = ["-i", ffmpeg.file_name(video), "-f", "ffmetadata", "-i", ffmpeg.file_name(notes)]
    tracks = ["-map", "0:v", "-map", "0:a?"]
    written = ["-c", "copy"]
    language = three_letters(version.tags.language or "und")
    if version.cues and captions is not None:
        sources += ["-f", "srt", "-i", ffmpeg.file_name(captions)]
        tracks += ["-map", "2:s"]
        written += ["-c:s", "mov_text", "-disposition:s:0", "default"]
        written += ["-metadata:s:s:0", f"language={language}"]
    return [
        *sources, *tracks, *written,
        "-metadata:s:a:0", f"language={language}",
        "-map_metadata", "1", "-map_chapters", "1",
        "-fflags", "+bitexact", "-flags:s", "+bitexact",
        "-movflags", "+faststart", "-f", "mp4",
    ]  # fmt: skip


def _value(text: str) -> str:
    return typed.one_line(clean(text)).translate(_SYNTAX)
