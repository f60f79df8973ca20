"""A laptop, a link that can be cut, and Debian's Chromium as the phone."""

import contextlib
import hashlib
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec

from capture.phone_journal import Part

REPO = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    *("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--force-color-profile=srgb"),
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
]

#: Tells the test of every piece the moment the recorder hands it out, before our page has seen it.
WITNESS = """
(() => {
  let queue = Promise.resolve();
  const Real = window.MediaRecorder;
  window.MediaRecorder = class extends Real {
    constructor(...all) {
      super(...all);
      this.addEventListener('dataavailable', (event) => {
        if (!event.data.size) return;
        queue = queue.then(async () => {
          const digest = await crypto.subtle.digest('SHA-256', await event.data.arrayBuffer());
          const hex = Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, '0')).join('');
          await window.witness(hex, event.data.size);
        });
      });
    }
  };
})();
"""


def until(condition, *, within_s=20.0, every=lambda: time.sleep(0.05), what="it"):
    """Wait for something to become true; return it."""
    deadline_s = time.monotonic() + within_s
    while time.monotonic() < deadline_s:
        found = condition()
        if found:
            return found
        every()
    raise AssertionError(f"{what} did not happen within {within_s} s")


def journal(folder, segment=1):
    """Return the parts that the laptop says it has."""
    path = Path(folder) / f"phone-{segment:03}.jsonl"
    lines = path.read_bytes().splitlines() if path.exists() else []
    return [msgspec.json.decode(line, type=Part) for line in lines]


def stored_hashes(file, parts):
    """Return the hash of each part as it lies in the file, and check that nothing else does."""
    hashes = []
    with Path(file).open("rb") as data:
        for part in parts:
            hashes.append(hashlib.sha256(data.read(part.length)).hexdigest())
        assert data.read() == b""
    return hashes


def decoded_frames(file):
    """Return how many pictures PyAV gets out of a file, and the seconds from the first to the last."""
    import av

    with av.open(str(file)) as container:
        times = [frame.time for frame in container.decode(video=0)]
    return len(times), times[-1] - times[0]


class Client:
    """Whatever speaks HTTPS to the laptop; follows no redirect, believes no certificate."""

    def __init__(self, port, *, host="127.0.0.1"):
        self.port, self.host = port, host
        self.context = ssl.create_default_context()
        self.context.check_hostname, self.context.verify_mode = False, ssl.CERT_NONE
        self.cookie = ""
        self.path = ""

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPSConnection(self.host, self.port, context=self.context, timeout=10)
        try:
            given = {key.replace("_", "-"): value for key, value in headers.items() if value is not None}
            connection.request(method, path, body=body, headers=given)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def pair(self, invitation):
        """Come in as the page would, and return the answer's status."""
        return self.pair_url(invitation.url.split(str(self.port))[1])

    def pair_url(self, path):
        status, headers, _ = self.ask("GET", path)
        if status == 303:
            self.path = headers["Location"]
            self.cookie = headers["Set-Cookie"].split(";")[0]
        return status

    def get(self, name, **headers):
        return self.ask("GET", self.path + name, **{"Cookie": self.cookie, **headers})

    def send(self, method, name, body, **headers):
        own = {"Cookie": self.cookie, "Origin": f"https://127.0.0.1:{self.port}", "X_Lapel": "1"}
        return self.ask(method, self.path + name, body, **{**own, **headers})

    def put(self, take, segment, seq, data, **headers):
        digest = hashlib.sha256(data).hexdigest()
        return self.send(
            "PUT", f"takes/{take}/{segment}/{seq}", data, **{"X_Lapel_SHA256": digest, **headers}
        )


class Link:
    """A network between phone and laptop that can be cut."""

    def __init__(self):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.target = 0
        self.down = False
        self.cuts = 0
        self.lock = threading.Lock()
        self.open = set()
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def cut(self, seconds):
        """Break every connection now, in the middle of whatever it does, and let none through."""
        self.down = True
        self.cuts += 1
        self._drop()
        time.sleep(seconds)
        self.down = False

    def close(self):
        self.down = True
        self.listening.close()
        self._drop()

    def _drop(self):
        with self.lock:
            dropped, self.open = self.open, set()
        for each in dropped:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self):
        while True:
            try:
                near, _ = self.listening.accept()
            except OSError:
                return
            if self.down:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                near.close()
                continue
            with self.lock:
                self.open |= {near, far}
            done = threading.Semaphore(0)
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink, done), daemon=True).start()
            threading.Thread(target=self._end, args=(near, far, done), daemon=True).start()

    @staticmethod
    def _pump(source, sink, done):
        with contextlib.suppress(OSError):
            while data := source.recv(16384):
                sink.sendall(data)
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        done.release()

    def _end(self, near, far, done):
        done.acquire()
        done.acquire()
        with self.lock:
            self.open -= {near, far}
        near.close()
        far.close()


class Laptop:
    """The server in a process of its own, to be killed."""

    def __init__(self, folder, take_folder):
        self.command = [sys.executable, str(Path(__file__).with_name("phone_laptop.py"))]
        self.command += [str(folder), str(take_folder)]
        self.process = None

    def start(self):
        environment = {**os.environ, "PYTHONPATH": str(REPO)}
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
        )
        return json.loads(self.process.stdout.readline())

    def tell(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self._reap()

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.tell("quit")
            self._reap()

    def _reap(self):
        self.process.wait(10)
        self.process.stdin.close()
        self.process.stdout.close()


class Phone:
    """Chromium on a profile of its own, that can be killed and opened again."""

    def __init__(self, playwright, profile, *, witnessed=None, flags=(), **options):
        self.playwright, self.profile, self.options = playwright, str(profile), options
        self.flags = [*FLAGS, *flags]
        self.witnessed = [] if witnessed is None else witnessed
        self.errors = []
        self.context = None

    def open(self, url):
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=CHROMIUM,
            args=self.flags,
            ignore_https_errors=True,
            **{"viewport": {"width": 390, "height": 844}, **self.options},
        )
        self.context.expose_binding("witness", lambda _, *piece: self.witnessed.append(tuple(piece)))
        self.context.add_init_script(WITNESS)
        self.page = self.context.pages[0]
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(url)
        self.until("() => LapelPhone.camera.state === 'ready' && LapelPhone.link.up")
        return self.page

    def until(self, condition, within_s=20):
        self.page.wait_for_function(condition, timeout=within_s * 1000)

    def wait(self, seconds):
        self.page.wait_for_timeout(seconds * 1000)

    def kill(self):
        """Kill the browser as a phone does that needs the memory: at once, without a word."""
        for each in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = each.read_bytes().split(b"\0")
                is_browser = not any(word.startswith(b"--type=") for word in words)
                if f"--user-data-dir={self.profile}".encode() in words and is_browser:
                    os.kill(int(each.parent.name), signal.SIGKILL)
        self.close()

    def close(self):
        from playwright.sync_api import Error

        with contextlib.suppress(Error):
            if self.context is not None:
                self.context.close()
        self.context = None
