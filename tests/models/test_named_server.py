"""Servers that a person names: which addresses may be called, and what comes of calling them.

`rag.models.llm.named_server`, `rag.models.llm.guarded_network`.
"""

from __future__ import annotations

import http.server
import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.errors import LLMError, UsageError
from rag.models.llm.guarded_network import GuardedTransport, look_up, read_address
from rag.models.llm.model import Message
from rag.models.llm.named_server import NamedServer, base_address, list_models, open_server, try_model
from rag.public_addresses import is_public
from rag.settings import Settings

SECRET = "sk-test-0123456789"


def settings(folder: Path) -> Settings:
    return Settings(models=folder / "models", llm="none", threads=1)


@contextmanager
def served(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class Quiet(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Write nothing."""

    def reply(self, status: int, body: bytes = b"{}", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


# -- addresses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["", "127.0.0.1:8080", "ftp://host/v1", "file:///etc/passwd", "http://", "http:///v1", "http://host/?q=1", "http://h#x",
     "http://host:0/v1", "http://host:x/v1", "http://ho st/v1", "http://hö.st", "javascript:alert(1)",
     "http://" + "a" * 400],
)  # fmt: skip
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(UsageError, match="http://"):
        read_address(address)


def test_an_address_holds_no_password() -> None:
    with pytest.raises(UsageError, match="no name or password"):
        read_address("http://ann:secret@host/v1")


def test_an_address_is_completed_for_its_protocol() -> None:
    assert read_address(" https://host.example:8443/v1/ ") == "https://host.example:8443/v1"
    assert base_address("openai", "http://host:8080") == "http://host:8080/v1"
    assert base_address("openai", "http://host:8080/api/v3") == "http://host:8080/api/v3"
    assert base_address("ollama", "http://host:11434/api") == base_address("ollama", "http://host:11434/v1")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
     "64:ff9b::a9fe:a9fe", "64:ff9b:1::a01:203", "2002:7f00:1::", "fd00:ec2::254", "fec0::1", "::7f00:1", "192.88.99.1",
     "168.63.129.16", "::ffff:168.63.129.16", "192.0.0.192", "::ffff:192.0.0.192", "192.0.0.8", "3fff::1"],
)  # fmt: skip
def test_addresses_that_are_not_of_the_open_internet(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    if address not in ("224.0.0.1", "255.255.255.255"):
        with pytest.raises(LLMError, match="private network"):
            look_up(address, 80, private=False)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_addresses_of_the_open_internet(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))
    assert look_up(address, 80, private=False) == address


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = ["1.1.1.1", "10.0.0.7"]
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(LLMError, match=r"inside\.example lies in a private network"):
        look_up("inside.example", 80, private=False)
    assert look_up("inside.example", 80, private=True) == "1.1.1.1"


def test_a_name_is_looked_up_once_and_called_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means another address at its second look-up leads nowhere else."""
    looked: list[str] = []
    hosts: list[str] = []

    class Handler(Quiet):
        def do_GET(self) -> None:
            hosts.append(self.headers["Host"])
            self.reply(200)

    with served(Handler) as address:
        port = int(address.rsplit(":", 1)[1])
        real = socket.getaddrinfo

        def once(host: Any, *arguments: Any, **options: Any) -> Any:
            if host != "rebinding.example":
                return real(host, *arguments, **options)
            looked.append(host)
            assert len(looked) == 1, "looked up a second time"
            return real("127.0.0.1", port, type=socket.SOCK_STREAM)

        monkeypatch.setattr(socket, "getaddrinfo", once)
        with httpx.Client(transport=GuardedTransport(private=True)) as client:
            assert client.get(f"http://rebinding.example:{port}/").status_code == 200
    assert (looked, hosts) == (["rebinding.example"], [f"rebinding.example:{port}"])


# -- servers -----------------------------------------------------------------------------------------------------------


def test_a_private_server_is_not_called_unless_it_is_meant(tmp_path: Path) -> None:
    called: list[str] = []

    class Handler(Quiet):
        def do_GET(self) -> None:
            called.append(self.path)
            self.reply(200, b'{"data": [{"id": "small"}]}')

    with served(Handler) as address:
        for kind in ("openai", "ollama"):
            server = NamedServer(kind, f"{address}/v1", "small", private=False)  # type: ignore[arg-type]
            for call in (list_models, lambda one: try_model(one, settings(tmp_path))):
                with pytest.raises(LLMError, match="private network"):
                    call(server)
        assert called == []
        assert list_models(NamedServer("openai", f"{address}/v1")) == ["small"]


def test_a_server_that_points_elsewhere_is_not_followed() -> None:
    class Handler(Quiet):
        def do_GET(self) -> None:
            self.reply(302, Location="http://169.254.169.254/latest/meta-data")

    with served(Handler) as address, pytest.raises(LLMError, match="not followed"):
        list_models(NamedServer("openai", f"{address}/v1"))


@pytest.mark.parametrize(("status", "words"), [(401, "refuses access"), (403, "refuses access")])
def test_what_is_wrong_is_one_sentence_without_the_key(status: int, words: str, tmp_path: Path) -> None:
    class Handler(Quiet):
        def do_GET(self) -> None:
            self.reply(status, b'{"error": {"message": "bad key %s"}}' % SECRET.encode())

    with served(Handler) as address:
        server = NamedServer("openai", f"{address}/v1", "small", SECRET)
        for call in (list_models, lambda one: try_model(one, settings(tmp_path))):
            with pytest.raises(LLMError, match=words) as refused:
                call(server)
            assert SECRET not in str(refused.value)
    with pytest.raises(LLMError, match="cannot be reached"):
        list_models(server)
    assert SECRET not in repr(server)
    with pytest.raises(UsageError, match="character that cannot be sent"):
        list_models(NamedServer("openai", "http://127.0.0.1:9/v1", "", "sk-\nX: y"))


def test_the_key_of_the_environment_stays_with_its_own_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", SECRET)
    monkeypatch.setenv("RAG_LLM_API_KEY", SECRET)
    given: list[str | None] = []

    class Handler(Quiet):
        def do_GET(self) -> None:
            given.append(self.headers.get("Authorization"))
            self.reply(200, b'{"models": [{"model": "llama3"}], "data": [{"id": "small"}]}')

    with served(Handler) as address:
        assert list_models(NamedServer("ollama", address)) == ["llama3"]
        assert list_models(NamedServer("openai", f"{address}/v1")) == ["small"]
        assert list_models(NamedServer("ollama", address, key="own")) == ["llama3"]
    assert given == [None, None, "Bearer own"]


@pytest.mark.model
def test_a_real_server_is_listed_tried_and_asked(smallest_gguf: Path, tmp_path: Path) -> None:
    """llama.cpp's own server, as a person names it."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(smallest_gguf)
    parameters.n_ctx, parameters.n_parallel, parameters.verbosity = 512, 1, -1
    parameters.api_keys = [SECRET]
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    running = xllamacpp.Server(parameters)
    address = base_address("openai", running.listening_address)
    with pytest.raises(LLMError, match="refuses access"):
        try_model(NamedServer("openai", address, key="sk-wrong-0123456789"), settings(tmp_path))
    (name,) = list_models(NamedServer("openai", address, key=SECRET))
    server = NamedServer("openai", address, name, SECRET)
    trial = try_model(server, settings(tmp_path))
    assert trial.reply
    assert trial.seconds > 0
    model = open_server(server, settings(tmp_path))
    assert model.context_window == 512
    assert model.weak
    assert SECRET not in repr(model) + repr(model.llm)
    assert len(list(model.stream([Message("user", "Tell a story.")], 8))) > 1
    model.close()
