"""The key of the record store: where it is kept, and trying it, without a widget.

It is in the system's keyring and nowhere else: not in a package, a log or the settings. Lapel alone uses it,
to read what learners said. A keyring may ask the person to unlock it, so all of this belongs in a job.
"""

from __future__ import annotations

from capture.errors import UserError
from capture.work import Work
from export import store_check
from export.store_check import StoreAnswer, is_address

_KEYRING = "Lapel record store"

__all__ = ["has_key", "is_address", "keep_key", "try_store"]


def keep_key(address: str, user: str, key: str) -> bool:
    """Keep a record store's key in the system's keyring; return whether it could."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_KEYRING, _name(address, user), key)
    except (KeyringError, RuntimeError):  # RuntimeError: a system without any keyring
        return False
    return True


def has_key(address: str, user: str) -> bool:
    """Return whether the keyring has a key for a record store."""
    return _kept_key(address, user) is not None


def try_store(address: str, user: str, key: str, *, work: Work) -> StoreAnswer:
    """Ask a store whether it is there and takes the key; without one, that of the keyring.

    Raises:
        UserError: It is not, or it does not; why, in words.
        Cancelled: The person stopped it.
    """
    known = key or _kept_key(address, user)
    if known is None:
        raise UserError("store.no_key")
    return store_check.ask_store(address, user=user, key=known, work=work)


def _kept_key(address: str, user: str) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_KEYRING, _name(address, user))
    except (KeyringError, RuntimeError):
        return None


def _name(address: str, user: str) -> str:
    return f"{user}@{address.strip()}"
