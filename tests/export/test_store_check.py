"""A record store is asked once, and what is wrong is said in words; the key goes nowhere else."""

import asyncio
import base64
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from aiohttp import web

import assets
from capture.errors import UserError
from capture.work import Cancelled, Work
from export import store_check
from export.record_store import RecordStore
from export.store_check import ask_store
from tests.export.store import KEY, answers, serving, statements


def ask(address, *, key=KEY, work=None):
    """Ask in a thread of its own, as a job does: the browser tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(ask_store, address, user="lapel", key=key, work=work or Work()).result()


def refusal(address, *, key=KEY):
    with pytest.raises(UserError) as refused:
        ask(address, key=key)
    assert KEY not in assets.text(f"errors.{refused.value.message_key}", **refused.value.params)
    return refused.value.message_key


@pytest.mark.parametrize("ending", ["/xapi", "/xapi/"])
def test_a_store_that_is_there_and_takes_the_key_says_which_xapi_it_speaks(ending):
    with serving(("/xapi/statements", statements)) as address:
        found = ask(address + ending)
    assert found.version == "1.0.3"


def test_the_store_of_the_preview_works_as_one():
    store = RecordStore()
    store._tokens.add(base64.b64encode(f"lapel:{KEY}".encode()).decode())

    async def asked(request):
        request.match_info["resource"] = "statements"
        return await store._answer(request)

    with serving(("/xapi/statements", asked)) as address:
        assert ask(f"{address}/xapi").version == "1.0.3"


def test_a_wrong_key_is_told():
    with serving(("/xapi/statements", statements)) as address:
        assert refusal(f"{address}/xapi", key="other") == "store.key_refused"


@pytest.mark.parametrize(
    ("handler", "key"),
    [
        (answers(403), "store.key_refused"),
        (answers(503), "store.trouble"),
        (answers(200, "<html>Welcome</html>"), "store.not_a_store"),
        (answers(200, "[]"), "store.not_a_store"),
        (answers(200, '{"statements": 3}'), "store.not_a_store"),
        (answers(400), "store.not_a_store"),
        (answers(302, Location="https://elsewhere.example/login?token=1"), "store.elsewhere"),
    ],
)
def test_whatever_else_answers_is_told_apart(handler, key):
    with serving(("/statements", handler)) as address:
        assert refusal(address) == key


def test_an_address_that_is_not_complete_is_told():
    with serving(("/xapi/statements", statements)) as address:
        assert refusal(address) == "store.wrong_address"


def test_a_slash_more_is_followed_but_the_key_goes_to_nobody_else():
    seen = []

    async def other(request):
        seen.append(request.headers.get("Authorization"))
        return web.Response(status=404)

    with serving(
        ("/statements/", statements), ("/statements", answers(307, Location="/statements/?limit=1"))
    ) as address:
        assert ask(address).version
    with serving(("/{any:.*}", other)) as elsewhere:
        away = answers(307, Location=f"{elsewhere}/statements?limit=1")
        with serving(("/statements", away)) as address:
            assert refusal(address) == "store.elsewhere"
    assert seen == []


def test_nobody_there_is_told_with_the_host_alone():
    with serving() as address:
        pass  # it has gone
    assert refusal(f"{address}/xapi") == "store.no_answer"
    assert refusal("https://127.0.0.1:9/xapi") == "store.no_answer"


@pytest.mark.parametrize(
    "address", ["http://lrs.example/xapi", "lrs.example", "https://[", "file:///etc", ""]
)
def test_the_key_is_never_sent_in_the_clear_to_another_computer(address):
    assert refusal(address) == "store.bad_address"


def test_a_store_that_does_not_answer_can_be_given_up_at_once():
    work = Work()

    async def sleeps(_request):
        work.cancel()
        await asyncio.sleep(30)

    with serving(("/statements", sleeps)) as address, pytest.raises(Cancelled):
        ask(address, work=work)


def test_a_store_that_is_too_slow_is_told(monkeypatch):
    monkeypatch.setattr(store_check, "WITHIN_S", 0.2)

    with serving(("/statements", answers(after_s=5))) as address:
        assert refusal(address) == "store.slow"


def test_no_log_holds_the_key(caplog):
    caplog.set_level(logging.DEBUG)
    with serving(("/xapi/statements", statements)) as address:
        ask(f"{address}/xapi")
    encoded = base64.b64encode(f"lapel:{KEY}".encode()).decode()
    assert KEY not in caplog.text
    assert encoded not in caplog.text
