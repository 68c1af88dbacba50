"""Choosing a vector store, and one from outside that fails: `rag.store.vector_stores`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest

from rag.errors import IndexUnusable, UsageError
from rag.ingestion.pipeline import ingest
from rag.ingestion.rebuild import rebuild
from rag.models.encoder import Vectors
from rag.parts import Parts
from rag.retrieval.passages import retrieve
from rag.settings import Settings
from rag.store import vector_stores
from rag.store.catalog import Catalog
from rag.store.doctor import check_index, check_setup, index_status
from rag.store.index import Index, open_index
from rag.store.vector_stores import CheckedVectorStore, VectorRecord, VectorStore, open_vectors
from tests.conftest import consistent
from tests.fakes import WordEncoder

THE_TABLE = vector_stores.VECTOR_STORES


class ListStore:
    """Vectors in one JSON file; ``dropped`` are the collections that were dropped."""

    dropped: list[str] = []  # noqa: RUF012

    def __init__(self, folder: Path, collection: str, settings: Settings) -> None:
        self.file, self.collection = folder / "list.json", collection
        self.place = f"the list {self.file}"

    def add(self, records: Sequence[VectorRecord], vectors: Vectors) -> None:
        assert vectors.dtype == np.float32
        self._write(
            self._read() | {record.id: vector.tolist() for record, vector in zip(records, vectors, strict=True)}
        )

    def delete(self, ids: Sequence[str]) -> None:
        self._write({id_: vector for id_, vector in self._read().items() if id_ not in ids})

    def nearest(self, vector: Vectors, limit: int, among: Sequence[str] | None = None) -> Iterable[tuple[str, float]]:
        return [
            (id_, float(np.array(stored) @ vector))
            for id_, stored in self._read().items()
            if among is None or id_ in among
        ]

    def ids(self) -> Iterable[str]:
        return self._read()

    def refresh(self) -> None: ...

    def close(self) -> None: ...

    def drop(self) -> None:
        self.dropped.append(self.collection)

    def _read(self) -> dict[str, list[float]]:
        return json.loads(self.file.read_text()) if self.file.exists() else {}

    def _write(self, vectors: dict[str, list[float]]) -> None:
        self.file.parent.mkdir(exist_ok=True)
        self.file.write_text(json.dumps(vectors))


class BrokenStore(ListStore):
    """Fails whatever it is asked."""

    def ids(self, *_: object) -> Iterable[str]:
        raise RuntimeError("out\nof order")

    nearest = add = delete = refresh = close = drop = ids  # type: ignore[assignment]


def open_no_store(folder: Path, collection: str, settings: Settings) -> object:
    return object()


def open_nothing(folder: Path, collection: str, settings: Settings) -> VectorStore:
    raise KeyError("spam")


@pytest.fixture(autouse=True)
def _stores(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"list": "ListStore", "broken": "BrokenStore", "no-store": "open_no_store", "nothing": "open_nothing"}
    table: Parts[vector_stores.OpenStore] = Parts(
        "vector store",
        {"chroma": "rag.store.chroma:open_chroma"} | {name: f"{__name__}:{value}" for name, value in names.items()},
    )
    monkeypatch.setattr(vector_stores, "VECTOR_STORES", table)
    monkeypatch.setattr("rag.store.doctor.outside_parts", list)
    monkeypatch.setattr(ListStore, "dropped", [])


@pytest.fixture
def listed(settings: Settings) -> Settings:
    return settings.model_copy(update={"vector_store": "list"})


@pytest.fixture
def listed_index(listed: Settings, encoder: WordEncoder, library: Path) -> Index:
    """An index whose vectors lie in a list, closed."""
    with open_index(settings=listed, create=True, encoder=encoder) as index:
        ingest(index, [library])
    return index


def test_the_store_that_ships_is_chroma() -> None:
    assert Settings().vector_store == "chroma"
    assert isinstance(open_vectors(Path("index"), "footnote-1", Settings()).store, VectorStore)
    assert open_vectors(Path("index"), "footnote-1", Settings()).place == str(Path("index/chroma"))
    served = Settings(chroma_url="http://127.0.0.1:8000")
    assert open_vectors(Path("index"), "footnote-1", served).place == "http://127.0.0.1:8000"


def test_a_store_that_does_not_exist_is_an_error_that_lists_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^RAG_VECTOR_STORE is 'spam', .* there are: chroma, list, broken,"):
        open_vectors(tmp_path, "footnote-1", Settings(vector_store="spam"))


def test_a_store_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match=r"'nothing' cannot be used \(KeyError\)"):
        open_vectors(tmp_path, "footnote-1", Settings(vector_store="nothing"))
    with pytest.raises(IndexUnusable, match=r"\(it has no add, close, delete, drop, ids, nearest, place, "):
        open_vectors(tmp_path, "footnote-1", Settings(vector_store="no-store"))


@pytest.mark.parametrize("name", ["../../etc", "catalog.sqlite", "write.lock"])
def test_the_folder_of_a_store_lies_in_the_folder_of_the_index(tmp_path: Path, name: str) -> None:
    folder = vector_stores.store_folder(tmp_path, name)
    assert folder.parent == tmp_path
    assert folder.name != name


def test_whatever_a_store_raises_is_one_sentence() -> None:
    store = CheckedVectorStore("broken", BrokenStore(Path("x"), "footnote-1", Settings()))
    record = VectorRecord("one", "ferry", "x", "x", "X", "", 0, 5, None)
    for action in (
        store.ids,
        store.refresh,
        store.close,
        store.drop,
        lambda: store.add([record], np.ones((1, 2))),
        lambda: store.delete(["one"]),
        lambda: store.nearest(np.ones(2), 3),
    ):
        with pytest.raises(IndexUnusable) as raised:
            action()
        assert str(raised.value) == (
            "The vector store 'broken' cannot be used (RuntimeError); mend it with: rag doctor --fix, or "
            "choose another with RAG_VECTOR_STORE"
        )


def test_a_store_that_ends_the_program_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    store = CheckedVectorStore("list", ListStore(Path("x"), "footnote-1", Settings()))
    monkeypatch.setattr(ListStore, "ids", lambda *_: sys.exit(3))
    with pytest.raises(IndexUnusable, match=r"'list' cannot be used \(SystemExit\)"):
        store.ids()


@pytest.mark.parametrize("name", ["server", "embedded"])
def test_a_name_that_no_store_may_have(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    entries = (EntryPoint(name, f"{__name__}:ListStore", "footnote.vector_stores"),)
    monkeypatch.setattr("rag.parts.entries_of", lambda group: entries)
    assert THE_TABLE.names() == ["chroma"]
    assert "(it is what an index notes of Chroma)" in THE_TABLE.describe_outside()[0].problem


class FixedStore(ListStore):
    """Finds the same whatever is asked."""

    def __init__(self, *found: tuple[str, float]) -> None:
        self.found = found

    def nearest(self, *_: object) -> Iterable[tuple[str, float]]:  # type: ignore[override]
        return self.found


def test_what_a_store_finds_is_ordered_and_no_more_than_was_asked_for() -> None:
    store = CheckedVectorStore("fixed", FixedStore(("b", 0.5), ("c", 0.9), ("a", 0.5), ("d", 0.1)))
    question = np.ones(2, dtype=np.float32)
    assert store.nearest(question, 3) == [("c", 0.9), ("a", 0.5), ("b", 0.5)]
    assert store.nearest(question, 0) == []
    assert store.nearest(question, 3, []) == []
    with pytest.raises(IndexUnusable, match="not to be searched"):
        store.nearest(question, 3, ["a", "b", "c"])


def test_a_similarity_must_be_a_number() -> None:
    with pytest.raises(IndexUnusable, match="no number"):
        CheckedVectorStore("fixed", FixedStore(("a", float("nan")))).nearest(np.ones(2), 1)


def test_an_index_in_another_store(
    listed_index: Index, listed: Settings, encoder: WordEncoder, library: Path, home: Path
) -> None:
    assert (home / "default/list/list.json").is_file()
    assert not (home / "default/chroma").exists()
    with open_index(settings=listed, encoder=encoder) as index:
        assert index.catalog.get("vectors") == "list"
        assert retrieve(index, "ferry", 1)[0].source == "sea/ferry.txt"
        (library / "sea/ferry.txt").unlink()
        ingest(index, [library])
        assert len(index.vectors.ids()) == index.catalog.chunk_total()
        assert consistent(index) == []
        assert (
            index_status("default", index.catalog, listed)["vectors"] == f"the list {home / 'default/list/list.json'}"
        )


def test_an_index_is_opened_with_the_store_that_it_was_made_with(
    listed_index: Index, listed: Settings, settings: Settings, encoder: WordEncoder, library: Path
) -> None:
    with pytest.raises(IndexUnusable) as raised:
        open_index(settings=settings, encoder=encoder)
    assert str(raised.value) == (
        "The index 'default' keeps its vectors in the store 'list': set RAG_VECTOR_STORE=list, or move them with: "
        "rag ingest --index default --rebuild"
    )
    with open_index("embedded", settings=settings, create=True, encoder=encoder) as index:
        ingest(index, [library])
        assert index.catalog.get("vectors") == "embedded", "older versions must read it"
    with pytest.raises(IndexUnusable, match="its vectors beside it: set RAG_VECTOR_STORE=chroma, or move"):
        open_index("embedded", settings=listed, encoder=encoder)
    served = settings.model_copy(update={"chroma_url": "http://127.0.0.1:9"})
    with pytest.raises(IndexUnusable, match="its vectors beside it: unset RAG_CHROMA_URL, or move"):
        open_index("embedded", settings=served, encoder=encoder)
    open_index("served", settings=served, create=True, encoder=encoder).close()
    with pytest.raises(IndexUnusable, match="on a Chroma server: set RAG_VECTOR_STORE=chroma and RAG_CHROMA_URL, or"):
        open_index("served", settings=listed, encoder=encoder)


def test_making_an_index_anew_moves_its_vectors(
    listed_index: Index,
    settings: Settings,
    encoder: WordEncoder,
    monkeypatch: pytest.MonkeyPatch,
    home: Path,
) -> None:
    monkeypatch.setattr("rag.store.index.open_encoder", lambda *_: encoder)
    with closing(Catalog(home / "default")) as catalog:
        collection = catalog.get("collection")
    rebuild("default", [], settings)
    assert ListStore.dropped == [collection]
    assert not (home / "default/list").exists()
    with open_index(settings=settings, encoder=encoder) as index:
        assert retrieve(index, "ferry", 1)[0].source == "sea/ferry.txt"


def test_vectors_in_a_store_that_is_gone_are_left_where_they_are(
    listed_index: Index, settings: Settings, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.store.index.open_encoder", lambda *_: encoder)
    monkeypatch.setattr(
        vector_stores, "VECTOR_STORES", Parts("vector store", {"chroma": "rag.store.chroma:open_chroma"})
    )
    assert rebuild("default", [], settings).count("added") == 4
    assert ListStore.dropped == []


def test_doctor_mends_another_store(
    listed_index: Index, listed: Settings, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr("rag.store.index.open_encoder", lambda *_: encoder)
    (home / "default/list/list.json").write_text("{")
    found = [result for result in check_index("default", listed, fix=False) if not result.ok]
    assert ["JSONDecodeError" in result.text for result in found] == [True]
    (mended,) = [result for result in check_index("default", listed, fix=True) if not result.ok]
    assert mended.mended
    assert (home / "default/list.damaged/list.json").read_text() == "{"
    assert all(result.ok for result in check_index("default", listed, fix=False))


def test_doctor_leaves_the_files_of_a_store_that_cannot_be_mended(
    listed_index: Index, listed: Settings, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr("rag.store.index.open_encoder", lambda *_: encoder)
    monkeypatch.setattr(ListStore, "ids", BrokenStore.ids)
    before = (home / "default/list/list.json").read_text()
    (wrong,) = [result for result in check_index("default", listed, fix=True) if not result.ok]
    assert not wrong.mended
    assert "RuntimeError" in wrong.text
    assert (home / "default/list/list.json").read_text() == before
    assert not (home / "default/list.damaged").exists()


def test_doctor_checks_the_rest_where_the_store_does_not_exist(
    listed_index: Index, listed: Settings, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.store.index.open_encoder", lambda *_: encoder)
    gone = listed.model_copy(update={"vector_store": "spam"})
    results = check_index("default", gone, fix=True)
    assert [(result.ok, result.mended) for result in results] == [(False, False)]
    assert "RAG_VECTOR_STORE is 'spam'" in results[0].text
    assert [result.ok for result in check_setup(gone)] == [False, True, True]
    with closing(Catalog(listed.home / "default")) as catalog:
        assert "RAG_VECTOR_STORE is 'spam'" in index_status("default", catalog, gone)["vectors"]
