"""Learning systems of others as processes, each from its own environment, on loopback only."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
HOME = Path(os.environ.get("LAPEL_TEST_SERVERS", HERE.parents[1] / ".uv" / "servers"))
PATIENCE_S = 90  # a first start on a busy machine compiles everything


def set_up() -> None:
    """Make the environments that are not there yet; the script finds nothing to do the second time."""
    subprocess.run(["sh", str(HERE / "setup.sh")], check=True)


def python(name: str) -> Path:
    return HOME / name / "bin" / "python"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(command: list[object], *, alive: str, env: dict[str, str], log: Path) -> Iterator[None]:
    """Run a server until the block ends; it has started when ``alive`` answers anything."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(each) for each in command],
            env={"PATH": os.environ["PATH"], "HOME": str(log.parent), **env},
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline_s = time.monotonic() + PATIENCE_S
        while not _answers(alive):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline_s, log.read_text()
            time.sleep(0.2)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(15)


def ask(url: str, *, method: str = "GET", data: bytes | None = None, **headers: str) -> tuple[int, object]:
    """Return the status of a request and the JSON it answers."""
    given = {key.replace("_", "-"): value for key, value in headers.items()}
    request = urllib.request.Request(url, data=data, method=method, headers=given)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.loads(response.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace")


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
