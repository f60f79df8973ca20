"""One way to drive every learning system: launch a package as a learner, and read what the system knows."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit

import aiohttp
from aiohttp import web
from playwright.sync_api import Browser, BrowserContext, Frame, Page

from editor import feedback
from export.record_store import RecordStore
from tests.servers.processes import ask

TRACKED = "() => window.LapelPlayer && LapelPlayer.player && LapelPlayer.tracker"
VIDEO = "https://w3id.org/xapi/video/extensions/"


class System(Protocol):
    """A learning system with one package and one learner."""

    page: Page

    def launch(self) -> Frame:
        """Open the package, again as the same learner where it was open before."""

    def leave(self) -> None:
        """Close the window."""

    def status(self) -> str:
        """Return what the system shows: incomplete, completed …"""

    def completed_at_s(self) -> list[float]:
        """Return the position that came with each report of completion."""

    def said(self) -> str:
        """Return the feedback that arrived."""


def until(page: Page, condition: Callable[[], object], *, seconds: float = 30) -> None:
    """Wait while the browser goes on: only inside its calls is anything heard of it."""
    deadline_s = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline_s, condition
        page.wait_for_timeout(150)


def frame_of(page: Page, path: str) -> Frame:
    """Return the frame that shows the package, once its player runs."""
    until(page, lambda: any(path in urlsplit(each.url).path for each in page.frames))
    frame = next(each for each in page.frames if path in urlsplit(each.url).path)
    frame.wait_for_function(TRACKED)
    return frame


@dataclass
class Visits:
    """A browser with the learner's cookies and storage, and the window that is open in it."""

    context: BrowserContext
    page: Page = None  # type: ignore[assignment]
    faults: list[str] = field(default_factory=list)

    def open(self, url: str) -> Page:
        self.page = self.context.new_page()
        self.page.on("dialog", lambda each: (self.faults.append(each.message), each.dismiss()))
        self.page.on("pageerror", lambda each: self.faults.append(str(each)))
        self.page.goto(url)
        return self.page

    def leave(self) -> None:
        self.page.close(run_before_unload=False)


class ScormAgain(Visits):
    """The runtime of the preview: scorm-again."""

    name = "scorm-again 3.4.3"

    def __init__(self, browser: Browser, address: str, target: str):
        super().__init__(browser.new_context())
        self.address = address
        self.is_12 = target == "scorm12"
        self.before: list[list[str]] = []

    def launch(self) -> Frame:
        if self.page is None:
            self.open(self.address)
        else:
            self.before += self._calls()
            with self.page.expect_navigation():
                self.page.click("#again")
        return frame_of(self.page, "/package/")

    def leave(self) -> None:
        self.page.click("#leave")
        self.page.wait_for_function(
            "() => LAPEL_CALLS.some(({ name }) => name === 'LMSFinish' || name === 'Terminate')"
        )

    def _calls(self) -> list[list[str]]:
        return self.page.evaluate("() => LAPEL_CALLS.map(({ name, values }) => [name, ...values])")

    def _cmi(self) -> dict:
        return self.page.evaluate("() => LAPEL_RUNTIME.renderCMIToJSONObject().cmi")

    def status(self) -> str:
        cmi = self._cmi()
        return cmi["core"]["lesson_status"] if self.is_12 else cmi["completion_status"]

    def completed_at_s(self) -> list[float]:
        return list(completions(self.before + self._calls()))

    def said(self) -> str:
        calls = self.before + self._calls()
        return "\n".join(call[2] for call in calls if len(call) > 2 and "comment" in call[1])


def completions(calls: list[list[str]]) -> Iterator[float]:
    """Yield the position that was committed with each "completed"."""
    place, waiting = 0.0, False
    for name, *values in calls:
        if values and values[0] in ("cmi.core.lesson_location", "cmi.location") and len(values) > 1:
            place = float(values[1] or 0)
        if values and values[0] in ("cmi.core.lesson_status", "cmi.completion_status") and len(values) > 1:
            waiting = waiting or values[1] == "completed"
        if name.endswith("Commit") and waiting:
            waiting = False
            yield place


class ScormHost(Visits):
    """scormhost: a server that imports the zip and launches it."""

    name = "scormhost 0.1.0"

    def __init__(self, browser: Browser, server: str, package_id: str):
        super().__init__(browser.new_context())
        self.server, self.id = server, package_id
        self.saved: list[dict[str, str]] = []

    def launch(self) -> Frame:
        page = self.open("about:blank")
        page.on("request", self._note)
        page.goto(f"{self.server}/launch/{self.id}?launch=index.html")
        return frame_of(page, "/content/")

    def _note(self, request) -> None:
        if request.method == "PUT" and request.url.endswith("launch=index.html"):
            self.saved.append(json.loads(request.post_data)["elements"])

    def _elements(self) -> dict[str, str]:
        url = f"{self.server}/api/scorm/{self.id}/cmi?launch={quote('index.html')}"
        return self.context.request.get(url).json()["elements"]

    def status(self) -> str:
        kept = self._elements()
        return kept.get("cmi.core.lesson_status") or kept.get("cmi.completion_status") or ""

    def completed_at_s(self) -> list[float]:
        found, before = [], ""
        for each in self.saved:
            status = each.get("cmi.core.lesson_status") or each.get("cmi.completion_status")
            if status == "completed" and before != "completed":
                found.append(float(each.get("cmi.core.lesson_location") or each.get("cmi.location")))
            before = status
        return found

    def said(self) -> str:
        return "\n".join(value for key, value in self._elements().items() if "comment" in key)


class RalphStore(RecordStore):
    """The shim of the tests: state, launch data and fetch are ours, every statement goes to Ralph."""

    __slots__ = ("auth", "ralph")

    def __init__(self, ralph: str, auth: str):
        super().__init__()
        self.ralph, self.auth = ralph, auth

    async def answer_statements(self, request: web.Request, _resource: str, body: bytes) -> web.Response:
        headers = {"Authorization": self.auth, "X-Experience-API-Version": "1.0.3"}
        if body:
            headers["Content-Type"] = request.headers.get("Content-Type", "application/json")
        url = f"{self.ralph}/xAPI/statements/"
        async with (
            aiohttp.ClientSession() as session,
            session.request(
                request.method, url, params=request.query, data=body or None, headers=headers
            ) as answer,
        ):
            kind = answer.headers.get("Content-Type", "application/json").partition(";")[0]
            return web.Response(status=answer.status, body=await answer.read(), content_type=kind)

    def kept(self) -> list[dict]:
        status, answer = ask(
            f"{self.ralph}/xAPI/statements/?limit=500",
            Authorization=self.auth,
            **{"X_Experience_API_Version": "1.0.3"},
        )
        assert status == 200, answer
        return sorted(answer["statements"], key=lambda each: each["stored"])


class KeptHere(RecordStore):
    """The record store of the preview."""

    __slots__ = ()

    def kept(self) -> list[dict]:
        return list(self.statements)


class Recorded(Visits):
    """A record store behind the preview's page."""

    def __init__(self, browser: Browser, address: str, store: "RalphStore | KeptHere", name: str):
        super().__init__(browser.new_context())
        self.address, self.store, self.name = address, store, name

    def launch(self) -> Frame:
        return frame_of(self.open(self.address), "/package/")

    def leave(self) -> None:
        self.page.click("#leave")
        self.page.wait_for_timeout(1500)
        self.page.close()

    def statements(self) -> list[dict]:
        """Return what the store keeps of this learner, in the order it came."""
        launched = {each["name"]: each for each in self._launches()}
        return [each for each in self.store.kept() if each["context"]["registration"] in launched]

    def _launches(self) -> list[dict[str, str]]:
        keys = {key for key in self.store.documents if len(key) > 3 and key[3]}
        sent = {
            each["context"]["registration"]
            for received in self.store.received
            if received.name.endswith(" statements") and received.status < 300
            for each in _list(received.content)
        }
        return [{"name": name} for name in {key[3] for key in keys} | sent]

    def status(self) -> str:
        verbs = [each["verb"]["id"].rpartition("/")[2] for each in self.statements()]
        return "completed" if "completed" in verbs else "incomplete" if verbs else ""

    def completed_at_s(self) -> list[float]:
        done = [each for each in self.statements() if each["verb"]["id"].endswith("/completed")]
        return [float(each["result"]["extensions"][f"{VIDEO}time"]) for each in done]

    def said(self) -> str:
        return "\n".join(json.dumps(each.get("result", {})) for each in self.statements())


def _list(content: str) -> list[dict]:
    given = json.loads(content or "[]")
    return given if isinstance(given, list) else [given]


class Opened(Visits):
    """No system: the page opened by double click, which keeps everything in the browser."""

    name = "Chromium, from file://"

    def __init__(self, browser: Browser, folder: Path):
        super().__init__(browser.new_context())
        self.folder = folder

    def launch(self) -> Frame:
        frame = frame_of(self.open((self.folder / "index.html").as_uri()), "index.html")
        frame.evaluate(
            "() => { window.doneAt = []; let before = LapelPlayer.tracker.state.completed;"
            " LapelPlayer.tracker.onChange((state) => { if (state.completed && !before)"
            " window.doneAt.push(state.position / 10); before = state.completed; }) }"
        )
        return frame

    def status(self) -> str:
        return "completed" if self._state()["completed"] else "incomplete"

    def _state(self) -> dict:
        return self.page.evaluate("() => LapelPlayer.tracker.state")

    def completed_at_s(self) -> list[float]:
        return self.page.evaluate("() => window.doneAt")

    def said(self) -> str:
        """What Lapel reads in the file that the page saves for its producer."""
        with self.page.expect_download() as download:
            self.page.click("#keep")
        return "\n".join(each.comment for each in feedback.read_file(download.value.path()).said)
