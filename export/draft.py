"""Build one package as publishing now would, to look at it: nothing is published, and nothing of it stays."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from capture.work import Work
from editor.library import Library
from editor.model import Version
from export import places, publish, registry, rendering
from export.package import stem_of
from export.terms import Terms


@contextlib.contextmanager
def draft_package(
    library: Library, resource_id: str, *, target: str, terms: Terms, work: Work
) -> Iterator[Path]:
    """Yield the package that publishing now would make; one that was published just so is taken as it is.

    Args:
        library: Is only read.
        resource_id: Which resource.
        target: Which package.
        terms: How it would be published.
        work: Told of progress; asked often whether to stop.

    Raises:
        BadInputError: It cannot be published as it stands, or there is no room.
        UserError: The package could not be built.
        Cancelled: The person stopped it.
    """
    formats = registry.find_targets([target])
    version = publish.draft(library, resource_id, terms=terms)
    made = _published(library, version, target)
    if made is not None:
        yield made
        return
    home = library.export_folder(resource_id, version.number).parent
    with places.rooms(home, out=None) as (scratch, room):
        work.report(0.0, "export.rendering")
        copies = rendering.ready_copies(library, version, work=work.part(0, 0.4))
        media = rendering.render_version(library, version, copies, folder=scratch, work=work.part(0.4, 0.9))
        edition = media.edition(stem_of(version.title, otherwise=resource_id))
        packages, failed = publish.build_all(edition, formats, room=room, work=work.part(0.9, 1))
        if failed:
            raise failed[0][1]
        yield packages[0].path


def _published(library: Library, version: Version, target: str) -> Path | None:
    """Return the package of the newest version if nothing that is seen in it has changed since."""
    newest = next(reversed(library.versions(version.resource_id)), None)
    if newest is None or _seen(newest) != _seen(version):
        return None
    there = (Path(made.path) for made in newest.targets if made.target == target)
    return next((path for path in there if path.exists()), None)


def _seen(version: Version) -> Version:
    return replace(version, number=0, published_at="", note="", targets=(), made_from=())
