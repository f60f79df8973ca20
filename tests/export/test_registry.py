"""Targets are listed, whole, documented and have a golden manifest; others are refused with a reason."""

import ast
from pathlib import Path

import pytest

import assets
from capture.errors import BadInputError
from export import registry
from export.target import missing_members

REPO = assets.ROOT
CONTRACT = {"scorm12", "scorm2004", "cmi5", "xapi", "web", "video"}  # PRODUCT.md section 5


def test_the_list_covers_the_contract():
    assert {*registry.BUILT} == CONTRACT


@pytest.mark.parametrize("target", registry.TARGETS, ids=lambda target: target.name)
def test_a_target_lacks_nothing(target):
    assert missing_members(target) == ()


def test_what_is_missing_is_named():
    class Half:
        name = "half"

    assert missing_members(Half()) == ("build",)


def test_no_target_file_is_left_out():
    listed = {type(target).__name__ for target in registry.TARGETS}
    written = set()
    for path in (REPO / "export").glob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and path.name != "target.py":
                members = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
                written |= {node.name} if "build" in members else set()
    assert written == listed


@pytest.mark.parametrize("name", registry.BUILT)
def test_a_target_is_documented_and_has_its_golden_file(name):
    assert f"`{name}`" in (REPO / "docs" / "packages.md").read_text()
    assert list((Path(__file__).parent / "golden").glob(f"{name}.*"))


def test_targets_come_in_order_and_once():
    assert [t.name for t in registry.find_targets(["web", "scorm12", "web"])] == ["web", "scorm12"]


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (["flash"], "export.unknown_target"),
        ([], "export.no_target"),
    ],
)
def test_other_targets_are_refused_in_words(names, key):
    with pytest.raises(BadInputError) as refused:
        registry.find_targets(names)
    assert refused.value.message_key == key
    known = "SCORM 1.2 (scorm12), SCORM 2004 4th (scorm2004), cmi5, xapi, Web page (offline) (web), Video"
    assert known in assets.text(f"errors.{key}", **refused.value.params)
