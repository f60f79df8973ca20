"""Let in the one phone that saw the code on this screen, and nobody else.

The code holds a token that works once and not for long. The phone that brings it gets a secret cookie and
an address of its own; from then on both are asked for. What is kept on disk is only what recognises them,
so that a phone finds its way back after the laptop's program was killed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from capture.files import write_whole
from capture.phone_words import Wish

TOKEN_BYTES = 24
PAIRING_S = 600.0
SESSION_S = 24 * 3600.0
STATE_FILE = "session.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phone was given: the first part of every address, and the cookie."""

    path: str
    secret: str


class Kept(msgspec.Struct):
    """What survives a restart of the program."""

    port: int = 0
    path_sha256: str = ""
    secret_sha256: str = ""
    ends_at: float = 0.0
    takes: dict[str, str] = {}
    wish: Wish = Wish()


class Pairing:
    """Who may come in. Used on the server's thread only, but for the constructor.

    Args:
        folder: Where to keep what survives a restart.
        now: Seconds since 1970.
    """

    def __init__(self, folder: Path, *, now: Callable[[], float] = time.time) -> None:
        self._file = folder / STATE_FILE
        self._now = now
        self._token_sha256 = ""
        self._token_ends_at = 0.0
        self.kept = Kept()
        if self._file.exists():
            try:
                self.kept = msgspec.json.decode(self._file.read_bytes(), type=Kept)
            except msgspec.DecodeError:  # of another version: pair again
                self.kept = Kept()

    def offer(self, *, valid_s: float = PAIRING_S) -> str:
        """Return a new token for the code on the screen; the one before no longer works."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._token_sha256 = _digest(token)
        self._token_ends_at = self._now() + valid_s
        return token

    def withdraw(self) -> None:
        """Let no new phone in."""
        self._token_sha256 = ""

    def redeem(self, token: str) -> Entry | None:
        """Return what to give to the phone that brought ``token``; None if it is not, or no longer, good."""
        if not _matches(token, self._token_sha256) or self._now() >= self._token_ends_at:
            return None
        self._token_sha256 = ""
        entry = Entry(secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(TOKEN_BYTES))
        self.kept.path_sha256 = _digest(entry.path)
        self.kept.secret_sha256 = _digest(entry.secret)
        self.kept.ends_at = self._now() + SESSION_S
        self.keep()
        return entry

    def admits(self, path: str, secret: str) -> bool:
        """Whether this is the phone that was let in."""
        known = _matches(path, self.kept.path_sha256) and _matches(secret, self.kept.secret_sha256)
        return known and self._now() < self.kept.ends_at

    @property
    def paired(self) -> bool:
        """Whether a phone was let in and still is welcome."""
        return bool(self.kept.path_sha256) and self._now() < self.kept.ends_at

    def forget(self) -> None:
        """Send the phone away."""
        self.kept.path_sha256 = self.kept.secret_sha256 = ""
        self.keep()

    def keep(self) -> None:
        """Write down what survives a restart."""
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self._file, msgspec.json.encode(self.kept))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _matches(text: str, digest: str) -> bool:
    return bool(digest) and hmac.compare_digest(_digest(text), digest)
