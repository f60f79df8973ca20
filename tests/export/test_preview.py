"""The preview answers on this computer only, streams out of the zip, and opens no package it cannot trust."""

import http.client
import zipfile
from urllib.parse import urlsplit

import pytest

from capture.errors import BadInputError
from capture.work import Work
from export.package_files import open_package
from export.scorm12 import Scorm12


def get(address, path, **headers):
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


@pytest.fixture
def address(edition, tmp_path, serve_package):
    return serve_package(Scorm12().build(edition(), tmp_path, work=Work()), target="scorm12")


@pytest.mark.parametrize(
    ("asked", "status", "start", "stop"),
    [
        (None, 200, 0, None),
        ("bytes=0-99", 206, 0, 100),
        ("bytes=1000-", 206, 1000, None),
        ("bytes=-50", 206, -50, None),
        ("bytes=abc", 200, 0, None),
    ],
)
def test_a_player_may_ask_for_a_stretch_of_the_video(address, media, asked, status, start, stop):
    video = (media / "video.mp4").read_bytes()
    response, body = get(address, "/package/video.mp4", **({"Range": asked} if asked else {}))
    assert response.status == status
    assert body == video[start:stop]


def test_a_stretch_beyond_the_end_is_refused(address):
    assert get(address, "/package/video.mp4", Range="bytes=99999999-")[0].status == 416


@pytest.mark.parametrize(
    "path", ["/package/nothing.html", "/package/../imsmanifest.xml", "/host/../preview.py", "/x"]
)
def test_nothing_else_is_served(address, path):
    assert get(address, path)[0].status == 404


def test_another_host_name_is_refused(address):
    assert get(address, "/", Host="evil.example")[0].status == 403


def zip_of(path, *names, **options):
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name in names:
            archive.writestr(name, b"x")
    return path


@pytest.mark.parametrize("name", ["../escape.html", "/etc/passwd", "C:/x.html", "a/../../b"])
def test_a_zip_that_reaches_outside_is_not_opened(tmp_path, name):
    with pytest.raises(BadInputError, match="unsafe"):
        open_package(zip_of(tmp_path / "bad.zip", "index.html", name))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_two_files_of_one_name_is_not_opened(tmp_path):
    with pytest.raises(BadInputError, match="unsafe"):
        open_package(zip_of(tmp_path / "bad.zip", "index.html", "index.html"))


def test_a_bomb_is_not_opened(tmp_path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("index.html", "w") as file:
        for _ in range(70):
            file.write(bytes(1 << 20))
    with pytest.raises(BadInputError, match="unsafe"):
        open_package(bomb)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 cut off"])
def test_what_is_no_package_is_refused_in_words(tmp_path, content):
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(BadInputError, match="not_package"):
        open_package(path)


def test_a_link_out_of_a_folder_is_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "link.txt").symlink_to(tmp_path / "secret.txt")
    files = open_package(tmp_path / "web")
    assert files.find("link.txt") is None
    assert files.find("../secret.txt") is None
