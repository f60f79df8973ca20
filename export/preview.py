"""Show a built package as a learner will see it, inside a real SCORM runtime, on this computer only.

The page beside the package lists every call the learning system would receive.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import jinja2
from aiohttp import web

import assets
from capture.work import Work
from export.package_files import PackageFiles, Piece, open_package
from export.registry import find_targets

CHUNK_BYTES = 1 << 16
CHECK_S = 0.2  # how soon a preview notices that it should stop
RUNTIMES = {"scorm12": "scorm12.min.js"}
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".vtt": "text/vtt; charset=utf-8",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
HOST_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'"
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def serve(
    package: Path, *, target: str, on_ready: Callable[[str], None] | None = None, port: int = 0, work: Work
) -> None:
    """Serve a package on loopback until ``work`` is cancelled.

    Args:
        package: A zip or a folder, as ``publish`` made it.
        target: Which runtime it goes into; a page without one is served as it is.
        on_ready: Told the address to open.
        port: 0 takes any free one.
        work: Cancelling it ends the preview.

    Raises:
        BadInputError: The target is unknown, or the package cannot be read.
    """
    find_targets([target])
    files = open_package(package)
    work.report(None, "preview.serving")
    asyncio.run(_serve(application(files, target=target), on_ready=on_ready, port=port, work=work))


def application(files: PackageFiles, *, target: str) -> web.Application:
    """Return the server of one package."""
    pages = {"": "/package/index.html"} if target not in RUNTIMES else {}

    async def package_file(request: web.Request) -> web.StreamResponse:
        piece = files.find(request.match_info["name"])
        if piece is None:
            raise web.HTTPNotFound
        return await _send(request, piece)

    async def host_page(request: web.Request) -> web.StreamResponse:
        if pages:
            raise web.HTTPFound(pages[""])
        page = _host_page(title=files.package.name)
        return web.Response(
            text=page, content_type="text/html", headers={"Content-Security-Policy": HOST_CSP}
        )

    async def host_file(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        known = {
            "host.js": "host.js",
            "host.css": "host.css",
            "runtime.js": f"vendor/{RUNTIMES.get(target, '')}",
        }
        if name not in known or target not in RUNTIMES:
            raise web.HTTPNotFound
        return web.FileResponse(assets.PREVIEW / known[name])

    app = web.Application(middlewares=[_loopback_only])
    app.router.add_get("/", host_page)
    app.router.add_get("/host/{name}", host_file)
    app.router.add_get("/package/{name:.+}", package_file)
    return app


@web.middleware
async def _loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse pages elsewhere on the web that point a name of theirs at this computer (DNS rebinding)."""
    if request.host.rsplit(":", 1)[0] not in ("127.0.0.1", "localhost"):
        raise web.HTTPForbidden
    response = await handler(request)
    if not response.prepared:
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
    return response


async def _serve(
    app: web.Application, *, on_ready: Callable[[str], None] | None, port: int, work: Work
) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        address = runner.addresses[0]
        if on_ready is not None:
            on_ready(f"http://127.0.0.1:{address[1]}/")
        while not work.cancelled:
            await asyncio.sleep(CHECK_S)
    finally:
        await runner.cleanup()


async def _send(request: web.Request, piece: Piece) -> web.StreamResponse:
    """Send a file, or the stretch of it that a video player asks for (RFC 9110, 14)."""
    headers = {
        "Content-Type": TYPES.get(Path(request.path).suffix, "application/octet-stream"),
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    size = piece.size_bytes
    try:
        asked = request.http_range
    except ValueError:
        asked = slice(None)
    start, stop, _ = asked.indices(size)
    partial = asked.start is not None or asked.stop is not None
    if partial and start >= stop:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{size}"})
    if partial:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    response = web.StreamResponse(status=206 if partial else 200, headers=headers)
    response.content_length = stop - start
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):  # a player that seeks drops what it asked for before
        async for chunk in _read(piece, start, stop):
            await response.write(chunk)
        await response.write_eof()
    return response


async def _read(piece: Piece, start: int, stop: int) -> AsyncIterator[bytes]:
    if piece.path is None:
        yield piece.data[start:stop]
        return
    with piece.path.open("rb") as file:
        file.seek(piece.offset + start)
        left = stop - start
        while left > 0 and (chunk := await asyncio.to_thread(file.read, min(CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk


def _host_page(*, title: str) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(assets.PREVIEW), autoescape=True, undefined=jinja2.StrictUndefined
    )
    text = assets.strings()["player"]["preview"]
    return environment.get_template("host.html.j2").render(title=title, text=text)
