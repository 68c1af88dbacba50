"""Vectors that are gone are told at once, and put back; never is a question answered by keywords alone unsaid."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.errors import IndexUnusable
from rag.ingestion.pipeline import ingest
from rag.retrieval.passages import retrieve
from rag.settings import Settings
from rag.store.doctor import check_index
from rag.store.index import Index, open_index
from rag.store.nearest import are_missing
from tests.children import Child, ingest_on_request
from tests.conftest import write_files
from tests.fakes import WordEncoder


def lose_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def lose_collection(folder: Path) -> None:
    for client, name, _ in collections(folder):
        client.delete_collection(name)


def lose_some(folder: Path) -> None:
    for client, name, _ in collections(folder):
        collection = client.get_collection(name)
        collection.delete(ids=collection.get()["ids"][:1])


def take_others(folder: Path) -> None:
    """Put vectors of another length in the place of those that were there."""
    for client, name, metadata in collections(folder):
        ids = client.get_collection(name).get()["ids"]
        client.delete_collection(name)
        client.create_collection(name, metadata=metadata).add(ids=ids, embeddings=[[1.0, 2.0]] * len(ids))


def collections(folder: Path) -> list[tuple[Any, str, Any]]:
    import chromadb

    client = chromadb.PersistentClient(str(folder))
    return [(client, collection.name, collection.metadata) for collection in client.list_collections()]


LOSSES = [lose_folder, lose_collection, lose_some, take_others]


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    write_files(tmp_path / "library", {f"{n}.txt": f"The bridge number {n} is long." for n in range(5)})
    with open_index("library", settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [tmp_path / "library"])
        assert retrieve(index, "bridge")
        index.vectors.refresh()
        return index.folder


@pytest.mark.parametrize("lose", LOSSES)
def test_a_question_is_not_answered_without_vectors(
    folder: Path, settings: Settings, lose: Callable[[Path], None]
) -> None:
    lose(folder / "chroma")
    with open_index("library", settings=settings, encoder=WordEncoder()) as index:
        with pytest.raises(IndexUnusable, match="rag doctor --fix"):
            retrieve(index, "bridge")
        index.vectors.refresh()


@pytest.mark.parametrize("lose", LOSSES)
def test_the_doctor_puts_them_back(
    folder: Path, settings: Settings, lose: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.store.index.open_encoder", lambda *_: WordEncoder())
    lose(folder / "chroma")
    assert not all(result.ok for result in check_index("library", settings, fix=False))
    assert all(result.ok or result.mended for result in check_index("library", settings, fix=True))
    assert all(result.ok for result in check_index("library", settings, fix=False))
    with open_index("library", settings=settings, encoder=WordEncoder()) as index:
        assert len(retrieve(index, "bridge")) == 5
        index.vectors.refresh()


@pytest.mark.parametrize("lose", LOSSES[:3])
def test_the_next_ingestion_puts_them_back(
    folder: Path, tmp_path: Path, settings: Settings, lose: Callable[[Path], None]
) -> None:
    lose(folder / "chroma")
    with open_index("library", settings=settings, encoder=WordEncoder()) as index:
        report = ingest(index, [tmp_path / "library"])
        assert report.count("unchanged") == 5
        assert len(retrieve(index, "bridge")) == 5
        index.vectors.refresh()


def test_vectors_that_another_has_added_meanwhile_are_not_gone(index: Index, library: Path, home: Path) -> None:
    """They were counted before; the catalog shows the new chunks at once."""
    assert retrieve(index, "ferry", 1)[0].source == "sea/ferry.txt"
    child = Child(ingest_on_request, home, library)
    write_files(library, {f"new{number}.txt": f"The lamp number{number}." for number in range(5)})
    child.send("go")
    child.receive()
    child.send("end")
    assert child.exit_code() == 0
    assert index.catalog.chunk_total() > 5
    assert not are_missing(index.catalog, index.vectors)
