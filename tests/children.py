"""Child processes of the tests: what they do, and a quick way to start them, from a server that has imported all."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from rag.settings import Settings
from tests.fakes import WordEncoder

_PRELOADED = ["tests.children", "rag.ingestion.pipeline", "chromadb", "llama_index.vector_stores.chroma", "filelock"]


@lru_cache(maxsize=1)
def _context() -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


class Child:
    """A process that runs ``work(connection, …)``; ``receive()`` waits for the next message that it sends."""

    def __init__(self, work: Callable[..., None], *arguments: object) -> None:
        self._connection, child_connection = _context().Pipe()
        self._process = _context().Process(target=work, args=(child_connection, *arguments), daemon=True)
        self._process.start()
        child_connection.close()

    @property
    def pid(self) -> int:
        return int(self._process.pid)

    def receive(self, seconds: float = 60) -> object:
        assert self._connection.poll(seconds), "the child said nothing"
        return self._connection.recv()

    def send(self, message: object) -> None:
        self._connection.send(message)

    def kill(self) -> bool:
        """Kill it with SIGKILL; return whether it was still at work."""
        self._process.join(0)
        working = self._process.exitcode is None
        if working:
            os.kill(self.pid, signal.SIGKILL)
        self._process.join(30)
        return working

    def exit_code(self, seconds: float = 60) -> int:
        self._process.join(seconds)
        assert self._process.exitcode is not None, "the child did not end"
        return int(self._process.exitcode)


def descendants(root: int) -> list[int]:
    """The processes below one, as Linux tells them."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(OSError, ValueError, IndexError):
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def ingest_slowly(connection: Connection, home: Path, folder: Path, delay: float) -> None:
    """Ingest a folder in small batches with an encoder that takes its time."""
    import rag.ingestion.pipeline
    from rag.store.index import open_index

    rag.ingestion.pipeline._BATCH_CHUNKS = 16
    settings = Settings(home=home, llm="none", threads=1)
    with open_index(settings=settings, create=True, encoder=WordEncoder(delay=delay)) as index:
        connection.send("begins")
        rag.ingestion.pipeline.ingest(index, [folder])
    connection.send("done")


def hold_the_lock(connection: Connection, folder: Path) -> None:
    """Hold the write lock of an index until a message comes."""
    from rag.store.write_lock import write_lock

    with write_lock(folder):
        connection.send("holds")
        connection.recv()


def ingest_on_request(connection: Connection, home: Path, folder: Path) -> None:
    """Ingest a folder each time a message comes, until it is "end"."""
    import rag.ingestion.pipeline
    from rag.store.index import open_index

    settings = Settings(home=home, llm="none", threads=1)
    with open_index(settings=settings, create=True, encoder=WordEncoder()) as index:
        while connection.recv() != "end":
            rag.ingestion.pipeline.ingest(index, [folder])
            connection.send("done")
