"""The captions as rows for the list: number, times, text, reading speed, and what a screen reader says."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app import messages
from app.screens.edit_parts import captions_presenter as presenter
from app.screens.edit_parts.captions_presenter import CaptionsState
from app.screens.edit_presenter import clock

Index = QModelIndex | QPersistentModelIndex
NUMBER, TIMES, TEXT, SPEED = range(4)
HEADINGS = ("captions.number", "captions.times", "captions.text", "captions.reading_speed")


class CaptionModel(QAbstractTableModel):
    """The captions that are listed: all of them, or those to check."""

    def __init__(self) -> None:
        super().__init__()
        self.state: CaptionsState | None = None
        self.listed: Sequence[int] = ()

    def show(self, state: CaptionsState, *, only: Sequence[int] | None) -> None:
        """List other captions."""
        self.beginResetModel()
        self.state = state
        self.listed = range(len(state.captions)) if only is None else only
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """Return how many are listed."""
        return 0 if parent.isValid() else len(self.listed)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """Return number, times, text and speed."""
        return 0 if parent.isValid() else len(HEADINGS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what is said of a cell; painting is the delegate's."""
        if self.state is None or not index.isValid():
            return None
        number = self.listed[index.row()]
        cue = self.state.captions[number].cue
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return presenter.row_words(self.state, number) if index.column() == TEXT else self._cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return "\n".join(cue.lines) if index.column() == TEXT else self._cell(index)
        return None

    def _cell(self, index: Index) -> str:
        assert self.state is not None
        number = self.listed[index.row()]
        cue = self.state.captions[number].cue
        if index.column() == NUMBER:
            return str(number + 1)
        if index.column() == TIMES:
            return f"{clock(cue.start_us, hundredths=True)}\n{clock(cue.end_us, hundredths=True)}"
        return presenter.speed_words(presenter.speed(cue))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the words above a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return messages.text(HEADINGS[section])
        return None
