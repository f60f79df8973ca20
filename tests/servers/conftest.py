"""The learning systems of others, running while a test needs them."""

import base64
import json
from collections.abc import Callable, Iterator

import pytest

from capture.work import Work
from export.registry import find_targets
from tests.export.conftest import browser, edition, media, serve_package  # noqa: F401 - fixtures
from tests.servers import processes, systems

USER, PASSWORD = "lapel", "secret"
#: bcrypt of PASSWORD: these credentials open a store that lives for one test run on this computer.
HASH = "$2b$12$yZSefXX4AP0bCqL4yLdR5urf.Pen5t6bFN/YoqX6pAXAy9BfJPUXu"


@pytest.fixture(scope="session", autouse=True)
def _environments() -> None:
    processes.set_up()


@pytest.fixture
def cell(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """``cell(target, check, system)``: what a passed test stands for in docs/packages-table.md."""

    def note(target: str, check: str, system: str) -> None:
        record_property("cell", [target, check, system])

    return note


@pytest.fixture(scope="package")
def scormhost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a scormhost and the token of its administrator."""
    folder = tmp_path_factory.mktemp("scormhost")
    port = processes.free_port()
    program = (
        "import uvicorn; from scormhost import create_scorm_app; "
        f"uvicorn.run(create_scorm_app(data_dir='data', secret_key='{'k' * 40}'), port={port})"
    )
    address = f"http://127.0.0.1:{port}"
    command = [processes.python("scormhost"), "-c", program]
    with processes.running(command, alive=f"{address}/health", env={}, log=folder / "log"):
        account = {
            "email": "lapel@example.com",
            "username": USER,
            "password": PASSWORD * 2,
            "display_name": "L",
        }
        status, answer = processes.ask(
            f"{address}/api/auth/register",
            method="POST",
            data=json.dumps(account).encode(),
            Content_Type="application/json",
        )
        assert status < 300, answer
        yield address, answer["access_token"]


@pytest.fixture(scope="package")
def ralph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a Ralph and the Authorization it takes."""
    folder = tmp_path_factory.mktemp("ralph")
    (folder / "data").mkdir()
    user = {
        "agent": {"mbox": "mailto:lapel@example.com", "objectType": "Agent", "name": USER},
        "scopes": ["all"],
        "hash": HASH,
        "username": USER,
    }
    (folder / "auth.json").write_text(json.dumps([user]))
    env = {
        "RALPH_APP_DIR": str(folder),
        "RALPH_AUTH_FILE": str(folder / "auth.json"),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(folder / "data"),
    }
    port = processes.free_port()
    address = f"http://127.0.0.1:{port}"
    command = [processes.python("ralph"), processes.HERE / "ralph" / "serve.py", port]
    with processes.running(command, alive=f"{address}/__heartbeat__", env=env, log=folder / "log"):
        yield address, f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"


@pytest.fixture
def build(edition, tmp_path):  # noqa: F811
    """``build(target, …)``: the package of a version with these changes."""

    def make(target: str, **changes: object):
        folder = tmp_path / f"{target}-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        return find_targets([target])[0].build(edition(**changes), folder, work=Work())

    return make


@pytest.fixture
def open_in(build, browser, serve_package, request):  # noqa: F811
    """``open_in(system, target, …)``: a system with the package in it, not launched yet."""
    opened: list[systems.Visits] = []

    def start(system: str, target: str, **changes: object) -> systems.Visits:
        package = build(target, **changes)
        if system == "scorm-again":
            made = systems.ScormAgain(browser, serve_package(package, target=target), target)
        elif system == "scormhost":
            server, token = request.getfixturevalue("scormhost")
            package_id, _ = upload(server, token, package)
            made = systems.ScormHost(browser, server, package_id)
        elif system == "ralph":
            store = systems.RalphStore(*request.getfixturevalue("ralph"))
            address = serve_package(package, target=target, store=store)
            made = systems.Recorded(browser, address, store, "Ralph 5.1.0")
        elif system == "preview":
            store = systems.KeptHere()
            address = serve_package(package, target=target, store=store)
            made = systems.Recorded(browser, address, store, "store of the preview")
        else:
            made = systems.Opened(browser, package)
        opened.append(made)
        return made

    yield start
    for each in opened:
        each.context.close()
        assert each.faults == []


def upload(server: str, token: str, package) -> tuple[str, dict]:
    """Import a zip into scormhost as its administrator does; return its id and what was read of it."""
    boundary = "lapel-boundary"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{package.name}"\r\n'
        "Content-Type: application/zip\r\n\r\n"
    )
    data = head.encode() + package.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    status, answer = processes.ask(
        f"{server}/api/packages?package_id=p{processes.free_port()}",
        method="POST",
        data=data,
        Content_Type=f"multipart/form-data; boundary={boundary}",
        Authorization=f"Bearer {token}",
    )
    assert status == 201, answer
    return answer["id"], answer["manifest"]
