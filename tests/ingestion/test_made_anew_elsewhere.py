"""An index that another process makes anew, or deletes, while it is open here: real processes, SQLite and Chroma."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from rag.errors import IndexUnusable
from rag.ingestion.conversion import convert
from rag.ingestion.pipeline import ingest, remove
from rag.precision import FP32, INT8, precision_of
from rag.retrieval.passages import retrieve
from rag.settings import Settings
from rag.store.doctor import check_index, index_status
from rag.store.index import Index, open_index
from rag.store.write_lock import write_lock
from tests.conftest import ROOT, consistent, write_files

FILES = {
    "ferry.md": "# Ferry\n\nThe ferry is old.\n",
    "bridge.md": "# Bridge\n\nThe bridge is long. The bridge is old.\n",
    "noon.md": "# Noon\n\nnoon is long.\n",
}
# Converts an index, and stands still once there is something of the new one.
_STANDING_STILL = """
import sys, time
from rag.ingestion.conversion import convert
from rag.settings import load_settings

class Stand:
    def start(self, files, total): ...
    def advance(self, amount, doing): ...
    def file(self, report):
        print("begun", flush=True)
        time.sleep(600)

convert("default", "int8", load_settings(), Stand())
"""


@pytest.fixture
def settings(model: Path, tmp_path: Path) -> Settings:
    return Settings(embedding_model=str(model), home=tmp_path / "home", llm="none", threads=1)


@pytest.fixture
def library(tmp_path: Path, settings: Settings) -> Path:
    """Files that were ingested in full precision."""
    folder = tmp_path / "library"
    write_files(folder, FILES)
    with open_index(settings=settings, create=True) as index:
        ingest(index, [folder])
        index.vectors.refresh()
    return folder


def environment(settings: Settings, **further: str) -> dict[str, str]:
    own = {
        "RAG_HOME": str(settings.home),
        "RAG_EMBEDDING_MODEL": str(settings.embedding_model),
        "RAG_LLM": "none",
        "RAG_THREADS": "1",
    }
    return os.environ | own | further


def elsewhere(settings: Settings, *arguments: str | Path, **further: str) -> subprocess.CompletedProcess[str]:
    """Run ``rag`` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "rag", *map(str, arguments)],
        cwd=ROOT,
        env=environment(settings, **further),
        capture_output=True,
        text=True,
        check=False,
    )


def dense_of(index: Index, question: str) -> dict[str, float]:
    return {passage.source: passage.scores["dense"] for passage in retrieve(index, question, 3)}


def stopped_in_the_middle(settings: Settings) -> None:
    """Kill a process that converts the index, while it is at work."""
    child = subprocess.Popen(
        [sys.executable, "-c", _STANDING_STILL],
        cwd=ROOT,
        env=environment(settings),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "begun\n"
    child.send_signal(signal.SIGKILL)
    child.wait(60)
    child.stdout.close()


def test_an_open_index_goes_on_in_the_precision_that_it_was_brought_to(library: Path, settings: Settings) -> None:
    with open_index(settings=settings) as index:
        in_full = dense_of(index, "Is the ferry old?")
        ran = elsewhere(settings, "convert", "int8")
        assert ran.returncode == 0, ran.stderr
        followed = dense_of(index, "Is the ferry old?")
        assert precision_of(index.encoder.fingerprint) == INT8
        assert index.reading.encoder is index.encoder
        with open_index(settings=settings) as fresh:
            assert followed == dense_of(fresh, "Is the ferry old?") != in_full
        assert elsewhere(settings, "convert", "fp32").returncode == 0
        assert dense_of(index, "Is the ferry old?") == in_full


def test_an_open_index_says_that_it_is_of_another_model_now(
    library: Path, settings: Settings, model: Path, tmp_path: Path
) -> None:
    other = shutil.copytree(model, tmp_path / "other")
    (other / "sentence_bert_config.json").write_text('{"max_seq_length": 16, "do_lower_case": false}')
    with open_index(settings=settings) as index:
        dense_of(index, "ferry")
        ran = elsewhere(settings, "ingest", "--rebuild", RAG_EMBEDDING_MODEL=str(other))
        assert ran.returncode == 0, ran.stderr
        version = index.version
        for act in (
            lambda: retrieve(index, "ferry", 1),
            lambda: ingest(index, [library]),
            lambda: remove(index, ["*"]),
        ):
            with pytest.raises(IndexUnusable) as refused:
                act()
            assert refused.value.notice.code == "index-of-other-model"
        assert index.version == version
    with open_index(settings=settings.model_copy(update={"embedding_model": str(other)})) as index:
        assert index.catalog.chunk_total() == 3


@pytest.mark.parametrize("asked_between", [False, True])
def test_what_an_open_index_ingests_after_a_conversion_elsewhere_is_kept(
    library: Path, settings: Settings, asked_between: bool
) -> None:
    with open_index(settings=settings) as index:
        write_files(library, {"one.md": "# One\n\nThe bridge is one.\n"})
        # Chroma's client is open, as in a process that has ingested.
        assert ingest(index, [library]).count("added") == 1
        ran = elsewhere(settings, "convert", "int8")
        assert ran.returncode == 0, ran.stderr
        if asked_between:
            dense_of(index, "bridge")
        write_files(library, {"two.md": "# Two\n\nThe ferry is two.\n"})
        assert ingest(index, [library]).count("added") == 1
        assert remove(index, ["one.md"]) == ["one.md"]
        assert consistent(index) == []
    with open_index(settings=settings) as index:
        assert {record.source for record in index.catalog.source_records()} == {*FILES, "two.md"}
        assert consistent(index) == []


def test_an_index_that_is_opened_again_after_it_was_made_anew_can_be_written(library: Path, settings: Settings) -> None:
    with open_index(settings=settings) as index:
        write_files(library, {"one.md": "# One\n\nThe bridge is one.\n"})
        ingest(index, [library])
    # Closed, and Chroma in this process still has its files open.
    assert elsewhere(settings, "ingest", "--rebuild").returncode == 0
    with open_index(settings=settings) as index:
        write_files(library, {"two.md": "# Two\n\nThe ferry is two.\n"})
        assert ingest(index, [library]).count("added") == 1
        assert consistent(index) == []


def test_another_index_that_is_open_goes_on(library: Path, settings: Settings) -> None:
    with open_index("other", settings=settings, create=True) as other, open_index(settings=settings) as index:
        ingest(other, [library])
        write_files(library, {"one.md": "# One\n\nThe bridge is one.\n"})
        ingest(index, [library])
        assert elsewhere(settings, "convert", "int8").returncode == 0
        dense_of(index, "bridge")
        assert ingest(other, [library]).count("added") == 1
        assert consistent(other) == consistent(index) == []


def test_an_open_index_says_that_it_was_deleted(library: Path, settings: Settings) -> None:
    with open_index(settings=settings) as index:
        dense_of(index, "ferry")
        shutil.rmtree(index.folder)
        for act in (lambda: retrieve(index, "ferry", 1), lambda: ingest(index, [library])):
            with pytest.raises(IndexUnusable) as refused:
                act()
            assert refused.value.notice.code == "index-absent"
        assert not index.folder.exists(), "what is gone is not made again by the way"


def test_in_the_middle_of_an_exchange_an_open_index_answers(library: Path, settings: Settings) -> None:
    with open_index(settings=settings) as index:
        before = dense_of(index, "ferry")
        parked = index.folder.rename(index.folder.with_name("default.replaced"))
        back = threading.Timer(0.2, lambda: parked.rename(index.folder))
        back.start()
        assert dense_of(index, "ferry") == before
        back.join()
        # The exchange was cut off: what was put aside comes back.
        index.folder.rename(parked)
        assert dense_of(index, "ferry") == before
        assert not parked.exists()


def test_a_conversion_into_another_store_is_refused_before_anything_is_made(library: Path, settings: Settings) -> None:
    away = settings.model_copy(update={"chroma_url": "http://127.0.0.1:9"})
    for precision in (INT8, FP32):
        with pytest.raises(IndexUnusable) as refused:
            convert("default", precision, away)
        assert refused.value.notice.code == "index-vectors-elsewhere"
    assert not (settings.home / "default.rebuilt").exists()


def test_what_a_killed_conversion_left_is_removed(library: Path, settings: Settings) -> None:
    left = settings.home / "default.rebuilt"
    stopped_in_the_middle(settings)
    assert (left / "catalog.sqlite").is_file()
    ran = elsewhere(settings, "convert", "fp32")
    assert ran.stdout == "default is of fp32\n", ran.stderr
    assert not left.exists()
    stopped_in_the_middle(settings)
    assert elsewhere(settings, "convert", "int8").returncode == 0
    assert not left.exists()


def test_the_doctor_removes_what_a_killed_conversion_left(library: Path, settings: Settings) -> None:
    left = settings.home / "default.rebuilt"
    assert not [one for one in check_index("default", settings, fix=False) if "not finished" in one.text]
    stopped_in_the_middle(settings)
    (found,) = [one for one in check_index("default", settings, fix=False) if "not finished" in one.text]
    assert (found.ok, found.mended) == (False, False)
    assert str(left) in found.text
    assert found.text.endswith("rag doctor --fix")
    with write_lock(settings.home / "default"):
        (found,) = [one for one in check_index("default", settings, fix=False) if "not finished" in one.text]
        assert found.ok
        assert "being written" in found.text
    assert left.exists()
    (found,) = [one for one in check_index("default", settings, fix=True) if "not finished" in one.text]
    assert found.mended
    assert not left.exists()


def test_ctrl_c_leaves_nothing_behind(library: Path, settings: Settings) -> None:
    class Stop:
        def start(self, files: int, total: int) -> None: ...

        def advance(self, amount: float, doing: str) -> None: ...

        def file(self, report: object) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert("default", INT8, settings, Stop())
    assert sorted(path.name for path in settings.home.iterdir() if path.is_dir()) == ["default"]


# What keeps root from writing wherever it likes.
AS_ANYONE = ["setpriv", "--bounding-set", "-dac_override"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such permissions")
@pytest.mark.skipif(bool(AS_ANYONE) and not shutil.which("setpriv"), reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_one_sentence(library: Path, settings: Settings) -> None:
    folder = settings.home / "default"
    folder.chmod(0o555)
    try:
        for command, code in (("status", 0), ("sources", 0), ("retrieve ferry", 0), ("ask ferry", 0), ("ingest", 2)):
            ran = subprocess.run(
                [*AS_ANYONE, sys.executable, "-m", "rag", *command.split(), *([str(library)] * (command == "ingest"))],
                cwd=ROOT,
                env=environment(settings),
                capture_output=True,
                text=True,
                check=False,
            )
            assert ran.returncode == code, ran.stderr
            assert "rebuild" not in ran.stderr
        assert str(folder) in ran.stderr
        assert "change its permissions" in ran.stderr
        assert len(ran.stderr.splitlines()) == 1
    finally:
        folder.chmod(0o755)


def test_the_precision_is_told(library: Path, settings: Settings) -> None:
    for precision in (FP32, INT8):
        convert("default", precision, settings)
        with open_index(settings=settings) as index:
            assert index_status("default", index.catalog, settings)["precision"] == precision
        texts = [one.text for one in check_index("default", settings, fix=False)]
        assert f"embedding model {settings.embedding_model}, {precision}" in texts
    assert "\nprecision: int8\n" in elsewhere(settings, "status").stdout
