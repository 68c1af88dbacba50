"""The vectors on a real `chroma run` server, started with the command of the README."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import chromadb
import pytest

from rag.errors import IndexUnusable
from rag.hosting import collection_trash
from rag.hosting.collection_trash import CollectionTrash
from rag.ingestion.conversion import convert
from rag.ingestion.pipeline import ingest
from rag.precision import FP32, INT8
from rag.retrieval.passages import retrieve
from rag.settings import Settings
from rag.store.catalog import Catalog
from rag.store.chroma import ChromaStore
from rag.store.index import open_index
from tests.conftest import consistent
from tests.fakes import WordEncoder
from tests.models.test_onnx import write_model

pytestmark = pytest.mark.localhost


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(tmp_path / "server")]
    # The server logs much: into a file, for a pipe that nobody reads would stop it.
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen([*command, "--host", "127.0.0.1", "--port", str(port)], stdout=log, stderr=log)
        try:
            for _ in range(600):
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(60)


def test_a_deleted_collection_leaves_nothing_on_the_server(
    server: str,
    settings: Settings,
    encoder: WordEncoder,
    library: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    served = settings.model_copy(update={"chroma_url": server})
    with open_index(settings=served, create=True, encoder=encoder) as index:
        ingest(index, [library])
        folder = index.folder
    host, port = server.removeprefix("http://").split(":")
    client = chromadb.HttpClient(host=host, port=int(port))
    assert len(client.list_collections()) == 1
    CollectionTrash(folder.parent, served).put(folder, folder.parent / "no files", "Papers")
    CollectionTrash(folder.parent, served).empty()
    assert len(client.list_collections()) == 1, "it can be brought back"
    monkeypatch.setattr(collection_trash, "KEPT", -1.0)
    away = served.model_copy(update={"chroma_url": f"http://127.0.0.1:{free_port()}"})
    for other, cause in ((away, "does not answer"), (settings, "no server is named")):
        caplog.clear()
        CollectionTrash(folder.parent, other).empty()
        (record,) = [one for one in caplog.records if one.name == "rag.hosting.collection_trash"]
        assert cause in str(vars(record)["cause"])
        assert (folder.parent / ".trash").is_dir(), "what cannot be deleted yet is deleted the next time"
    CollectionTrash(folder.parent, served).empty()
    assert client.list_collections() == []
    assert not (folder.parent / ".trash").exists()


def test_an_index_on_a_server(server: str, settings: Settings, encoder: WordEncoder, library: Path) -> None:
    served = settings.model_copy(update={"chroma_url": server})
    with open_index(settings=served, create=True, encoder=encoder) as index:
        assert ingest(index, [library]).count("added") == 4
        assert retrieve(index, "Where does the ferry go?", 1)[0].source == "sea/ferry.txt"
        (library / "sea" / "ferry.txt").unlink()
        assert ingest(index, [library]).count("removed") == 1
        assert all(passage.source != "sea/ferry.txt" for passage in retrieve(index, "ferry", 8))
        assert consistent(index) == []
        assert not (index.folder / "chroma").exists(), "nothing is embedded beside the catalog"


def test_two_indexes_on_one_server_do_not_meet(
    server: str, settings: Settings, encoder: WordEncoder, library: Path
) -> None:
    served = settings.model_copy(update={"chroma_url": server})
    with (
        open_index("one", settings=served, create=True, encoder=encoder) as one,
        open_index("two", settings=served, create=True, encoder=encoder) as two,
    ):
        ingest(one, [library])
        ingest(two, [library / "weather.txt"])
        assert {passage.source for passage in retrieve(two, "bridge", 8)} == {"weather.txt"}
        assert len(one.vectors.ids()) > len(two.vectors.ids()) == two.catalog.chunk_total()


def test_a_server_that_does_not_answer_is_one_sentence(settings: Settings, encoder: WordEncoder) -> None:
    nowhere = settings.model_copy(update={"chroma_url": f"http://127.0.0.1:{free_port()}"})
    with (
        open_index(settings=nowhere, create=True, encoder=encoder) as index,
        pytest.raises(IndexUnusable, match=r"does not answer; start it with: chroma run"),
    ):
        index.vectors.ids()


def test_looking_for_vectors_in_the_wrong_store_is_an_error(
    server: str, settings: Settings, encoder: WordEncoder, library: Path
) -> None:
    served = settings.model_copy(update={"chroma_url": server})
    with open_index(settings=served, create=True, encoder=encoder) as index:
        ingest(index, [library])
    with pytest.raises(IndexUnusable, match="RAG_CHROMA_URL"):
        open_index(settings=settings, encoder=encoder)


def test_closing_an_index_closes_its_connections(
    server: str, settings: Settings, encoder: WordEncoder, library: Path
) -> None:
    served = settings.model_copy(update={"chroma_url": server})
    with open_index(settings=served, create=True, encoder=encoder) as index:
        ingest(index, [library])
        store = index.vectors.store
        assert isinstance(store, ChromaStore)
        client = store._client
    assert client is not None
    sessions = [part._server._session for part in (client, client._admin_client)]  # type: ignore[attr-defined]
    assert all(session.is_closed for session in sessions)


def test_a_conversion_leaves_no_collection_behind(
    server: str, settings: Settings, library: Path, tmp_path: Path
) -> None:
    model = write_model(tmp_path / "model")
    served = settings.model_copy(update={"chroma_url": server, "embedding_model": str(model)})

    def collections() -> int:
        return len(chromadb.HttpClient(port=int(server.rpartition(":")[2])).list_collections())

    with open_index(settings=served, create=True) as index:
        ingest(index, [library])
        assert collections() == 1
        convert("default", INT8, served)
        assert collections() == 1
        index.refresh()
        assert consistent(index) == []
    # A conversion that was killed had made a collection of its own.
    shutil.copytree(index.folder, settings.home / "default.rebuilt")
    with closing(Catalog(settings.home / "default.rebuilt")) as catalog:
        catalog.set(collection="footnote-unfinished")
    chromadb.HttpClient(port=int(server.rpartition(":")[2])).create_collection("footnote-unfinished")
    assert collections() == 2
    assert convert("default", INT8, served) is None
    assert collections() == 1
    with pytest.raises(IndexUnusable) as refused:
        convert("default", FP32, settings.model_copy(update={"embedding_model": str(model)}))
    assert refused.value.notice.code == "index-vectors-elsewhere"
    assert collections() == 1
