"""Ingestion on a Ray cluster of two nodes: the same chunks and vectors, whoever dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.cluster import workers
from rag.cluster.address import read_workers
from rag.cluster.node import FileToRead, WantedModel
from rag.cluster.workers import hire_on
from rag.ingestion.pipeline import ingest
from rag.ingestion.workers import Hire
from rag.retrieval.passages import retrieve
from rag.settings import Settings
from rag.store.index import Index, open_index
from rag.text import embedded_text
from tests.cluster.conftest import Running
from tests.conftest import ROOT, consistent, statuses, texts_of, write_files
from tests.extras import required

required("ray", reason="the extra `cluster` is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.localhost]

FILES = {f"{n % 5}/{n:02d}.txt": f"At noon the ferry number{n} sails. " * (3 + n % 4) for n in range(40)}
# One that cannot be read, and one that is not to be.
BAD = {"broken.pdf": "%PDF-1.7 no more", "empty.txt": ""}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("docs")
    write_files(made, FILES | BAD)
    return made


class Indexes:
    """Opens indexes, each with a home of its own: no vector of one is found in the cache of another."""

    def __init__(self, folder: Path, model: Path) -> None:
        self._folder, self._model = folder, model
        self._opened = ExitStack()

    def settings(self, name: str) -> Settings:
        return Settings(
            home=self._folder / name, models=self._folder / "models", embedding_model=str(self._model), threads=1,
            llm="none",
        )  # fmt: skip

    def open(self, name: str) -> Index:
        return self._opened.enter_context(open_index(settings=self.settings(name), create=True))

    def close(self) -> None:
        self._opened.close()


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Iterator[Indexes]:
    opened = Indexes(tmp_path_factory.mktemp("homes"), model)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def local(indexes: Indexes, folder: Path) -> Index:
    """What this machine makes of the folder alone."""
    index = indexes.open("local")
    ingest(index, [folder])
    return index


def on(cluster: Running) -> Hire:
    address = read_workers(cluster.address)
    assert address is not None
    return hire_on(address)


def assert_equal(index: Index, local: Index) -> None:
    """The same chunks, reasons and answers, and vectors that are equal to the last bit."""
    assert consistent(index) == []
    assert texts_of(index) == texts_of(local)
    assert set(index.catalog.chunk_ids()) == set(local.catalog.chunk_ids())
    assert problems(index) == problems(local)
    chunks = local.catalog.chunks(local.catalog.chunk_ids()).values()
    texts = sorted({embedded_text(chunk.text, chunk.context) for chunk in chunks})
    vectors, expected = (
        np.stack([vector for vector in each.cache.look_up(each.encoder, texts) if vector is not None])
        for each in (index, local)
    )
    assert vectors.tobytes() == expected.tobytes()
    assert len(vectors) == len(texts)
    found = [[passage.text for passage in retrieve(each, "ferry number7", 3)] for each in (index, local)]
    assert found[0] == found[1]


def problems(index: Index) -> dict[str, str]:
    return {record.source: str(record.problem) for record in index.catalog.source_records() if record.problem}


def test_a_cluster_gives_what_this_machine_gives(
    cluster: Running, indexes: Indexes, folder: Path, local: Index
) -> None:
    index = indexes.open("cluster")
    report = ingest(index, [folder], hire=on(cluster))
    assert report.count("added") == len(FILES)
    assert set(problems(index)) == set(BAD)
    assert_equal(index, local)


def test_what_a_dead_process_had_is_done_again_by_nodes_that_have_nothing(
    cluster: Running, indexes: Indexes, folder: Path, local: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nodes see no file and lack the model: both are sent, while processes that read and embed are killed."""

    def elsewhere(path: str, source: str, size: int, modified: int, data: bytes | None = None) -> FileToRead:
        return FileToRead(f"/elsewhere{path}", source, size, modified, data)

    def unknown(spec: str, *others: Any) -> WantedModel:
        return WantedModel("hf:acme/absent", *others)

    monkeypatch.setattr(workers, "FileToRead", elsewhere)
    monkeypatch.setattr(workers, "WantedModel", unknown)
    index = indexes.open("killed")
    with cluster.killing("EncoderSeat", 2) as encoders, cluster.killing("read_file", 1) as readers:
        report = ingest(index, [folder], hire=on(cluster))
    assert encoders, "no process that embeds was killed"
    assert readers, "no process that reads was killed"
    assert report.count("added") == len(FILES)
    assert_equal(index, local)
    assert list(cluster.models.glob(".received/*/modules.json")), "no model was sent"


def test_a_file_whose_readers_die_is_reported_alone(cluster: Running, indexes: Indexes, tmp_path: Path) -> None:
    write_files(tmp_path, {"deadly.txt": "At noon."})
    index = indexes.open("deadly")
    with cluster.killing("read_file", 100) as killed:
        report = ingest(index, [tmp_path], hire=on(cluster))
    assert len(killed) >= 3
    assert statuses(report) == {"deadly.txt": "failed"}
    assert report.files[0].reason is not None
    assert report.files[0].reason.code == "cluster-file-kills"
    assert statuses(ingest(index, [tmp_path])) == {"deadly.txt": "added"}, "it is tried again"


def test_a_dead_driver_loses_nothing(cluster: Running, indexes: Indexes, folder: Path, local: Index) -> None:
    settings, index = indexes.settings("driver"), indexes.open("driver")
    program = (
        "import rag.ingestion.pipeline as pipeline; pipeline._BATCH_CHUNKS = 8; from rag.__main__ import main; main()"
    )
    environment = {
        **os.environ, "RAG_HOME": str(settings.home), "RAG_MODELS": str(settings.models), "RAG_THREADS": "1",
        "RAG_EMBEDDING_MODEL": settings.embedding_model, "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    driver = subprocess.Popen(
        [sys.executable, "-c", program, "ingest", str(folder), "--workers", cluster.address],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while driver.poll() is None and not index.catalog.chunk_total():
            time.sleep(0.02)
    finally:
        driver.send_signal(signal.SIGKILL)
        driver.wait()
    assert driver.returncode == -signal.SIGKILL, "it ended before it was killed"
    assert consistent(index) == []
    done = len(texts_of(index))
    report = ingest(index, [folder], hire=on(cluster))
    assert report.count("unchanged") == done > 0
    assert report.count("added") == len(FILES) - done
    assert_equal(index, local)
