"""Build every package without its video and check it, so that a fault shows before anything is rendered."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from capture.work import Work
from editor.result import Result
from export import preflight, registry
from export.checks import Check, errors, ordered
from export.package import stem_of
from export.package_check import MANIFESTS, check_package
from export.publish import freeze
from export.target import Edition, target_title
from export.terms import STANDARD_TERMS, Terms

_JPEG = b"\xff\xd8\xff\xd9"  # the shortest file that says that it is one
_BUILT_AS_THEY_ARE = (*MANIFESTS, "web")  # these take the video in without looking at it


def check_all(
    result: Result, *, targets: Sequence[str] = registry.BUILT, terms: Terms = STANDARD_TERMS, work: Work
) -> tuple[Check, ...]:
    """Return what stands between a resource and publishing, its packages included.

    Args:
        result: The resource as it stands.
        targets: Which packages to try.
        terms: What the packages would be built with.
        work: Asked whether to stop.

    Raises:
        BadInputError: A target is unknown or not built yet.
    """
    formats = [each for each in registry.find_targets(targets) if each.name in _BUILT_AS_THEY_ARE]
    found = preflight.check(result, rendition=terms.rendition)
    if errors(found):
        return found
    version = freeze(result, number=result.resource.version + 1, terms=terms)
    packages: list[Check] = []
    with tempfile.TemporaryDirectory(prefix="lapel-check-") as name:
        video, poster = Path(name) / "video.mp4", Path(name) / "poster.jpg"
        video.write_bytes(b"")
        poster.write_bytes(_JPEG)
        stem = stem_of(version.title, otherwise=version.resource_id)
        for target in formats:
            work.checkpoint()
            folder = Path(name) / target.name
            folder.mkdir()
            built = target.build(Edition(version, video, poster, stem), folder, work=work)
            packages += check_package(built, target=target.name)
    if not result.cues:  # the resource's own check has said so
        packages = [each for each in packages if each.key != "no_caption_file"]
    if not packages:
        names = ", ".join(target_title(each.name) for each in formats)
        packages = [Check("ok", "packages", "publish", {"targets": names})]
    return ordered([*found, *packages])
