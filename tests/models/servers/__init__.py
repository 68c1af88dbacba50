"""Small HTTP servers on loopback that speak the protocols of model services.

Owns: answering with replies that were written down before, and recording what was asked. Knows nothing about any one
protocol: each has a module of its own here, with its recorded replies.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

JSON = "application/json"
EVENTS = "text/event-stream"
LINES = "application/x-ndjson"
HTML = "text/html; charset=utf-8"

HANG = b"\0hang"
"""A piece of a body at which the server stops until it is closed."""


@dataclass(frozen=True)
class Request:
    """What was asked: method, path with its query, headers in small letters, and the JSON of the body."""

    method: str
    path: str
    headers: Mapping[str, str]
    json: dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """One whole response; a body of several pieces is sent piece by piece.

    ``promised`` is a ``Content-Length`` that the body need not keep; without one the end of the connection ends it.
    """

    body: bytes | Iterable[bytes] = b""
    status: int = 200
    type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    promised: int | None = None


Answerer = Reply | Callable[[Request], Reply]


class Server:
    """Answers the n-th POST by the n-th reply, the last one again and again; a GET by the page of its path, else 404.

    A reply may be a function of the request. ``requests`` are all that came, ``posts`` those with a body.
    """

    def __init__(
        self, *replies: Answerer, pages: Mapping[str, Answerer] | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.replies: list[Answerer] = list(replies)
        self.pages: dict[str, Answerer] = dict(pages or {})
        self.requests: list[Request] = []
        self._released = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def posts(self) -> list[Request]:
        return [request for request in self.requests if request.method == "POST"]

    @property
    def asked(self) -> list[dict[str, Any]]:
        """The bodies of the POSTs."""
        return [request.json for request in self.posts]

    def close(self) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _reply_to(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            if request.method == "GET":
                answerer = self.pages.get(request.path, Reply(b"{}", 404))
            else:
                answerer = self.replies[min(len(self.posts), len(self.replies)) - 1]
        return answerer if isinstance(answerer, Reply) else answerer(request)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self._answer(json.loads(body) if body else {})

            def do_GET(self) -> None:
                self._answer({})

            def _answer(self, body: dict[str, Any]) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                self._send(outer._reply_to(Request(self.command, self.path, headers, body)))

            def _send(self, reply: Reply) -> None:
                self.send_response(reply.status)
                for name, value in {"Content-Type": reply.type, **reply.headers}.items():
                    self.send_header(name, value)
                if reply.promised is not None:
                    self.send_header("Content-Length", str(reply.promised))
                self.end_headers()
                try:
                    for piece in [reply.body] if isinstance(reply.body, bytes) else reply.body:
                        if piece == HANG:
                            outer._released.wait(30)
                            return
                        self.wfile.write(piece)
                        self.wfile.flush()
                except ConnectionError:
                    self.close_connection = True  # Whoever asked has gone.
                finally:
                    if isinstance(reply.body, Generator):
                        # It learns that nobody listens any more.
                        reply.body.close()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def as_json(value: object, status: int = 200, **headers: str) -> Reply:
    """A response with one JSON value; ``Retry_After`` stands for the header ``Retry-After``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(json.dumps(value).encode(), status, JSON, named)


def as_events(values: Iterable[object], named: bool = False) -> list[bytes]:
    """Server-sent events, one piece each; ``named``: each has an ``event:`` line with its ``type``."""
    return [
        (f"event: {value['type']}\n" if named and isinstance(value, dict) else "").encode()
        + f"data: {value if isinstance(value, str) else json.dumps(value)}\n\n".encode()
        for value in values
    ]


def as_lines(values: Iterable[object]) -> list[bytes]:
    """JSON lines, one piece each."""
    return [json.dumps(value).encode() + b"\n" for value in values]
