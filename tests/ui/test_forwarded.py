"""Who calls: what a proxy says of it is believed of the proxies that the settings name, and of nobody else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from rag.errors import UsageError
from rag.hosting.bind_address import BindAddress
from rag.settings import Settings
from tests.ui.served import free_port
from ui.server.app import run


async def says_who_calls(scope: dict, receive: object, send: object) -> None:  # type: ignore[type-arg]
    if scope["type"] != "http":
        return
    body = f"{scope['client'][0]} {scope['scheme']}".encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": body})  # type: ignore[operator]


@contextmanager
def served(proxies: tuple[str, ...]) -> Iterator[httpx.Client]:
    bind, up, stop = BindAddress(port=free_port(), proxies=proxies), threading.Event(), threading.Event()
    thread = threading.Thread(target=run, args=(says_who_calls, bind, up.set, stop), daemon=True)
    thread.start()
    assert up.wait(60)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{bind.port}", timeout=60, trust_env=False) as client:
            yield client
    finally:
        stop.set()
        thread.join(30)


FORGED = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize("proxies", [(), ("10.0.0.0/8",)])
def test_nobody_may_say_so_unless_named(proxies: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    # What uvicorn reads where it is told nothing.
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    with served(proxies) as client:
        assert client.get("/", headers=FORGED).text == "127.0.0.1 http"


def test_a_named_proxy_says_who_calls_and_the_caller_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(("127.0.0.1/32", "10.0.0.0/8")) as client:
        assert client.get("/", headers=FORGED).text == "203.0.113.7 https"
        # A caller writes an address first; the proxies add behind it what they see.
        forged = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7, 10.1.2.3"}
        assert client.get("/", headers=forged).text == "203.0.113.7 http"
        assert client.get("/").text == "127.0.0.1 http"


def test_the_setting_names_addresses_and_networks() -> None:
    assert Settings(trusted_proxies="").proxies == ()
    assert Settings(trusted_proxies="127.0.0.1, 10.1.2.3/24,::1").proxies == ("127.0.0.1/32", "10.1.2.0/24", "::1/128")
    for wrong in ("*", "proxy.example", "10.0.0.0/33", "0.0.0.0/0", "::/0", "127.0.0.1,,"):
        with pytest.raises(UsageError, match="RAG_TRUSTED_PROXIES"):
            Settings(trusted_proxies=wrong)
