"""Every text that the code asks for exists, and no text is left that nothing asks for."""

import ast
import functools
import re
import string
from pathlib import Path

import assets

PACKAGES = ("app", "export", "editor", "capture")


@functools.cache
def nodes() -> tuple[tuple[Path, ast.AST], ...]:
    """Every node of the program, with its file."""
    paths = [path for package in PACKAGES for path in (assets.ROOT / package).rglob("*.py")]
    return tuple((path, node) for path in paths for node in ast.walk(ast.parse(path.read_text())))


def string_literals() -> set[str]:
    found = set()
    for _, node in nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = [p.value if isinstance(p, ast.Constant) else "*" for p in node.values]
            found.add("".join(str(part) for part in parts))
    return found


def last_name(node: ast.expr) -> str:
    """What is called, without where it is found."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def calls(*names: str) -> list[tuple[Path, ast.Call]]:
    return [
        (path, node) for path, node in nodes() if isinstance(node, ast.Call) and last_name(node.func) in names
    ]


def leaves(table: dict, prefix: str = "") -> dict[str, str]:
    flat = {}
    for key, value in table.items():
        flat |= leaves(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return flat


def error_classes() -> set[str]:
    names = {"UserError", "BadInputError"}
    classes = [node for _, node in nodes() if isinstance(node, ast.ClassDef)]
    for _ in range(3):
        names |= {each.name for each in classes if names & {last_name(base) for base in each.bases}}
    return names


def test_every_error_has_words_and_every_placeholder_is_filled():
    texts = leaves(assets.strings()["errors"])
    for path, call in calls(*error_classes()):
        if call.args and isinstance(call.args[0], ast.Constant):
            key = call.args[0].value
            assert key in texts, f"{path}: errors.{key} has no words"
            wanted = {name for _, name, _, _ in string.Formatter().parse(texts[key]) if name}
            given = {each.arg for each in call.keywords}
            assert None in given or wanted <= given, f"{path}: errors.{key} lacks {wanted - given}"


def test_every_work_note_has_words():
    texts = leaves(assets.strings()["work"])
    for path, call in calls("report"):
        if len(call.args) > 1 and isinstance(call.args[1], ast.Constant) and call.args[1].value:
            assert call.args[1].value in texts, f"{path}: work.{call.args[1].value} has no words"


def test_every_text_asked_for_by_its_whole_name_exists():
    texts = leaves(assets.strings())
    for path, call in calls("text"):
        if call.args and isinstance(call.args[0], ast.Constant) and "." in str(call.args[0].value):
            assert call.args[0].value in texts, f"{path}: {call.args[0].value} has no words"


def test_no_text_is_left_that_nothing_asks_for():
    asked = string_literals()
    patterns = [
        re.compile(re.escape(each).replace(r"\*", "[^.]+")) for each in asked if "*" in each and "." in each
    ]
    unused = []
    for key in leaves(assets.strings()):
        if key.startswith(("player.", "phone.")):
            continue  # read by the pages, see tests/export and tests/capture
        tails = {key, key.partition(".")[2]}
        if not (tails & asked or any(p.fullmatch(t) for p in patterns for t in tails)):
            unused.append(key)
    assert unused == []


def test_errors_are_one_line():
    for key, words in leaves(assets.strings()["errors"]).items():
        assert "\n" not in words.strip(), key
