"""Processor time of a search that compares all vectors, beside one of Chroma's graph: the first of a process and later.

``python -m tests.benchmarks.exact_search`` writes made-up vectors of 384 numbers, then searches them in processes of
their own, in turns; each figure is the least of the rounds, in milliseconds.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from rag.models.encoder import Vectors
from rag.store import chroma
from rag.store.vector_stores import VectorRecord

_NAME, _DIMENSION, _NEAREST, _LATER = "footnote-benchmark", 384, 200, 9
_WAYS = ("graph", "exact")


def unit_vectors(count: int, seed: int = 0) -> Vectors:
    """Random vectors of unit length."""
    vectors: Vectors = np.random.default_rng(seed).normal(size=(count, _DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def write(folder: Path, count: int) -> None:
    """Write so many vectors, with the text of a chunk each."""
    records = [VectorRecord(f"{n:06d}", "word " * 150, "a.txt", "d", "A", "", 0, 750, None) for n in range(count)]
    chroma.ChromaStore(folder, _NAME).add(records, unit_vectors(count))


def search(folder: Path, way: str) -> tuple[float, float]:
    """Milliseconds of the first search and of a later one."""
    import chromadb_rust_bindings  # noqa: F401 - its import is no part of a search

    chroma.EXACT_UP_TO = sys.maxsize if way == "exact" else 0
    store, spent = chroma.ChromaStore(folder, _NAME), []
    for vector in unit_vectors(1 + _LATER, seed=1):
        started = time.process_time()
        store.nearest(vector, _NEAREST)
        spent.append(1000 * (time.process_time() - started))
    return spent[0], min(spent[1:])


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, nargs="+", default=[500, 2000, 3000, 5000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--search", nargs=2, metavar=("FOLDER", "WAY"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.search:
        print(*search(Path(options.search[0]), options.search[1]))
        return
    print("chunks  way    first   later")
    for count in options.chunks:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), count)
            least = dict.fromkeys(_WAYS, (np.inf, np.inf))
            for way in _WAYS * options.rounds:
                command = [sys.executable, "-m", "tests.benchmarks.exact_search", "--search", folder, way]
                first, later = map(float, subprocess.check_output(command, text=True).split())
                least[way] = min(least[way][0], first), min(least[way][1], later)
        for way, (first, later) in least.items():
            print(f"{count:6}  {way}  {first:6.1f}  {later:6.2f}")


if __name__ == "__main__":
    main()
