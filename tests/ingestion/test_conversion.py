"""Another precision for the vectors of an index, from the text that it holds: `rag.ingestion.conversion`."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from rag.errors import IndexUnusable
from rag.ingestion.conversion import convert
from rag.ingestion.pipeline import ingest
from rag.models.encoder import SentenceEncoder
from rag.models.encoders import open_encoder
from rag.precision import FP32, INT8, precision_of
from rag.settings import Settings
from rag.store.catalog import History
from rag.store.index import Index, open_index
from rag.text import embedded_text
from rag.types import FileReport
from tests.conftest import Command, consistent, write_files
from tests.web.servers import Site
from tests.web.test_pages import catalog_paths, report_of
from tests.web.test_pages import server as server

FILES = {
    "ferry.md": "# Ferry\n\nThe ferry is old.\n",
    "bridge.md": "# Bridge\n\nThe bridge is long. The bridge is old.\n",
    "gone.md": "# Noon\n\nnoon is long.\n",
    "broken.pdf": "no pdf",
}


@pytest.fixture
def settings(model: Path, tmp_path: Path) -> Settings:
    return Settings(embedding_model=str(model), home=tmp_path / "home", llm="none", threads=1)


@pytest.fixture
def library(tmp_path: Path, settings: Settings) -> Path:
    """Files that were ingested in full precision; one of them is gone since."""
    folder = tmp_path / "library"
    write_files(folder, FILES)
    with open_index(settings=settings, create=True) as index:
        ingest(index, [folder])
        index.catalog.set(threshold="0.4")
    (folder / "gone.md").unlink()
    return folder


def told(index: Index) -> dict[str, object]:
    """What an index says, whatever its vectors: its sources, its chunks in their order, and what is noted of them."""
    catalog = index.catalog
    chunks = catalog.chunks(catalog.chunk_ids()).values()
    return {
        "records": catalog.source_records(),
        "documents": {one.source: catalog.document(one.document_id or "") for one in catalog.source_records()},
        "chunks": sorted((one.source, one.start, one.end, one.context, one.text) for one in chunks),
        "noted": [catalog.get(key) for key in ("roots", "threshold", "source_languages", "embedding_model")],
    }


def assert_vectors_are(index: Index, encoder: SentenceEncoder) -> None:
    for chunk in index.catalog.chunks(index.catalog.chunk_ids()).values():
        vector = encoder.encode_passages([embedded_text(chunk.text, chunk.context)])[0]
        ((id_, similarity),) = index.vectors.nearest(vector, 1)
        assert id_ == chunk.id
        assert similarity == pytest.approx(1, abs=1e-6)


def test_nothing_but_the_vectors_changes(library: Path, settings: Settings, model: Path) -> None:
    with open_index(settings=settings) as index:
        before, version = told(index), index.version
        history = History(index.folder)
        conversation = history.begin("someone", "Of ferries")
        assert convert("default", INT8, settings) == index.catalog.chunk_total() == 3
        index.refresh()
        assert index.version != version, "what is kept by version is of the old vectors"
    with open_index(settings=settings) as index:
        assert precision_of(index.encoder.fingerprint) == INT8
        assert told(index) == before
        assert consistent(index) == []
        assert_vectors_are(index, SentenceEncoder("m", model, 1, precision=INT8))
        assert History(index.folder).conversation("someone", conversation.id) == conversation
        report = ingest(index, [library])
        assert {file.source: file.status for file in report.files} == {
            "ferry.md": "unchanged",
            "bridge.md": "unchanged",
            "gone.md": "removed",
            "broken.pdf": "failed",
        }
    assert not (settings.home / "default.rebuilt").exists()
    assert convert("default", INT8, settings) is None
    assert convert("default", FP32, settings) == 2
    with open_index(settings=settings) as index:
        assert_vectors_are(index, SentenceEncoder("m", model, 1))


def test_a_conversion_that_is_stopped_leaves_the_index_and_goes_on(library: Path, settings: Settings) -> None:
    class Stop:
        def start(self, files: int, total: int) -> None:
            assert (files, total) == (4, 3)

        def advance(self, amount: float, doing: str) -> None: ...

        def file(self, report: FileReport) -> None:
            raise KeyboardInterrupt

    with open_index(settings=settings) as index:
        before = told(index)
        texts = [
            embedded_text(chunk.text, chunk.context)
            for chunk in index.catalog.chunks(index.catalog.chunk_ids()).values()
        ]
    with pytest.raises(KeyboardInterrupt):
        convert("default", INT8, settings, Stop())
    with open_index(settings=settings) as index:
        assert precision_of(index.encoder.fingerprint) == FP32
        assert told(index) == before
        assert consistent(index) == []
        eight = SentenceEncoder("m", Path(settings.embedding_model), 1, precision=INT8)
        assert all(isinstance(vector, np.ndarray) for vector in index.cache.look_up(eight, texts)), "work is lost"
    assert convert("default", INT8, settings) == 3
    with open_index(settings=settings) as index:
        assert told(index) == before


def test_another_model_is_refused(library: Path, settings: Settings, model: Path, tmp_path: Path) -> None:
    other = shutil.copytree(model, tmp_path / "other")
    (other / "sentence_bert_config.json").write_text('{"max_seq_length": 16, "do_lower_case": false}')
    with pytest.raises(IndexUnusable, match="was made with the embedding model"):
        convert("default", INT8, settings.model_copy(update={"embedding_model": str(other)}))
    with pytest.raises(IndexUnusable) as refused:
        convert("absent", INT8, settings)
    assert refused.value.notice.code == "index-absent"
    assert not (settings.home / "default.rebuilt").exists()


def test_the_command_says_what_it_did(
    library: Path, settings: Settings, rag: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The index is made before the fixture `rag` puts another embedding model in the place of the settings' one.
    monkeypatch.setenv("RAG_EMBEDDING_MODEL", settings.embedding_model)
    home = ("--home", settings.home)
    assert rag("convert", "fp32", *home).out == "default is of fp32\n"
    converted = rag("convert", "int8", *home)
    assert converted.err == ""
    assert converted.out == "default: 3 chunks are embedded anew, in int8\n"
    wrong = rag("convert", "int4", *home)
    assert wrong.code == 2
    assert "write int8 or fp32" in wrong.err


def test_pages_of_the_web_stay_where_they_are(
    rag: Command, server: Site, home: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The fixture `rag` has put an encoder without precisions in the place of the real ones.
    monkeypatch.setattr("rag.store.index.open_encoder", open_encoder)
    monkeypatch.setenv("RAG_EMBEDDING_MODEL", str(model))
    rag("ingest", "--web", server.url("/bridge"))
    before, asked = catalog_paths(home), len(server.asked)
    assert "1 chunks are embedded anew" in rag("convert", "int8").out
    assert catalog_paths(home) == before
    assert len(server.asked) == asked
    # What the page was fetched from, and its version, are known as before: it is asked for anew, and is unchanged.
    (source,) = before
    again = rag("ingest", "--web", server.url("/bridge"), "--json")
    assert report_of(again.out) == {source: "unchanged"}
    assert f"removed {source}" in rag("remove", source).out
    assert not before[source].exists()
