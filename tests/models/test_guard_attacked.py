"""Attacks on the guard of named model servers, with real sockets and, where it can be had, a real resolver.

`rag.models.llm.guarded_network`, `rag.models.llm.named_server`.
"""

from __future__ import annotations

import gzip
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.errors import LLMError, UsageError
from rag.models.llm import guarded_network
from rag.models.llm.guarded_network import GuardedTransport, read_address
from rag.models.llm.named_server import NamedServer, list_models, try_model
from rag.settings import Settings
from tests.conftest import ROOT

BODY = b'{"data": [{"id": "small"}]}'


@contextmanager
def server(*parts: bytes, endless: bytes = b"", host: str = "127.0.0.1") -> Iterator[tuple[int, list[bytes]]]:
    """A server of bare sockets that sends ``parts`` and then ``endless`` over and over; what it was asked is listed."""
    asked: list[bytes] = []
    stop = threading.Event()
    listening = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.settimeout(0.1)

    def serve() -> None:
        while not stop.is_set():
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(30)
                try:
                    asked.append(connection.recv(65536))
                    for part in parts:
                        connection.sendall(part)
                    while endless and not stop.is_set():
                        connection.sendall(endless)
                except OSError:
                    continue

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield int(listening.getsockname()[1]), asked
    finally:
        stop.set()
        thread.join(60)
        listening.close()


def head(*lines: str, length: int | None = None) -> bytes:
    kind = () if any(line.lower().startswith("content-type") for line in lines) else ("Content-Type: application/json",)
    end = () if length is None else (f"Content-Length: {length}",)
    return "\r\n".join(["HTTP/1.1 200 OK", *kind, *lines, *end, "Connection: close", "", ""]).encode()


WHOLE = head(length=len(BODY)) + BODY


# -- other ways to write an address ------------------------------------------------------------------------------------

# The resolver of the C library reads a number, an octal, a hexadecimal and a short address.
SPELLINGS = ("2130706433", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "127.1", "127.0.1", "0", "0.0.0.0", "localhost",
             "LOCALHOST.", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:0001]", "[::]")  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_this_machine_is_called(host: str, socket_enabled: None) -> None:
    with server(WHOLE) as (port, asked):
        named = NamedServer("openai", read_address(f"http://{host}:{port}/v1"), "small", private=False)
        # A resolver that does not know a spelling finds nothing there, and calls nothing either.
        with pytest.raises(LLMError, match=r"private network|cannot be reached"):
            list_models(named)
        assert asked == []


def test_no_spelling_is_tried_either(tmp_path: Path, socket_enabled: None) -> None:
    with server(WHOLE) as (port, asked):
        named = NamedServer("openai", f"http://2130706433:{port}/v1", "small", private=False)
        with pytest.raises(LLMError, match="private network"):
            try_model(named, Settings(models=tmp_path, llm="none", threads=1))
        assert asked == []


def test_the_spellings_would_have_reached_it(socket_enabled: None) -> None:
    """Or the test above would prove nothing."""
    with server(WHOLE) as (port, asked):
        for host in ("2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]"):
            assert list_models(NamedServer("openai", f"http://{host}:{port}/v1")) == ["small"], host
        assert len(asked) == 4


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "[::ffff:169.254.169.254]",
     "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::]", "[fd00:ec2::254]", "[fe80::1]", "[fe80::1%25lo]", "100.100.100.200"],
)  # fmt: skip
def test_no_spelling_of_a_clouds_metadata_is_called(host: str) -> None:
    with pytest.raises(LLMError, match=r"private network|cannot be reached"):
        list_models(NamedServer("openai", f"http://{host}/latest/meta-data", private=False))


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:80@203.0.113.7/v1", "http://203.0.113.7@127.0.0.1/v1", "http://ann@127.0.0.1", "http://@127.0.0.1",
     "http://203.0.113.7#@127.0.0.1/", "http://203.0.113.7?@127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_x",
     "ftp://127.0.0.1/", "dict://127.0.0.1:11211/", "unix:///run/docker.sock", "http+unix://%2Frun%2Fdocker.sock/v1",
     "//127.0.0.1/v1", "http:/\\127.0.0.1", "http:\\\\127.0.0.1", "http://127.0.0.1\r\nX: y/", "http://127.0.0.1\t/v1",
     "http://①②⑦.0.0.1/", "http://127。0。0。1/", "http://[::1", "http://127.0.0.1:99999/"],
)  # fmt: skip
def test_addresses_in_disguise_are_none(address: str) -> None:
    with pytest.raises(UsageError):
        read_address(address)


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would look the name up by itself, and reach what this machine must not."""
    with server(WHOLE) as (proxy, asked_of_proxy), server(WHOLE) as (port, asked):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy}")
        assert list_models(NamedServer("openai", f"http://127.0.0.1:{port}/v1")) == ["small"]
        assert (len(asked), asked_of_proxy) == (1, [])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("kind", ["openai", "ollama"])
def test_no_redirect_is_followed(kind: Any, status: int) -> None:
    with server(WHOLE) as (inside, asked):
        there = f"Location: http://127.0.0.1:{inside}/v1/models"
        answer = f"HTTP/1.1 {status} Moved\r\n{there}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        with server(answer) as (port, _), pytest.raises(LLMError, match=r"not followed|cannot be reached"):
            list_models(NamedServer(kind, f"http://127.0.0.1:{port}/v1"))
        assert asked == []


# -- replies -----------------------------------------------------------------------------------------------------------


def refused(port: int, kind: Any = "openai") -> str:
    with pytest.raises(LLMError) as error:
        list_models(NamedServer(kind, f"http://127.0.0.1:{port}/v1"))
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("kind", ["openai", "ollama"])
def test_an_endless_reply_ends(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded_network, "LONGEST_REPLY", 200_000)
    with server(head(), endless=b" " * 65536) as (port, _):
        refused(port, kind)
    with server(head("Content-Type: text/event-stream"), endless=b": \n\n" * 10000) as (port, _):
        client = httpx.Client(transport=GuardedTransport(private=True), timeout=30)
        with client, pytest.raises(httpx.ReadError, match="longer than 200000 bytes"):
            client.get(f"http://127.0.0.1:{port}/")
    with server(head("Transfer-Encoding: chunked"), endless=b"8000\r\n" + b" " * 0x8000 + b"\r\n") as (port, _):
        refused(port, kind)


def test_a_reply_of_a_byte_now_and_then_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded_network, "REPLY_SECONDS", -1.0)
    with server(head(length=10_000_000), b" ", endless=b" ") as (port, _):
        client = httpx.Client(transport=GuardedTransport(private=True), timeout=30)
        with client, pytest.raises(httpx.ReadTimeout, match="not whole"):
            client.get(f"http://127.0.0.1:{port}/")


def test_a_packed_reply_is_not_unpacked() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 100_000
    for name in ("gzip", "GZIP", "br", "zstd", "deflate", "identity, gzip"):
        with server(head(f"Content-Encoding: {name}", length=len(bomb)) + bomb) as (port, asked):
            refused(port)
        assert b"accept-encoding: identity" in asked[0].lower()


@pytest.mark.parametrize(
    "answer",
    [b"", b"\0" * 100, b"HTTP/1.1 200 OK\r\n", b"HTTP/9.9 200 OK\r\n\r\n", b"SSH-2.0-OpenSSH_9.6\r\n",
     b"220 smtp.example ESMTP\r\n", head("Content-Length: -1"), head("Content-Length: 3", "Content-Length: 7") + b"{}",
     head(length=500) + b"{", b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000, b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
     head("Transfer-Encoding: chunked") + b"zz\r\n", head(length=2) + b"[]", head(length=4) + b"null",
     head(length=200_000) + b"[" * 200_000, head(length=8) + b"\xff" * 8],
)  # fmt: skip
def test_what_is_no_reply_is_one_sentence(answer: bytes) -> None:
    with server(answer) as (port, _):
        try:
            said = list_models(NamedServer("openai", f"http://127.0.0.1:{port}/v1"))
        except LLMError as error:
            said = str(error).splitlines()[1:]
    assert said == []


# -- a name that leads elsewhere at its next look-up -------------------------------------------------------------------

# In a network of its own, with a server of names that the C library asks.
REBINDING = """
import socket, struct, subprocess, sys, threading
from pathlib import Path

for command in (["ip", "link", "set", "lo", "up"], ["ip", "address", "add", "93.184.216.34/32", "dev", "lo"]):
    subprocess.run(command, check=True)
folder = Path(sys.argv[1])
for name, text in (("resolv.conf", "nameserver 127.0.0.1\\n"), ("nsswitch.conf", "hosts: dns\\n")):
    (folder / name).write_text(text)
    subprocess.run(["mount", "--bind", str(folder / name), f"/etc/{name}"], check=True)

PUBLIC, INSIDE = "93.184.216.34", "127.0.0.1"
answers, asked_names = [], []
names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
names.bind(("127.0.0.1", 53))

def resolve():
    while True:
        question, back = names.recvfrom(512)
        end = question.index(b"\\0", 12) + 5
        kind = struct.unpack("!H", question[end - 4 : end - 2])[0]
        found = answers.pop(0) if kind == 1 and answers else []
        if kind == 1:
            asked_names.append(found)
        records = b"".join(b"\\xc0\\x0c" + struct.pack("!HHIH", 1, 1, 0, 4) + socket.inet_aton(a) for a in found)
        reply = question[:2] + b"\\x81\\x80" + struct.pack("!HHHH", 1, len(found), 0, 0) + question[12:end] + records
        names.sendto(reply, back)

called = []
def serve(host):
    listening = socket.create_server((host, 8080))
    while True:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            called.append(host)
            body = b'{"data": [{"id": "small"}]}'
            connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nConnection: close\\r\\n"
                               b"Content-Length: %d\\r\\n\\r\\n" % len(body) + body)

for target, arguments in ((resolve, ()), (serve, (PUBLIC,)), (serve, (INSIDE,))):
    threading.Thread(target=target, args=arguments, daemon=True).start()

from rag.errors import LLMError
from rag.models.llm.named_server import NamedServer, list_models
server = NamedServer("openai", "http://rebinding.example:8080/v1", private=False)

# First a public address, then this machine: the connection goes to what was looked at.
answers[:] = [[PUBLIC], [INSIDE], [INSIDE]]
assert list_models(server) == ["small"]
assert (called, asked_names) == ([PUBLIC], [[PUBLIC]]), (called, asked_names)
# The next request looks the name up again, and is refused.
try:
    list_models(server)
    raise SystemExit("it was called")
except LLMError as error:
    assert "private network" in str(error), error
# A public and a private address in one answer.
answers[:] = [[PUBLIC, INSIDE]]
try:
    list_models(server)
    raise SystemExit("it was called")
except LLMError as error:
    assert "private network" in str(error), error
assert called == [PUBLIC], called
# A name that stands for nothing.
answers[:] = []
try:
    list_models(server)
    raise SystemExit("it was called")
except LLMError as error:
    assert "cannot be reached" in str(error), error
print("held")
"""


def test_a_name_that_changes_between_look_ups(tmp_path: Path) -> None:
    """The real resolver of the system, in a namespace in which a network, and a server of names, can be made up."""
    apart = ["unshare", "--mount", "--net", "--map-root-user", "--"]
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("no tools for a network of its own")
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network of its own can be made here")
    ran = subprocess.run(
        [*apart, sys.executable, "-c", REBINDING, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ran.stdout.strip(), ran.stderr) == ("held", "")
