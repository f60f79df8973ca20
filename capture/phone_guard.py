"""Turn away everything that is not the phone that was let in, and keep even that one within bounds.

Whoever has no token gets the same empty answer whatever they ask, so they learn nothing, not even what
this is.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from capture.phone_pairing import Pairing

COOKIE = "__Host-lapel"  # the prefix makes browsers refuse it without Secure and Path=/
OWN_HEADER = "X-Lapel"  # no other site can send it without asking first (CORS), and it would get no answer
STRANGER_RATE, STRANGER_BURST = 5.0, 20.0
PHONE_RATE, PHONE_BURST = 60.0, 120.0
INTRUDER_AFTER = 20
MOST_ADDRESSES = 256
MOST_CONNECTIONS = 48
STRANGER_S = 15.0
_WRITES = frozenset({"PUT", "POST"})
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self' blob: mediastream:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), screen-wake-lock=(self), geolocation=()",
    "Server": "",
}

log = logging.getLogger(__name__)


class Bucket:
    """So many at once, and so many a second after that."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._left = burst
        self._at_s = time.monotonic()

    def take(self) -> bool:
        """Whether one more is allowed."""
        now_s = time.monotonic()
        self._left = min(self._burst, self._left + (now_s - self._at_s) * self._rate)
        self._at_s = now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Guard:
    """Stands before every handler.

    Args:
        pairing: Knows who may come in.
        hosts: What the phone may call this laptop (``address:port``): another name would be a page
            elsewhere that was pointed here (DNS rebinding).
        on_paired: Told that a phone was let in.
        on_intruder: Told, once for each round of it, that somebody is trying things.
    """

    def __init__(
        self,
        pairing: Pairing,
        *,
        hosts: frozenset[str],
        on_paired: Callable[[], None],
        on_intruder: Callable[[], None],
    ) -> None:
        self._pairing = pairing
        self._hosts = hosts
        self._on_paired = on_paired
        self._on_intruder = on_intruder
        self._strangers: dict[str, Bucket] = {}
        self._turned_away = 0
        self._phone = Bucket(PHONE_RATE, PHONE_BURST)
        self._known: set[object] = set()  # connections that the phone has used

    def middleware(self) -> Middleware:
        """Return what aiohttp calls before a handler, and for what has no handler."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                response = await self._answer(request, handler)
            except web.HTTPException as refused:
                response = web.Response(status=refused.status, headers=_retry(refused))
            if not response.prepared:
                response.headers.update(HEADERS)
            return response

        return guard

    async def watch(self, connections: Callable[[], list[web.RequestHandler]]) -> None:
        """Close connections of strangers: slow ones after a while, the oldest at once if there are many."""
        since: dict[object, float] = {}
        while True:
            await asyncio.sleep(1)
            now_s = time.monotonic()
            self._known.intersection_update(connections())
            strangers = [each for each in connections() if each not in self._known]
            since = {each: since.get(each, now_s) for each in strangers}
            slow = [each for each in strangers if now_s - since[each] > STRANGER_S]
            many = strangers[: max(0, len(connections()) - MOST_CONNECTIONS)]
            for each in {*slow, *many}:
                each.force_close()
                if each.transport is not None:
                    each.transport.close()

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        first = request.path.split("/")[1]
        if request.host in self._hosts:
            if self._pairing.admits(first, request.cookies.get(COOKIE, "")):
                return await self._answer_phone(request, handler)
            if request.method == "GET" and request.raw_path == f"/{first}/" and not _from_elsewhere(request):
                entry = self._pairing.redeem(first)
                if entry is not None:
                    self._on_paired()
                    return _let_in(entry.path, entry.secret)
        return self._turn_away(request)

    async def _answer_phone(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self._known.add(request.protocol)
        if not self._phone.take():
            raise web.HTTPTooManyRequests(headers={"Retry-After": "1"})
        if not _is_own(request):
            raise web.HTTPForbidden
        return await handler(request)

    def _turn_away(self, request: web.Request) -> web.Response:
        self._turned_away += 1
        if self._turned_away % INTRUDER_AFTER == 0:
            self._on_intruder()
        remote = request.remote or ""
        if remote not in self._strangers and len(self._strangers) >= MOST_ADDRESSES:
            self._strangers.pop(next(iter(self._strangers)))
        bucket = self._strangers.setdefault(remote, Bucket(STRANGER_RATE, STRANGER_BURST))
        response = web.Response(status=404 if bucket.take() else 429)
        response.force_close()  # nothing they send after this is read
        return response


class QuietHandler(web.RequestHandler):
    """A connection on which even what is no HTTP at all gets the strangers' answer, and fills no log."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what could not be read, or what failed in us, without a word about it."""
        del message
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("cannot answer %s", request.method, exc_info=exc)
            response = web.Response(status=status, headers=HEADERS)
        else:
            response = web.Response(status=HTTPStatus.NOT_FOUND, headers=HEADERS)
        response.force_close()
        return response


def _let_in(path: str, secret: str) -> web.Response:
    response = web.Response(status=303, headers={"Location": f"/{path}/"})
    response.set_cookie(
        COOKIE, secret, secure=True, httponly=True, samesite="Strict", path="/", max_age=24 * 3600
    )
    return response


def _is_own(request: web.Request) -> bool:
    """Whether our own page asks, or, for the page itself, a person."""
    if request.method in _WRITES:
        own = request.headers.get("Origin") == f"https://{request.host}"
        return own and request.headers.get(OWN_HEADER) == "1"
    return not _from_elsewhere(request)


def _from_elsewhere(request: web.Request) -> bool:
    """Whether a page of another site is behind it (https://www.w3.org/TR/fetch-metadata/)."""
    return request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")


def _retry(refused: web.HTTPException) -> dict[str, str]:
    return {key: value for key, value in refused.headers.items() if key in ("Retry-After", "Allow")}
