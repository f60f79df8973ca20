"""The web page: a folder that opens by double click without a server, and the same as a zip to send on."""

from __future__ import annotations

from pathlib import Path

from capture.work import Work
from export import player
from export.package import write_folder, write_zip
from export.target import Edition


class Web:
    """``<stem>-web/index.html``, and ``<stem>-web.zip`` beside it."""

    name = "web"

    def build(self, edition: Edition, folder: Path, *, work: Work) -> Path:
        """Write the folder and the zip into ``folder`` and return the folder."""
        pages = player.page(edition, adapter=self.name)
        path = folder / f"{edition.stem}-{self.name}"
        write_folder(path, pages, work=work.part(0, 0.5))
        write_zip(folder / f"{edition.stem}-{self.name}.zip", pages, work=work.part(0.5, 1))
        return path
