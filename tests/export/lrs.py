"""A learning system for cmi5 and xAPI on one origin: the package, a token that is given once, a record store.

It answers as xAPI 1.0.3 wants, keeps everything, and can be told to fail.
"""

import json
import re
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

ACTOR = {"objectType": "Agent", "account": {"homePage": "https://lms.example.com", "name": "1625378"}}
REGISTRATION = "760e3480-ba55-4991-94b0-01820dbd23a2"
ACTIVITY = "https://lms.example.com/activities/7"
LMS_SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".mp4": "video/mp4"}


class Lrs:
    """The server of one package; ``statements`` and ``state`` are what it was told, in order."""

    def __init__(self, package: Path) -> None:
        self._zip = zipfile.ZipFile(package)
        self.statements: list[dict] = []
        self.state: dict[str, str] = {}
        self.profile: dict[str, str] = {}
        self.asked: list[tuple[str, str, int]] = []
        self.tokens: dict[str, str] = {}
        self.lock = threading.Lock()
        self.down = False
        #: HTTP status for statements and state, 0 for what is right.
        self.fault = 0
        #: Sessions that are over for the system: it takes no statements of them any more.
        self.closed: set[str] = set()
        self.launch_data: dict[str, dict] = {}
        handler = type("Handler", (_Handler,), {"lrs": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)
        self._zip.close()

    def file(self, name: str) -> bytes | None:
        with self.lock:
            return self._zip.read(name) if name in self._zip.namelist() else None

    def launch_cmi5(
        self, *, registration: str = REGISTRATION, mode: str = "Normal", number: int = 1, **data
    ) -> str:
        """Return the address of a new session."""
        token = f"token-{registration[:4]}-{number}"
        self.tokens[token] = ""
        self.launch_data[registration] = {
            "contextTemplate": {
                "contextActivities": {"grouping": [{"id": "urn:uuid:publisher"}]},
                "extensions": {LMS_SESSION: f"session-{number}"},
            },
            "launchMode": mode,
            "moveOn": "Completed",
            **data,
        }
        query = {
            "endpoint": f"{self.address}lrs",
            "fetch": f"{self.address}fetch?k={token}",
            "actor": json.dumps(ACTOR),
            "registration": registration,
            "activityId": ACTIVITY,
        }
        return f"{self.address}package/index.html?{urlencode(query)}"

    def launch_xapi(self, *, registration: str = REGISTRATION, **more: str) -> str:
        query = {
            "endpoint": f"{self.address}lrs/",
            "auth": "Basic c2VjcmV0",
            "actor": json.dumps(ACTOR),
            "registration": registration,
            **more,
        }
        return f"{self.address}package/index.html?{urlencode(query)}"

    def verbs(self) -> list[str]:
        return [each["verb"]["id"].rsplit("/", 1)[1] for each in self.statements]

    def said(self, verb: str) -> list[dict]:
        return [each for each in self.statements if each["verb"]["id"].endswith(f"/{verb}")]


class _Handler(BaseHTTPRequestHandler):
    lrs: Lrs
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", kind: str = "application/json", **headers: str) -> None:
        self.lrs.asked.append((self.command, urlsplit(self.path).path, status))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_all(self) -> None:
        path = urlsplit(self.path).path
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = dict(parse_qsl(urlsplit(self.path).query))
        if path.startswith("/package/"):
            self.package(path.removeprefix("/package/"))
        elif self.lrs.down:
            self.close_connection = True
            self.connection.close()
        elif path == "/fetch":
            self.token(query.get("k", ""))
        elif path.startswith("/lrs/"):
            self.records(path.removeprefix("/lrs/"), query, body)
        else:
            self.answer(404)

    do_GET = do_POST = do_PUT = handle_all

    def package(self, name: str) -> None:
        data = self.lrs.file(name)
        if data is None:
            self.answer(404)
            return
        kind = TYPES.get(Path(name).suffix, "application/octet-stream")
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        if not found:
            self.answer(200, data, kind, Accept_Ranges="bytes")
            return
        start, end = int(found[1]), int(found[2] or len(data) - 1)
        self.answer(206, data[start : end + 1], kind, Content_Range=f"bytes {start}-{end}/{len(data)}")

    def token(self, name: str) -> None:
        if self.command != "POST" or name not in self.lrs.tokens:
            self.answer(400)
        elif self.lrs.tokens[name]:
            self.answer(200, b'{"error-code": "1", "error-text": "used"}')
        else:
            self.lrs.tokens[name] = "given"
            self.answer(200, json.dumps({"auth-token": name}).encode())

    def records(self, path: str, query: dict[str, str], body: bytes) -> None:
        if self.headers.get("X-Experience-API-Version") != "1.0.3" or not self.headers.get("Authorization"):
            self.answer(400)
        elif self.lrs.fault:
            self.answer(self.lrs.fault)
        elif path == "statements":
            self.take(json.loads(body), query)
        elif path == "activities/state":
            self.document(query, body)
        elif path == "agents/profile":
            found = self.lrs.profile.get(query["profileId"])
            self.answer(*((200, found.encode()) if found else (404,)))
        else:
            self.answer(404)

    def take(self, given: list[dict] | dict, query: dict[str, str]) -> None:
        batch = given if isinstance(given, list) else [given]
        if self.lrs.closed & {each["context"]["extensions"].get(LMS_SESSION) for each in batch}:
            self.answer(403)
            return
        with self.lrs.lock:
            known = {each["id"]: each for each in self.lrs.statements}
            if any(each["id"] in known and known[each["id"]] != each for each in batch):
                self.answer(409)
                return
            self.lrs.statements += [each for each in batch if each["id"] not in known]
        if "statementId" in query:
            self.answer(204)
        else:
            self.answer(200, json.dumps([each["id"] for each in batch]).encode())

    def document(self, query: dict[str, str], body: bytes) -> None:
        assert json.loads(query["agent"]) == ACTOR
        key = query["stateId"]
        if key == "LMS.LaunchData":
            self.answer(200, json.dumps(self.lrs.launch_data[query["registration"]]).encode())
        elif self.command == "PUT":
            self.lrs.state[query.get("registration", "") + key] = body.decode()
            self.answer(204)
        else:
            found = self.lrs.state.get(query.get("registration", "") + key)
            self.answer(*((200, found.encode()) if found is not None else (404,)))
