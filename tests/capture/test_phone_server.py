"""Only the phone that was let in learns or changes anything, and even that one within bounds."""

import contextlib
import hashlib
import socket
import threading
import time

import msgspec
import pytest

from capture.errors import UserError
from capture.phone_guard import COOKIE
from capture.phone_routes import MOST_PART_BYTES
from capture.phone_server import PhoneServer
from capture.phone_words import Prompt
from tests.capture.phone_kit import Client, journal, until

HEAD = b"\0\0\0\x20ftypiso5" + bytes(20)
TAKE = "t1"


@pytest.fixture
def news():
    return []


@pytest.fixture
def server(tmp_path, news):
    with PhoneServer(tmp_path / "phone", address="127.0.0.1", laptop="Laptop", tell=news.append) as server:
        yield server


@pytest.fixture
def client(server):
    client = Client(server.port)
    assert client.pair(server.invite()) == 303
    return client


@pytest.fixture
def folder(server, tmp_path):
    folder = tmp_path / TAKE
    folder.mkdir()
    server.record(TAKE, folder)
    return folder


def test_the_page_is_served_after_pairing_with_a_strict_policy(client):
    status, headers, body = client.get("")
    assert status == 200
    assert b'src="phone.js"' in body
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    for name in ("phone.js", "phone.css", "data.js", "fonts/inter-latin.woff2"):
        assert client.get(name)[0] == 200


def test_the_cookie_is_for_this_page_and_no_script(server):
    _, headers, _ = Client(server.port).ask("GET", "/" + server.invite().url.split("/", 3)[3])
    cookie = headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert all(each in cookie for each in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"))


def test_the_code_says_the_address_and_the_fingerprint_is_that_of_the_certificate(server):
    import ssl

    invitation = server.invite()
    assert invitation.url.startswith(f"https://127.0.0.1:{server.port}/")
    assert invitation.qr_svg.startswith(b"<?xml") or invitation.qr_svg.startswith(b"<svg")
    pem = ssl.get_server_certificate(("127.0.0.1", server.port))
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest().upper()
    assert invitation.fingerprint.replace(":", "") == digest


def test_parts_are_kept_and_the_end_makes_a_file(client, folder, news):
    status, _, body = client.put(TAKE, 1, 0, HEAD)
    assert (status, msgspec.json.decode(body)["next"]) == (200, 1)
    assert msgspec.json.decode(client.put(TAKE, 1, 0, HEAD)[2])["new"] is False
    end = msgspec.json.encode({"parts": 1, "length": len(HEAD), "started_us": 5, "why": "stopped"})
    assert client.send("POST", f"takes/{TAKE}/1/end", end)[0] == 200
    assert (folder / "phone-001.mp4").read_bytes() == HEAD
    assert [each.what for each in news if each.what != "paired"] == ["part", "finished"]


def test_a_gap_a_wrong_hash_and_another_part_are_refused_by_name(client, folder):
    status, _, body = client.put(TAKE, 1, 4, HEAD)
    assert (status, msgspec.json.decode(body)) == (409, {"why": "order", "expected": 0})
    assert client.put(TAKE, 1, 0, HEAD, X_Lapel_SHA256="0" * 64)[0] == 422
    assert client.put(TAKE, 1, 0, HEAD)[0] == 200
    assert msgspec.json.decode(client.put(TAKE, 1, 0, b"other")[2])["why"] == "different"
    assert len(journal(folder)) == 1


def test_a_phone_that_was_away_is_told_how_far_it_got(client, folder):
    client.put(TAKE, 1, 0, HEAD)
    client.put(TAKE, 3, 0, HEAD)
    told = msgspec.json.decode(client.get(f"takes/{TAKE}")[2])["segments"]
    assert [(each["segment"], each["next"], each["finished"]) for each in told] == [
        (1, 1, False),
        (3, 1, False),
    ]


def test_a_wish_reaches_a_phone_that_waits_for_it(server, client, tmp_path):
    known = msgspec.json.decode(client.get("wish")[2])
    timer = threading.Timer(0.3, server.show, [Prompt("Why?", 2, 7, 1)])
    timer.start()
    began_s = time.monotonic()
    told = msgspec.json.decode(client.get(f"wish?after={known['version']}")[2])
    assert told["wish"]["prompt"]["text"] == "Why?"
    assert time.monotonic() - began_s < 3
    timer.join(10)


def test_its_state_reaches_the_window_and_its_button_stops_the_take(server, client, folder, news):
    assert not server.present
    state = {"camera": "ready", "take": TAKE, "battery_percent": 78, "unsent_parts": 2, "asks": "stop"}
    assert client.send("POST", "state", msgspec.json.encode(state))[0] == 200
    assert server.present
    assert server.state.battery_percent == 78
    assert server.recording == ""
    assert ("asks", "stop") in [(each.what, each.text) for each in news]


def test_a_preview_is_a_small_jpeg(server, client):
    assert client.send("POST", "preview", b"\xff\xd8\xff\xe0 picture")[0] == 204
    assert server.preview == b"\xff\xd8\xff\xe0 picture"
    assert client.send("POST", "preview", b"<svg onload=...>")[0] == 415
    assert client.send("POST", "preview", b"\xff\xd8\xff" + bytes(300_000))[0] == 413


def test_a_restarted_program_knows_phone_takes_and_wish(tmp_path):
    folder = tmp_path / TAKE
    folder.mkdir()
    with PhoneServer(tmp_path / "phone", address="127.0.0.1", laptop="Laptop") as first:
        client = Client(first.port)
        client.pair(first.invite())
        first.record(TAKE, folder)
        client.put(TAKE, 1, 0, HEAD)
        fingerprint = first.invite().fingerprint
    with PhoneServer(tmp_path / "phone", address="127.0.0.1", laptop="Laptop") as second:
        assert second.port == first.port
        assert second.recording == TAKE
        assert client.put(TAKE, 1, 1, b"more")[0] == 200
        assert second.invite().fingerprint == fingerprint


def test_a_taken_port_is_said_and_not_replaced_while_a_phone_expects_it(tmp_path):
    with PhoneServer(tmp_path / "phone", address="127.0.0.1", laptop="Laptop") as first:
        Client(first.port).pair(first.invite())
    with (
        socket.create_server(("127.0.0.1", first.port)),
        pytest.raises(UserError, match="port_taken"),
    ):
        PhoneServer(tmp_path / "phone", address="127.0.0.1", laptop="Laptop").start()


def test_an_address_that_is_not_ours_is_said(tmp_path):
    with pytest.raises(UserError, match="no_address"):
        PhoneServer(tmp_path / "phone", address="192.0.2.7", laptop="Laptop").start()


def test_it_is_up_only_between_start_and_close(tmp_path):
    server = PhoneServer(tmp_path / "phone", address="127.0.0.1", laptop="Laptop")
    server.start()
    server.close()
    server.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=1)
    assert "phone" not in [each.name for each in threading.enumerate()]


def test_nothing_but_tls_is_spoken(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"HTTP" not in plain.recv(1000)


def bare(answer):
    """What a stranger can tell one answer from another by."""
    status, headers, body = answer
    return status, {key: value for key, value in headers.items() if key != "Date"}, body


@pytest.mark.drill
def test_a_wrong_token_learns_nothing(server, client):
    stranger = Client(server.port)
    token = server.invite().url.split("/")[3]
    wrong = bare(stranger.ask("GET", "/" + "A" * len(token) + "/"))
    assert (wrong[0], wrong[2]) == (404, b"")
    right = client.path
    answers = [
        stranger.ask("GET", "/"),
        stranger.ask("GET", right),  # the address without the cookie
        stranger.ask("GET", right + "phone.js"),
        stranger.ask("GET", right, Cookie=f"{COOKIE}=wrong"),
        stranger.ask("GET", "/guess/", Cookie=client.cookie),  # the cookie without the address
        stranger.ask("POST", f"/{token}/"),
        stranger.ask("GET", f"/{token}/phone.js"),  # a token opens the door, not the drawers
        stranger.ask("GET", f"/{token}/", Host="evil.example"),
        stranger.ask("GET", f"/{token}/", Sec_Fetch_Site="cross-site"),
    ]
    assert [bare(each) for each in answers] == [wrong] * len(answers)
    assert Client(server.port).pair_url(f"/{token}/") == 303  # none of that used it up


@pytest.mark.drill
def test_a_token_works_once_and_a_stolen_one_after_that_not_at_all(server):
    invitation = server.invite()
    first, second = Client(server.port), Client(server.port)
    assert first.pair(invitation) == 303
    assert second.pair(invitation) == 404
    assert first.get("")[0] == 200


@pytest.mark.drill
def test_a_token_has_an_end_and_a_new_code_replaces_the_old(server):
    old = server.invite()
    new = server.invite()
    assert Client(server.port).pair(old) == 404
    assert Client(server.port).pair(new) == 303
    late = server.invite(valid_s=0.2)
    time.sleep(0.3)
    assert Client(server.port).pair(late) == 404
    withdrawn = server.invite()
    server.withdraw()
    assert Client(server.port).pair(withdrawn) == 404


@pytest.mark.drill
def test_a_phone_that_was_sent_away_is_a_stranger(server, client):
    server.unpair()
    assert client.get("")[0] == 404


@pytest.mark.drill
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": None},
        {"X_Lapel": None},
        {"Origin": "null"},
    ],
)
def test_another_site_cannot_write_with_our_cookie(client, folder, headers):
    assert client.put(TAKE, 1, 0, HEAD, **headers)[0] == 403
    assert journal(folder) == []


@pytest.mark.drill
def test_an_oversized_part_is_refused_before_it_is_read(client, folder, news):
    began_s = time.monotonic()
    assert client.put(TAKE, 1, 0, b"", Content_Length=str(MOST_PART_BYTES + 1))[0] == 413
    assert client.put(TAKE, 1, 0, b"", Content_Length=str(1 << 40))[0] == 413
    assert time.monotonic() - began_s < 2  # nobody waited for a terabyte
    chunked = client.send("PUT", f"takes/{TAKE}/1/0", iter([HEAD]), X_Lapel_SHA256="0" * 64)
    assert chunked[0] == 411
    assert list(folder.iterdir()) == []
    most = HEAD + bytes(MOST_PART_BYTES - len(HEAD))
    assert client.put(TAKE, 1, 0, most)[0] == 200


@pytest.mark.drill
@pytest.mark.parametrize(
    "name",
    [
        "takes/../1/0",
        "takes/..%2f..%2fetc/1/0",
        "takes/%2e%2e/1/0",
        f"takes/{TAKE}/../0",
        f"takes/{TAKE}/1/../../../x",
        f"takes/{TAKE}%00/1/0",
        f"takes/{TAKE}/0/0",
        f"takes/{TAKE}/1000/0",
        f"takes/{TAKE}/-1/0",
        f"takes/{TAKE}/1/99999999",
        f"takes/{TAKE}/١/0",
        "takes//1/0",
        "takes/C:/1/0",
        "takes/someone-elses/1/0",
    ],
)
def test_names_cannot_lead_anywhere_else(client, folder, tmp_path, name):
    from urllib.parse import quote

    before = sorted(tmp_path.rglob("*"))
    answer = client.send(
        "PUT", quote(name, safe="/%:"), HEAD, X_Lapel_SHA256=hashlib.sha256(HEAD).hexdigest()
    )
    assert answer[0] in (400, 404, 405, 410)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.drill
@pytest.mark.parametrize(
    "name",
    ["..", "../phone/key.pem", "%2e%2e/key.pem", "fonts/", "fonts/../phone.js%00", "key.pem", "/etc/passwd"],
)
def test_only_the_files_of_the_page_exist(client, name):
    status, _, body = client.get(name)
    assert (status, body) == (404, b"")


@pytest.mark.drill
def test_a_thousand_junk_requests_disturb_nothing(server, client, folder, news):
    """Strangers and half-open connections by the hundred, while the phone goes on sending."""
    junk = [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"PUT /x/takes/t/1/0 HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n",
        b"\x16\x03\x01\x00\xff garbage that is no greeting",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nzz",
        b"\0" * 4000,
        b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\n\r\n",
    ]
    answers = []

    def pester(count, first):
        stranger = Client(server.port)
        for number in range(count):
            blob = junk[(first + number) % len(junk)]
            try:
                with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
                    if number % 2:
                        with stranger.context.wrap_socket(raw) as wrapped:
                            wrapped.sendall(blob)
                            answers.append(wrapped.recv(4000))
                    else:
                        raw.sendall(blob)
            except OSError:
                answers.append(b"")

    threads = [threading.Thread(target=pester, args=(250, n)) for n in range(4)]
    [each.start() for each in threads]
    sent, slowest_s = 0, 0.0
    while any(each.is_alive() for each in threads):
        began_s = time.monotonic()
        data = HEAD + bytes([sent % 251]) * 50_000
        assert client.put(TAKE, 1, sent, data)[0] == 200
        slowest_s = max(slowest_s, time.monotonic() - began_s)
        sent += 1
        time.sleep(0.02)  # a phone sends one a second
    [each.join(60) for each in threads]

    print(f"{sent} parts among 1000 junk requests, slowest {slowest_s:.2f} s")
    assert len(journal(folder)) == sent > 5
    assert slowest_s < 3
    assert {each[9:12] for each in answers if each} == {b"404", b"429"}
    assert not [each for each in answers if b"Lapel" in each or b"aiohttp" in each.lower()]
    assert "intruder" in [each.what for each in news]
    until(lambda: client.get("")[0] == 200)


@pytest.mark.drill
def test_two_hundred_connections_that_say_nothing_keep_nobody_out(server, client, folder):
    with contextlib.ExitStack() as silent:
        for _ in range(200):
            silent.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=5))
        began_s = time.monotonic()
        assert client.put(TAKE, 1, 0, HEAD)[0] == 200
        assert time.monotonic() - began_s < 2
        server.close()
        assert time.monotonic() - began_s < 6


@pytest.mark.drill
def test_a_phone_gone_wild_is_slowed_down_and_then_heard_again(client):
    statuses = [client.get("data.js")[0] for _ in range(5)]
    threads_statuses = []
    end_s = time.monotonic() + 20

    def hammer():
        while 429 not in threads_statuses and time.monotonic() < end_s:
            threads_statuses.append(client.get("data.js")[0])

    threads = [threading.Thread(target=hammer) for _ in range(8)]
    [each.start() for each in threads]
    [each.join(60) for each in threads]
    assert statuses == [200] * 5
    assert set(threads_statuses) == {200, 429}
    until(lambda: client.get("data.js")[0] == 200, within_s=5)
