"""``lapel record --camera phone``: the code on the terminal lets a phone in, and its take is safe."""

import json
import re
import threading
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.app.kit import start_lapel
from tests.capture.phone_kit import CHROMIUM, Phone


@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is not installed")
def test_a_phone_let_in_by_the_code_is_the_camera(lapel, resource, tmp_path):
    process = start_lapel(
        *("record", resource, "--prompt", 2, "--camera", "phone", "--mic", "none", "--seconds", 3),
        *("--phone-address", "127.0.0.1", "--json", "--library", lapel.folder),
    )
    told: list[bytes] = []
    url = None
    while url is None:
        line = process.stderr.readline()
        assert line, b"".join(told)
        told.append(line)
        url = re.search(rb"https://127\.0\.0\.1:\d+/\S+?/(?= )", line)
    rest = threading.Thread(target=lambda: told.extend(process.stderr), daemon=True)
    rest.start()
    with sync_playwright() as playwright:
        phone = Phone(playwright, tmp_path / "phone")
        try:
            page = phone.open(url[0].decode())
            assert "Why should others know about it?" in page.inner_text("body")
            while process.poll() is None:
                phone.wait(0.2)
        finally:
            phone.close()
    rest.join(10)
    take = json.loads(process.stdout.read())
    process.stdout.close()
    process.stderr.close()
    assert process.returncode == 0, b"".join(told)
    assert take["state"] == "safe"
    assert 2 < take["duration_s"] < 8
    (kept,) = lapel.json("show", resource)["prompts"][1]["takes"]
    assert kept["id"] == take["id"]


def test_an_address_that_is_not_this_laptops_is_refused(lapel, resource):
    code, out, err = lapel(
        *("record", resource, "--prompt", 1, "--camera", "phone", "--mic", "none"),
        *("--phone-address", "203.0.113.7"),
    )
    assert (code, out) == (1, "")
    assert "203.0.113.7" in err
