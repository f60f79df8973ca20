"""Answer the phone: its page, what it is to do, and each part that it sends."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable
from typing import TypeVar

import msgspec
from aiohttp import web

from capture.phone_desk import Desk
from capture.phone_guard import Guard
from capture.phone_journal import (
    MOST_SEGMENTS,
    DamagedPartsError,
    DifferentPartError,
    OutOfOrderError,
    SegmentEnd,
    SegmentStore,
    WrongHashError,
    segments_in,
)
from capture.phone_page import PageFile
from capture.phone_words import PhoneNews, PhoneState

MOST_PART_BYTES = 4 << 20
MOST_PREVIEW_BYTES = 256 << 10
MOST_STATE_BYTES = 8 << 10
MOST_AT_ONCE = 4
MOST_SEQ = 10_000_000
BODY_S = 60.0
WAIT_S = 20.0
HASH_HEADER = "X-Lapel-SHA256"
_TAKE = "{take:[A-Za-z0-9_-]{1,64}}"
_SEGMENT = _TAKE + "/{segment:[0-9]{1,3}}"
_HASH = re.compile(r"[0-9a-f]{64}")
#: The disk is full: the phone keeps the part and tries again (RFC 4918, 11.5).
INSUFFICIENT_STORAGE = 507

T = TypeVar("T")
log = logging.getLogger(__name__)


class Routes:
    """The handlers, all behind the guard.

    Args:
        desk: What the server has in hand.
        files: The page.
    """

    def __init__(self, desk: Desk, files: dict[str, PageFile]) -> None:
        self._desk = desk
        self._files = files
        self._room = asyncio.Semaphore(MOST_AT_ONCE)

    def application(self, guard: Guard) -> web.Application:
        """Return the whole server."""
        app = web.Application(middlewares=[guard.middleware()], client_max_size=MOST_PART_BYTES)
        app.router.add_get("/{path}/wish", self.wish)
        app.router.add_post("/{path}/state", self.state)
        app.router.add_post("/{path}/preview", self.preview)
        app.router.add_get(f"/{{path}}/takes/{_TAKE}", self.segments)
        app.router.add_put(f"/{{path}}/takes/{_SEGMENT}/{{seq:[0-9]{{1,8}}}}", self.part)
        app.router.add_post(f"/{{path}}/takes/{_SEGMENT}/end", self.end)
        app.router.add_get("/{path}/{name:.*}", self.page)
        return app

    async def page(self, request: web.Request) -> web.Response:
        """Send a file of the page."""
        file = self._files.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        charset = None if file.content_type.startswith("font/") else "utf-8"
        return web.Response(body=file.data, content_type=file.content_type, charset=charset)

    async def wish(self, request: web.Request) -> web.Response:
        """Tell the phone what to do, as soon as that is something new."""
        await self._desk.wish_other_than(request.query.get("after", ""), within_s=WAIT_S)
        return _json({"version": self._desk.version, "now_us": _now_us(), "wish": self._desk.wish})

    async def state(self, request: web.Request) -> web.Response:
        """Hear how the phone is doing."""
        self._desk.hear(_decoded(await _body(request, most_bytes=MOST_STATE_BYTES), PhoneState))
        return _json({"version": self._desk.version, "now_us": _now_us()})

    async def preview(self, request: web.Request) -> web.Response:
        """Take a small picture; parts go first."""
        if self._room.locked():
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "1"})
        data = await _body(request, most_bytes=MOST_PREVIEW_BYTES)
        if not data.startswith(b"\xff\xd8\xff"):
            raise web.HTTPUnsupportedMediaType
        self._desk.look(data)
        return web.Response(status=204)

    async def segments(self, request: web.Request) -> web.Response:
        """Say what is here of a take, so that a phone that was away can go on."""
        take = request.match_info["take"]
        folder = self._desk.folder(take)
        if folder is None:
            raise web.HTTPGone
        found = []
        for segment in await asyncio.to_thread(segments_in, folder):
            async with self._desk.segment_locks[take, segment]:
                store = await asyncio.to_thread(self._desk.store, take, segment)
                if store is not None:
                    found.append(_progress(store))
        return _json({"segments": found})

    async def part(self, request: web.Request) -> web.Response:
        """Keep a part for good, then say so."""
        take, segment, seq = _address(request)
        sha256 = request.headers.get(HASH_HEADER, "")
        if not _HASH.fullmatch(sha256):
            raise web.HTTPBadRequest
        async with self._room:
            data = await _body(request, most_bytes=MOST_PART_BYTES)
            return await self._at_store(
                take, segment, lambda store: self._added(store, seq, data, sha256, take=take)
            )

    async def end(self, request: web.Request) -> web.Response:
        """Check a finished segment and give it its name."""
        take, segment, _ = _address(request)
        end = _decoded(await _body(request, most_bytes=MOST_STATE_BYTES), SegmentEnd)

        def finished(store: SegmentStore) -> web.Response:
            known = store.finished_file is not None
            file = store.finish(end)
            if not known:
                self._desk.tell(PhoneNews("finished", take=take, segment=segment, text=file.name))
            return _json(_progress(store))

        return await self._at_store(take, segment, finished)

    def _added(self, store: SegmentStore, seq: int, data: bytes, sha256: str, *, take: str) -> web.Response:
        new = store.add(seq, data, sha256=sha256)
        if new:
            self._desk.tell(PhoneNews("part", take=take, segment=store.segment))
        return _json({**_progress(store), "new": new})

    async def _at_store(
        self, take: str, segment: int, act: Callable[[SegmentStore], web.Response]
    ) -> web.Response:
        """Do something with a segment's file, on a thread, one at a time; say what stands in the way."""

        def acted() -> web.Response:
            store = self._desk.store(take, segment)
            if store is None:
                return web.Response(status=410)
            try:
                return act(store)
            except WrongHashError:
                return _json({"why": "hash"}, status=422)
            except DifferentPartError:
                return _json({"why": "different"}, status=409)
            except OutOfOrderError as error:
                return _json({"why": "order", "expected": error.expected}, status=409)
            except DamagedPartsError:
                self._desk.tell(PhoneNews("damaged", take=take, segment=segment))
                return _json({"why": "damaged"}, status=409)
            except OSError:
                log.warning("cannot keep a part of %s", take, exc_info=True)
                self._desk.tell(PhoneNews("disk", take=take, segment=segment))
                return web.Response(status=INSUFFICIENT_STORAGE, headers={"Retry-After": "5"})

        async def alone() -> web.Response:
            async with self._desk.segment_locks[take, segment]:
                return await asyncio.to_thread(acted)

        # Shielded with its lock: a link that breaks now must not leave two threads at one file.
        return await asyncio.shield(asyncio.create_task(alone()))


def _address(request: web.Request) -> tuple[str, int, int]:
    match = request.match_info
    segment, seq = int(match["segment"]), int(match.get("seq", "0"))
    if not 1 <= segment <= MOST_SEGMENTS or seq > MOST_SEQ:
        raise web.HTTPNotFound
    return match["take"], segment, seq


def _progress(store: SegmentStore) -> dict[str, object]:
    return {
        "segment": store.segment,
        "next": store.next_seq,
        "length": store.length,
        "finished": store.finished_file is not None,
    }


async def _body(request: web.Request, *, most_bytes: int) -> bytes:
    """Return the body, which must say how long it is and be no longer than allowed."""
    if request.content_length is None:
        raise web.HTTPLengthRequired
    if request.content_length > most_bytes:
        raise web.HTTPRequestEntityTooLarge(max_size=most_bytes, actual_size=request.content_length)
    try:
        return await asyncio.wait_for(request.read(), BODY_S)
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error


def _decoded(data: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError as error:
        raise web.HTTPBadRequest from error


def _json(value: object, *, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), status=status, content_type="application/json")


def _now_us() -> int:
    return time.monotonic_ns() // 1000
