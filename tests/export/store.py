"""Small servers on loopback that answer as a record store does, or as what is none."""

import asyncio
import base64
import contextlib
import threading

from aiohttp import web

KEY = "very secret"


@contextlib.contextmanager
def serving(*routes):
    """Serve these ``(path, handler)`` on loopback; yields the address."""
    loop, started = asyncio.new_event_loop(), threading.Event()
    made = {}

    async def start():
        app = web.Application()
        for path, handler in routes:
            app.router.add_get(path, handler)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        made["runner"] = runner

    async def end():
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def run():
        loop.run_until_complete(start())
        loop.call_soon(started.set)  # not before it runs: a stop that comes earlier would be forgotten
        loop.run_forever()
        loop.run_until_complete(made["runner"].cleanup())
        loop.run_until_complete(end())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert started.wait(60)
    try:
        yield f"http://127.0.0.1:{made['runner'].addresses[0][1]}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def statements(request):
    """What a store does with a key: takes the right one, and wants to know the version."""
    wanted = base64.b64encode(f"lapel:{KEY}".encode()).decode()
    if request.headers.get("Authorization") != f"Basic {wanted}":
        raise web.HTTPUnauthorized
    if request.headers.get("X-Experience-API-Version") != "1.0.3":
        raise web.HTTPBadRequest
    found = {"statements": [{"id": "1"}] if request.query["limit"] == "1" else [], "more": ""}
    return web.json_response(found, headers={"X-Experience-API-Version": "1.0.3"})


def answers(status=200, text="", *, after_s=0, **headers):
    async def handler(_request):
        await asyncio.sleep(after_s)
        return web.Response(status=status, text=text, headers=headers)

    return handler
