"""Read a built package as a learning system will, and say what it would refuse or misunderstand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from capture.errors import BadInputError
from export import page_check, schemas, scorm_rules, xapi_rules
from export.checks import Check, ordered
from export.package import NAME_LENGTH, is_portable
from export.package_files import PackageFiles, open_package
from export.registry import find_targets

LARGE_MB = 250  # many learning systems take no bigger upload
LARGE_BYTES = LARGE_MB * 1_000_000
#: The manifest that a target must have in its root, and the rules that its schema cannot say.
Rules = Callable[[etree._Element, frozenset[str]], Iterator[Check]]
MANIFESTS: dict[str, tuple[schemas.Standard, str, Rules]] = {
    "scorm12": ("scorm12", "imsmanifest.xml", scorm_rules.check_scorm12),
    "scorm2004": ("scorm2004", "imsmanifest.xml", scorm_rules.check_scorm2004),
    "cmi5": ("cmi5", "cmi5.xml", xapi_rules.check_cmi5),
    "xapi": ("xapi", "tincan.xml", xapi_rules.check_tincan),
}


def check_package(package: Path, *, target: str) -> tuple[Check, ...]:
    """Return what is wrong with a package; nothing for one that every learning system should take.

    Args:
        package: A zip or a folder.
        target: Whose rules it must keep, see ``registry``.

    Raises:
        BadInputError: No such target.
    """
    if target not in MANIFESTS:
        find_targets([target])
    try:
        files = open_package(package)
    except BadInputError as error:
        return (Check("error", "package_unsafe", "publish", {"reason": error.message_key}, target=target),)
    names = frozenset(files.names)
    found = [*_names(files), *_size(files)]
    if target in MANIFESTS:
        found += _manifest(files, names, target)
    found += page_check.check_page(files, names)
    return ordered(_of(each, target) for each in found)


def _of(check: Check, target: str) -> Check:
    return Check(check.level, check.key, check.place, check.params, check.field, target)


def _names(files: PackageFiles) -> Iterator[Check]:
    seen: set[str] = set()
    for name in files.names:
        if not is_portable(name):
            yield Check("error", "file_name", "publish", {"name": name, "most": NAME_LENGTH})
        if name.lower() in seen:
            yield Check("error", "file_name_twice", "publish", {"name": name})
        seen.add(name.lower())


def _size(files: PackageFiles) -> Iterator[Check]:
    pieces = (files.find(name) for name in files.names)
    total = sum(piece.size_bytes for piece in pieces if piece is not None)
    if total > LARGE_BYTES:
        params = {"megabytes": round(total / 1e6), "most": LARGE_MB}
        yield Check("warning", "large", "publish", params, field="size")


def _manifest(files: PackageFiles, names: frozenset[str], target: str) -> Iterator[Check]:
    standard, name, rules = MANIFESTS[target]
    data = files.read(name)
    if data is None:
        deeper = next((each for each in sorted(names) if each.endswith(f"/{name}")), None)
        key = "manifest_missing" if deeper is None else "manifest_nested"
        yield Check("error", key, "publish", {"name": name, "found": deeper})
        return
    # Nothing outside is ever fetched, and no entity is filled in: a package from elsewhere is not trusted.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        yield Check(
            "error", "manifest_broken", "publish", {"name": name, "line": error.lineno, "reason": error.msg}
        )
        return
    if root.getroottree().docinfo.doctype:
        yield Check("error", "manifest_doctype", "publish", {"name": name})
        return
    yield from rules(root, names)
    for line, reason in schemas.reasons(standard, root):
        yield Check("error", "schema", "publish", {"name": name, "line": line, "reason": reason})


__all__ = ["LARGE_BYTES", "LARGE_MB", "check_package"]
