"""The record store of the preview: what a real one takes and refuses, and the launches of cmi5 and xAPI."""

import http.client
import json
import uuid
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.export.samples import write_package

CMI5 = "https://w3id.org/xapi/adl/verbs/"


class Store:
    """A client with the credentials of one launch."""

    def __init__(self, address):
        self.address = address
        self.origin = urlsplit(address)
        self.launch = parse_qs(urlsplit(self.ask("POST", "/host/launch")[1]["address"]).query)
        self.auth = self.launch.get("auth", [None])[0]

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection(self.origin.hostname, self.origin.port, timeout=5)
        data = None if body is None else json.dumps(body)
        connection.request(method, path, data, headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        is_json = "json" in response.headers.get("Content-Type", "")
        return response.status, json.loads(text) if is_json else text

    def fetch(self):
        status, answer = self.ask("POST", urlsplit(self.launch["fetch"][0]).path)
        assert status == 200
        if "auth-token" in answer:
            self.auth = f"Basic {answer['auth-token']}"
        return answer

    def xapi(self, method, path, body=None, **headers):
        given = {"X-Experience-API-Version": "1.0.3", "Content-Type": "application/json", **headers}
        if self.auth:
            given.setdefault("Authorization", self.auth)
        place = urlsplit(self.launch["endpoint"][0]).path
        return self.ask(method, place + path, body, **given)

    def statement(self, verb="initialized", **more):
        return {
            "id": str(uuid.uuid4()),
            "actor": json.loads(self.launch["actor"][0]),
            "verb": {"id": CMI5 + verb},
            "object": {"id": self.launch.get("activityId", self.launch.get("activity_id"))[0]},
            "context": {"registration": self.launch["registration"][0]},
            **more,
        }


@pytest.fixture
def cmi5(tmp_path, serve_package):
    return Store(serve_package(write_package(tmp_path / "x.zip", "cmi5"), target="cmi5"))


@pytest.fixture
def xapi(tmp_path, serve_package):
    return Store(serve_package(write_package(tmp_path / "x.zip", "xapi"), target="xapi"))


def test_a_cmi5_launch_has_all_five_parameters_and_keeps_those_of_the_package(cmi5):
    assert set(cmi5.launch) == {"version", "endpoint", "fetch", "actor", "registration", "activityId"}
    uuid.UUID(cmi5.launch["registration"][0])


def test_the_fetch_address_gives_its_token_once(cmi5):
    assert "auth-token" in cmi5.fetch()
    assert cmi5.fetch()["error-code"] == "1"


def test_the_launch_data_is_there_before_the_package_is(cmi5):
    cmi5.fetch()
    query = (
        f"activityId={quote(cmi5.launch['activityId'][0])}&agent={quote(cmi5.launch['actor'][0])}"
        f"&registration={cmi5.launch['registration'][0]}&stateId=LMS.LaunchData"
    )
    status, data = cmi5.xapi("GET", f"activities/state?{query}")
    assert status == 200
    assert (data["launchMode"], data["moveOn"]) == ("Normal", "Completed")
    extensions = data["contextTemplate"]["extensions"]
    assert list(extensions) == ["https://w3id.org/xapi/cmi5/context/extensions/sessionid"]


def test_an_xapi_launch_brings_its_credentials(xapi):
    assert set(xapi.launch) == {"endpoint", "auth", "actor", "registration", "activity_id"}
    assert xapi.launch["activity_id"] == ["https://example.com/r1"]
    assert xapi.xapi("POST", "statements", xapi.statement())[0] == 200


def test_a_statement_is_kept_once_and_read_back(xapi):
    first = xapi.statement()
    assert xapi.xapi("POST", "statements", [first])[1] == [first["id"]]
    assert xapi.xapi("POST", "statements", [first])[0] == 200
    assert len(xapi.xapi("GET", "statements")[1]["statements"]) == 1
    assert xapi.xapi("POST", "statements", [first | {"verb": {"id": CMI5 + "completed"}}])[0] == 409
    assert xapi.xapi("GET", f"statements?statementId={first['id']}")[1]["verb"] == first["verb"]


def test_a_batch_with_one_bad_statement_is_refused_whole(xapi):
    assert xapi.xapi("POST", "statements", [xapi.statement(), xapi.statement() | {"verb": {}}])[0] == 400
    assert xapi.xapi("GET", "statements")[1]["statements"] == []


@pytest.mark.parametrize(
    "fault",
    [
        {"actor": None}, {"verb": {"id": "completed"}}, {"object": {"id": "x"}}, {"id": "1"}, {"object": 3},
        {"result": {"success": None}},
    ],
)  # fmt: skip
def test_what_a_real_store_refuses_is_refused(xapi, fault):
    assert xapi.xapi("POST", "statements", xapi.statement() | fault)[0] == 400


def test_nobody_without_credentials_or_version_gets_in(xapi):
    assert xapi.xapi("GET", "statements", Authorization="Basic guess")[0] == 401
    assert xapi.xapi("GET", "statements", **{"X-Experience-API-Version": "0.9"})[0] == 400


def test_state_is_kept_per_registration_and_merged_when_posted(xapi):
    def at(registration):
        return f"activities/state?activityId=urn:x:y&agent=%7B%7D&registration={registration}&stateId=s"

    assert xapi.xapi("GET", at(1))[0] == 404
    assert xapi.xapi("PUT", at(1), {"a": 1, "b": 1})[0] == 204
    assert xapi.xapi("POST", at(1), {"b": 2})[0] == 204
    assert xapi.xapi("GET", at(1))[1] == {"a": 1, "b": 2}
    assert xapi.xapi("GET", at(2))[0] == 404
    assert xapi.xapi("DELETE", at(1))[0] == 204
    assert xapi.xapi("GET", at(1))[0] == 404


def test_the_page_is_told_all_that_was_received_in_order(cmi5):
    cmi5.fetch()
    cmi5.xapi("POST", "statements", cmi5.statement())
    cmi5.xapi("POST", "statements", {})
    received = cmi5.ask("GET", "/host/received?after=0")[1]
    assert [(each["name"], each["status"]) for each in received] == [
        ("POST fetch", 200), ("POST statements", 200), ("POST statements", 400)
    ]  # fmt: skip
    assert cmi5.ask("GET", "/host/received?after=2")[1] == received[2:]


def test_starting_over_is_somebody_new(cmi5):
    cmi5.fetch()
    cmi5.xapi("POST", "statements", cmi5.statement())
    cmi5.ask("POST", "/host/start-over")
    assert cmi5.ask("GET", "/host/received")[1] == []
    assert cmi5.xapi("GET", "statements")[0] == 401
    assert Store(cmi5.address).launch["registration"] != cmi5.launch["registration"]
