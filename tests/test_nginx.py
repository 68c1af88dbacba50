"""The proxy of ``compose.cluster.yaml``, run before small servers: what it hands on, and whom it leads where."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from tests.loopback import SECONDS
from tests.nginx import Proxy, nginx

pytestmark = pytest.mark.localhost

# What `RAG_MAX_FILE_MB` lets through by default.
LARGEST_FILE = 100_000_000


@dataclass
class Behind:
    """A server behind the proxy: it says its name, streams until it is let go, and counts what it is sent."""

    name: str
    go_on: threading.Event = field(default_factory=threading.Event)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    taken: int = 0

    def __post_init__(self) -> None:
        behind = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                behind.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                if self.path == "/stream":
                    self._piece(b"data: first\n\n")
                    behind.go_on.wait(SECONDS)
                self._piece(behind.name.encode())
                self.wfile.write(b"0\r\n\r\n")

            def do_POST(self) -> None:
                left = int(self.headers["Content-Length"])
                while left:
                    piece = self.rfile.read(min(left, 1 << 20))
                    if not behind.taken:
                        behind.go_on.set()
                    behind.taken += len(piece)
                    left -= len(piece)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def _piece(self, data: bytes) -> None:
                self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                self.wfile.flush()

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def close(self) -> None:
        self.go_on.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def servers() -> Iterator[list[Behind]]:
    with ExitStack() as opened:
        made = []
        for name in ("one", "two"):
            made.append(Behind(name))
            opened.callback(made[-1].close)
        yield made


@pytest.fixture
def proxy(servers: list[Behind], tmp_path: Path) -> Iterator[Proxy]:
    ports = [server.port for server in servers]
    with nginx(tmp_path, ports, ports) as running:
        yield running


@pytest.mark.parametrize("what", ["chats", "services"])
def test_an_answer_passes_as_it_is_written(proxy: Proxy, servers: list[Behind], what: str) -> None:
    with httpx.stream("GET", f"{getattr(proxy, what)}/stream", timeout=SECONDS) as answered:
        pieces = answered.iter_text()
        assert next(pieces) == "data: first\n\n"
        assert not any(server.go_on.is_set() for server in servers), "the rest is not written yet"
        for server in servers:
            server.go_on.set()
        assert "".join(pieces) in ("one", "two")


@pytest.mark.parametrize("what", ["chats", "services"])
def test_a_file_of_the_largest_size_passes_whole(proxy: Proxy, servers: list[Behind], what: str) -> None:
    assert httpx.post(f"{getattr(proxy, what)}/files", content=bytes(LARGEST_FILE), timeout=SECONDS).status_code == 200
    assert sum(server.taken for server in servers) == LARGEST_FILE


def test_a_person_stays_at_one_server_until_it_is_gone(proxy: Proxy, servers: list[Behind]) -> None:
    cookies = {"footnote_session": "a token"}
    with httpx.Client(base_url=proxy.chats, cookies=cookies, timeout=SECONDS) as ann:
        found = {ann.get("/i/search?q=lamp").text for _ in range(6)}
        assert len(found) == 1
        _, headers = next(server for server in servers if server.name in found).seen[-1]
        assert headers["x-forwarded-for"] == "127.0.0.1"
        assert headers["x-forwarded-proto"] == "http"
        at, other = sorted(servers, key=lambda server: server.name not in found)
        at.close()
        assert ann.get("/i/workspaces").text == other.name
    assert "lamp" not in proxy.log.read_text(), "what is searched for stands in no log"
    told = {httpx.get(proxy.services, headers={"Mcp-Session-Id": "s"}, timeout=SECONDS).text for _ in range(3)}
    assert told == {other.name}
