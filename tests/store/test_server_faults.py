"""What answers at the address of a Chroma server, and how: each fault is one sentence, and no call waits for ever."""

from __future__ import annotations

import base64
import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rag.errors import IndexUnusable, UsageError
from rag.ingestion.pipeline import ingest
from rag.retrieval.passages import retrieve
from rag.settings import Settings
from rag.store.chroma import ChromaStore
from rag.store.index import open_index
from tests.fakes import WordEncoder
from tests.store.test_server import server  # noqa: F401

pytestmark = pytest.mark.localhost

Respond = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def http_server(respond: Respond) -> Iterator[str]:
    """Serve what ``respond`` writes to each request, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        def _respond(self) -> None:
            respond(self)

        do_GET = do_POST = do_PUT = do_DELETE = _respond  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.daemon_threads = True
    threading.Thread(target=served.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{served.server_port}"
    finally:
        served.shutdown()
        served.server_close()


def send(handler: BaseHTTPRequestHandler, status: int, content: bytes = b"{}") -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def store_at(url: str, folder: Path, **options: str) -> ChromaStore:
    return ChromaStore(folder / "chroma", "library", Settings(chroma_url=url, **options))


@pytest.mark.parametrize(
    ("status", "content", "words"),
    [
        (200, b"<html>A router</html>", "is no Chroma server; correct RAG_CHROMA_URL"),
        (200, b'{"ok": true}', "is no Chroma server; correct RAG_CHROMA_URL"),
        (404, b"Not found", "is no Chroma server; correct RAG_CHROMA_URL"),
        (401, b"{}", "refuses; set RAG_CHROMA_TOKEN"),
        (403, b"{}", "refuses; set RAG_CHROMA_TOKEN"),
    ],
)
def test_another_service_and_a_refusal(tmp_path: Path, status: int, content: bytes, words: str) -> None:
    with http_server(lambda handler: send(handler, status, content)) as url, pytest.raises(IndexUnusable, match=words):
        store_at(url, tmp_path).count()


def test_a_server_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.store.chroma_server._HEARTBEAT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(IndexUnusable, match="did not answer within 0 seconds"):
            store_at(url, tmp_path).count()


def test_a_server_that_hangs_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.store.chroma_server._ANSWER_SECONDS", 0.5)
    release = threading.Event()

    def respond(handler: BaseHTTPRequestHandler) -> None:
        if "heartbeat" in handler.path:
            send(handler, 200, b'{"nanosecond heartbeat": 1}')
        else:
            release.wait(30)

    with http_server(respond) as url:
        with pytest.raises(IndexUnusable, match="did not answer within 0 seconds"):
            store_at(url, tmp_path).count()
        release.set()


@pytest.mark.parametrize(
    "url", ["localhost:8000", "ftp://127.0.0.1:9", "http://", "http://127.0.0.1:99999", "http://[::1"]
)
def test_an_address_that_is_none(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="RAG_CHROMA_URL"):
        store_at(url, tmp_path).count()


def proxy(target: str, prefix: str, authorization: str, seen: list[str]) -> Respond:
    """A proxy before a Chroma server: below a path, for who says the right thing."""
    host = urlsplit(target)

    def respond(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.path)
        if handler.headers.get("Authorization") != authorization or not handler.path.startswith(prefix):
            return send(handler, 401)
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        connection = http.client.HTTPConnection(str(host.hostname), host.port or 80, timeout=30)
        headers = {"Content-Type": "application/json"}
        connection.request(handler.command, handler.path.removeprefix(prefix), body, headers)
        answer = connection.getresponse()
        send(handler, answer.status, answer.read())
        connection.close()
        return None

    return respond


def test_a_server_behind_a_proxy_with_a_password(server: str, settings: Settings, library: Path) -> None:  # noqa: F811
    seen: list[str] = []
    words = f"Basic {base64.b64encode(b'ann:p@ss').decode()}"
    with http_server(proxy(server, "/chroma", words, seen)) as url:
        address = url.replace("http://", "http://ann:p%40ss@") + "/chroma"
        served = settings.model_copy(update={"chroma_url": address})
        with open_index(settings=served, create=True, encoder=WordEncoder()) as index:
            ingest(index, [library])
            assert retrieve(index, "Where does the ferry go?", 1)[0].source == "sea/ferry.txt"
            assert "p%40ss" not in index.vectors.place
        wrong = settings.model_copy(update={"chroma_url": address.replace("p%40ss", "other")})
        with (
            open_index("wrong", settings=wrong, create=True, encoder=WordEncoder()) as index,
            pytest.raises(IndexUnusable, match="refuses") as refused,
        ):
            index.vectors.ids()
        assert "other" not in str(refused.value)
    assert all(path.startswith("/chroma/api/v2/") for path in seen)


def test_a_token_is_sent(server: str, settings: Settings, library: Path) -> None:  # noqa: F811
    with http_server(proxy(server, "", "Bearer secret", [])) as url:
        served = settings.model_copy(update={"chroma_url": url, "chroma_token": "secret"})
        assert "secret" not in repr(served)
        with open_index(settings=served, create=True, encoder=WordEncoder()) as index:
            ingest(index, [library])
            assert retrieve(index, "Where does the ferry go?", 1)[0].source == "sea/ferry.txt"


def test_a_connection_that_breaks_for_a_moment(server: str, settings: Settings, library: Path) -> None:  # noqa: F811
    broken: list[str] = []
    pass_on = proxy(server, "", "Bearer secret", [])

    def respond(handler: BaseHTTPRequestHandler) -> None:
        # Each address of a collection breaks the first time that it is called.
        if "/collections" in handler.path and handler.path not in broken:
            broken.append(handler.path)
            handler.connection.close()
            return
        pass_on(handler)

    with http_server(respond) as url:
        served = settings.model_copy(update={"chroma_url": url, "chroma_token": "secret"})
        with open_index(settings=served, create=True, encoder=WordEncoder()) as index:
            ingest(index, [library])
            assert retrieve(index, "Where does the ferry go?", 1)[0].source == "sea/ferry.txt"
    assert broken
