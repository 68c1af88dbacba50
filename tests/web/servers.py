"""Servers on this machine for the tests of pages, and the one injection that lets them be connected to."""

from __future__ import annotations

import http.server
import ipaddress
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.public_addresses import Allowed, IpAddress, is_public

LOOPBACK = ipaddress.ip_address("127.0.0.1")


def only(*ports: int) -> Allowed:
    """Allow these ports of 127.0.0.1, and the open internet."""

    def allowed(address: IpAddress, port: int) -> bool:
        return is_public(address) or (address == LOOPBACK and port in ports)

    return allowed


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})


@dataclass
class Asked:
    target: str
    headers: dict[str, str]


@dataclass
class Site:
    """A server of fixed replies by target; ``asked`` lists what it was asked for."""

    port: int
    replies: dict[str, Reply]
    asked: list[Asked]

    def url(self, target: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{target}"

    @property
    def targets(self) -> list[str]:
        return [one.target for one in self.asked]


@contextmanager
def site(**replies: Reply) -> Iterator[Site]:
    asked: list[Asked] = []
    by_target = dict(replies)

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Write nothing."""

        def do_GET(self) -> None:
            asked.append(Asked(self.path, {name.lower(): value for name, value in self.headers.items()}))
            reply = by_target.get(self.path, Reply(b"none", 404))
            tag = reply.headers.get("ETag", "")
            if tag and self.headers.get("If-None-Match") == tag:
                reply = Reply(b"", 304, {"ETag": tag})
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in reply.headers:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(server.server_address[1], by_target, asked)
    finally:
        server.shutdown()
        server.server_close()


Talk = Callable[[socket.socket, threading.Event], None]


@contextmanager
def raw(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server of bare sockets: ``talk`` sends whatever it likes, until it is told to stop."""
    stop = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.1)

    def serve() -> None:
        while not stop.is_set():
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            try:
                connection.settimeout(30)
                with context.wrap_socket(connection, server_side=True) if context else connection as open_:
                    open_.recv(65536)
                    talk(open_, stop)
            except OSError:
                continue

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        stop.set()
        thread.join(60)
        listening.close()


def sends(data: bytes) -> Talk:
    return lambda connection, _: connection.sendall(data)


def self_signed(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return a server's context with a certificate of its own making for 127.0.0.1, and the certificate."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        str(key),
        "-out",
        str(certificate),
    ]
    names = ["-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*command, *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, certificate
