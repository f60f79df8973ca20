"""The list of targets: explicit, so that nothing is built that is not tested and documented."""

from __future__ import annotations

from collections.abc import Sequence

from capture.errors import BadInputError
from export.cmi5 import Cmi5
from export.scorm12 import Scorm12
from export.scorm2004 import Scorm2004
from export.target import Target, target_title
from export.video import Video
from export.web import Web
from export.xapi import Xapi

TARGETS: tuple[Target, ...] = (Scorm12(), Scorm2004(), Cmi5(), Xapi(), Web(), Video())

#: What ``--to`` takes, and everything is made where it is left out.
BUILT: tuple[str, ...] = tuple(target.name for target in TARGETS)


def find_targets(names: Sequence[str]) -> tuple[Target, ...]:
    """Return the targets of these names, each once, in their order.

    Raises:
        BadInputError: A name is unknown.
    """
    known = {target.name: target for target in TARGETS}
    for name in names:
        if name not in known:
            raise BadInputError("export.unknown_target", target=name, built=_known())
    if not names:
        raise BadInputError("export.no_target", built=_known())
    return tuple(known[name] for name in dict.fromkeys(names))


def _known() -> str:
    """Return what there is: the name of each for people, and what is typed for it where that is another."""
    names = {name: target_title(name) for name in BUILT}
    return ", ".join(name if name == words.lower() else f"{words} ({name})" for name, words in names.items())
