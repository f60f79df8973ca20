"""The list of targets: explicit, so that nothing is built that is not tested and documented."""

from __future__ import annotations

from collections.abc import Sequence

from capture.errors import BadInputError
from export.scorm12 import Scorm12
from export.scorm2004 import Scorm2004
from export.target import Target
from export.video import Video
from export.web import Web

TARGETS: tuple[Target, ...] = (Scorm12(), Scorm2004(), Web(), Video())

#: What ``--to`` takes now, and what it will take; asking for the latter is refused, not faked.
BUILT: tuple[str, ...] = tuple(target.name for target in TARGETS)
NOT_BUILT: tuple[str, ...] = ("cmi5", "xapi")


def find_targets(names: Sequence[str]) -> tuple[Target, ...]:
    """Return the targets of these names, each once, in their order.

    Raises:
        BadInputError: A name is unknown, or known and not built yet.
    """
    known = {target.name: target for target in TARGETS}
    for name in names:
        if name in NOT_BUILT:
            raise BadInputError("export.not_built", target=name, built=", ".join(BUILT))
        if name not in known:
            raise BadInputError("export.unknown_target", target=name, built=", ".join(BUILT))
    if not names:
        raise BadInputError("export.no_target", built=", ".join(BUILT))
    return tuple(known[name] for name in dict.fromkeys(names))
