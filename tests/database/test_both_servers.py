"""An index on both servers, PostgreSQL and Chroma's: as in files, whichever of them is killed in the middle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from rag.answering.pipeline import answer
from rag.errors import IndexUnusable, RagError
from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.catalog.places import Place, schema_of
from rag.store.copying import copy_index
from rag.store.index import Index, open_index
from rag.types import Answer
from tests.children import Child
from tests.chroma_server import ChromaServer
from tests.conftest import consistent, texts_of, write_files
from tests.fakes import WordEncoder
from tests.loopback import SECONDS
from tests.postgres_server import PostgresServer

pytestmark = pytest.mark.localhost

FILES = {f"{n:02}.txt": f"The ferry {n} carries {20 + n} cars. The ferry {n} is grey.\n" * 4 for n in range(24)}
QUESTIONS = (
    "How many cars does the ferry 3 carry?",
    "How many cars does the ferry 21 carry?",
    "Who sells the tickets?",
)


def said(found: Answer) -> dict[str, Any]:
    """What an answer says, without which index said it and how long that took."""
    return {
        "answer": found.answer,
        "abstained": found.abstained,
        "sentences": [(one.text, one.verdict) for one in found.sentences],
        "citations": [(one.source, one.start, one.end, one.quote) for one in found.citations],
        # Those that follow are alike, and stand in the order in which they were added.
        "best": [(one.source, one.start, one.end, one.text) for one in found.passages[:1]],
    }


def answers(index: Index) -> list[dict[str, Any]]:
    """What the index answers to each question."""
    found = []
    for question in QUESTIONS:
        *_, last = answer(index, question, model=None)
        found.append(said(last))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_files(tmp_path / "docs", FILES)
    return tmp_path / "docs"


@pytest.fixture
def local(tmp_path: Path, folder: Path) -> Iterator[Index]:
    """What is made of the folder in files."""
    settings = Settings(home=tmp_path / "local", llm="none", threads=1)
    with open_index(settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [folder])
        yield index


@pytest.fixture
def settings(
    tmp_path: Path, local: Index, postgres_server: PostgresServer, chroma_server: ChromaServer,
    use_database: Callable[[str], None],
) -> Settings:  # fmt: skip
    """Settings that name both servers; the index in files is open by then."""
    use_database(postgres_server.new_database())
    return Settings(home=tmp_path / "shared", llm="none", threads=1, chroma_url=chroma_server.url)


def ingest_in_steps(connection: Connection, url: str, chroma_url: str, home: Path, folder: Path) -> None:
    """Ingest a folder in small batches; after the first one a message is waited for. Tells how it ended."""
    import os

    os.environ["RAG_DATABASE_URL"] = url
    from rag.settings import load_settings

    load_settings.cache_clear()
    from rag.ingestion import pipeline

    publish, told = pipeline._Ingestion._publish, list[str]()

    def pausing(self: Any, *values: Any) -> None:
        publish(self, *values)
        if not told:
            told.append("committed")
            connection.send(told[0])
            connection.recv()

    pipeline._Ingestion._publish = pausing  # type: ignore[method-assign]
    pipeline._BATCH_CHUNKS = 8
    settings = Settings(home=home, llm="none", threads=1, chroma_url=chroma_url)
    with open_index(settings=settings, create=True, encoder=WordEncoder()) as index:
        try:
            report = pipeline.ingest(index, [folder])
        except RagError as error:
            connection.send(error.notice.code)
        else:
            connection.send((report.count("added"), report.count("unchanged")))


def test_the_vector_server_dies_while_one_process_writes_and_another_answers(
    settings: Settings, local: Index, folder: Path, chroma_server: ChromaServer
) -> None:
    expected = answers(local)
    arguments = (settings.database_url, chroma_server.url, settings.home, folder)
    writer = Child(ingest_in_steps, *arguments)
    assert writer.receive(SECONDS) == "committed"
    with open_index(settings=settings, encoder=WordEncoder()) as reader:
        done = len(texts_of(reader))
        assert 0 < done < len(FILES)
        before = answers(reader)
        chroma_server.kill()
        writer.send("go on")
        assert writer.receive(SECONDS) == "chroma-server-silent"
        with pytest.raises(IndexUnusable) as away:
            answers(reader)
        assert away.value.notice.code == "chroma-server-silent"
        chroma_server.start()
        # What was committed is there, for who has had the index open all the time; the same command does the rest.
        reader.refresh()
        assert answers(reader) == before
        second = Child(ingest_in_steps, *arguments)
        assert second.receive(SECONDS) == "committed"
        second.send("go on")
        assert second.receive(SECONDS) == (len(FILES) - done, done)
        reader.refresh()
        assert consistent(reader) == []
        assert texts_of(reader) == texts_of(local)
        assert answers(reader) == expected


def test_the_vector_server_dies_in_the_middle_of_an_answer(
    settings: Settings, local: Index, folder: Path, chroma_server: ChromaServer
) -> None:
    expected = answers(local)
    with open_index(settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [folder])
        for question, whole in zip(QUESTIONS, expected, strict=True):
            states = []
            for state in answer(index, question, model=None):
                states.append(state)
                if state.passages:
                    # From here on it needs no vectors.
                    chroma_server.kill()
            assert said(states[-1]) == whole
            chroma_server.start()
        assert (texts_of(index), consistent(index)) == (texts_of(local), [])


def test_the_database_dies_in_the_middle_of_an_answer(
    settings: Settings, local: Index, folder: Path, postgres_server: PostgresServer
) -> None:
    expected = answers(local)
    with open_index(settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [folder])
        for question, whole in zip(QUESTIONS, expected, strict=True):
            states = []
            for state in answer(index, question, model=None):
                states.append(state)
                postgres_server.kill()
                postgres_server.start()
            assert len(states) > 1
            assert said(states[-1]) == whole
        assert (texts_of(index), consistent(index)) == (texts_of(local), [])


def test_an_index_goes_to_both_servers_and_back(
    settings: Settings, local: Index, use_database: Callable[[str], None]
) -> None:
    expected, texts = answers(local), texts_of(local)
    files = Place(local.folder)
    served = Place(local.folder, settings.database_url, schema_of(local.folder))
    there = settings.model_copy(update={"home": local.settings.home})
    copied = copy_index(files, served, there, "", False, lambda *_: None)
    assert (copied.chunks, settings.chroma_url in copied.vectors) == (sum(map(len, texts.values())), True)
    with open_index(settings=there, encoder=WordEncoder()) as index:
        assert index.catalog.place == served
        assert not list(served.own_folder.glob("chroma*")), "no vector lies in a file"
        assert (answers(index), texts_of(index), consistent(index)) == (expected, texts, [])
        ids = index.catalog.chunk_ids()
        on_server = index.vectors.vectors(ids).tobytes()
        copy_index(served, files, there, "embedded", True, lambda *_: None)
    use_database("")
    local.refresh()
    assert local.catalog.chunk_ids() == ids
    assert local.vectors.vectors(ids).tobytes() == on_server
    assert (answers(local), texts_of(local), consistent(local)) == (expected, texts, [])
