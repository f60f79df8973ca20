"""Read what workers said of a version, from the files that the web page saves for them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from capture.errors import BadInputError
from editor import typed
from editor.library import Library
from editor.model import Feedback

FORMAT = "lapel-feedback-1"
MOST_BYTES = 1 << 20
COMMENT_LENGTH = 600  # what the page takes
_WHO = re.compile(r"[0-9a-f-]{8,40}")


class _Comment(msgspec.Struct):
    text: str
    at_s: Annotated[float, msgspec.Meta(ge=0, le=360_000)] = 0.0


class _Said(msgspec.Struct):
    format: str
    resource: Annotated[str, msgspec.Meta(max_length=40)]
    version: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    said_at: Annotated[str, msgspec.Meta(max_length=40)]
    helped: bool | None = None
    comments: Annotated[list[_Comment], msgspec.Meta(max_length=500)] = []
    who: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What one person said; ``who`` is a name their browser drew, so that a later file replaces this one."""

    resource_id: str
    who: str
    said: tuple[Feedback, ...]


def read_file(path: Path) -> Answers:
    """Return what a file saved by the page says; nothing in it is trusted.

    Raises:
        BadInputError: It cannot be read, or is none of ours.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInputError("feedback.not_ours", file=path.name)
        data = path.read_bytes()
        found = msgspec.json.decode(data, type=_Said)
    except OSError as error:
        reason = error.strerror or error
        raise BadInputError("feedback.unreadable", file=path.name, reason=reason) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInputError("feedback.not_ours", file=path.name) from error
    if found.format != FORMAT:
        raise BadInputError("feedback.not_ours", file=path.name)
    who = found.who if _WHO.fullmatch(found.who) else hashlib.sha256(data).hexdigest()[:32]
    version, said_at = found.version, typed.one_line(found.said_at)
    answer = [Feedback(found.resource, version, said_at, found.helped)] if found.helped is not None else []
    comments = [
        Feedback(found.resource, version, said_at, None, words, round(each.at_s * 1_000_000))
        for each in found.comments
        if (words := typed.plain(each.text)[:COMMENT_LENGTH])
    ]
    return Answers(found.resource, who, (*answer, *comments))


def import_file(library: Library, path: Path) -> Answers:
    """Keep what a file says, in place of what the same person said before, and return it.

    Raises:
        BadInputError: It is none of ours, or its resource is not in this library.
    """
    answers = read_file(path)
    library.keep_feedback(answers.resource_id, answers.said, who=answers.who)
    return answers
