"""Offer interview guides: the shipped ones and a producer's own, all of them data files.

A guide file comes from anybody, so nothing in it is believed before it is checked.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import assets
from capture.errors import BadInputError, UserError
from capture.files import write_whole
from editor.ids import is_id, new_id
from editor.model import Guide, Prompt, PromptKey
from editor.typed import distinct, one_line

LOCAL_EXPERT = "local-expert"
COMMON_QUESTIONS = "common-questions"
FORMAT = 1

_MOST_BYTES = 256_000
_MOST_PROMPTS = 100
MOST_CHARACTERS = 500
#: What the answer to a prompt can feed.
KEYS: tuple[PromptKey, ...] = get_args(PromptKey)


def shipped_guides() -> tuple[Guide, ...]:
    """Return the guides that come with Lapel."""
    return tuple(read_guide(assets.GUIDES / f"{name}.toml") for name in (LOCAL_EXPERT, COMMON_QUESTIONS))


def find_guide(which: str | Path) -> Guide:
    """Return the shipped guide of that id, else the one in that file.

    Raises:
        BadInputError: Neither, or the file holds no guide.
    """
    shipped = {guide.id: guide for guide in shipped_guides()}
    if str(which) in shipped:
        return shipped[str(which)]
    if Path(which).suffix or Path(which).exists():
        return read_guide(Path(which))
    raise BadInputError("guide.unknown", guide=which, known=", ".join(shipped))


def read_guide(file: Path) -> Guide:
    """Return the guide in a TOML file.

    Raises:
        BadInputError: No such file, or it holds no guide.
    """
    table = _read_table(file)
    if table.get("format", FORMAT) != FORMAT:
        raise BadInputError("guide.newer", file=file)
    title = _text(table, "title", file=file, where="title")
    if not title:
        raise BadInputError("guide.lacks_title", file=file)
    entries = table.get("prompts", [])
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise BadInputError("guide.no_list", file=file)
    if len(entries) > _MOST_PROMPTS:
        raise BadInputError("guide.too_many", file=file, count=len(entries), most=_MOST_PROMPTS)
    given = _text(table, "id", file=file, where="id") or file.stem
    if not entries and given != COMMON_QUESTIONS:
        raise BadInputError("guide.empty", file=file)
    return Guide(
        id=given if is_id(given) else new_id("g"),
        title=title,
        prompts=tuple(_prompt(entry, number, file=file) for number, entry in enumerate(entries, start=1)),
        language=_text(table, "language", file=file, where="language") or "en",
    )


def write_guide(guide: Guide, file: Path) -> None:
    """Write a guide as a file that ``read_guide`` reads and people can edit; it appears whole or not at all.

    Raises:
        BadInputError: It has no prompts.
        UserError: It cannot be written there.
    """
    if not guide.prompts:
        raise BadInputError("guide.no_questions", guide=guide.title)
    heads = {"id": guide.id, "title": guide.title, "language": guide.language}
    lines = [f"format = {FORMAT}", *(f"{name} = {_quoted(text)}" for name, text in heads.items())]
    for prompt in guide.prompts:
        lines += ["", "[[prompts]]"]
        for name in ("key", "title", "text", "hint", "tip"):
            lines.append(f"{name} = {_quoted(getattr(prompt, name))}")
    try:
        write_whole(file, ("\n".join(lines) + "\n").encode())
    except OSError as error:
        raise UserError("guide.unwritable", file=file, reason=error.strerror or error) from error


def fresh_prompts(guide: Guide, *, questions: Sequence[str] = ()) -> tuple[Prompt, ...]:
    """Return the prompts of a guide for one resource, and one more for each question people keep asking.

    Raises:
        BadInputError: There would be none, or far too many.
    """
    asked = question_prompts(questions)
    prompts = tuple(replace(prompt, id=new_id("p")) for prompt in guide.prompts) + asked
    if not prompts:
        raise BadInputError("guide.no_questions", guide=guide.title)
    if len(prompts) > _MOST_PROMPTS:
        raise BadInputError("guide.too_many", file=guide.title, count=len(prompts), most=_MOST_PROMPTS)
    return prompts


def question_prompts(questions: Sequence[str]) -> tuple[Prompt, ...]:
    """Return a prompt for each question people keep asking; each names its own chapter.

    Raises:
        BadInputError: One is as long as a page.
    """
    file = assets.GUIDES / f"{COMMON_QUESTIONS}.toml"
    every = _read_table(file)["question"]
    texts = distinct(tuple(questions))
    for text in texts:
        if len(text) > MOST_CHARACTERS:
            raise BadInputError("guide.long_question", start=text[:40], most=MOST_CHARACTERS)
    return tuple(
        Prompt(id=new_id("p"), key="question", text=text, title=text, tip=every["tip"], hint=every["hint"])
        for text in texts
    )


def _read_table(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            data = opened.read(_MOST_BYTES + 1)
    except IsADirectoryError as error:
        raise BadInputError("guide.directory", file=file) from error
    except FileNotFoundError as error:
        raise BadInputError("guide.missing", file=file) from error
    except OSError as error:
        raise BadInputError("guide.unreadable", file=file, reason=error.strerror) from error
    if len(data) > _MOST_BYTES:
        raise BadInputError("guide.too_big", file=file, most=_MOST_BYTES // 1000)
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadInputError("guide.not_utf8", file=file) from error
    except (ValueError, RecursionError) as error:  # also numbers and nesting beyond all measure
        raise BadInputError("guide.not_toml", file=file, reason=error) from error


def _prompt(entry: Mapping[str, Any], number: int, *, file: Path) -> Prompt:
    where = f"prompts[{number}]"
    text, title, tip, hint = (
        _text(entry, name, file=file, where=f"{where}.{name}") for name in ("text", "title", "tip", "hint")
    )
    if not text:
        raise BadInputError("guide.lacks_text", file=file, where=where)
    key = entry.get("key", "question")
    if key not in KEYS:
        raise BadInputError("guide.key", file=file, where=where, known=", ".join(KEYS))
    return Prompt(id=f"p{number}", key=key, text=text, title=title or text, tip=tip, hint=hint)


def _quoted(text: str) -> str:
    """Return a text as TOML writes it, which for one line without control characters is as JSON does."""
    return json.dumps(one_line(text), ensure_ascii=False)


def _text(table: Mapping[str, Any], name: str, *, file: Path, where: str) -> str:
    """Return the text of a field on one line, "" where there is none."""
    value = table.get(name, "")
    if not isinstance(value, str):
        raise BadInputError("guide.no_text", file=file, where=where)
    if len(value) > MOST_CHARACTERS:
        raise BadInputError("guide.long_text", file=file, where=where, most=MOST_CHARACTERS)
    return one_line(value)
