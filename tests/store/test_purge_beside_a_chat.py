"""A purge while another process, such as a chat, has the index open and its words in memory."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from rag.answering.pipeline import answer
from rag.ingestion.pipeline import ingest, remove
from rag.settings import Settings
from rag.store.index import open_index
from rag.store.purge import purge
from tests.children import Child
from tests.conftest import consistent, write_files
from tests.fakes import WordEncoder
from tests.store.test_purge import FILES, OTHER, SECRET, files_with


def chat(connection: Connection, home: Path, library: Path, writes: bool) -> None:
    """Have an index open and its words in memory; ask, or read the library, each time that a message says so."""
    settings = Settings(home=home, llm="none", threads=1)
    with open_index("library", settings=settings, encoder=WordEncoder()) as index:
        if writes:
            ingest(index, [library])
        while (message := connection.recv()) != "end":
            # Memory that is free and holds the words, in pieces as large as what Chroma writes.
            words = f"{SECRET} ".encode() * 20_000
            pieces = [bytearray(words[:size]) for size in (39_600, 400, 47_520, 170_000) for _ in range(50)]
            assert len(pieces) == 200
            del pieces
            if message == "ingest":
                ingest(index, [library])
            *_, last = answer(index, "How long is the bridge?", model=None)
            connection.send(last.answer)


@pytest.mark.parametrize("writes", [False, True])
def test_a_chat_that_runs_brings_no_word_back(tmp_path: Path, settings: Settings, writes: bool) -> None:
    library = tmp_path / "library"
    write_files(library, FILES)
    with open_index("library", settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [library])
    running = Child(chat, settings.home, library, writes)
    running.send("ask")
    assert "412" in str(running.receive())
    (library / "secret.txt").unlink()
    with open_index("library", settings=settings, encoder=WordEncoder()) as index:
        remove(index, ["secret.txt"])
        running.send("ask")
        assert "412" in str(running.receive())
        purge(index)
        assert files_with(settings.home, SECRET) == []
    running.send("ask")
    assert "412" in str(running.receive())
    assert files_with(settings.home, SECRET) == []
    # What it writes goes into the new files, not into those that the purge deleted.
    write_files(library, {"new.txt": f"The {OTHER} ferry carries 28 cars."})
    running.send("ingest")
    running.receive()
    assert files_with(settings.home, SECRET) == []
    running.send("end")
    assert running.exit_code() == 0
    with open_index("library", settings=settings, encoder=WordEncoder()) as index:
        assert consistent(index) == []
        assert {source.source for source in index.catalog.sources()} == {"new.txt", "public.txt"}
    assert files_with(settings.home, SECRET) == []
