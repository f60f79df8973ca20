"""A minimal learning record store for the preview, in memory: what cmi5 and xAPI packages speak to.

Statements, state and profile documents, and the fetch address of cmi5. It checks what a real store would
refuse, so that a fault shows here and not at a customer's. Clauses refer to xAPI 1.0.3 (part three) and cmi5.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

PLACE = "/store/"
MOST_STATEMENTS = 20_000
_VERSION = "X-Experience-API-Version"
_DOCUMENTS = ("activities/state", "activities/profile", "agents/profile")
#: What must be the same for two requests to mean the same document.
_KEYS = ("activityId", "agent", "registration", "stateId", "profileId")
_SHOWN_CHARACTERS = 500_000


@dataclass(frozen=True, slots=True)
class Received:
    """One request as the store answered it; ``content`` is what it carried."""

    number: int
    name: str
    target: str
    status: int
    content: str


@dataclass(slots=True)
class RecordStore:
    """What was received so far, and who may send."""

    statements: list[dict[str, Any]] = field(default_factory=list)
    documents: dict[tuple[str, ...], tuple[bytes, str]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    _tokens: set[str] = field(default_factory=set)
    _fetches: dict[str, str | None] = field(default_factory=dict)

    def new_token(self) -> str:
        """Return the credentials of a launch, as they follow ``Basic``."""
        token = secrets.token_urlsafe(18)
        self._tokens.add(token)
        return token

    def new_fetch(self) -> str:
        """Return the name of a fetch address that gives a token once (cmi5, 8.2)."""
        name = secrets.token_urlsafe(12)
        self._fetches[name] = self.new_token()
        return name

    def put_document(self, resource: str, content: Any, **keys: str) -> None:  # noqa: ANN401 - any JSON
        """Keep a document as the learning system itself does before a launch."""
        self.documents[_key(resource, keys)] = (json.dumps(content).encode(), "application/json")

    def clear(self) -> None:
        """Forget all that was received; credentials end too."""
        for each in (self.statements, self.documents, self.received, self._tokens, self._fetches):
            each.clear()

    def add_routes(self, app: web.Application) -> None:
        """Answer below ``PLACE``."""
        app.router.add_post(f"{PLACE}fetch/{{name}}", self._fetch)
        app.router.add_route("*", PLACE + "{resource:.+}", self._answer)

    async def _fetch(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self._fetches:
            raise web.HTTPNotFound
        token, self._fetches[name] = self._fetches[name], None
        if token is None:
            answer = {"error-code": "1", "error-text": "The token was fetched before."}
        else:
            answer = {"auth-token": token}
        self._note(request, "fetch", 200, "" if token else answer["error-text"])
        return web.json_response(answer)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        resource = request.match_info["resource"]
        body = await request.read()
        try:
            self._may(request)
            response = await self._resources(resource)(request, resource, body)
        except web.HTTPException as refused:
            self._note(request, resource, refused.status, refused.text or "")
            refused.headers[_VERSION] = "1.0.3"
            raise
        text = body.decode("utf-8", "replace")[:_SHOWN_CHARACTERS]
        self._note(request, resource, response.status, text)
        response.headers[_VERSION] = "1.0.3"
        return response

    def _resources(self, resource: str) -> Callable[[web.Request, str, bytes], Awaitable[web.Response]]:
        if resource == "statements":
            return self.answer_statements
        if resource in _DOCUMENTS:
            return self._documents
        if resource == "about":
            return self._about
        raise web.HTTPNotFound(text=f"no such resource: {resource}")

    def _may(self, request: web.Request) -> None:
        """Refuse who did not launch, and who does not say which xAPI it speaks (xAPI, 3.3 and 6.2)."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic" or token not in self._tokens:
            raise web.HTTPUnauthorized(text="no or wrong Authorization")
        if not request.headers.get(_VERSION, "").startswith("1.0"):
            raise web.HTTPBadRequest(text=f"{_VERSION} is missing or not 1.0")

    async def _about(self, _request: web.Request, _resource: str, _body: bytes) -> web.Response:
        return web.json_response({"version": ["1.0.3"]})

    async def answer_statements(self, request: web.Request, _resource: str, body: bytes) -> web.Response:
        """Keep statements, or give them back (xAPI, part three, 2.1)."""
        if request.method == "GET":
            found = [each for each in self.statements if _wanted(each, request.query)]
            if "statementId" in request.query:
                if not found:
                    raise web.HTTPNotFound(text="no such statement")
                return web.json_response(found[0])
            return web.json_response({"statements": found[::-1], "more": ""})
        given = _json(body)
        many = given if isinstance(given, list) else [given]
        if request.method == "PUT":
            if isinstance(given, list) or "statementId" not in request.query:
                raise web.HTTPBadRequest(text="PUT takes one statement and its statementId")
            given.setdefault("id", request.query["statementId"])
        elif request.method != "POST":
            raise web.HTTPMethodNotAllowed(request.method, ["GET", "POST", "PUT"])
        ids = self._keep(many)
        return web.Response(status=204) if request.method == "PUT" else web.json_response(ids)

    def _keep(self, many: list[Any]) -> list[str]:
        """Keep statements, all or none; the same again is no fault, another with its id is (xAPI, 2.1.2)."""
        if len(self.statements) + len(many) > MOST_STATEMENTS:
            raise web.HTTPRequestEntityTooLarge(MOST_STATEMENTS, len(self.statements) + len(many))
        known = {each["id"]: each for each in self.statements}
        fresh: list[dict[str, Any]] = []
        ids = []
        for each in many:
            if reason := fault_of(each):
                raise web.HTTPBadRequest(text=reason)
            statement = {"id": str(uuid.uuid4()), **each}
            ids.append(statement["id"])
            before = known.get(statement["id"])
            if before is None:
                now = datetime.now(UTC).isoformat(timespec="milliseconds")
                fresh.append({"timestamp": now, "stored": now, **statement})
                known[statement["id"]] = fresh[-1]
            elif any(before.get(key) != statement.get(key) for key in ("actor", "verb", "object", "result")):
                raise web.HTTPConflict(text=f"another statement has the id {statement['id']}")
        self.statements += fresh
        return ids

    async def _documents(self, request: web.Request, resource: str, body: bytes) -> web.Response:
        key = _key(resource, request.query)
        if request.method == "GET":
            name = "stateId" if resource.endswith("state") else "profileId"
            if name not in request.query:
                ids = [each[-2] or each[-1] for each in self.documents if each[:-2] == key[:-2]]
                return web.json_response(ids)
            if key not in self.documents:
                raise web.HTTPNotFound(text="no such document")
            data, kind = self.documents[key]
            return web.Response(body=data, headers={"Content-Type": kind, "ETag": _etag(data)})
        before = self.documents.get(key)
        if (wanted := request.headers.get("If-Match")) and (before is None or wanted != _etag(before[0])):
            raise web.HTTPPreconditionFailed(text="it was changed meanwhile")
        if request.method == "DELETE":
            self.documents.pop(key, None)
            return web.Response(status=204)
        kind = request.headers.get("Content-Type", "application/octet-stream")
        if request.method == "POST" and before is not None and kind.startswith("application/json"):
            body = json.dumps({**_json(before[0]), **_json(body)}).encode()
        elif request.method not in ("PUT", "POST"):
            raise web.HTTPMethodNotAllowed(request.method, ["GET", "PUT", "POST", "DELETE"])
        self.documents[key] = (body, kind)
        return web.Response(status=204)

    def _note(self, request: web.Request, target: str, status: int, content: str) -> None:
        query = request.query.get("stateId") or request.query.get("profileId") or ""
        name = f"{request.method} {target}"
        self.received.append(Received(len(self.received) + 1, name, query, status, content))


def fault_of(statement: Any) -> str:  # noqa: ANN401 - whatever was sent
    """Return why a store refuses a statement, empty where it takes it (xAPI, part two, 2.2)."""
    if not isinstance(statement, dict):
        return "a statement is an object"
    for name in ("actor", "verb", "object"):
        if not isinstance(statement.get(name), dict):
            return f"{name} is missing"
    if ":" not in str(statement["verb"].get("id", "")):
        return "the verb's id is no IRI"
    if statement["object"].get("objectType", "Activity") == "Activity" and ":" not in str(
        statement["object"].get("id", "")
    ):
        return "the object's id is no IRI"
    try:
        if "id" in statement:
            uuid.UUID(statement["id"])
    except (ValueError, TypeError, AttributeError):
        return "the id is no UUID"
    if _holds_null(statement):
        return "null is no value"
    return ""


def _holds_null(value: Any) -> bool:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return any(_holds_null(each) for key, each in value.items() if key != "extensions")
    if isinstance(value, list):
        return any(map(_holds_null, value))
    return value is None


def _wanted(statement: dict[str, Any], query: Mapping[str, str]) -> bool:
    held = {
        "statementId": statement["id"],
        "verb": statement["verb"]["id"],
        "activity": statement["object"].get("id"),
        "registration": statement.get("context", {}).get("registration"),
    }
    return all(query.get(name, value) == value for name, value in held.items())


def _json(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(body)
    except ValueError as error:
        raise web.HTTPBadRequest(text="the body is no JSON") from error


def _key(resource: str, query: Mapping[str, str]) -> tuple[str, ...]:
    values = [str(query.get(name, "")) for name in _KEYS]
    if values[1]:
        values[1] = json.dumps(_json(values[1].encode()), sort_keys=True)  # an agent, however it is spelt
    return (resource, *values)


def _etag(data: bytes) -> str:
    return f'"{hashlib.sha1(data, usedforsecurity=False).hexdigest()}"'
