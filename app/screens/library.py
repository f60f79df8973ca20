"""Library: find, judge and reopen resources (DESIGN.md 2.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app import messages
from app.desk import Desk, ScreenName, Spot
from app.screens import library_presenter as presenter
from app.screens.library_acts import LibraryActs, stage_of
from app.screens.library_cards import Shelf, ShelfModel
from app.screens.library_filters import FilterPanel
from app.screens.library_presenter import CardFacts, Row
from app.screens.screen import Action
from app.shell.keys import shown
from app.widgets.boxes import clear, row
from app.widgets.buttons import Button
from app.widgets.chips import Chip
from app.widgets.fields import ComboBox, SearchField
from app.widgets.message import EmptyState, InlineMessage, Step
from app.widgets.segmented import Choice, Segmented
from app.widgets.text import Heading, Label
from capture.errors import UserError
from capture.work import Work
from editor.model import Resource
from editor.search import Filter, Group, Sort

_PIXMAP_KIB = 65_536
_SPOKEN_AFTER_MS = 500
_SORTS: tuple[Sort, ...] = ("changed", "title", "level")


class LibraryScreen(LibraryActs):
    """Filters at the left, search above, the shelf."""

    name: ClassVar[ScreenName] = "library"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), _PIXMAP_KIB))
        self.wanted = Filter()
        self.shelf: presenter.Shelf | None = None
        self._current = ""
        self.model = ShelfModel()
        self.list = Shelf(self.model)
        self.filters = FilterPanel()
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self._speak = QTimer(self)
        self._speak.setSingleShot(True)
        self._speak.setInterval(_SPOKEN_AFTER_MS)
        self._speak.timeout.connect(lambda: self.desk.door.announce(self.count.text()))
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(50)
        self._later.timeout.connect(self._read)

    # Building ----------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 16, 4, 0)
        column.setSpacing(8)
        column.addWidget(self._top())
        self.says = InlineMessage()
        column.addWidget(self.says)
        column.addWidget(self._headline())
        self.nothing = EmptyState()
        self.places = QStackedWidget()
        self.places.addWidget(self.list)
        self.places.addWidget(self.nothing)
        column.addWidget(self.places, 1)
        whole = QHBoxLayout()
        whole.setSpacing(0)
        whole.addWidget(self.filters)
        whole.addWidget(body, 1)
        self.content.addLayout(whole)

    def _top(self) -> QWidget:
        self.top, line = row(margins=(8, 0, 20, 0), spacing=12)
        self.search = SearchField(
            name=messages.text("library.search"),
            placeholder=messages.text("library.search"),
            keys=shown("Ctrl+F"),
        )
        self.search.setMaximumWidth(520)
        self.search.setMinimumWidth(220)
        self.sort = ComboBox(name=messages.text("library.sort"))
        self._fill_sorts(searching=False)
        self.sort.setMinimumWidth(168)
        self.view = Segmented(
            [
                Choice("cards", icon="layout-grid", name=messages.text("library.cards")),
                Choice("list", icon="rows-3", name=messages.text("library.list")),
            ],
            name=messages.text("library.view"),
        )
        self.bring = Button(messages.text("library.import"), icon="import")
        line.addWidget(self.search, 10)
        line.addStretch(1)
        self._sort_label = Label(messages.text("library.sort"), tint="muted")
        self._sort_label.setBuddy(self.sort)
        for each in (self.bring, self._sort_label, self.sort, self.view):
            line.addWidget(each)
        return self.top

    def _headline(self) -> QWidget:
        holder, line = row(margins=(8, 4, 20, 0), spacing=8)
        self.heading = Heading()
        self.count = Label("", tint="muted", tabular=True)
        self.ticks, self._ticks_row = row(spacing=6)
        line.addWidget(self.heading)
        line.addWidget(self.count)
        line.addWidget(self.ticks)
        line.addStretch(1)
        return holder

    def _connect(self) -> None:
        self.filters.toggled.connect(self._on_toggle)
        self.filters.cleared.connect(self.clear_filters)
        self.filters.bin_asked.connect(self.show_bin)
        self.search.searched.connect(self._on_search)
        self.search.left_downwards.connect(self._enter_list)
        self.sort.activated.connect(self._on_sort)
        self.view.chosen.connect(self._on_view)
        self.bring.clicked.connect(self.choose_files)
        self.list.activated.connect(self.open_row)
        self.list.deleted.connect(self.bin_current)
        self.list.played.connect(self.play_current)
        self.list.customContextMenuRequested.connect(self._on_menu)
        self.list.menu_wanted.connect(lambda index: self._menu_of(index, None))
        self.list.cards.opened_at.connect(self.open_hit)
        self.list.cards.menu_asked.connect(lambda found, at: self.show_menu(found.resource, at))
        self.model.wanted_facts.connect(self._read_facts)
        self.model.wanted_more.connect(self._read_more)
        self.desk.holder.changed.connect(self._on_changed)
        self.view.choose(self.desk.settings.now.library_view)
        self.list.show_as(self.desk.settings.now.library_view)

    # Reading -----------------------------------------------------------------------------------------

    def open(self, resource_id: str, spot: Spot | None) -> None:
        """Read the library again, perhaps what supports one priority."""
        if spot is not None and spot.part == "priority":
            self.search.edit.clear()
            self.wanted = Filter(priorities=(spot.words,))
        if self.shelf is None:
            self.show_loading(messages.text("library.reading"))
        self.model.forget("")
        self._read()

    def _on_changed(self, resource_id: str) -> None:
        self.model.forget(resource_id)
        if self.isVisible():
            self._later.start()  # many changes of one job are one reading

    def _read(self) -> None:
        wanted, sort = self.wanted, self._sort_by()
        self.read(
            lambda library, *, work: presenter.read_shelf(library, wanted, sort=sort, work=work),
            self._show,
            on_error=self._on_unreadable,
        )

    def _read_more(self) -> None:
        wanted, sort, offset = self.wanted, self._sort_by(), len(self.model.rows)

        def show(rows: tuple[Row, ...]) -> None:
            if offset == len(self.model.rows):
                self.model.add_rows(rows)

        self.read(
            lambda library, *, work: presenter.read_more(library, wanted, sort=sort, offset=offset),
            show,
            on_error=self._on_unreadable,
            more=True,
        )

    def _read_facts(self, resource: Resource) -> None:
        def read(*, work: Work) -> tuple[CardFacts, QImage]:
            with self.desk.holder.read() as library:
                facts = presenter.read_facts(library, resource, work=work)
            return facts, QImage(str(facts.poster)) if facts.poster is not None else QImage()

        def show(found: tuple[CardFacts, QImage]) -> None:
            facts, image = found
            if not image.isNull():
                QPixmapCache.insert(str(facts.poster), QPixmap.fromImage(image))
            self.model.learn(resource.id, facts)

        self.desk.jobs.read(read, on_done=show, on_error=lambda _: None)

    def _on_unreadable(self, error: UserError) -> None:
        again: Step = (messages.text("window.try_again"), "rotate-ccw", "standard", self._read)
        self.show_error(error, actions=[again])

    # Showing -----------------------------------------------------------------------------------------

    def _show(self, shelf: presenter.Shelf) -> None:
        self.shelf = shelf
        if not shelf.everything and not shelf.binned:
            self._show_first()
            return
        self.show_content()
        searching = bool(self.wanted.words.strip())
        if searching != self.list.searching:
            self.list.searching = searching
            self._fill_sorts(searching=searching)
            self.list.measure()
        self.list.cards.words = self.wanted.words
        current = self.model.resource(self.list.currentIndex())
        self.model.show_rows(shelf.rows, total=shelf.total, words=self.wanted.words.strip())
        self._keep_current(current.id if current is not None else self._current)
        self.filters.show_shelf(shelf, self.wanted)
        self.heading.setText(presenter.heading(self.wanted))
        self.count.setText(presenter.summary(shelf, self.wanted))
        self._show_ticks()
        if shelf.rows:
            self.places.setCurrentWidget(self.list)
        else:
            self._show_nothing()
        if searching:
            self._speak.start()

    def _keep_current(self, resource_id: str) -> None:
        place = self.model.row_of(resource_id)
        if place < 0 and self.model.rows:
            place = 0
        if place >= 0 and self.list.currentIndex().row() != place:
            self.list.setCurrentIndex(self.model.index(place))

    def _show_first(self) -> None:
        self.show_empty(
            messages.text("library.empty_title"),
            messages.text("library.empty_text"),
            icon="layout-grid",
            actions=[
                (messages.text("library.new"), "plus", "primary", self.desk.ways.new_resource),
                (messages.text("library.import"), "import", "standard", self.choose_files),
            ],
        )

    def _show_nothing(self) -> None:
        clear_action: Step = (messages.text("library.clear_filters"), "x", "standard", self.clear_all)
        new: Step = (messages.text("library.start_brief"), "plus", "standard", self.desk.ways.new_resource)
        if self.wanted.words.strip():
            text = messages.text("library.nothing_said", words=self.wanted.words.strip())
            title = messages.text("library.nothing_title")
            self.nothing.say(title, text, icon="search", actions=[clear_action, new])
        elif self.wanted.binned:
            title, how = messages.text("library.bin_empty"), messages.text("library.bin_how")
            self.nothing.say(title, how, icon="trash-2")
        else:
            title = messages.text("library.nothing_filtered")
            self.nothing.say(title, "", icon="search", actions=[clear_action, new])
        self.places.setCurrentWidget(self.nothing)

    def _show_ticks(self) -> None:
        clear(self._ticks_row)
        for group, value in presenter.ticked(self.wanted):
            chip = Chip(presenter.value_words(group, value), kind="accent", removable=True)
            chip.removed.connect(lambda group=group, value=value: self._on_toggle(group, value))
            self._ticks_row.addWidget(chip)

    def _fill_sorts(self, *, searching: bool) -> None:
        self.sort.clear()
        if searching:
            self.sort.addItem(messages.text("library.sort_best"), "")
            return
        for each in _SORTS:
            self.sort.addItem(messages.text(f"library.sort_{each}"), each)
        self.sort.choose(self.desk.settings.now.library_sort)

    def _sort_by(self) -> Sort:
        return self.desk.settings.now.library_sort

    # What the person does ------------------------------------------------------------------------------

    def _on_toggle(self, group: Group, value: str) -> None:
        self.wanted = presenter.toggled(self.wanted, group, value)
        self._read()

    def clear_filters(self) -> None:
        """Tick nothing."""
        self.wanted = presenter.cleared(self.wanted)
        self._read()

    def clear_all(self) -> None:
        """Tick nothing and search for nothing."""
        self.search.edit.clear()
        self.wanted = replace(presenter.cleared(self.wanted), words="")
        self._read()

    def show_bin(self) -> None:
        """Show what is in the bin, or the shelf again."""
        self.wanted = Filter(binned=not self.wanted.binned, words=self.wanted.words)
        if self.wanted.binned:
            self.wanted = replace(self.wanted, words="")
            self.search.edit.clear()
        self._read()

    def _on_search(self, words: str) -> None:
        if words != self.wanted.words:
            self.wanted = replace(self.wanted, words=words, binned=False)
            self._read()

    def _on_sort(self) -> None:
        chosen = self.sort.currentData()
        if chosen:
            self.desk.settings.change(library_sort=chosen)
            self._read()

    def _on_view(self, view: str) -> None:
        self.desk.settings.change(library_view=view)
        self.list.show_as(view)

    def _enter_list(self) -> None:
        if self.model.rows:
            self.list.setFocus()
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.model.index(0))

    def open_row(self, index: QModelIndex) -> None:
        """Open a resource where its work goes on; one in the bin offers to be restored."""
        resource = self.model.resource(index)
        if resource is None:
            return
        self._current = resource.id
        if resource.binned_at:
            self.says.say(
                messages.text("library.in_bin", title=resource.title),
                offers=[(messages.text("library.restore"), lambda: self.restore(resource))],
            )
            return
        row_hit = self.model.rows[index.row()]
        if row_hit.hit is not None and row_hit.hit.take_id:
            self.open_hit(row_hit)
        else:
            self.desk.ways.to(stage_of(resource), resource.id)

    def open_hit(self, found: Row) -> None:
        """Open Edit at the second where it is said."""
        if found.hit is not None:
            spot = Spot(take_id=found.hit.take_id, at_us=found.hit.start_us, words=self.wanted.words)
            self._current = found.resource.id
            self.desk.ways.to("edit", found.resource.id, spot=spot)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Bring files in; dropped on a card they become its answers."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        at = self.list.viewport().mapFrom(self, event.position().toPoint())
        inside = self.list.isVisible() and self.list.viewport().rect().contains(at)
        into = self.model.resource(self.list.indexAt(at)) if inside else None
        if paths:
            event.acceptProposedAction()
            self.bring_in(paths, into=into)

    # What the shell asks -----------------------------------------------------------------------------------

    def bindings(self) -> Mapping[str, Action]:
        """Return what Library's keys do; the shelf takes its own while it has the focus."""
        return {
            "find": self._find,
            "library_open": lambda: self.open_row(self.list.currentIndex()),
            "library_play": self.play_current,
            "library_bin": self.bin_current,
        }

    def _find(self) -> None:
        self.search.edit.setFocus()
        self.search.edit.selectAll()

    def panels(self) -> Sequence[QWidget]:
        """Return the filters, the search and the shelf."""
        return (self.filters, self.top, self.list)


__all__ = ["LibraryScreen"]
