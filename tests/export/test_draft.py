"""A package can be looked at before it is published: just as it would be, and nothing of it stays."""

import pytest

from capture.errors import BadInputError
from capture.work import Cancelled, Work
from editor import resources
from export import publish
from export.draft import draft_package
from export.package_check import check_package
from export.terms import STANDARD_TERMS, Terms


def exported(library):
    return [path for path in library.exports.rglob("*")] if library.exports.exists() else []


def test_it_is_a_whole_package_and_gone_afterwards(library, resource_id):
    with draft_package(library, resource_id, target="scorm12", terms=STANDARD_TERMS, work=Work()) as package:
        assert [each for each in check_package(package, target="scorm12") if each.level == "error"] == []
    assert not package.exists()
    assert exported(library) == []
    assert library.versions(resource_id) == ()


def test_what_was_published_just_so_is_shown_as_it_is_until_something_changes(library, resource_id):
    done = publish.publish(library, resource_id, targets=["web"], work=Work())

    def shown(terms=STANDARD_TERMS, target="web"):
        with draft_package(library, resource_id, target=target, terms=terms, work=Work()) as package:
            return package

    assert shown() == done.packages[0].path
    assert shown(Terms(note="Other words about it")) == done.packages[0].path
    assert shown(Terms(transcript=False)) != done.packages[0].path
    assert shown(target="cmi5") != done.packages[0].path
    resources.tag(library, resource_id, level="advanced")
    assert shown() != done.packages[0].path


def test_it_can_be_stopped_and_leaves_nothing(library, resource_id):
    work = Work(lambda fraction, _: work.cancel() if (fraction or 0) > 0.5 else None)
    with (
        pytest.raises(Cancelled),
        draft_package(library, resource_id, target="web", terms=STANDARD_TERMS, work=work),
    ):
        pass
    assert exported(library) == []


def test_what_cannot_be_published_cannot_be_looked_at(library):
    empty = resources.new_resource(library, title="Empty")
    with (
        pytest.raises(BadInputError, match="not_ready"),
        draft_package(library, empty.id, target="web", terms=STANDARD_TERMS, work=Work()),
    ):
        pass
