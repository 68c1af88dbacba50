"""Ingestion on a Ray cluster of two nodes: the same chunks and vectors, whoever dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.cluster import workers
from rag.cluster.address import read_workers
from rag.cluster.model_files import SentModel, send_model
from rag.cluster.node import FileToRead, WantedModel
from rag.cluster.workers import hire_on
from rag.ingestion import pipeline
from rag.ingestion.pipeline import Interrupted, ingest
from rag.ingestion.workers import Hire
from rag.retrieval.passages import retrieve
from rag.settings import Settings
from rag.store.index import Index, open_index
from rag.text import embedded_text
from rag.types import FileReport
from tests.cluster.conftest import Running
from tests.cluster.driver import BATCH_CHUNKS
from tests.conftest import ROOT, consistent, texts_of, write_files
from tests.extras import required
from tests.loopback import SECONDS, wait_until

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


def on(text: str) -> Hire:
    address = read_workers(text)
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


def test_nodes_that_have_nothing_give_what_this_machine_gives_whoever_dies(
    cluster: Running, indexes: Indexes, folder: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nodes see no file and lack the model: both are sent, while processes that read and embed are killed."""

    def elsewhere(path: str, source: str, size: int, modified: int, data: bytes | None = None) -> FileToRead:
        return FileToRead(f"/elsewhere{path}", source, size, modified, data)

    def unknown(spec: str, *others: Any) -> WantedModel:
        return WantedModel("hf:acme/absent", *others)

    def sending(*values: Any) -> SentModel:
        sent.append(send_model(*values))
        return sent[-1]

    sent: list[SentModel] = []
    monkeypatch.setattr(workers, "FileToRead", elsewhere)
    monkeypatch.setattr(workers, "WantedModel", unknown)
    monkeypatch.setattr(workers, "send_model", sending)
    index = indexes.open("killed")
    with cluster.killing("EncoderSeat", 1) as encoders, cluster.killing("read_file", 1) as readers:
        report = ingest(index, [folder], hire=on(cluster.address))
    assert encoders, "no process that embeds was killed"
    assert readers, "no process that reads was killed"
    assert report.count("added") == len(FILES)
    assert len(sent) == 1, "once for all nodes"
    assert ".onnx/model.onnx" in {file.name for file in sent[0].files}, "no node has to export it"
    assert list(cluster.models.glob(".received/*/modules.json")), "no model was sent"
    assert set(problems(index)) == set(BAD)
    assert_equal(index, request.getfixturevalue("local"))


def test_over_rays_client_the_index_is_the_same(cluster: Running, indexes: Indexes, folder: Path, local: Index) -> None:
    with driver(indexes.settings("client"), folder, cluster.client) as process:
        out, err = process.communicate("go on\n", timeout=SECONDS)
    assert process.returncode == 0, err
    assert out.startswith("committed\n")
    assert json.loads(out.removeprefix("committed\n"))["added"] == len(FILES)
    assert_equal(indexes.open("client"), local)


class Interrupts:
    """Progress that presses Ctrl-C once a file is committed."""

    pressed = False

    def start(self, files: int, total: int) -> None: ...

    def advance(self, amount: float, doing: str) -> None: ...

    def file(self, report: FileReport) -> None:
        if report.status == "added" and not self.pressed:
            self.pressed = True
            os.kill(os.getpid(), signal.SIGINT)


def test_whatever_ends_a_run_the_next_one_goes_on(
    cluster: Running, indexes: Indexes, folder: Path, local: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C, the death of the driver, and at last that of a node, over one index."""
    index = indexes.open("ended")
    monkeypatch.setattr(pipeline, "_BATCH_CHUNKS", BATCH_CHUNKS)
    with pytest.raises(Interrupted):
        ingest(index, [folder], Interrupts(), hire=on(cluster.address))
    assert consistent(index) == []
    done = len(texts_of(index))
    assert 0 < done < len(FILES)

    with driver(indexes.settings("ended"), folder, cluster.address) as dying:
        wait_for_a_batch(dying)
        dying.send_signal(signal.SIGKILL)
        dying.wait()
    assert consistent(index) == []
    assert len(texts_of(index)) > done
    wait_until(lambda: not cluster.processes("EncoderSeat"))

    done = len(texts_of(index))
    with driver(indexes.settings("ended"), folder, cluster.address) as lasting:
        wait_for_a_batch(lasting)
        cluster.kill_second_node()
        out, err = lasting.communicate("go on\n", timeout=SECONDS)
    assert lasting.returncode == 0, err
    report = json.loads(out)
    assert report["unchanged"] == done
    assert report["added"] == len(FILES) - done
    assert "raylet" not in err + out, "what Ray says is not said"
    index.refresh()
    assert_equal(index, local)


def wait_for_a_batch(driver: subprocess.Popen[str]) -> None:
    assert driver.stdout is not None
    assert driver.stderr is not None
    assert driver.stdout.readline() == "committed\n", driver.stderr.read()


@contextmanager
def driver(settings: Settings, folder: Path, address: str) -> Iterator[subprocess.Popen[str]]:
    """``rag ingest`` in a process of its own, which waits after its first batch."""
    environment = {
        **os.environ, "RAG_HOME": str(settings.home), "RAG_MODELS": str(settings.models), "RAG_THREADS": "1",
        "RAG_EMBEDDING_MODEL": settings.embedding_model, "RAG_LLM": "none", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.cluster.driver", "ingest", str(folder), "--workers", address, "--json"],
        cwd=ROOT, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    late = threading.Timer(SECONDS, process.kill)
    late.start()
    try:
        yield process
    finally:
        late.cancel()
        process.kill()
        process.communicate()
