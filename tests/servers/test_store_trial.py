"""Trying the connection tells the truth about a real record store."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from capture.errors import UserError
from capture.work import Work
from export.store_check import ask_store
from tests.servers.conftest import PASSWORD, USER

pytestmark = pytest.mark.drill


def ask(address, key):
    """Ask in a thread of its own, as a job does: the browser tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(ask_store, address, user=USER, key=key, work=Work()).result()


def refusal(address, key):
    with pytest.raises(UserError) as refused:
        ask(address, key)
    return refused.value.message_key


def test_ralph_is_found_takes_the_key_and_refuses_another(ralph):
    address, _ = ralph
    assert ask(f"{address}/xAPI", PASSWORD).address == f"{address}/xAPI"
    assert refusal(f"{address}/xAPI", "other") == "store.key_refused"
    assert refusal(address, PASSWORD) == "store.wrong_address"


def test_a_learning_system_is_no_record_store(scormhost):
    address, _ = scormhost
    assert refusal(address, PASSWORD) in ("store.wrong_address", "store.not_a_store")
