"""What child processes of the tests do, and a way to start them quickly: from a server that has imported everything."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
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
    """A process that runs ``work(connection, …)``; ``said()`` waits for its next word."""

    def __init__(self, work: Callable[..., None], *arguments: object) -> None:
        self._ours, theirs = _context().Pipe()
        self._process = _context().Process(target=work, args=(theirs, *arguments), daemon=True)
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        return int(self._process.pid)

    def said(self, seconds: float = 60) -> object:
        assert self._ours.poll(seconds), "the child said nothing"
        return self._ours.recv()

    def tell(self, word: object) -> None:
        self._ours.send(word)

    def kill(self) -> bool:
        """Kill it with SIGKILL; whether it was still at work."""
        self._process.join(0)
        working = self._process.exitcode is None
        if working:
            os.kill(self.pid, signal.SIGKILL)
        self._process.join(30)
        return working

    def ended(self, seconds: float = 60) -> int:
        self._process.join(seconds)
        assert self._process.exitcode is not None, "the child did not end"
        return int(self._process.exitcode)


def ingest_slowly(connection: Connection, home: Path, folder: Path, delay: float) -> None:
    """Ingest a folder in small batches with an encoder that takes its time."""
    import rag.ingestion.pipeline
    from rag.store.index import open_index

    rag.ingestion.pipeline._BATCH_CHUNKS = 16
    settings = Settings(home=home, llm="none", threads=1)
    with open_index(settings=settings, create=True, encoder=WordEncoder(delay=delay)) as index:
        connection.send("begins")
        rag.ingestion.pipeline.ingest(index, [folder], settings)
    connection.send("done")


def hold_the_lock(connection: Connection, folder: Path) -> None:
    """Hold an index for writing until told otherwise."""
    from rag.store.index import write_lock

    with write_lock(folder):
        connection.send("holds")
        connection.recv()


def ingest_when_told(connection: Connection, home: Path, folder: Path) -> None:
    """Ingest a folder each time a word comes."""
    import rag.ingestion.pipeline
    from rag.store.index import open_index

    settings = Settings(home=home, llm="none", threads=1)
    with open_index(settings=settings, create=True, encoder=WordEncoder()) as index:
        while connection.recv() != "end":
            rag.ingestion.pipeline.ingest(index, [folder], settings)
            connection.send("done")
