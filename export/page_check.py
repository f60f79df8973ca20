"""Check the page of a package: all it needs is beside it, and it runs nothing that came in as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree, html

from export.checks import Check
from export.package_files import PackageFiles
from export.references import file_of, is_remote

#: Attributes that make a browser load something.
_LOADING = ("src", "href", "poster", "data", "action", "formaction", "background", "srcset")
_CSS_REFERENCE = re.compile(r"""(?:@import\s+(?:url\(\s*)?|url\(\s*)['"]?([^'")\s;]+)""")
_JPEG = b"\xff\xd8\xff"
_MOVIES = (".mp4", ".m4v", ".webm")


def check_page(files: PackageFiles, names: frozenset[str]) -> Iterator[Check]:
    """Yield what is wrong with the HTML and CSS of a package, and with what belongs to its video."""
    for name in sorted(names):
        if name.endswith((".html", ".htm")):
            yield from _document(files, names, name)
        elif name.endswith(".css"):
            style = (files.read(name) or b"").decode("utf-8", "replace")
            for reference in dict.fromkeys(_CSS_REFERENCE.findall(style)):
                yield from _reference(reference, names, place=name)
    yield from _beside_the_video(files, names)


def _document(files: PackageFiles, names: frozenset[str], name: str) -> Iterator[Check]:
    data = files.read(name)
    if not data:
        yield Check("error", "page_empty", "publish", {"name": name})
        return
    try:
        root = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        yield Check("error", "page_empty", "publish", {"name": name})
        return
    policies = root.xpath("//meta[translate(@http-equiv,'CSP','csp')='content-security-policy']/@content")
    if not any("script-src" in policy or "default-src" in policy for policy in policies):
        yield Check("error", "no_policy", "publish", {"name": name})
    for element in root.iter(etree.Element):
        active = element.tag == "script" and not element.get("src")
        if active or any(key.lower().startswith("on") for key in element.keys()):  # noqa: SIM118
            yield Check("error", "inline_script", "publish", {"name": name, "line": element.sourceline})
        for key in _LOADING:
            if reference := element.get(key):
                yield from _reference(reference, names, place=name)


def _reference(reference: str, names: frozenset[str], *, place: str) -> Iterator[Check]:
    if reference.startswith(("data:", "#", "blob:")):
        return
    if is_remote(reference):
        yield Check("error", "remote_reference", "publish", {"reference": reference, "name": place})
        return
    file = (PurePosixPath(place).parent / file_of(reference)).as_posix()
    if file not in names:
        yield Check("error", "file_missing", "publish", {"file": file, "name": place})


def _beside_the_video(files: PackageFiles, names: frozenset[str]) -> Iterator[Check]:
    if not any(name.endswith(_MOVIES) for name in names):
        yield Check("error", "no_video_file", "publish")
        return
    if not any(name.endswith(".vtt") for name in names):
        yield Check("warning", "no_caption_file", "captions")
    posters = [name for name in names if name.endswith((".jpg", ".jpeg"))]
    if not posters or not any((files.read(name) or b"").startswith(_JPEG) for name in posters):
        yield Check("error", "no_poster", "publish")
