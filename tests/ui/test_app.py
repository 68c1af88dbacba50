"""The server without a browser: who passes the guard, what every response carries, and which routes there are."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from rag.answering.notices import remarks
from rag.errors import LLMError, UsageError
from rag.hosting.bind_address import BindAddress, check_bind_address, is_loopback, url_of
from rag.hosting.upload_batches import UploadBatches
from rag.hosting.uploads import UploadLimits
from rag.hosting.users import Authenticator, add_user
from rag.ingestion.pipeline import ingest
from rag.notices import Notice
from rag.settings import Settings
from rag.store.catalog import History
from rag.store.index import Index, open_index
from rag.types import Answer, Citation, LeftOut, Passage
from tests.conftest import LIBRARY, Command, write_files
from tests.fakes import WordEncoder
from tests.ui.served import Teller, free_port, wait_until
from ui.server.app import make_app, make_service, run, serve
from ui.server.security import content_security_policy
from ui.service.chat_service import AskOptions, ChatService
from ui.service.model_choices import model_name

PASSWORD = "correct horse 7"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """An index of the library that all tests here share: serving a page takes its time."""
    folder = tmp_path_factory.mktemp("app")
    write_files(folder / "library", LIBRARY)
    settings = Settings(home=folder / "home", llm="none", threads=1)
    with open_index("default", settings=settings, create=True, encoder=WordEncoder()) as opened:
        ingest(opened, [folder / "library"])
        yield opened


@pytest.fixture(scope="module")
def service(index: Index) -> Iterator[ChatService]:
    opened = make_service(index)
    opened.prepare()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(service: ChatService, index: Index) -> Iterator[TestClient]:
    app = make_app(service, BindAddress(suite=index.folder.parent / "cases.yaml"), None)
    with TestClient(app, base_url="http://127.0.0.1:7860") as opened:
        yield opened


@pytest.fixture
def two(index: Index, tmp_path: Path) -> Iterator[dict[str, TestClient]]:
    """Ann and Bob, signed in to one server, and a stranger."""
    users = tmp_path / "users.json"
    for name in ("ann", "bob"):
        add_user(users, name, lambda prompt: PASSWORD)
    service = make_service(index, with_users=True)
    service.prepare()
    app = make_app(service, BindAddress(auth=users, suite=tmp_path / "cases.yaml"), Authenticator(users))
    with TestClient(app, base_url="http://127.0.0.1:7860") as stranger:
        clients = {"": stranger}
        for name in ("ann", "bob"):
            clients[name] = TestClient(app, base_url="http://127.0.0.1:7860")
            clients[name].post("/sign-in", data={"name": name, "password": PASSWORD}, follow_redirects=False)
        yield clients
    service.close()


@pytest.fixture
def unused_port() -> int:
    return free_port()


def stored_turn(index: Index, user: str = "") -> tuple[str, str]:
    """A conversation with one answer; returns the ids of both."""
    history = History(index.folder)
    conversation = history.begin(user).id
    record = index.catalog.source_record("bridge.md")
    assert record is not None
    document = index.catalog.document(record.document_id or "")
    assert document is not None
    start = document.text.index("The toll")
    quote = document.text[start : start + 30]
    citation = Citation(1, "bridge.md", record.document_id or "", "bridge", start, start + 30, quote)
    answer = Answer("What is the toll?", "What is the toll?", quote, citations=(citation,))
    return conversation, history.save(user, conversation, answer).id


# -- where it listens --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.8.8"])
def test_this_machine_needs_no_password(host: str) -> None:
    assert is_loopback(host)
    check_bind_address(BindAddress(host))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "localhost.example.org", "", "127.0.0.1.nip.io"])
def test_another_address_needs_users_or_a_word(host: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--auth FILE"):
        check_bind_address(BindAddress(host))
    check_bind_address(BindAddress(host, insecure=True))
    check_bind_address(BindAddress(host, auth=tmp_path))


def test_the_command_refuses_before_it_loads_anything(rag: Command) -> None:
    ran = rag("chat", "--host", "0.0.0.0")
    assert (ran.code, ran.out) == (2, "")
    assert "--insecure" in ran.err
    assert rag("chat", "--add-user", "ann").code == 2


@pytest.mark.localhost
def test_an_address_or_port_that_cannot_be_had_is_reported() -> None:
    def ready() -> None:
        raise AssertionError("nothing is served")

    with pytest.raises(UsageError, match=r"203\.0\.113\.9 is no address of this computer"):
        run(None, BindAddress("203.0.113.9", 7999), ready)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="another program may have it; choose another with --port"):
            run(None, BindAddress("127.0.0.1", taken.getsockname()[1]), ready)


@pytest.mark.localhost
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_application_that_does_not_start_is_reported(unused_port: int) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no"})

    def ready() -> None:
        raise AssertionError("nothing is served")

    with pytest.raises(UsageError, match="Nothing could be served at"):
        run(app, BindAddress(port=unused_port), ready)


@pytest.mark.localhost
def test_serving_says_where_and_ends_with_control_c(
    index: Index, unused_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called = []
    monkeypatch.setattr("ui.server.app.ChatService.close", lambda service: called.append("close"))
    monkeypatch.setattr("ui.server.app.ChatService.prepare", lambda service, delay: called.append("prepare"))

    def stopped(app: Any, bind: BindAddress, ready: Callable[[], None], stop: threading.Event) -> None:
        ready()
        with TestClient(app, base_url="http://127.0.0.1:7860") as browser:
            assert browser.get("/health").json() == {"ok": True}
        raise KeyboardInterrupt

    monkeypatch.setattr("ui.server.app.run", stopped)
    with pytest.raises(KeyboardInterrupt):
        serve(index, BindAddress(port=unused_port))
    assert capsys.readouterr().out == f"Footnote is at http://127.0.0.1:{unused_port} (stop with Ctrl-C)\n"
    assert called == ["prepare", "close"]


def test_a_file_of_users_that_is_absent_is_reported_before_anything_is_opened(index: Index, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        serve(index, BindAddress(auth=tmp_path / "users.json"))


def test_the_address_is_one_a_browser_takes() -> None:
    assert url_of(BindAddress("::1", 80)) == "http://[::1]:80"


# -- the guard ---------------------------------------------------------------------------------------------------------


def test_every_response_carries_the_policy(client: TestClient, index: Index) -> None:
    _, turn = stored_turn(index)
    for path in ("/", "/de/", "/page/footnote.js", f"/i/own:default/turns/{turn}/why", "/config", "/nothing", "/i/x/y"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY", path
        assert path == "/nothing" or "default-src 'none'" in headers["content-security-policy"], path


def test_the_policy_allows_no_eval_and_no_unknown_script(client: TestClient) -> None:
    page = client.get("/")
    csp = page.headers["content-security-policy"]
    scripts = re.search(r"script-src ([^;]+)", csp)
    assert scripts is not None
    assert "unsafe" not in scripts.group(1)
    inline = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", page.text)
    assert len(inline) == scripts.group(1).count("sha256-") > 0
    assert "http" not in csp.replace("https://", "!")
    assert content_security_policy(b"<script>a</script>") == content_security_policy(
        b"<p><script>a</script><script>a</script>"
    )


NOT_SERVED = [
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/file/etc/passwd",
    "/file=/etc/passwd",
    "/gradio_api/upload",
    "/gradio_api/proxy=http://203.0.113.9/",
    "/gradio_api/stream/x",
    "/gradio_api/info",
    "/gradio_api/openapi.json",
    "/gradio_api/run/predict",
    "/gradio_api/call/ask",
    "/gradio_api/component_server",
    "/monitoring",
    "/docs",
    "/openapi.json",
    "/login",
    "/page/..%2fapp.py",
    "/page/app.py",
    "/static/../../../../etc/passwd",
    "/assets/..%2f..%2froutes.py",
    "/i/own:default/pages/..%2f..%2fetc%2fpasswd/1",
    "/i/own:default/documents/..%2fcatalog.sqlite",
    "/i/..%2f..%2fhome/documents",
    "/i/own:..%2fx/documents",
]


def test_nothing_else_is_served(client: TestClient) -> None:
    for path in NOT_SERVED:
        for method in ("GET", "POST"):
            response = client.request(method, path, content=b"{}")
            assert response.status_code in (400, 403, 404, 405, 422), (method, path, response.status_code)
            assert "root:" not in response.text
            assert "import" not in response.text


def test_another_host_or_page_is_turned_away(client: TestClient) -> None:
    for host in ("rebound.example.org", "127.0.0.1.nip.io", "", "[::1"):
        assert client.get("/health", headers={"host": host}).status_code == 421, host
    for host in ("localhost", "127.8.8.8:7860", "[::1]:7860", "[0:0:0:0:0:0:0:1]"):
        assert client.get("/health", headers={"host": host}).status_code == 200, host
    for origin in ("http://evil.example.org", "http://[::1", "null"):
        assert client.post("/i/workspaces/new", json={"name": "x"}, headers={"origin": origin}).status_code == 403
    assert (
        client.post("/i/workspaces/new", json={"name": "x"}, headers={"sec-fetch-site": "cross-site"}).status_code
        == 403
    )
    long = client.post("/gradio_api/queue/join", content=b"x" * 2_000_001)
    assert long.status_code == 413
    assert client.post("/i/workspaces/new", content=b"[1]").status_code == 400
    assert client.post("/i/workspaces/new", json={"name": "x"}).status_code == 200


# -- the routes --------------------------------------------------------------------------------------------------------


def test_a_citation_by_its_ids_only(client: TestClient, index: Index) -> None:
    conversation, turn = stored_turn(index)
    base = f"/i/own:default/turns/{turn}"
    assert '<mark id="cited">The toll is 3 crowns for cars.</mark>' in client.get(f"{base}/c1").text
    preview = client.get(f"{base}/c1/preview").text
    assert "<b>bridge</b><small>Toll</small>" in preview
    assert "<mark>The toll is 3 crowns for cars.</mark>" in preview
    assert client.get(f"{base}/copy/text").text.startswith("The toll is 3 crowns")
    for path in (
        f"{base}/c2/preview",
        f"{base}/sources",
        f"{base}/c2",
        f"{base}/p1",
        f"{base}/x1",
        f"{base}/c",
        "/i/own:default/turns/no/c1",
        f"/i/own:no{base[14:]}/c1",
    ):
        assert client.get(path).status_code == 404, path
    for ending, kind in (("md", "text/markdown"), ("html", "text/html")):
        exported = client.get(f"/i/own:default/conversations/{conversation}.{ending}")
        assert exported.headers["content-type"].startswith(kind)
        assert exported.headers["content-disposition"].startswith('attachment; filename="footnote-')
    assert client.get(f"/i/own:default/conversations/{conversation}.exe").status_code == 404


@pytest.mark.parametrize("version", ["named", "of the source", "another"])
def test_what_contradicts_a_claim_opens_exactly_there(version: str, client: TestClient, index: Index) -> None:
    record = index.catalog.source_record("bridge.md")
    assert record is not None
    stored = index.catalog.document_text(record.document_id or "")
    assert stored is not None
    quote = "The toll is 3 crowns for cars."
    start = stored[0].index(quote)
    place = {"source": "bridge.md", "start": start, "end": start + len(quote), "quote": quote}
    if version != "of the source":
        place["source_id"] = record.document_id if version == "named" else "0" * 64
    elsewhere = {**place, "start": start - 1, "end": start + len(quote) - 1}
    claims = [LeftOut("It is 4.", "contradicted", plain_reason(values)) for values in (place, elsewhere)]
    answer = Answer("q", "q", "A", left_out=(LeftOut("It is old.", "unsupported"), *claims))
    history = History(index.folder)
    base = f"/i/own:default/turns/{history.save('', history.begin('').id, answer).id}"
    shown = client.get(f"{base}/x2")
    assert f'<mark id="cited">{quote}</mark>' in shown.text
    for key in ("x0", "x1", "x3", "x4"):
        assert client.get(f"{base}/{key}").status_code == 404, f"{key}: nothing is marked when unsure"


def plain_reason(values: dict[str, Any]) -> Notice:
    return Notice("number-contradicted", {"number": "4", "instead": "3", **values})


@pytest.mark.parametrize(("source", "note"), [("bridge.md", "has changed"), ("gone.md", "no longer in the index")])
def test_a_nearest_passage_opens_though_its_text_is_gone(
    source: str, note: str, client: TestClient, index: Index
) -> None:
    history = History(index.folder)
    words = "The <b>toll</b> was 2 crowns."
    passage = Passage("a", source, "0" * 64, "Old", 40, 40 + len(words), words, "", None, 1, {})
    answer = Answer("q", "q", "", abstained=True, passages=(passage,))
    turn = history.save("", history.begin("").id, answer).id
    shown = client.get(f"/i/own:default/turns/{turn}/p1")
    assert shown.status_code == 200
    assert '<mark id="cited">The &lt;b&gt;toll&lt;/b&gt; was 2 crowns.</mark>' in shown.text
    assert note in shown.text


def test_feedback_is_kept_and_checked(client: TestClient, index: Index) -> None:
    _, turn = stored_turn(index)
    address = f"/i/own:default/turns/{turn}/feedback"
    assert client.post(address, json={"thumb": "down", "note": "too short"}).status_code == 200
    stored = History(index.folder).turn("", turn)
    assert stored is not None
    assert stored.feedback is not None
    assert (stored.feedback.thumb, stored.feedback.note) == ("down", "too short")
    for wrong in ({"thumb": "sideways"}, {}, []):
        assert client.post(address, json=wrong).status_code == 400


def test_documents_are_listed_by_page_and_search(client: TestClient) -> None:
    listed = client.get("/i/own:default/documents").json()
    assert listed["total"] == 4
    assert "sea/keeper.txt" in listed["html"]
    found = client.get("/i/own:default/documents?search=ferry").json()
    assert "sea/keeper.txt" not in found["html"]
    assert client.get("/i/own:default/documents?offset=99").json() == listed | {"html": ""}
    assert client.get("/i/own:default/documents?search=%25").json()["total"] == 0
    assert client.get("/i/own:default/documents?folder=sea&kind=plain&status=read").json()["total"] == 2
    assert client.get("/i/own:default/documents?status=failed&sort=odd&order=odd").json()["total"] == 0
    backwards = client.get("/i/own:default/documents?sort=title&order=descending&limit=1").json()["html"]
    assert 'data-name="weather.txt"' in backwards
    overview = client.get("/i/own:default/document-folders").json()
    assert (overview["total"], overview["folders"]) == (4, [["sea", 2]])
    assert overview["kinds"] == [["plain", "Notes", 4]]
    assert overview["statuses"] == [["read", "Read", 4]]


def test_documents_are_removed_together_and_come_back(client: TestClient, index: Index) -> None:
    choice = {"match": {"folder": "sea"}, "except": ["sea/ferry.txt"]}
    removed = client.request("DELETE", "/i/own:default/documents", json=choice).json()
    assert (removed["count"], removed["minutes"]) == (1, 30)
    assert index.catalog.source_record("sea/keeper.txt") is None
    restore = f"/i/own:default/removals/{removed['removal']}/restore"
    assert client.post(restore, json={}).json()["job"]["kind"] == "restoring"
    wait_until(lambda: index.catalog.source_record("sea/keeper.txt") is not None)
    again = client.post(restore, json={})
    assert (again.status_code, again.json()["error"][:31]) == (400, "This can no longer be undone; a")
    assert client.request("DELETE", "/i/own:default/documents", json={}).status_code == 400


def test_documents_are_read_again(client: TestClient, index: Index) -> None:
    before = index.version
    job = client.post("/i/own:default/documents/read-again", json={"sources": ["weather.txt"]}).json()["job"]
    assert (job["kind"], job["files"]) == ("rereading", 1)
    address = "/i/own:default/uploads"
    wait_until(lambda: client.get(address).json()["job"]["over"])
    assert client.get(address).json()["job"]["counts"] == {"updated": 1}
    assert index.version != before


def test_the_form_says_what_went_wrong_in_the_readers_language(two: dict[str, TestClient]) -> None:
    stranger = two[""]
    assert 'role="alert"' not in stranger.get("/sign-in").text
    german = stranger.post("/sign-in", data={"name": "ann", "password": "wrong"}, headers={"cookie": "language=de"})
    assert '<html lang="de">' in german.text
    assert "<title>Anmelden · Footnote</title>" in german.text
    assert "Der Name oder das Passwort ist falsch; versuchen Sie es noch einmal.</p>" in german.text


@pytest.mark.parametrize(
    ("accepted", "cookie", "language"),
    [
        ("de", "", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "", "de"),
        ("fr-FR,de;q=0.4", "", "de"),
        ("en-US,en;q=0.9,de;q=0.8", "", "en"),
        ("en;q=0.5, DE ; q=0.8", "", "de"),
        ("fr,*", "", "en"),
        ("de;q=0", "", "en"),
        ("de;q=nan,;,=", "", "en"),
        ("", "", "en"),
        ("de", "language=en", "en"),
        ("en", "language=de", "de"),
        ("de", "language=xx", "de"),
    ],
)
def test_the_browsers_language_counts_until_one_is_chosen(
    client: TestClient, two: dict[str, TestClient], accepted: str, cookie: str, language: str
) -> None:
    headers = {"accept-language": accepted, "cookie": cookie}
    assert f'<html lang="{language}">' in two[""].get("/sign-in", headers=headers).text
    refusal = {"en": "There is nothing here.", "de": "Hier ist nichts."}[language]
    assert client.get("/nothing", headers=headers).json() == {"error": refusal}
    page = client.get("/", headers=headers, follow_redirects=False)
    assert (page.status_code, page.headers.get("location")) == ((303, "/de/") if language == "de" else (200, None))


def test_refusals_are_in_the_readers_language(client: TestClient, two: dict[str, TestClient]) -> None:
    german = {"cookie": "language=de"}
    refused = [
        (client.get("/nothing", headers=german), 404, "Hier ist nichts."),
        (client.get("/page/nothing.js", headers=german), 404, "Hier ist nichts."),
        (
            client.get("/health", headers={**german, "host": "example.org"}),
            421,
            "Dieser Chat antwortet nur diesem Rechner.",
        ),
        (client.post("/i/workspaces/new", content=b"x" * 2_000_001, headers=german), 413, "Die Anfrage ist zu lang."),
        (
            client.post("/i/workspaces/new", json={}, headers={**german, "origin": "http://evil.example.org"}),
            403,
            "Eine andere Seite darf das nicht.",
        ),
        (client.post("/i/workspaces/new", content=b"[]", headers=german), 400, "Die Anfrage ist kein JSON-Objekt."),
        (
            client.get("/i/own:no/documents", headers=german),
            404,
            "Diese Sammlung gibt es nicht; wählen Sie eine aus der Liste.",
        ),
        (client.get("/i/own:default/turns/no/why", headers=german), 404, "Diese Antwort ist nicht mehr da."),
        (client.get("/i/own:default/conversations/no.md", headers=german), 404, "Dieses Gespräch ist nicht mehr da."),
        (client.get("/i/own:default/documents/no", headers=german), 404, "Dieses Dokument ist nicht mehr im Index."),
        (two[""].get("/config", headers=german), 401, "Melden Sie sich zuerst an."),
    ]
    for response, status, sentence in refused:
        assert (response.status_code, response.json()) == (status, {"error": sentence})
    page = client.get("/nothing", headers={**german, "accept": "text/html,*/*"})
    assert (page.text, page.headers["content-type"]) == ("Hier ist nichts.", "text/plain; charset=utf-8")
    assert client.get("/nothing", headers={"cookie": "language=xx"}).json() == {"error": "There is nothing here."}


def test_an_upload_is_watched_in_two_languages(client: TestClient) -> None:
    uploads = "/i/own:default/uploads"
    batch = client.post(uploads, json={"files": 1, "bytes": 0}).json()["batch"]
    client.post(f"{uploads}/{batch}/files?name=leer.txt", content=b"")
    started = client.post(f"{uploads}/{batch}/start", json={}, headers={"cookie": "language=de"}).json()["job"]
    assert started["problems"][0]["state"] == "skipped"
    reasons = [
        client.get(uploads, headers={"cookie": f"language={language}"}).json()["job"]["problems"][0]["reason"]
        for language in ("en", "de")
    ]
    assert reasons == [str(Notice("file-empty")), Notice("file-empty").text("de")]
    assert reasons[0] != reasons[1]
    late = client.post(f"{uploads}/{batch}/files?name=a.txt", content=b"x", headers={"cookie": "language=de"})
    assert late.json() == {"error": "Dieser Upload ist vorbei; beginnen Sie ihn noch einmal."}


def test_an_export_is_in_the_readers_language(client: TestClient, index: Index) -> None:
    conversation, _ = stored_turn(index)
    address = f"/i/own:default/conversations/{conversation}"
    german = client.get(f"{address}.html", headers={"cookie": "language=de"}).text
    assert '<html lang="de">' in german
    assert "Ein Gespräch mit Footnote vom " in german
    assert "A conversation of " in client.get(f"{address}.md").text


def test_the_explanation_of_an_answer_is_a_page_or_a_part_of_one(client: TestClient, index: Index) -> None:
    _, turn = stored_turn(index)
    part = client.get(f"/i/own:default/turns/{turn}/why?part=true").text
    page = client.get(f"/i/own:default/turns/{turn}/why").text
    assert part.startswith('<div class="f-why">')
    assert "<title>Why this answer · Footnote</title>" in page
    assert '<main class="f-alone"><div class="f-why">' in page, "the explanation is HTML already"


def test_nobody_gets_in_without_signing_in(two: dict[str, TestClient]) -> None:
    stranger = two[""]
    assert stranger.get("/", follow_redirects=False).headers["location"] == "/sign-in"
    for path in ("/config", "/gradio_api/startup-events", "/i/shared:default/documents"):
        assert stranger.get(path).status_code == 401, path
    assert stranger.post("/gradio_api/queue/join", json={}).status_code == 401
    wrong = stranger.post("/sign-in", data={"name": "ann", "password": "<b>wrong</b>"})
    assert wrong.status_code == 401
    assert "footnote_session" not in wrong.headers.get("set-cookie", "")
    cookie = stranger.post("/sign-in", data={"name": "ann", "password": PASSWORD}, follow_redirects=False)
    assert {"HttpOnly", "SameSite=Strict"} <= {part.strip() for part in cookie.headers["set-cookie"].split(";")}
    two["bob"].post("/sign-out")
    assert two["bob"].get("/config").status_code == 401


def test_sign_in_is_logged_without_what_was_given(two: dict[str, TestClient], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "ui")
    two[""].post("/sign-in", data={"name": "secret typed as a name", "password": "wrong"})
    two[""].post("/sign-in", data={"name": "ann", "password": PASSWORD}, follow_redirects=False)
    records = [record for record in caplog.records if record.name == "ui.server.routes.sign_in"]
    assert [(record.levelname, record.message, vars(record).get("user")) for record in records] == [
        ("INFO", "sign-in refused", None),
        ("INFO", "sign-in accepted", None),
        ("DEBUG", "user signed in", "ann"),
    ]
    logged = str([vars(record) for record in records])
    assert PASSWORD not in logged
    assert "secret typed" not in logged


# -- uploads on their way ----------------------------------------------------------------------------------------------


async def _bytes(*blocks: bytes) -> Any:
    for block in blocks:
        yield block


def test_a_batch_holds_so_much_and_is_its_owners() -> None:
    now = [0.0]
    batches = UploadBatches(UploadLimits(files=2, megabytes=0.00001), lambda: now[0])
    ann, bob = ("ann", "own:a"), ("bob", "own:a")
    with pytest.raises(UsageError, match="These are 3 files, and 2 can be added at once"):
        batches.begin(ann, 3)
    with pytest.raises(UsageError, match="These are 5 MB, and 1e-05 MB can be added at once"):
        batches.begin(ann, 1, 5_000_000)
    batch = batches.begin(ann)
    asyncio.run(batches.add(batch, ann, "a.txt", _bytes(b"1234", b"5")))
    with pytest.raises(UsageError, match="over; begin it again"):
        asyncio.run(batches.add(batch, bob, "a.txt", _bytes(b"1")))
    with pytest.raises(UsageError, match="MB cannot be added"):
        asyncio.run(batches.add(batch, ann, "b.txt", _bytes(b"123456")))
    asyncio.run(batches.add(batch, ann, "b.txt", _bytes(b"1234")))
    with pytest.raises(UsageError, match="More than 2 files"):
        asyncio.run(batches.add(batch, ann, "c.txt", _bytes()))
    complete = batches.take(batch, ann)
    assert [path.read_bytes() for _, path in complete.files] == [b"12345", b"1234"], "the one that was whole"
    for _ in range(4):
        forgotten = batches.begin(ann)
    with pytest.raises(UsageError, match="Too many"):
        batches.begin(ann)
    now[0] = 4000
    batches.begin(ann)
    with pytest.raises(UsageError):
        batches.take(forgotten, ann)
    batches.close()


# -- the course of a question ------------------------------------------------------------------------------------------


def test_a_question_is_kept_with_its_answer(service: ChatService, index: Index) -> None:
    history = History(index.folder)
    conversation = history.begin("").id
    *_, last = service.ask("", index, conversation, "What is the toll for cars?", AskOptions()).follow()
    assert last.answer is not None
    assert last.answer.state == "done"
    (turn,) = history.turns("", conversation)
    assert (turn.id, turn.answer.answer) == (last.turn_id, last.answer.answer)
    assert [step.state for step in last.steps][:2] == ["searching", "reading"]


def test_a_model_that_could_not_be_opened_is_tried_again(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    model = Teller({"toll": "The toll is 3 crowns for cars [1]."})
    outcomes = iter([LLMError("The server cannot be reached."), model])

    def open_model() -> Any:
        outcome = next(outcomes)
        if isinstance(outcome, LLMError):
            raise outcome
        return outcome

    service = make_service(index, "teller", open_model)
    history = History(index.folder)
    conversation = history.begin("").id

    def ask() -> Answer:
        *_, last = service.ask("", index, conversation, "What is the toll for cars?", AskOptions()).follow()
        assert last.answer is not None
        return last.answer

    refused = ask()
    assert (refused.model, refused.degraded) == ("none", True)
    assert "cannot be reached. Until then answers are quotes." in remarks(refused)
    assert ask().degraded, "not on every question"
    monkeypatch.setattr("rag.hosting.own_model._REOPEN_AFTER_SECONDS", 0.0)
    assert (ask().model, service.reason) == ("teller", None)
    service.close()


@pytest.mark.model
def test_no_model_is_offered_twice(index: Index) -> None:
    service = make_service(index, "local")
    assert model_name("local") not in service.models()
    assert model_name("local") in make_service(index, "none").models()
    service.close()


def test_a_question_that_is_taken_back_leaves_nothing(service: ChatService, index: Index) -> None:
    history = History(index.folder)
    conversation = history.begin("").id
    with service._local_queue.take("another"):
        running = service.ask("", index, conversation, "What is the toll?", AskOptions())
        states = running.follow()
        wait_until(lambda: running.latest.position == 1)
        assert service.running(index, conversation) == [running]
        running.cancel()
        *_, last = states
        assert last.taken_back
    assert running.wait(30)
    assert history.turns("", conversation) == []
    assert service.running(index, conversation) == []
    with service._local_queue.take("another") as ticket:
        assert ticket.position == 0, "nobody is left in the queue"


def test_an_answer_that_nobody_watches_is_kept(service: ChatService, index: Index) -> None:
    history = History(index.folder)
    conversation = history.begin("").id
    with service._local_queue.take("another"):
        running = service.ask("", index, conversation, "What is the toll for cars?", AskOptions())
        (waiting,) = history.turns("", conversation)
        assert (waiting.question, waiting.answer.state) == ("What is the toll for cars?", "searching")
    assert running.wait(60)
    (turn,) = history.turns("", conversation)
    assert (turn.id, turn.answer.state) == (running.turn_id, "done")
    assert "3 crowns" in turn.answer.answer


def test_two_questions_at_once_of_one_conversation_follow_each_other(service: ChatService, index: Index) -> None:
    history = History(index.folder)
    conversation = history.begin("").id
    both = [service.ask("", index, conversation, question, AskOptions()) for question in ("The toll?", "The bridge?")]
    assert all(running.wait(60) for running in both)
    assert [turn.question for turn in history.turns("", conversation)] == ["The toll?", "The bridge?"]
    assert all(turn.answer.state == "done" for turn in history.turns("", conversation))


def test_a_conversation_has_only_so_many_questions_that_wait(service: ChatService, index: Index) -> None:
    conversation = History(index.folder).begin("").id
    with service._local_queue.take("another"):
        waiting = [service.ask("", index, conversation, "The toll?", AskOptions()) for _ in range(8)]
        with pytest.raises(UsageError, match="8 questions of this conversation wait"):
            service.ask("", index, conversation, "The toll?", AskOptions())
        for running in waiting:
            running.cancel()
        assert all(running.wait(30) for running in waiting)


def test_an_answer_that_fails_says_so_to_whoever_watches(
    service: ChatService, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("ui.service.chat_service.answer", fail)
    running = service.ask("", index, History(index.folder).begin("").id, "The toll?", AskOptions())
    assert running.wait(30)
    assert isinstance(running.error, RuntimeError)


def test_ten_people_at_once_each_see_their_position_and_are_answered(index: Index) -> None:
    model = Teller({"toll": "The toll is 3 crowns for cars [1]."}, pause=0.2)
    service = make_service(index, "teller", lambda: model)  # type: ignore[arg-type,return-value]
    service.prepare()
    history = History(index.folder)
    positions: dict[int, list[int]] = {}

    def ask(number: int) -> None:
        conversation = history.begin(f"person {number}").id
        seen = list(
            service.ask(f"person {number}", index, conversation, "What is the toll for cars?", AskOptions()).follow()
        )
        assert seen[-1].answer is not None
        assert "3 crowns" in seen[-1].answer.answer
        positions[number] = [state.position for state in seen if state.position]

    people = [threading.Thread(target=ask, args=(number,)) for number in range(10)]
    for person in people:
        person.start()
    for person in people:
        person.join(60)
    assert len(positions) == 10
    assert max(max(seen, default=0) for seen in positions.values()) >= 5
    assert all(seen == sorted(seen, reverse=True) for seen in positions.values()), "nobody is overtaken"
    # Once nobody waits, it is also asked what may be asked next.
    assert sum(words.startswith("question:") for words in model.asked) == 10
    service.close()
