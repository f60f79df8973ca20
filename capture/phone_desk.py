"""What the server has in hand for one phone: what it is to do, how it is doing, which files it is sending.

The window speaks to it from its own thread, the handlers from the server's.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import msgspec

from capture.phone_journal import SegmentStore
from capture.phone_pairing import Pairing
from capture.phone_words import PhoneNews, PhoneState, Prompt, Wish

PRESENT_S = 4.0  # a phone that said nothing for so long has lost its connection


class Desk:
    """One phone's desk.

    Args:
        pairing: Whose kept state remembers wish and takes over a restart.
        tell: Told what the window should know; called on the server's thread, must not wait.
    """

    def __init__(self, pairing: Pairing, *, tell: Callable[[PhoneNews], None]) -> None:
        self._pairing = pairing
        self.tell = tell
        self._lock = threading.Lock()
        self._epoch = secrets.token_hex(4)
        self._changes = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed: asyncio.Event | None = None
        self._state: PhoneState | None = None
        self._heard_s = 0.0
        self._preview = b""
        self._stores: dict[tuple[str, int], SegmentStore] = {}
        self.segment_locks: defaultdict[tuple[str, int], asyncio.Lock] = defaultdict(asyncio.Lock)
        self.closing = False

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take the loop whose handlers wait for changes."""
        self._loop = loop
        self._changed = asyncio.Event()

    # For the window.

    @property
    def wish(self) -> Wish:
        """What the phone is to do."""
        return self._pairing.kept.wish

    def change(self, *, prompt: Prompt | None = None, take: str | None = None) -> None:
        """Change what the phone is to do, and let it know."""
        with self._lock:
            wish = self.wish
            wish = msgspec.structs.replace(
                wish,
                prompt=wish.prompt if prompt is None else prompt,
                take=wish.take if take is None else take,
            )
            if wish == self.wish:
                return
            self._pairing.kept.wish = wish
            self._pairing.keep()
            self._changes += 1
        self.wake()

    def expect(self, take: str, folder: Path) -> None:
        """Accept what belongs to a take, into its folder."""
        with self._lock:
            self._pairing.kept.takes[take] = str(folder)
            self._pairing.keep()

    def dismiss(self, take: str) -> None:
        """Accept nothing more of a take."""
        with self._lock:
            self._pairing.kept.takes.pop(take, None)
            self._pairing.keep()

    @property
    def expected(self) -> dict[str, Path]:
        """The takes of which something is accepted, and their folders."""
        return {take: Path(folder) for take, folder in dict(self._pairing.kept.takes).items()}

    @property
    def state(self) -> PhoneState | None:
        """What the phone last said of itself."""
        return self._state

    @property
    def present(self) -> bool:
        """Whether it was heard of a moment ago."""
        return self._state is not None and time.monotonic() - self._heard_s < PRESENT_S

    @property
    def preview(self) -> bytes:
        """The latest small JPEG; empty before the first."""
        return self._preview

    # For the handlers.

    @property
    def version(self) -> str:
        """Changes whenever the wish does, and with every start of the program."""
        return f"{self._epoch}-{self._changes}"

    async def wish_other_than(self, version: str, *, within_s: float) -> None:
        """Wait until the wish is another one than the phone knows, or the time is over."""
        deadline_s = time.monotonic() + within_s
        while self.version == version and not self.closing and self._changed is not None:
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                return
            changed = self._changed
            try:
                await asyncio.wait_for(changed.wait(), left_s)
            except TimeoutError:
                return

    def hear(self, state: PhoneState) -> None:
        """Take what the phone says of itself."""
        self._state, self._heard_s = state, time.monotonic()
        self.tell(PhoneNews("state", take=state.take))
        if state.asks == "stop" and state.take in ("", self.wish.take):
            self.change(take="")  # whoever holds the phone may stop it; the window hears of it
        if state.asks:
            self.tell(PhoneNews("asks", take=state.take, text=state.asks))

    def look(self, preview: bytes) -> None:
        """Take a small picture."""
        self._preview = preview

    def folder(self, take: str) -> Path | None:
        """Return where a take's parts go, if it is one that the phone was asked for."""
        known = self._pairing.kept.takes.get(take)
        return Path(known) if known is not None and Path(known).is_dir() else None

    def store(self, take: str, segment: int) -> SegmentStore | None:
        """Return the file that a segment goes into; call with its lock held."""
        folder = self.folder(take)
        if folder is None:
            self._stores.pop((take, segment), None)
            return None
        if (take, segment) not in self._stores:
            self._stores[take, segment] = SegmentStore(folder, segment)
        return self._stores[take, segment]

    def close_files(self) -> None:
        """Let every file go."""
        for store in self._stores.values():
            store.close()
        self._stores.clear()

    def wake(self) -> None:
        """Let waiting handlers look again; from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if self._changed is not None:
            self._changed.set()
            self._changed = asyncio.Event()
