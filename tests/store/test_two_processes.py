"""One process reads the vectors of an index while another one writes to them."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from rag.store import chroma
from rag.store.chroma import ChromaStore
from rag.store.vector_stores import VectorRecord
from tests.children import Child

VECTORS = np.eye(64, dtype=np.float32)


def add(store: ChromaStore, numbers: range) -> None:
    records = [VectorRecord(str(number), f"Text {number}.", "a.txt", "d", "A", "", 0, 7, None) for number in numbers]
    store.add(records, VECTORS[numbers.start : numbers.stop])


def write(connection: Connection, folder: Path) -> None:
    """Take ten vectors out and put ten others in, each time that a message comes, until it is "end"."""
    store = ChromaStore(folder, "vectors")
    first = 0
    while connection.recv() != "end":
        add(store, range(first + 30, first + 40))
        store.delete([str(number) for number in range(first, first + 10)])
        first += 10
        connection.send("done")
    store.close()


@pytest.mark.parametrize("exact_up_to", [chroma.EXACT_UP_TO, 0])
def test_a_search_while_another_process_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exact_up_to: int
) -> None:
    """What Chroma's graph in memory lacks is read anew, and the search finds it."""
    monkeypatch.setattr(chroma, "EXACT_UP_TO", exact_up_to)
    folder = tmp_path / "chroma"
    first = ChromaStore(folder, "vectors")
    add(first, range(30))
    first.close()
    writer = Child(write, folder)
    store = ChromaStore(folder, "vectors")
    for round_ in range(2):
        assert store.count() == 30
        # The count opened the graph; now the other process writes, before the vectors are read.
        writer.send("go")
        writer.receive()
        assert store.nearest(VECTORS[25 + round_], 1) == [(str(25 + round_), pytest.approx(1))]
        added = str(30 + 10 * round_)
        assert store.nearest(VECTORS[int(added)], 1, [added]) == [(added, pytest.approx(1))]
        store.refresh()
    writer.send("end")
    assert writer.exit_code() == 0
    store.close()
    store.refresh()
