"""A key of one index sees nothing of another, a read key changes nothing, and no key is no way in: on every route.

A route that is new needs a row in ``ROWS``: how one asks it for an index, and whether it changes something.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from rag.hosting.access import Caller
from tests.serve.world import BETA, World, served

_SECONDS = 60
# Of the other index: its words, in its documents alone.
SECRETS = (BETA, "28 cars")


@dataclass(frozen=True)
class Row:
    """How a route is asked for what an index holds.

    Attributes:
        kind: Whether it needs no key, is for every key, reads what an index holds, changes it, or is the metrics.
        asks: Requests, each as the arguments of a client; ``INDEX`` stands for the index, ``SOURCE`` for a document of
            it and ``JOB`` for a job of it, also in the path.
    """

    kind: Literal["open", "any", "read", "write", "metrics"]
    asks: tuple[dict[str, Any], ...] = ({},)


_NAMED = {"params": {"index": "INDEX"}}
_QUESTION = "Which ferry carries cars?"
_CHAT = {"model": "INDEX", "messages": [{"role": "user", "content": _QUESTION}]}
ROWS = {
    "GET /healthz": Row("open"),
    "GET /readyz": Row("open"),
    "GET /metrics": Row("metrics", ({}, _NAMED)),
    "GET /openapi.json": Row("any", ({}, _NAMED)),
    "HEAD /openapi.json": Row("any"),
    "GET /v1/models": Row("any", ({}, _NAMED)),
    "GET /v1/indexes": Row("any"),
    "GET /v1/jobs": Row("any"),
    "GET /v1/models/{name}": Row("read"),
    "POST /v1/chat/completions": Row(
        "read", ({"json": _CHAT}, {"json": _CHAT | {"stream": True}}, {"json": _CHAT | {"footnote": {"anyway": True}}})
    ),
    "POST /v1/answer": Row(
        "read",
        (
            {"json": {"question": _QUESTION, "index": "INDEX"}},
            {"json": {"question": _QUESTION, "index": "INDEX", "stream": True, "anyway": True}},
            {"json": {"question": _QUESTION, "index": "INDEX", "sources": ["SOURCE"]}},
        ),
    ),
    "POST /v1/search": Row(
        "read",
        (
            {"json": {"question": _QUESTION, "index": "INDEX"}},
            {"json": {"question": _QUESTION, "index": "INDEX", "sources": ["SOURCE"]}},
        ),
    ),
    "POST /v1/verify": Row("read", ({"json": {"text": "The ferry carries 28 cars.", "index": "INDEX"}},)),
    "GET /v1/sources": Row("read", (_NAMED, {"params": {"index": "INDEX", "glob": "*"}})),
    "GET /v1/sources/{name:path}/text": Row("read", (_NAMED,)),
    "GET /v1/sources/{name:path}": Row("read", (_NAMED,)),
    "GET /v1/jobs/{id}": Row("write"),
    "POST /v1/sources": Row(
        "write",
        (
            {"params": {"index": "INDEX", "name": "new.txt"}, "content": b"The lantern costs 45 crowns.\n"},
            {"params": {"index": "INDEX"}, "files": {"files": ("form.txt", b"The lantern costs 46 crowns.\n")}},
        ),
    ),
    "DELETE /v1/jobs/{id}": Row("write"),
    "DELETE /v1/sources/{name:path}": Row("write", (_NAMED,)),
    "DELETE /v1/sources": Row("write", ({"params": {"index": "INDEX", "glob": "*", "dry_run": "false"}},)),
}
# A read key may look at a job, which is no change.
READING_KINDS = {"GET /v1/jobs/{id}"}


@dataclass(frozen=True)
class Named:
    """What stands for the words of a row."""

    index: str
    source: str
    job: str

    def fill(self, value: Any) -> Any:
        """Return a value of a request with the words in it replaced."""
        if isinstance(value, str):
            return value.replace("INDEX", self.index).replace("SOURCE", self.source)
        if isinstance(value, dict):
            return {key: self.fill(part) for key, part in value.items()}
        return [self.fill(part) for part in value] if isinstance(value, list) else value

    def path(self, route: str) -> str:
        """Return the address of a route."""
        path = route.replace("{name:path}", self.source).replace("{id}", self.job)
        return path.replace("{name}", self.index)


def call(client: TestClient, route: str, ask: dict[str, Any], named: Named) -> Any:
    method, path = route.split(" ")
    return client.request(method, named.path(path), **named.fill(ask))


def until_over(world: World, job: str) -> None:
    client, deadline = world.client("writes all"), time.monotonic() + _SECONDS
    while not client.get(f"/v1/jobs/{job}").json()["over"]:
        assert time.monotonic() < deadline, "the job did not end"
        time.sleep(0.05)


def with_job(world: World, index: str) -> str:
    """Return the id of a job of an index, which is over."""
    params = {"index": index, "name": "note.txt"}
    added = world.client("writes all").post("/v1/sources", params=params, content=f"A note of {BETA}.\n".encode())
    assert added.status_code == 202, added.text
    job = str(added.json()["id"])
    until_over(world, job)
    return job


def content(world: World, index: str) -> tuple[list[str], int]:
    """Return the documents of an index, and how many jobs it has had."""
    opened = world.service.open(Caller(), index)
    opened.refresh()
    return [summary.source for summary in opened.catalog.sources()], len(list(world.service.uploads.recent(opened)))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with served(tmp_path_factory.mktemp("isolation"), serve_per_minute=0) as world:
        yield world


@pytest.fixture(scope="module")
def beta(world: World) -> Named:
    """What the keys of alpha must not see."""
    return Named("beta", "beta-secret.md", with_job(world, "beta"))


@pytest.fixture(scope="module")
def absent(beta: Named) -> Named:
    """What is nowhere, written like what is in beta."""
    return Named("nixx", "nixx-secret.md", "".join("0" if sign != "-" else sign for sign in beta.job))


def routes_of(app: Any) -> set[str]:
    return {
        f"{method} {context.path}"
        for context in iter_route_contexts(app.routes)
        for method in context.methods or ("?",)
    }


def test_every_route_has_its_row(world: World) -> None:
    assert routes_of(world.app) == set(ROWS)


@pytest.mark.parametrize("route", ROWS)
def test_without_a_key_there_is_no_way_in(world: World, beta: Named, route: str) -> None:
    expired = world.keys.add(f"over-{len(world.keys.all())}", None, "write", days=-1)
    shown = ({}, {"authorization": "Bearer fn_"}, {"authorization": f"Bearer {expired}"}, {"x-api-key": expired})
    for ask in ROWS[route].asks:
        for headers in shown:
            client = TestClient(world.app, headers=headers, client=(f"10.0.{len(route)}.{len(headers)}", 1))
            response = call(client, route, ask, beta)
            if ROWS[route].kind == "open":
                assert response.status_code in (200, 503)
            else:
                assert response.status_code in (401, 429), route
                assert "www-authenticate" in response.headers or "retry-after" in response.headers
            for secret in (*SECRETS, "beta", "alpha"):
                assert secret not in response.text


def test_what_is_no_route_needs_a_key_too(world: World) -> None:
    for path in ("/", "/docs", "/redoc", "/v1", "/v1/nothing", "/favicon.ico", "/healthz/", "/healthz/x", "//healthz"):
        assert world.client().get(path, follow_redirects=False).status_code == 401, path
    assert world.client().post("/healthz").status_code == 401


@pytest.mark.parametrize("key", ["reads alpha", "writes alpha", "metrics"])
@pytest.mark.parametrize("route", [route for route, row in ROWS.items() if row.kind in ("read", "write")])
def test_of_another_index_nothing_is_seen(world: World, beta: Named, absent: Named, route: str, key: str) -> None:
    client, before = world.client(key), content(world, "beta")
    for ask in ROWS[route].asks:
        response, nowhere = call(client, route, ask, beta), call(client, route, ask, absent)
        assert response.status_code in (403, 404), f"{route} {ask}"
        # Whether there is such an index cannot be told either.
        said = response.text.replace("beta", "nixx").replace(beta.job, absent.job)
        assert (response.status_code, said) == (nowhere.status_code, nowhere.text)
        for secret in SECRETS:
            assert secret not in response.text
    assert content(world, "beta") == before


SPELLINGS = ("../beta", "alpha/../beta", "./beta", "BETA", " beta", "beta ", "beta\0", "beta/", "%62eta", "*", "b*ta")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_leads_to_another_index(world: World, beta: Named, spelling: str) -> None:
    client, before = world.client("writes alpha"), content(world, "beta")
    named = Named(spelling, f"../../beta/{beta.source}", beta.job)
    for route, row in ROWS.items():
        if row.kind not in ("read", "write"):
            continue
        for ask in row.asks:
            if "\0" in spelling and "{name}" in route:
                # No client sends such an address.
                continue
            response = call(client, route, ask, named)
            assert response.status_code in (400, 403, 404, 405, 422), f"{route} {ask}"
            for secret in SECRETS:
                assert secret not in response.text
    assert content(world, "beta") == before


@pytest.mark.parametrize("route", [route for route, row in ROWS.items() if row.kind in ("any", "metrics")])
def test_lists_leave_another_index_out(world: World, beta: Named, route: str) -> None:
    for key in ("reads alpha", "writes alpha"):
        for ask in ROWS[route].asks:
            text = call(world.client(key), route, ask, beta).text
            for secret in (*SECRETS, "beta", beta.job):
                assert secret not in text, f"{route} {secret}"


def test_without_an_index_named_a_key_has_its_own(world: World, beta: Named) -> None:
    client = world.client("reads alpha")
    for path in ("/v1/search", "/v1/answer"):
        response = client.post(path, json={"question": _QUESTION})
        assert response.status_code == 200
        assert not [secret for secret in SECRETS if secret in response.text]
    assert client.get("/v1/sources").json()["index"] == "alpha"
    assert client.get(f"/v1/sources/{beta.source}").status_code == 404


@pytest.mark.parametrize("key", ["reads alpha", "reads all"])
def test_a_read_key_changes_nothing(world: World, key: str) -> None:
    job, before = with_job(world, "alpha"), content(world, "alpha")
    alpha = Named("alpha", "alpha-secret.md", job)
    for route, row in ROWS.items():
        for ask in row.asks:
            response = call(world.client(key), route, ask, alpha)
            if row.kind == "write" and route not in READING_KINDS:
                assert response.status_code == 403, f"{route} {response.text}"
                assert response.json()["error"]["code"] == "read_only"
    assert content(world, "alpha") == before


def test_a_key_of_all_sees_and_changes_what_the_others_do_not(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the tests above ask for is there: they could fail."""
    with served(tmp_path_factory.mktemp("control"), serve_per_minute=0) as world:
        beta = Named("beta", "beta-secret.md", with_job(world, "beta"))
        client, seen = world.client("writes all"), ""
        world.service.model.get()
        for route, row in ROWS.items():
            for ask in row.asks:
                response = call(client, route, ask, beta)
                assert response.status_code in (200, 202), f"{route} {ask} {response.text}"
                if response.status_code == 202:
                    until_over(world, response.json()["id"])
                if row.kind == "read" and route != "GET /v1/models/{name}" and "glob" not in str(ask):
                    seen += response.text
        assert all(secret in seen for secret in SECRETS)
        assert content(world, "beta")[0] == [], "all of it was removed"
