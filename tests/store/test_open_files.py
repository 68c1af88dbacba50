"""What an open index holds of the process, its files and threads, it gives back when it is closed."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from rag.store import chroma
from rag.store.chroma import ChromaStore
from rag.store.vector_stores import VectorRecord
from tests.conftest import ROOT

CHILD = """
import os, sys
from pathlib import Path
from rag.ingestion.pipeline import ingest
from rag.retrieval.passages import retrieve
from rag.settings import Settings
from rag.store.index import open_index
from tests.conftest import LIBRARY, write_files
from tests.fakes import WordEncoder

folder = Path(sys.argv[1])
write_files(folder / "library", LIBRARY)
settings = Settings(home=folder / "home", llm="none", threads=1)
counts = []
for number in range(50):
    # Half of them are written, and so have a client of Chroma; half are searched through its engine alone.
    with open_index(f"i{number // 2}", settings=settings, create=True, encoder=WordEncoder()) as index:
        if number % 2 == 0:
            ingest(index, [folder / "library"])
        assert retrieve(index, "When does the ferry leave?", 1)[0].source == "sea/ferry.txt"
    counts.append((len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task"))))
print(*counts[3], *counts[-1])
"""


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are listed in /proc")
def test_fifty_indexes_opened_and_closed_leave_no_file_and_no_thread_behind(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    files, threads, files_at_the_end, threads_at_the_end = map(int, ran.stdout.split())
    # One open index alone has a dozen files and as many threads.
    assert files_at_the_end <= files + 2
    assert threads_at_the_end <= threads + 2


def record(number: int) -> VectorRecord:
    return VectorRecord(str(number), f"Text {number}.", "a.txt", "d", "A", "", 0, 7, None)


def test_stores_of_one_folder_share_a_client_until_the_last_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "chroma"
    first, second = ChromaStore(folder, "name"), ChromaStore(folder, "name")
    vectors = np.eye(4, dtype=np.float32)
    first.add([record(number) for number in range(4)], vectors)
    second.delete(["3"])
    assert first._client is second._client is not None
    first.close()
    second.close()
    assert [key for key in chroma._CLIENTS if key[0] == folder] == []
    assert first.count() == second.count() == 3, "they open again"
    first.close()
    second.close()


def test_a_search_ends_although_its_store_is_closed_meanwhile(tmp_path: Path) -> None:
    store = ChromaStore(tmp_path / "chroma", "name")
    vectors = np.eye(8, dtype=np.float32)
    store.add([record(number) for number in range(8)], vectors)
    failed: list[BaseException] = []
    found: list[str] = []

    def search() -> None:
        try:
            for number in range(100):
                found.append(store.nearest(vectors[number % 8], 1)[0][0])
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        store.close()
    for thread in threads:
        thread.join()
    store.close()
    assert failed == []
    assert sorted(set(found)) == [str(number) for number in range(8)]
    assert len(found) == 300
