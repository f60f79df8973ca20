"""What Library does to resources: open, play, bin, restore, erase, bring in, carry away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMenu

from app import messages
from app.desk import ScreenName
from app.screens import library_presenter as presenter
from app.screens.library_cards import Shelf, ShelfModel
from app.screens.library_presenter import Dropped
from app.screens.screen import BaseScreen
from app.theme import icon
from app.widgets.message import InlineMessage
from capture.errors import UserError
from capture.work import Work
from editor.model import Resource


class LibraryActs(BaseScreen):
    """The half of Library that does something with a resource, and the menu that offers it."""

    model: ShelfModel
    list: Shelf
    says: InlineMessage
    _current: str

    def show_folder(self, resource: Resource) -> None:
        """Show the resource's recordings in the system's file window."""
        folder = self.desk.folder / "media" / resource.id
        there = folder if folder.is_dir() else self.desk.folder
        show_file(there)

    def save_bundle(self, resource: Resource) -> None:
        """Pack a resource into one file, to carry it to another laptop."""
        suggested = str(Path.home() / f"{resource.title[:60].replace('/', '-')}{presenter.BUNDLE_SUFFIX}")
        title = messages.text("library.save_bundle")
        chosen, _ = QFileDialog.getSaveFileName(self, title, suggested, f"Lapel (*{presenter.BUNDLE_SUFFIX})")
        if chosen:
            self.write_bundle(resource, Path(chosen))

    def write_bundle(self, resource: Resource, file: Path) -> None:
        """Write the bundle of a resource; the file window has asked before about a file that is there."""
        from editor import bundle

        def write(*, work: Work) -> None:
            with self.desk.holder.read() as library:
                file.unlink(missing_ok=True)
                bundle.bundle(library, resource.id, file=file, work=work)

        self.desk.jobs.start(
            "jobs.bundle",
            write,
            params={"title": resource.title},
            on_done=lambda _: self.desk.door.toast(messages.text("library.bundled", name=file.name)),
            on_error=self._complain,
        )

    # Menu ----------------------------------------------------------------------------------------------

    def _on_menu(self, at: QPoint) -> None:
        self._menu_of(self.list.indexAt(at), self.list.viewport().mapToGlobal(at))

    def _menu_of(self, index: QModelIndex, at: QPoint | None) -> None:
        resource = self.model.resource(index)
        if resource is not None:
            here = at or self.list.viewport().mapToGlobal(self.list.visualRect(index).center())
            self.show_menu(resource, here)

    def menu(self, resource: Resource) -> QMenu:
        """Return the menu of a card."""
        made = QMenu(self)
        made.setAccessibleName(messages.text("library.menu", title=resource.title))

        def add(key: str, sign: str, act: Callable[[], object]) -> None:
            made.addAction(icon(sign), messages.text(f"library.{key}")).triggered.connect(lambda: act())

        if resource.binned_at:
            add("restore", "rotate-ccw", lambda: self.restore(resource))
            made.addSeparator()
            add("erase", "trash-2", lambda: self.erase(resource))
            return made
        add("open", "pencil", lambda: self.desk.ways.to(stage_of(resource), resource.id))
        add("preview", "external-link", lambda: self.preview(resource))
        add("add_files", "import", lambda: self.choose_files(resource))
        facts = self.model.facts(resource.id)
        if facts is not None and facts.missing:
            add("locate", "search", lambda: self.choose_folder(resource))
        add("show_folder", "folder-open", lambda: self.show_folder(resource))
        add("save_bundle", "package", lambda: self.save_bundle(resource))
        made.addSeparator()
        add("to_bin", "trash-2", lambda: self.bin(resource))
        return made

    def show_menu(self, resource: Resource, at: QPoint) -> None:
        """Open the menu of a card."""
        self.menu(resource).popup(at)

    def play_current(self) -> None:
        """Show the newest published page of the current resource in the browser."""
        resource = self.model.resource(self.list.currentIndex())
        if resource is not None and not resource.binned_at:
            self.preview(resource)

    def preview(self, resource: Resource) -> None:
        """Show the newest published page of a resource in the browser."""
        none = messages.text("library.no_page", title=resource.title)
        show_newest_page(self, resource.id, on_none=lambda: self.says.say(none))

    # Lost and found -----------------------------------------------------------------------------------

    def choose_folder(self, resource: Resource) -> None:
        """Let the person choose where the recordings of a resource are now."""
        chosen = QFileDialog.getExistingDirectory(self, messages.text("library.locate"), str(Path.home()))
        if chosen:
            self.locate(resource, Path(chosen))

    def locate(self, resource: Resource, folder: Path) -> None:
        """Copy the recordings that a resource lost back from a folder."""
        shared = self.desk.holder.for_job()

        def found(count: int) -> None:
            self.desk.holder.tell(resource.id)
            self.desk.door.toast(messages.counted("library.located", count))

        self.desk.jobs.start(
            "jobs.locating",
            lambda *, work: presenter.locate(shared, resource.id, folder, work=work),
            on_done=found,
            on_error=self._complain,
        )

    # Bin -----------------------------------------------------------------------------------------------

    def bin_current(self) -> None:
        """Move the current resource to the bin, or offer to erase it where it is there already."""
        resource = self.model.resource(self.list.currentIndex())
        if resource is None:
            return
        if resource.binned_at:
            self.erase(resource)
        else:
            self.bin(resource)

    def bin(self, resource: Resource) -> None:
        """Move a resource to the bin, with a way back."""
        self._change(lambda: self.desk.holder.library.bin(resource.id), resource)
        self.desk.door.toast(
            messages.text("library.binned", title=resource.title),
            offers=[(messages.text("keys.undo"), lambda: self.restore(resource))],
        )

    def restore(self, resource: Resource) -> None:
        """Take a resource back out of the bin."""
        self.says.say_nothing()
        self._change(lambda: self.desk.holder.library.restore(resource.id), resource)
        self.desk.door.toast(messages.text("library.restored", title=resource.title))

    def erase(self, resource: Resource) -> None:
        """Erase a resource for good, once the person has said so."""
        from editor import resources

        if not self.desk.door.ask(
            messages.text("library.erase_title"),
            messages.text("library.erase_text", title=resource.title),
            yes=messages.text("library.erase"),
            no=messages.text("library.keep"),
            danger=True,
        ):
            return
        shared = self.desk.holder.for_job()
        self.desk.jobs.start(
            "jobs.erase",
            lambda *, work: resources.erase(shared, resource.id, work=work),
            params={"title": resource.title},
            on_error=self._complain,
        )

    def _complain(self, error: UserError) -> None:
        if self.state == "content":
            self.says.say(messages.sentence(error), kind="error")
        else:
            self.desk.door.error(error)

    def _change(self, change: Callable[[], object], resource: Resource) -> None:
        try:
            change()
        except UserError as error:
            self._complain(error)
        else:
            self.desk.holder.tell(resource.id)

    # Bringing in -----------------------------------------------------------------------------------------

    def choose_files(self, into: Resource | None = None) -> None:
        """Let the person choose recordings or a bundle."""
        suffixes = sorted(presenter.MEDIA_SUFFIXES | {presenter.BUNDLE_SUFFIX})
        kinds = " ".join(f"*{suffix}" for suffix in suffixes)
        title = messages.text("library.import_title")
        label = messages.text("library.import_kinds", kinds=kinds)
        everything = messages.text("library.import_any")
        paths, _ = QFileDialog.getOpenFileNames(self, title, str(Path.home()), f"{label};;{everything}")
        if paths:
            self.bring_in([Path(path) for path in paths], into=into)

    def bring_in(self, paths: Sequence[Path], *, into: Resource | None = None) -> None:
        """Import recordings as a new resource, or as answers of one; take resources out of bundles."""
        dropped = presenter.sort_dropped(paths)
        if into is not None or not (dropped.media or dropped.bundles):
            dropped = Dropped((*dropped.media, *dropped.others), dropped.bundles, ())
        if dropped.others:
            names = ", ".join(path.name for path in dropped.others)
            self.says.say(messages.text("library.left_out", names=names), kind="warn")
        shared = self.desk.holder.for_job()
        for file in dropped.bundles:
            self._start_unbundle(file)
        if not dropped.media:
            return

        def bring(*, work: Work) -> Resource:
            if into is not None:
                return presenter.import_into(shared, into.id, dropped.media, work=work)
            return presenter.import_new(shared, dropped.media, work=work)

        name = messages.counted("library.files", len(dropped.media), name=dropped.media[0].name)
        self.desk.jobs.start(
            "jobs.import",
            bring,
            params={"name": name},
            on_done=self._on_brought,
            on_error=self._complain,
        )

    def _start_unbundle(self, file: Path) -> None:
        from editor import bundle

        shared = self.desk.holder.for_job()
        self.desk.jobs.start(
            "jobs.unbundle",
            lambda *, work: bundle.unbundle(shared, file, work=work),
            params={"name": file.name},
            on_done=self._on_brought,
            on_error=self._complain,
        )

    def _on_brought(self, resource: Resource) -> None:
        self.desk.holder.tell(resource.id)
        self._current = resource.id
        self.desk.door.toast(
            messages.text("library.brought", title=resource.title),
            offers=[
                (messages.text("library.open"), lambda: self.desk.ways.to(stage_of(resource), resource.id))
            ],
        )


def show_newest_page(screen: BaseScreen, resource_id: str, *, on_none: Callable[[], None]) -> None:
    """Show the newest published page of a resource in the browser, or tell that there is none."""
    from export import publish

    def find(*, work: Work) -> Path:
        with screen.desk.holder.read() as library:
            return publish.newest_package(library, resource_id, target="web") / "index.html"

    screen.desk.jobs.read(find, on_done=show_file, on_error=lambda _: on_none())


def show_file(path: Path) -> None:
    """Open a file or folder in the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def stage_of(resource: Resource) -> ScreenName:
    """Return where the work on a resource goes on."""
    stages: dict[str, ScreenName] = {"draft": "brief", "recorded": "edit", "captioned": "edit"}
    return stages.get(resource.status, "publish")


__all__ = ["LibraryActs", "show_file", "show_newest_page", "stage_of"]
