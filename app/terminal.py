"""Speak to people and scripts in a terminal: progress and errors on stderr, results on stdout."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from types import FrameType

import msgspec
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Column, Table
from rich.text import Text

from app import messages
from capture.work import Work

#: ``m:ss``, as everywhere.
clock = messages.clock


class Terminal:
    """What a verb prints to: a table for people, or one JSON document for scripts."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._out = Console(file=sys.stdout, soft_wrap=True, highlight=False)
        self._err = Console(file=sys.stderr, highlight=False)

    def result(self, document: object, *, table: Table | str | None = None) -> None:
        """Print ``document`` as JSON if asked for, else the table."""
        if self.as_json:
            sys.stdout.write(msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n")
        elif table is not None:
            self._out.print(Text(table) if isinstance(table, str) else table)

    def tell(self, line: str) -> None:
        """Print a line for people on stderr."""
        self._err.print(Text(line))

    @contextlib.contextmanager
    def work(self, label: str, *, beside: Callable[[], str] | None = None) -> Iterator[Work]:
        """Yield a ``Work`` whose progress is shown and which Ctrl-C cancels; a second Ctrl-C ends hard.

        Args:
            label: Words for what is done, until the work says more.
            beside: Returns what is shown beside the progress, asked ten times a second.
        """
        columns: tuple[ProgressColumn, ...] = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(compact=True),
            *((_BesideColumn(beside),) if beside is not None else ()),
        )
        with Progress(*columns, console=self._err, transient=True) as progress:
            task = progress.add_task(label, total=None)

            def on_report(fraction: float | None, note: str) -> None:
                words = messages.note(note) or label
                total = None if fraction is None else 1.0
                progress.update(task, description=words, total=total, completed=fraction or 0.0)

            work = Work(on_report)
            with _cancelled_by_ctrl_c(work):
                yield work


class _BesideColumn(ProgressColumn):
    """Shows what a function says at each refresh."""

    max_refresh = None

    def __init__(self, words: Callable[[], str]) -> None:
        super().__init__(Column(no_wrap=True))
        self._words = words

    def render(self, task: Task) -> Text:
        """Return the words of now."""
        return Text(self._words())


def table(headings: Sequence[str], rows: Sequence[Sequence[object]], *, title: str = "") -> Table:
    """Return a table of plain text; nothing typed by a person is read as markup."""
    made = Table(title=Text(title) if title else None, title_justify="left", header_style="bold")
    for heading in headings:
        made.add_column(Text(heading), overflow="fold")
    for row in rows:
        made.add_row(*(Text(str(cell)) for cell in row))
    return made


@contextlib.contextmanager
def _cancelled_by_ctrl_c(work: Work) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def on_signal(number: int, frame: FrameType | None) -> None:
        if work.cancelled:
            raise KeyboardInterrupt
        work.cancel()

    ends = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = {each: signal.signal(each, on_signal) for each in ends}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
