"""Show a built package as a learner will see it, inside a real SCORM runtime or beside a record store.

The page around the package lists all that the learning system would receive. On this computer only.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import jinja2
from aiohttp import web

import assets
from capture.work import Work
from export.launch_address import Launcher
from export.package_files import PackageFiles, Piece, open_package
from export.record_store import RecordStore
from export.registry import find_targets

CHUNK_BYTES = 1 << 16
CHECK_S = 0.2  # how soon a preview notices that it should stop
MOST_SENT_BYTES = 4 << 20  # what a package may send at once


@dataclass(frozen=True, slots=True)
class Runtime:
    """What stands in for a learning system: the scripts of its page, and the values it lists."""

    scripts: tuple[str, ...]
    values: tuple[str, ...] = ()


RUNTIMES = {
    "scorm12": Runtime(
        ("scorm12.min.js", "scorm-common.js", "scorm12.js"),
        (
            "cmi.core.lesson_status", "cmi.core.lesson_location", "cmi.core.session_time",
            "cmi.core.exit", "cmi.suspend_data", "cmi.comments",
        ),
    ),
    "scorm2004": Runtime(
        ("scorm2004.min.js", "scorm-common.js", "scorm2004.js"),
        (
            "cmi.completion_status", "cmi.success_status", "cmi.progress_measure", "cmi.location",
            "cmi.session_time", "cmi.exit", "cmi.suspend_data", "cmi.comments_from_learner",
        ),
    ),
    "cmi5": Runtime(("record-store.js",)),
    "xapi": Runtime(("record-store.js",)),
}  # fmt: skip
FONT = "inter-latin.woff2"
HOST_FILES = ("host.js", "host.css", FONT)
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".vtt": "text/vtt; charset=utf-8",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".srt": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
HOST_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'"
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def serve(
    package: Path,
    *,
    target: str,
    on_ready: Callable[[str], None] | None = None,
    port: int = 0,
    store: RecordStore | None = None,
    work: Work,
) -> None:
    """Serve a package on loopback until ``work`` is cancelled.

    Args:
        package: A zip or a folder, as ``publish`` made it.
        target: Which runtime it goes into; a page without one is served as it is.
        on_ready: Told the address to open.
        port: 0 takes any free one.
        store: Where cmi5 and xAPI packages record; None makes one that forgets.
        work: Cancelling it ends the preview.

    Raises:
        BadInputError: The target is unknown, or the package cannot be read.
    """
    if target not in RUNTIMES:
        find_targets([target])
    files = open_package(package)
    work.report(None, "preview.serving")
    asyncio.run(
        _serve(
            application(files, target=target, store=store or RecordStore()),
            on_ready=on_ready,
            port=port,
            work=work,
        )
    )


def application(files: PackageFiles, *, target: str, store: RecordStore) -> web.Application:
    """Return the server of one package."""
    runtime = RUNTIMES.get(target)
    launcher = Launcher(files, target, store)

    async def package_file(request: web.Request) -> web.StreamResponse:
        piece = files.find(request.match_info["name"])
        if piece is None:
            raise web.HTTPNotFound
        return await _send(request, piece)

    async def host_page(_request: web.Request) -> web.StreamResponse:
        if runtime is None:
            raise web.HTTPFound(launcher.address(""))
        return web.Response(
            text=_host_page(files.package.name, target, runtime),
            content_type="text/html",
            headers={"Content-Security-Policy": HOST_CSP},
        )

    app = web.Application(middlewares=[_loopback_only], client_max_size=MOST_SENT_BYTES)
    app.router.add_get("/", host_page)
    app.router.add_get("/package/{name:.+}", package_file)
    _add_launches(app, launcher)
    _add_host_files(app, runtime)
    launcher.store.add_routes(app)
    return app


def _add_launches(app: web.Application, launcher: Launcher) -> None:
    """Let the page around the package launch it, start over, and read what it sent."""

    async def launch(request: web.Request) -> web.StreamResponse:
        return web.json_response({"address": launcher.address(f"{request.scheme}://{request.host}")})

    async def start_over(_request: web.Request) -> web.StreamResponse:
        launcher.start_over()
        return web.json_response({})

    async def received(request: web.Request) -> web.StreamResponse:
        after = request.query.get("after", "0")
        first = int(after) if after.isdecimal() else 0
        return web.json_response([asdict(each) for each in launcher.store.received[first:]])

    app.router.add_post("/host/launch", launch)
    app.router.add_post("/host/start-over", start_over)
    app.router.add_get("/host/received", received)


def _add_host_files(app: web.Application, runtime: Runtime | None) -> None:
    """Serve the scripts, style, font and words of the page around the package; last, as it takes any name."""

    async def words(_request: web.Request) -> web.StreamResponse:
        written = json.dumps(assets.strings()["player"]["preview"]).replace("<", "\\u003c")
        return web.Response(text=f"window.LAPEL_WORDS={written};", content_type="text/javascript")

    async def host_file(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if runtime is None or name not in (*HOST_FILES, *runtime.scripts):
            raise web.HTTPNotFound
        folder = assets.PREVIEW / "vendor" if name.endswith(".min.js") else assets.PREVIEW
        return web.FileResponse(assets.PLAYER / "fonts" / name if name == FONT else folder / name)

    app.router.add_get("/host/words.js", words)
    app.router.add_get("/host/{name}", host_file)


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


def _host_page(title: str, target: str, runtime: Runtime) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(assets.PREVIEW), autoescape=True, undefined=jinja2.StrictUndefined
    )
    text = assets.strings()["player"]["preview"]
    return environment.get_template("host.html.j2").render(
        title=title, text=text, standard=target, scripts=runtime.scripts, values=runtime.values
    )
