"""The service for tests of its own protocol: in this process, on a free port, over a small library.

Owns: the library, the service in a thread, and a client of it. The embedding model is the real one unless a test needs
what only a fake can do.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

import rag.store.index
from rag.hosting.access import Access, OpenAccess
from rag.hosting.bind_address import BindAddress
from rag.hosting.listening import run
from rag.ingestion.pipeline import ingest
from rag.models.encoder import Encoder
from rag.serve.app import make_app
from rag.serve.service import Service
from rag.settings import Settings
from rag.store.index import open_index
from tests.conftest import ROOT, write_files
from tests.ui.served import free_port

LIBRARY = {
    "bridge.md": "# Lantern bridge\n\nThe bridge opened in 1931. The bridge is 412 metres long.\n\n"
    "## Toll\n\nThe toll is 3 crowns for cars.\n",
    "sea/ferry.txt": "The ferry to Skarholm leaves at 7:40 every morning. The ferry carries 28 cars. Ünïcode 𝒙 🙂.\n",
    "weather.txt": "In a storm nobody crosses. The storm of 1952 broke two windows.\n",
}
SECONDS = 60.0


@dataclass
class OwnProtocol:
    """A running service."""

    address: str
    home: Path
    service: Service
    client: httpx.Client

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.client.post(path, json=body)

    def events(self, **body: Any) -> list[tuple[int, str, Any]]:
        """The events of an answer: id, name and data of each."""
        with self.client.stream("POST", "/v1/answer", json={**body, "stream": True}) as response:
            assert response.headers["content-type"].startswith("text/event-stream"), response.read()
            return list(read_events(response.iter_lines()))

    def ended(self, job: str) -> dict[str, Any]:
        """A job when it is over."""
        state: dict[str, Any] = {}

        def is_over() -> bool:
            state.update(self.client.get(f"/v1/jobs/{job}").json())
            return bool(state["over"])

        wait_until(is_over)
        return state


def read_events(lines: Iterator[str]) -> Iterator[tuple[int, str, Any]]:
    fields: dict[str, str] = {}
    for line in lines:
        if line.startswith(":"):
            yield 0, "comment", line
        elif line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif fields:
            yield int(fields["id"]), fields["event"], json.loads(fields["data"])
            fields = {}


@contextmanager
def serving(
    folder: Path,
    *,
    names: tuple[str, ...] = ("default",),
    library: dict[str, str] = LIBRARY,
    encoder: Encoder | None = None,
    access: Access | None = None,
    **settings: Any,
) -> Iterator[OwnProtocol]:
    """A service of indexes of the library."""
    values = Settings(
        **{"home": folder / "home", "llm": "none", "threads": 1, "checker": "rules", "parse_seconds": 60, **settings}
    )
    write_files(folder / "library", library)
    with pytest.MonkeyPatch.context() as patch:
        if encoder is not None:
            patch.setattr(rag.store.index, "open_encoder", lambda *_: encoder)
        for name in names:
            with open_index(name, settings=values, create=True) as index:
                ingest(index, [folder / "library"])
        yield from _served(folder, values, access or OpenAccess())


def _served(folder: Path, values: Settings, access: Access) -> Iterator[OwnProtocol]:
    service = Service(values, "none")
    bind = BindAddress(port=free_port())
    stop, up = threading.Event(), threading.Event()
    app = make_app(service, access)
    thread = threading.Thread(target=run, args=(app, bind, up.set, stop), daemon=True)
    thread.start()
    assert up.wait(SECONDS)
    address = f"http://127.0.0.1:{bind.port}"
    with httpx.Client(base_url=address, timeout=SECONDS * 2, trust_env=False) as client:
        try:
            yield OwnProtocol(address, folder / "home", service, client)
        finally:
            stop.set()
            thread.join(SECONDS)
            service.close()


def command(home: Path, *arguments: str) -> str:
    """What a command prints, run as a user runs it, with the settings of the service."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    environment |= {"RAG_HOME": str(home), "RAG_LLM": "none", "RAG_THREADS": "1", "RAG_CHECKER": "rules"}
    environment |= {"PYTHONPATH": str(ROOT)}
    if "RAG_MODELS" in os.environ:
        environment["RAG_MODELS"] = os.environ["RAG_MODELS"]
    ran = subprocess.run(
        [sys.executable, "-m", "rag", *arguments], env=environment, cwd=ROOT, capture_output=True, check=True
    )
    return ran.stdout.decode("utf-8")


def wait_until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
