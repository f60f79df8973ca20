"""Ask a record store whether it is there and takes our key, so that a typing error shows now, not in a month.

Only ``statements`` is asked, for one statement: reading is what Lapel uses a store for, and every store has
it. Clauses refer to xAPI 1.0.3, part three. The key goes to the address that was typed and nowhere else: a
store that sends on to another address is told of, not followed.
"""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from yarl import URL

from capture.errors import UserError
from capture.work import Work

WITHIN_S = 15.0
_POLL_S = 0.1
_MOST_STEPS = 3
_ELSEWHERE = (301, 302, 303, 307, 308)
_MOST_BYTES = 4 << 20  # one statement with its attachments left out
_VERSION = "X-Experience-API-Version"


@dataclass(frozen=True, slots=True)
class StoreAnswer:
    """A store that is there and lets us read; ``version`` is the xAPI it says it speaks, if it says so."""

    address: str
    version: str


def is_address(text: str) -> bool:
    """Return whether a record store may be at such an address: https, or this computer."""
    try:
        parts = urlsplit(text.strip())
        host = parts.hostname or ""
    except ValueError:
        return False
    here = host in ("localhost", "127.0.0.1", "::1")
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and here))


def ask_store(address: str, *, user: str, key: str, work: Work) -> StoreAnswer:
    """Ask a store for one statement.

    Args:
        address: Where it is, as it was typed: what ``/statements`` is appended to.
        user: Name or key id; with the key it makes HTTP Basic credentials (4.0).
        key: Never written anywhere.
        work: Asked often whether to stop.

    Raises:
        UserError: Nobody answers, the key is refused, or what answers is no record store.
        Cancelled: The person stopped it.
    """
    work.report(None, "store.asking")
    if not is_address(address):
        raise UserError("store.bad_address")
    return asyncio.run(_asked(address.strip(), user, key, work))


async def _asked(address: str, user: str, key: str, work: Work) -> StoreAnswer:
    asking = asyncio.create_task(_ask(address, user, key))
    try:
        while not asking.done():
            await asyncio.wait([asking], timeout=_POLL_S)
            work.checkpoint()
        return asking.result()
    except TimeoutError as error:
        raise UserError("store.slow", host=_host(address), seconds=round(WITHIN_S)) from error
    except aiohttp.ClientSSLError as error:
        raise UserError("store.certificate", host=_host(address)) from error
    except (aiohttp.ClientConnectionError, OSError) as error:
        raise UserError("store.no_answer", host=_host(address)) from error
    except (aiohttp.ClientError, ValueError) as error:
        raise UserError("store.not_a_store", address=address) from error
    finally:
        asking.cancel()


async def _ask(address: str, user: str, key: str) -> StoreAnswer:
    credentials = base64.b64encode(f"{user}:{key}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", _VERSION: "1.0.3", "Accept": "application/json"}
    timeout = aiohttp.ClientTimeout(total=WITHIN_S)
    url = URL(_statements(address), encoded=True)
    async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:
        for _ in range(_MOST_STEPS):
            async with session.get(url, headers=headers, allow_redirects=False) as response:
                sent_to = url.join(URL(response.headers.get("Location", "")))
                if response.status not in _ELSEWHERE or sent_to.origin() != url.origin():
                    return await _read(response, sent_to, address)
                url = sent_to  # the same store, for instance with a slash at the end
    raise UserError("store.not_a_store", address=address)


async def _read(response: aiohttp.ClientResponse, sent_to: URL, address: str) -> StoreAnswer:
    _look_at(response.status, sent_to, address)
    body = b""
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise UserError("store.not_a_store", address=address)
    found = json.loads(body)  # a StatementResult (2.1.3)
    if not isinstance(found, dict) or not isinstance(found.get("statements"), list):
        raise UserError("store.not_a_store", address=address)
    return StoreAnswer(address, response.headers.get(_VERSION, ""))


def _look_at(status: int, sent_to: URL, address: str) -> None:
    """Raise what a status means (3.2); 200 means to look at the body."""
    if status in (401, 403):
        raise UserError("store.key_refused")
    if status == 404:
        raise UserError("store.wrong_address", address=address)
    if status in _ELSEWHERE:
        raise UserError("store.elsewhere", address=address, other=str(sent_to.origin()))
    if status >= 500:
        raise UserError("store.trouble", status=status)
    if status != 200:
        raise UserError("store.not_a_store", address=address)


def _statements(address: str) -> str:
    parts = urlsplit(address)
    return urlunsplit(
        parts._replace(path=f"{parts.path.rstrip('/')}/statements", query="limit=1", fragment="")
    )


def _host(address: str) -> str:
    return urlsplit(address).netloc.rpartition("@")[2]
