"""Check the texts in a manifest: none too long for a catalogue, none empty, each in a real language."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from capture.errors import BadInputError
from editor.language import language_tag
from export.checks import Check

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: Characters that catalogues keep at least (IEEE 1484.12.1, smallest permitted maximum; PRODUCT.md issue 5).
LENGTHS = {"title": 1000, "description": 1000, "keyword": 1000, "name": 1000, "version": 50}
_FIELDS = {"title": "title", "name": "title", "description": "summary", "keyword": "keywords"}
_NO_LANGUAGE = ("x-none", "und")


def check_texts(root: etree._Element) -> Iterator[Check]:
    """Yield texts that are too long, titles that are empty, and languages that are none."""
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if name in LENGTHS:
            yield from _text(element, name)
        language = element.get(_XML_LANG) or element.get("lang") or element.get("language")
        if name == "language":
            language = language or (element.text or "").strip()
        if language and language not in _NO_LANGUAGE and not is_language(language):
            yield Check("error", "bad_language", "details", {"language": language}, field="language")


def is_language(text: str) -> bool:
    """Return whether a text is a BCP 47 tag."""
    try:
        language_tag(text)
    except BadInputError:
        return False
    return True


def _text(element: etree._Element, name: str) -> Iterator[Check]:
    texts = [each.text or "" for each in element] if len(element) else [element.text or ""]
    field = _FIELDS.get(name, "")
    for text in texts:
        if len(text) > LENGTHS[name]:
            params = {"part": name, "length": len(text), "most": LENGTHS[name]}
            yield Check("error", "text_length", "details", params, field=field)
    if name in ("title", "name") and not any(text.strip() for text in texts):
        yield Check("error", "text_empty", "details", {"part": name}, field=field)
