"""Every route with what the page never sends: from a stranger, from another user, and from the owner.

A route that is new needs a row in ``ROWS``: which values its address and its body take.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from rag.hosting.bind_address import BindAddress
from rag.hosting.users import Authenticator, add_user, set_operator
from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.catalog import History
from rag.store.index import open_index
from rag.types import Answer, Citation
from tests.conftest import LIBRARY, write_files
from tests.fakes import WordEncoder
from ui.server.app import make_app, make_service

PASSWORD = "correct horse 7"
# Stands in Ann's own document, conversation and collection alone.
SECRET = "quagmirestone"
HUGE = str(10**30)
WORDS = " ".join(f"word{number}" for number in range(1200))

# What stands in the place of a value of an address, percent-encoded, and in that of one in a body.
IN_PATHS = (
    "..", "x", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", HUGE, "-1", "%00", "%ed%a0%80", "%ff", "%0d%0aSet-Cookie:a=b",
    "%3Cscript%3Ealert(1)%3C/script%3E", "a" * 4000, "%F0%9F%94%A5", "c1", "own:", "shared:..", ".users",
)  # fmt: skip
IN_QUERIES = (
    "", "x", HUGE, f"-{HUGE}", "-1", "0", "nan", "1e9", "true", "\0", "../../etc/passwd", "a\r\nSet-Cookie: a=b",
    " " * 20_000, WORDS, "[" * 20_000, "*" * 20_000, '"' * 1001, "<script>", "AND OR NOT NEAR(", "%", "\U0001f525",
)  # fmt: skip
IN_BODIES: tuple[Any, ...] = (
    None, True, -1, 0, 1e308, 10**30, "", "x", "\0", "\ud800", "../../x", "a\r\nb", " " * 64_000, "x" * 500_000,
    [], {}, [[]], [None], {"a": {}}, ["\ud800"], ["x"] * 10_000, WORDS, "<script>alert(1)</script>",
)  # fmt: skip
WHOLE_BODIES = (
    b"", b"{}", b"[]", b"null", b"1", b"x", b"\xff\xfe", b'"', b"{", b"[" * 100_000, b'{"a":' * 100_000,
    b'{"name": NaN}', b'{"name": 1e999}', b'{"name": ' + b"9" * 5000 + b"}", b'{"name": 1, "name": {}}',
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """The values that a route takes: those of its query, and those of a body of JSON."""

    query: tuple[str, ...] = ()
    body: dict[str, Any] = field(default_factory=dict)


_TURN = "/i/{workspace}/turns/{turn_id}"
_ONE = "/i/{workspace}/conversations/{id_}"
_SERVER = {"kind": "openai", "address": "http://169.254.169.254/v1", "model": "m", "key": "", "name": "n"}
ROWS = {
    "GET /health": Row(),
    "GET /page/words-{language}.json": Row(),
    "GET /page/{name}": Row(),
    "GET /sign-in": Row(),
    "POST /sign-in": Row(body={"name": "x", "password": "x"}),
    "POST /sign-out": Row(),
    "GET /i/workspaces": Row(),
    "POST /i/workspaces/new": Row(body={"name": 1}),
    "POST /i/workspaces/restore": Row(body={"deleted": "x"}),
    "POST /i/{workspace}/name": Row(body={"name": ""}),
    "DELETE /i/{workspace}": Row(),
    "GET /i/{workspace}/start": Row(),
    "GET /i/{workspace}/questions": Row(),
    f"GET {_TURN}/follow-ups": Row(),
    "GET /i/settings/view": Row(("workspace",)),
    "PUT /i/settings/preferences": Row(body={"model": "x", "strictness": "x", "passages": 0, "instructions": ""}),
    "GET /i/settings/fetches": Row(),
    "POST /i/settings/fetches": Row(body={"name": "x"}),
    "DELETE /i/settings/fetches": Row(body={"name": "x"}),
    "POST /i/settings/servers/models": Row(body=_SERVER),
    "POST /i/settings/servers/try": Row(body={"id": "x", **_SERVER}),
    "POST /i/settings/servers": Row(body={**_SERVER, "private": False}),
    "PATCH /i/settings/servers": Row(body={"id": "x", "name": "x", "key": "x"}),
    "DELETE /i/settings/servers": Row(body={"id": "x"}),
    "POST /i/settings/servers/restore": Row(body={"id": "x"}),
    "GET /i/{workspace}/unanswered": Row(),
    "PUT /i/{workspace}/unanswered": Row(body={"on": False}),
    "DELETE /i/{workspace}/unanswered": Row(),
    "POST /i/{workspace}/unanswered/restore": Row(),
    "GET /i/{workspace}/unanswered.csv": Row(),
    f"GET {_TURN}/why": Row(("part",)),
    f"GET {_TURN}.json": Row(),
    f"GET {_TURN}/case": Row(),
    f"GET {_TURN}/{{source_key}}": Row(("at", "page", "find")),
    f"POST {_TURN}/feedback": Row(body={"thumb": "up", "note": ""}),
    f"POST {_TURN}/case": Row(body={"question": "", "answer": "", "evidence": [], "answerable": True}),
    f"DELETE {_TURN}/case": Row(body={"case": "x"}),
    f"GET {_TURN}/copy/{{form}}": Row(),
    f"GET {_TURN}/{{source_key}}/preview": Row(),
    "GET /i/{workspace}/conversations": Row(("search", "archived", "offset", "rows", "minutes")),
    "GET /i/{workspace}/conversations/answering": Row(("ids",)),
    f"PATCH {_ONE}": Row(body={"title": "t", "pinned": False, "archived": False}),
    f"DELETE {_ONE}": Row(),
    f"POST {_ONE}/restore": Row(),
    "GET /i/shared/{token}": Row(),
    f"GET {_ONE}/share": Row(),
    f"POST {_ONE}/share": Row(),
    f"DELETE {_ONE}/share": Row(),
    "GET /i/{workspace}/conversations.zip": Row(),
    "POST /i/{workspace}/conversations/import": Row(),
    "GET /i/{workspace}/conversations/{name}": Row(),
    "GET /i/{workspace}/documents": Row(("offset", "limit", "search", "folder", "kind", "status", "sort", "order")),
    "GET /i/{workspace}/document-folders": Row(),
    "DELETE /i/{workspace}/documents": Row(body={"sources": [], "match": {"search": "zzz"}, "except": []}),
    "POST /i/{workspace}/removals/{removal}/restore": Row(),
    "POST /i/{workspace}/documents/read-again": Row(body={"sources": []}),
    "GET /i/{workspace}/documents/{source_id}": Row(("source", "at", "page", "find")),
    "GET /i/{workspace}/pages/{source_id}/find": Row(("words",)),
    "GET /i/{workspace}/pages/{source_id}/outline": Row(),
    "GET /i/{workspace}/pages/{source_id}/{page}/words": Row(),
    "GET /i/{workspace}/pages/{source_id}/{page}": Row(("width",)),
    "GET /i/{workspace}/files/{source_id}": Row(("source",)),
    "POST /i/{workspace}/uploads": Row(body={"files": 1, "bytes": 1}),
    "POST /i/{workspace}/uploads/{batch_id}/files": Row(("name",)),
    "POST /i/{workspace}/uploads/{batch_id}/start": Row(),
    "GET /i/{workspace}/uploads": Row(),
    "DELETE /i/{workspace}/uploads": Row(),
    "DELETE /i/{workspace}/uploads/{batch_id}": Row(),
    "GET /i/{workspace}/watched": Row(),
    "POST /i/{workspace}/watched": Row(body={"path": "x"}),
    "DELETE /i/{workspace}/watched": Row(body={"path": "x", "documents": True}),
}
# What anybody may see; a share leads to what its owner meant to be seen by whoever is signed in.
OPEN = frozenset(
    ("GET /health", "GET /page/words-{language}.json", "GET /page/{name}", "GET /sign-in", "POST /sign-in")
)
SHARE = "GET /i/shared/{token}"


@dataclass
class World:
    """A server with Ann, who has a secret, Bob, and a stranger."""

    app: Any
    clients: dict[str, TestClient]
    values: dict[str, str]
    home: Path
    history: History
    conversation: str

    def address(self, route: str, **changed: str) -> str:
        """The address of a route of Ann's; changed values are percent-encoded already."""
        encoded = {name: quote(value) for name, value in self.values.items()} | changed
        return route.partition(" ")[2].format(**encoded)

    def send(self, user: str, route: str, address: str, **request: Any) -> Any:
        return self.clients[user].request(route.partition(" ")[0], address, follow_redirects=False, **request)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("hostile")
    write_files(folder / "library", LIBRARY)
    text = f"# {SECRET}\n\nThe {SECRET} lies 40 metres deep.\n"
    write_files(folder / "own", {f"{SECRET}.md": text})
    settings = Settings(home=folder / "home", models=folder / "models", llm="none", threads=1)
    users = folder / "users.json"
    for name in ("ann", "bob"):
        add_user(users, name, lambda prompt: PASSWORD)
    set_operator(users, "ann", True)
    with open_index("default", settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [folder / "library"])
        service = make_service(index, with_users=True)
        service.prepare()
        workspace = service.workspaces.create("ann", SECRET).id
        own = service.workspaces.open("ann", workspace)
        ingest(own, [folder / "own"])
        source_id = own.catalog.source_record(f"{SECRET}.md").document_id  # type: ignore[union-attr]
        start = own.catalog.document_text(str(source_id))[0].index("The")  # type: ignore[index]
        words = f"The {SECRET} lies 40 metres deep."
        citation = Citation(1, f"{SECRET}.md", str(source_id), SECRET, start, start + len(words), words)
        history = History(own.folder)
        conversation = history.begin("ann").id
        turn = history.save("ann", conversation, Answer(SECRET, SECRET, words, citations=(citation,))).id
        app = make_app(service, BindAddress("0.0.0.0", auth=users, suite=folder / "cases.yaml"), Authenticator(users))
        with TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False) as stranger:
            clients = {"": stranger}
            for name in ("ann", "bob"):
                clients[name] = TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False)
                # One event loop for all, as on a server: Gradio's streams belong to theirs.
                clients[name].portal = stranger.portal
                clients[name].post("/sign-in", data={"name": name, "password": PASSWORD}, follow_redirects=False)
            share = service.shares.share("ann", workspace, conversation, [turn])
            values = {
                "workspace": workspace, "turn_id": turn, "id_": conversation, "source_key": "c1", "form": "text",
                "token": share.token, "name": f"{conversation}.md", "source_id": str(source_id), "page": "1",
                "removal": "x", "batch_id": "x", "language": "de",
            }  # fmt: skip
            yield World(app, clients, values, folder / "home", history, conversation)
        service.close()


def routes_of(app: Any) -> set[str]:
    """All routes of ours, as FastAPI lists them; what catches the rest of them has every method."""
    found = {
        f"{method} {one.path}"
        for one in iter_route_contexts(app._app._english.app.routes)
        if getattr(one, "path", None) and len(one.methods or ()) == 1
        for method in one.methods or ()
    }
    assert found
    return found


def check(answer: Any, said: str) -> None:
    """An answer is none of a fault; a refusal is one sentence, and gives nothing back of a header."""
    assert answer.status_code < 500, f"{said}: {answer.status_code} {answer.text[:300]}"
    assert "set-cookie" not in answer.headers or "sign-" in said, said
    if answer.status_code >= 400 and "text/html" not in answer.headers["content-type"]:
        error = answer.json()["error"]
        assert isinstance(error, str), said
        assert error.strip(), said
        assert "\n" not in error, said
        assert len(error) <= 1000, f"{said}: {error[:500]}"


def state_of(home: Path) -> dict[str, bytes]:
    """What is kept: all files but for the database's own, whose words are compared by what they hold."""
    return {
        str(file.relative_to(home)): file.read_bytes()
        for file in sorted(home.rglob("*"))
        if file.is_file() and not file.name.endswith(("-wal", "-shm", ".lock", ".db", ".sqlite"))
    }


@pytest.fixture(autouse=True)
def _ann_keeps_what_she_has(world: World) -> Iterator[None]:
    yield
    assert world.history.conversation("ann", world.conversation) is not None


def test_every_route_has_a_row(world: World) -> None:
    assert routes_of(world.app) == set(ROWS)


@pytest.mark.parametrize("route", sorted(set(ROWS) - OPEN))
def test_a_stranger_gets_nothing(world: World, route: str) -> None:
    answer = world.send("", route, world.address(route), json=ROWS[route].body)
    if route == SHARE:
        # Its link leads a person to the form, and back.
        assert (answer.status_code, answer.text) == (303, "")
        return
    check(answer, route)
    assert answer.status_code == 401, answer.text[:200]
    assert SECRET not in answer.text


@pytest.mark.parametrize("route", sorted(set(ROWS) - OPEN))
def test_another_user_gets_nothing_of_anns(world: World, route: str) -> None:
    if route in (SHARE, "POST /sign-out"):
        return
    for workspace in (world.values["workspace"], "shared:default", "own:default"):
        changed = {"workspace": quote(workspace)}
        answer = world.send("bob", route, world.address(route, **changed), json=ROWS[route].body)
        check(answer, f"{route} in {workspace}")
        assert SECRET not in answer.text
        assert SECRET not in str(answer.headers)
        if "{workspace}" in route and workspace != "shared:default":
            # What cannot be opened cannot be told from what there is not.
            assert answer.status_code in (400, 404, 422), answer.text[:200]
    head = world.history.conversation("ann", world.conversation)
    assert head is not None
    assert head.title == SECRET


def _asks(route: str, row: Row) -> Iterator[tuple[str, dict[str, str], dict[str, Any]]]:
    """What is sent to a route: changed parts of its path, its query and its body, one after the other."""
    names = [part.strip("{}").partition("}")[0] for part in route.replace(".", "/").split("/") if "{" in part]
    body = {"content": json.dumps(row.body), "headers": {"content-type": "application/json"}} if row.body else {}
    for name in names:
        # A client takes ".." out of an address itself: that deletes what is one up, and is meant to.
        for value in IN_PATHS[route.startswith("DELETE") :]:
            yield "", {name.rpartition("{")[2]: value}, body
    for name in row.query:
        for value in IN_QUERIES:
            yield "?" + urlencode({name: value}), {}, body
        yield f"?{name}=1&{name}=2&{name}[]=3", {}, body
    for name in row.body:
        for put in IN_BODIES:
            yield "", {}, {"content": json.dumps({**row.body, name: put})}
    if row.body or not route.startswith("GET"):
        for whole in WHOLE_BODIES:
            yield "", {}, {"content": whole}


# What would take away what the other tests look at, or sign Ann out.
_LAST = ("DELETE /i/{workspace}", f"DELETE {_ONE}", f"DELETE {_ONE}/share", f"PATCH {_ONE}", "POST /sign-out")


@pytest.mark.parametrize("route", sorted(set(ROWS) - set(_LAST)))
def test_no_value_of_the_owner_is_a_fault(world: World, route: str, caplog: pytest.LogCaptureFixture) -> None:
    for query, changed, request in _asks(route, ROWS[route]):
        answer = world.send("ann", route, world.address(route, **changed) + query, **request)
        check(answer, f"{route} {query[:80]} {changed} {str(request)[:120]}")
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_reading_changes_nothing(world: World) -> None:
    def kept() -> Any:
        heads = world.history.conversations("ann", limit=-1)
        return state_of(world.home), heads, [world.history.turns("ann", head.id) for head in heads]

    before = kept()
    for route in sorted(ROWS):
        if route.startswith("GET"):
            for user in world.clients:
                world.send(user, route, world.address(route))
    assert kept() == before


@pytest.mark.parametrize("route", _LAST)
def test_what_takes_away_is_no_fault(world: World, route: str) -> None:
    for query, changed, request in _asks(route, ROWS[route]):
        if changed or request:
            address = world.address(route, **{"id_": "gone", "workspace": "own:gone", **changed})
            if route == "POST /sign-out":
                world.clients["x"] = TestClient(world.app, base_url="http://127.0.0.1:7860")
            user = "x" if route == "POST /sign-out" else "ann"
            check(world.send(user, route, address + query, **request), f"{route} {changed} {str(request)[:120]}")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_methods_that_a_route_does_not_have(world: World, method: str) -> None:
    for route in sorted(ROWS):
        if f"{method} {route.partition(' ')[2]}" in ROWS:
            continue
        answer = world.clients["ann"].request(method, world.address(route), content=b"{}")
        assert answer.status_code < 500, f"{method} {route}"
        # An address of one kind may fit another route of the same method.
        assert SECRET not in answer.text or method in ("GET", "HEAD"), f"{method} {route}"


# -- bodies and heads --------------------------------------------------------------------------------------------------


def _body(size: int) -> Iterator[bytes]:
    yield b" " * size


@pytest.mark.parametrize("route", sorted(route for route in ROWS if not route.startswith("GET")))
def test_a_huge_body_is_refused_before_it_is_read(world: World, route: str) -> None:
    if route in ("POST /sign-out", "DELETE /i/{workspace}", f"DELETE {_ONE}", f"DELETE {_ONE}/share"):
        return
    address = world.address(route) + ("?name=a.txt" if route.endswith("/files") else "")
    if route.endswith("/files"):
        # Those that other tests began count, too.
        world.app._app._english.app.state.service.batches.close()  # type: ignore[attr-defined]
        begun = world.send("ann", "POST ", world.address("POST /i/{workspace}/uploads"), json={"files": 1, "bytes": 1})
        address = address.replace("/uploads/x/", f"/uploads/{begun.json()['batch']}/")
    # Uploads may be large, but no larger than the server takes.
    headers = {"content-length": str(10**12 if route.endswith("/files") else 600_000_000)}
    request = world.clients["ann"].build_request(route.partition(" ")[0], address, headers=headers, content=b"{}")
    request.headers["content-length"] = headers["content-length"]
    answer = world.clients["ann"].send(request)
    assert answer.status_code in (400, 413), f"{route}: {answer.text[:200]}"
    check(answer, route)


@pytest.mark.parametrize("length", ["", "-1", "1.5", "x", "²", "9" * 30, "+5", "0x10"])
def test_a_length_that_is_none_is_refused(world: World, length: str) -> None:
    request = world.clients["ann"].build_request("POST", "/i/workspaces/new", content=b"{}")
    request.headers["content-length"] = length.encode("utf-8").decode("latin-1")
    assert world.clients["ann"].send(request).status_code == 411


def test_a_body_in_pieces_is_taken_by_uploads_alone(world: World) -> None:
    for route in ("DELETE /i/{workspace}/documents", "POST /i/workspaces/new", "PUT /i/settings/preferences"):
        assert world.send("ann", route, world.address(route), content=_body(10)).status_code == 411


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://example.org"}, {"origin": "null"}, {"origin": "http://127.0.0.1:7861"}, {"origin": "http://["},
     {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}],
)  # fmt: skip
def test_another_page_changes_nothing(world: World, headers: dict[str, str]) -> None:
    for route in sorted(ROWS):
        if not route.startswith("GET"):
            answer = world.send("ann", route, world.address(route), json=ROWS[route].body, headers=headers)
            assert answer.status_code == 403, route


def test_another_page_loads_nothing_but_a_link_leads_here(world: World) -> None:
    address = world.address("GET /i/{workspace}/start")
    foreign = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert world.clients["ann"].get(address, headers=foreign).status_code == 403
    assert world.clients["ann"].get(address, headers=foreign | {"sec-fetch-mode": "navigate"}).status_code == 200


def test_what_is_private_is_not_kept_by_others(world: World) -> None:
    for route in sorted(set(ROWS) - OPEN):
        if route.startswith("GET"):
            answer = world.send("ann", route, world.address(route))
            caching = answer.headers["cache-control"]
            assert caching == "no-store" or ("private" in caching and answer.headers["vary"] == "Cookie"), route
            assert "content-encoding" not in answer.headers, "words of others beside a secret are not compressed"


def test_no_script_in_a_page_of_ours_may_run(world: World) -> None:
    for route in ("GET /sign-in", SHARE, f"GET {_TURN}/why", "GET /i/settings/view"):
        policy = world.send("ann", route, world.address(route)).headers["content-security-policy"]
        assert "script-src 'self';" in policy, route
    assert "sha256-" in world.clients["ann"].get("/").headers["content-security-policy"]


# -- Gradio's own routes -----------------------------------------------------------------------------------------------

JOIN = "/gradio_api/queue/join"
_FILE = {"path": "http://169.254.169.254/latest", "meta": {"_type": "gradio.FileData"}}


def _handler(world: World, name: str) -> int:
    """The number of a handler of the page."""
    handlers: dict[int, Any] = world.app._app._english._handlers
    return next(number for number, handler in handlers.items() if handler.fn.__name__ == name)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"null", b"x", b"[" * 100_000, b'{"data": {}}', b'{"data": []}',
     b'{"data": [], "fn_index": 0}', b'{"data": [], "fn_index": 0, "session_hash": ""}',
     b'{"data": [{}, null], "fn_index": 0, "session_hash": "abc"}',
     b'{"data": [null, null], "fn_index": 0, "session_hash": "abc"}',
     b'{"data": ["x", {}], "fn_index": 0, "session_hash": "abc"}',
     b'{"data": ["x"], "fn_index": 0, "session_hash": "abc"}',
     b'{"data": ["\\ud800", null], "fn_index": 0, "session_hash": "abc"}',
     b'{"data": ["x", null], "fn_index": 999, "session_hash": "abc"}',
     b'{"data": ["x", null], "fn_index": true, "session_hash": "abc"}',
     b'{"data": ["x", null], "fn_index": 1e99, "session_hash": "abc"}',
     b'{"data": ["x", null], "fn_index": 0, "session_hash": "../x"}',
     b'{"data": ["x", null], "fn_index": 0, "session_hash": ["abc"]}',
     json.dumps({"data": [_FILE, None], "fn_index": 0, "session_hash": "abc"}).encode()],
)  # fmt: skip
def test_events_of_another_form_are_refused(world: World, content: bytes) -> None:
    for path in (JOIN, "/gradio_api/cancel", "/gradio_api/reset", "/de/gradio_api/queue/join"):
        answer = world.clients["ann"].post(path, content=content, headers={"content-type": "application/json"})
        check(answer, f"{path} {content[:80]!r}")
        assert answer.status_code == 400, f"{path}: {answer.text[:200]}"


@pytest.mark.parametrize("query", ["", "session_hash=", "session_hash=a&session_hash=b", "session_hash=../x", "x=1"])
def test_streams_of_another_form_are_refused(world: World, query: str) -> None:
    answer = world.clients["ann"].get(f"/gradio_api/queue/data?{query}")
    check(answer, query)
    assert answer.status_code == 400


def test_a_stream_is_its_users(world: World) -> None:
    """Bob, who learned the name of Ann's tab, sees nothing of what was asked in it."""
    opened = json.dumps({"do": "open", "workspace": world.values["workspace"], "conversation": world.conversation})
    event = {"data": [opened, None], "fn_index": _handler(world, "handle_command"), "session_hash": "annstab"}
    assert world.clients["ann"].post(JOIN, json=event).status_code == 200
    stolen = world.clients["bob"].get("/gradio_api/queue/data?session_hash=annstab").text
    assert SECRET not in stolen
    assert "session_not_found" in stolen
    # Ann does.
    assert SECRET in world.clients["ann"].get("/gradio_api/queue/data?session_hash=annstab").text


@pytest.mark.parametrize(
    "command",
    ["", "{}", "[]", "x", "[" * 100_000, '{"do": {}}', '{"do": "edit"}', '{"do": "only"}', '{"do": "restore"}',
     '{"do": "version", "turn": {}}', '{"do": "only", "match": 1}', '{"do": "only", "match": {"kind": {}}}',
     '{"do": "open", "conversation": [1]}', '{"do": "restore", "workspace": {}}', '{"do": "keep", "draft": "\\ud800"}',
     '{"do": "restore", "turn": "\\ud800"}', '{"do": "only", "sources": ["\\ud800"]}'],
)  # fmt: skip
def test_commands_of_another_form_change_nothing(
    world: World, command: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    for handler in ("handle_command", "ask_again"):
        event = {"data": [command, None], "fn_index": _handler(world, handler), "session_hash": "odd"}
        assert world.clients["ann"].post(JOIN, json=event).status_code == 200
        stream = world.clients["ann"].get("/gradio_api/queue/data?session_hash=odd").text
        last = [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: ")]
        done = [one for one in last if one["msg"] == "process_completed"]
        assert done, stream[-500:]
        assert done[0]["success"], done
    assert "Traceback" not in capfd.readouterr().err
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_addresses_of_gradio_that_the_page_does_not_need(world: World) -> None:
    unneeded = (
        "info", "upload", "file=/etc/passwd", "proxy=http://169.254.169.254/", "call/ask", "run/ask", "api/ask",
        "component_server", "deep_link", "openapi.json", "dev/reload", "monitoring", "vibe-edit/",
    )  # fmt: skip
    for path in unneeded:
        for method in ("GET", "POST"):
            answer = world.clients["ann"].request(method, f"/gradio_api/{path}", content=b"{}")
            assert answer.status_code == 404, path
    for path in ("/assets/..%2f..%2fetc/passwd", "/static/../x", "/de/assets/..%2f..%2fx", "/login", "/user", "/token"):
        assert world.clients["ann"].get(path).status_code == 404, path
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        check(world.clients["ann"].request(method, "/config", content=b"{}"), f"{method} /config")
