"""Ingestion on a Ray cluster of two nodes of this machine, beside ingestion without Ray on the same machine.

    python -m tests.benchmarks.cluster --files 400

The cluster is started before anything is timed, and its nodes have one core each. Runs of both kinds take turns, each
with a home of its own, so that no vector comes from a cache; of each kind the fastest run counts. Beside other programs
the time that passed says little: the processor time of all processes stands beside it. What is equal is told, too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.cluster.address import read_workers
from rag.cluster.workers import hire_on
from rag.ingestion.pipeline import ingest
from rag.ingestion.workers import Hire, LocalWorkers, Workers
from rag.models.encoder import Encoder, Vectors
from rag.settings import Settings, load_settings
from rag.store.index import Index, open_index
from rag.text import embedded_text
from tests.benchmarks.speed import corpus
from tests.children import descendants
from tests.conftest import ROOT

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Run:
    """What a run took: seconds that passed, and of the processor; and what came of it."""

    passed: float
    processor: float
    chunks: dict[str, tuple[int, int]]
    vectors: Vectors


class _Timed:
    """Hires workers, and notes when they were ready: a cluster is joined, and its models loaded, only once."""

    def __init__(self, hire: Hire, file: Path) -> None:
        self._hire, self._file = hire, file
        self.ready = self.processor = 0.0

    def __call__(self, encoder: Encoder, settings: Settings) -> Workers:
        workers = self._hire(encoder, settings)
        # Each process that embeds loads its model, and each that reads its readers.
        list(workers.encode([["warm"]] * 8))
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: workers.read(self._file, "warm.txt"), range(8)))
        self.ready = time.perf_counter()
        self.processor = processor_seconds()
        return workers


def processor_seconds() -> float:
    """The processor time of this process, of all below it, and of those that they waited for."""
    total = 0.0
    for pid in [os.getpid(), *descendants(os.getpid())]:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15])) / _TICKS
    return total


def measure(hire: Hire, settings: Settings, folder: Path) -> Run:
    timed = _Timed(hire, next(folder.iterdir()))
    with open_index(settings=settings, create=True) as index:
        index.encoder.encode_question("warm")
        ingest(index, [folder], hire=timed)
        return Run(time.perf_counter() - timed.ready, processor_seconds() - timed.processor, *contents(index))


def contents(index: Index) -> tuple[dict[str, tuple[int, int]], Vectors]:
    chunks = index.catalog.chunks(index.catalog.chunk_ids())
    texts = sorted({embedded_text(chunk.text, chunk.context) for chunk in chunks.values()})
    vectors = [vector for vector in index.cache.look_up(index.encoder, texts) if vector is not None]
    return {id_: (chunk.start, chunk.end) for id_, chunk in chunks.items()}, np.stack(vectors)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--files", type=int, default=400)
    arguments.add_argument("--runs", type=int, default=3)
    chosen = arguments.parse_args()
    work = Path(tempfile.mkdtemp(prefix="footnote-cluster-"))
    host = subprocess.Popen(
        [sys.executable, "-m", "tests.cluster.host"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        assert host.stdout is not None
        address = read_workers(next(line.strip() for line in host.stdout if line.startswith("127.0.0.1:")))
        assert address is not None
        folder = corpus(work / "docs", chosen.files, 9)
        kinds: dict[str, Hire] = {"local": LocalWorkers, "cluster": hire_on(address)}
        runs: dict[str, list[Run]] = {name: [] for name in kinds}
        for number in range(chosen.runs):
            for name, hire in kinds.items():
                settings = load_settings().model_copy(update={"home": work / f"{name}-{number}"})
                runs[name].append(measure(hire, settings, folder))
                run = runs[name][-1]
                took = f"{run.passed:6.1f} s, {run.processor:6.1f} s of the processor"
                print(f"{name:8}{len(run.chunks):6} chunks in {took}", flush=True)
    finally:
        host.communicate()
        shutil.rmtree(work, ignore_errors=True)
    local, cluster = runs["local"], runs["cluster"]
    passed = min(run.passed for run in local) / min(run.passed for run in cluster)
    processor = min(run.processor for run in local) / min(run.processor for run in cluster)
    print(f"rate of the cluster / rate without, time that passed  {passed:6.3f}  (target >= 0.9 on a quiet machine)")
    print(f"rate of the cluster / rate without, processor time    {processor:6.3f}")
    equal = all(run.chunks == local[0].chunks for run in cluster)
    same = all(run.vectors.tobytes() == local[0].vectors.tobytes() for run in cluster)
    print(f"chunks equal: {equal}; vectors equal to the last bit: {same}")
    if not (equal and same):
        sys.exit("the cluster gives something else")


if __name__ == "__main__":
    main()
