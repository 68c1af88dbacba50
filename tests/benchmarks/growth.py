"""How an index grows: what a search, a change and an opening cost with many chunks, beside a tenth of them.

    python -m tests.benchmarks.growth --chunks 500000

The text is made up; the vectors are too, seeded and in clusters, and no model runs: the times are those of everything
but encoding. They are of the processor, in milliseconds, so that other programs do not count; HNSW is built on one core
in some 3 ms a chunk. With ``--home`` the index stays, and a later run goes on from what it holds.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import shutil
import statistics
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from rag.ingestion.pipeline import content_hash, ingest
from rag.models.encoder import EncodedTokens, Vectors
from rag.retrieval.passages import retrieve
from rag.settings import Settings, load_settings
from rag.store.catalog import NewVersion, SourceRecord
from rag.store.index import Index, open_index
from rag.store.vector_records import records_of_versions
from rag.types import Chunk, Document
from tests.benchmarks.speed import question, text

_CHUNKS_A_SOURCE = 25
_CHUNKS_A_BATCH = 2000
_DIMENSION, _CLUSTERS, _SPREAD = 384, 1000, 0.6
_QUESTIONS = 40
_FILES = 100


class MadeUpEncoder:
    """Gives each text a vector near one of the centres, the same whenever it is asked."""

    name, fingerprint, max_tokens = "made-up", "made-up-growth", 256

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(each.split()) for each in texts]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return np.concatenate([vectors(zlib.crc32(each.encode()), 1) for each in texts])

    def encode_question(self, asked: str) -> Vectors:
        vector: Vectors = self.encode_passages([asked])[0]
        return vector

    def encode_tokens(self, texts: Sequence[str], question: bool = False) -> list[EncodedTokens]:
        raise NotImplementedError


_CENTRES = np.random.default_rng(7).normal(size=(_CLUSTERS, _DIMENSION)).astype(np.float32)


def vectors(seed: int, count: int) -> Vectors:
    """Vectors of unit length in clusters, the same for the same seed."""
    generator = np.random.default_rng(seed)
    near = _CENTRES[generator.integers(0, _CLUSTERS, count)]
    near = near + _SPREAD * generator.normal(size=near.shape).astype(np.float32)
    made: Vectors = (near / np.linalg.norm(near, axis=1, keepdims=True)).astype(np.float32)
    return made


def versions(start: int, end: int) -> list[NewVersion]:
    """Documents that hold the chunks from one number to another."""
    made = []
    for first in range(start, end, _CHUNKS_A_SOURCE):
        body = "\n".join(text(7_000_000 + i, 8) for i in range(first, min(end, first + _CHUNKS_A_SOURCE)))
        number = first // _CHUNKS_A_SOURCE
        document = Document(body, f"part {number}", "text/plain")
        source = f"{number % 50:02}/{number:06}.txt"
        record = SourceRecord(source, "", "", "", "", "", content_hash(document), document.title, None, False)
        spans, position = [], 0
        for line in body.split("\n"):
            spans.append(Chunk(position, position + len(line), document.title))
            position += len(line) + 1
        ids = [hashlib.blake2b(f"{source} {c.start}".encode(), digest_size=16).hexdigest() for c in spans]
        made.append(NewVersion(record, document, spans, ids))
    return made


def grow(index: Index, chunks: int) -> None:
    """Add chunks until there are so many."""
    for start in range(index.catalog.chunk_total(), chunks, _CHUNKS_A_BATCH):
        batch = versions(start, min(chunks, start + _CHUNKS_A_BATCH))
        records = records_of_versions(batch)
        index.vectors.add(records, vectors(start, len(records)))
        index.catalog.publish(batch)


def processor_ms(action: Callable[[], object]) -> float:
    """Return how long the processor worked for this process, in milliseconds."""
    started = time.process_time()
    action()
    return (time.process_time() - started) * 1000


def measure(chosen: Settings, chunks: int, work: Path) -> dict[str, float]:
    """Grow the index to a size and measure it there."""
    encoder = MadeUpEncoder()
    with open_index("growth", settings=chosen, create=True, encoder=encoder) as index:
        grow(index, chunks)
        folder = index.folder
        # Chroma is let go, too: what is opened below is what is on the disk.
        index.vectors.refresh()
    parts = {"catalog": "catalog.sqlite*", "Chroma's SQLite": "*.sqlite3", "HNSW": "*.bin"}
    found = {
        f"disk, bytes a chunk: {name}": sum(path.stat().st_size for path in folder.rglob(pattern)) / chunks
        for name, pattern in parts.items()
    }
    started = time.process_time()
    index = open_index("growth", settings=chosen, encoder=encoder)
    found["opening"] = (time.process_time() - started) * 1000
    with index:
        seeded = random.Random(3)
        asked = [question(seeded) for _ in range(_QUESTIONS)]
        found["first search"] = processor_ms(lambda: retrieve(index, asked[0]))
        names = [name for name, _ in index.catalog.names()]
        chosen_names = sorted(seeded.sample(names, min(500, len(names) // 2)))
        ways: dict[str, tuple[str, ...]] = {
            "search": (),
            "search of one source": (names[len(names) // 2],),
            "search of 500 sources": tuple(chosen_names),
            "search of every second source": tuple(f"*{digit}.txt" for digit in "02468"),
        }
        for way, sources in ways.items():
            times = sorted(processor_ms(partial(retrieve, index, each, sources=sources)) for each in asked)
            found[f"{way}, p50"] = statistics.median(times)
            found[f"{way}, p95"] = times[int(0.95 * len(times))]
        files = work / "files"
        files.mkdir(exist_ok=True)
        for number in range(_FILES):
            (files / f"{number:04}.txt").write_text(text(chunks + number), encoding="utf-8")
        time.sleep(2.1)
        found[f"ingest of {_FILES} files"] = processor_ms(lambda: ingest(index, [files]))
        found["second ingest"] = processor_ms(lambda: ingest(index, [files]))
        (files / "0000.txt").write_text(text(chunks + _FILES), encoding="utf-8")
        found["ingest of one changed file"] = processor_ms(lambda: ingest(index, [files]))
        shutil.rmtree(files)
        files.mkdir()
        ingest(index, [files])
        found["listing all sources"] = processor_ms(lambda: sum(1 for _ in index.catalog.each_source()))
    found["memory, MB (peak so far)"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--chunks", type=int, default=20_000)
    arguments.add_argument("--home", type=Path, help="where the index is kept; by default it is deleted")
    read = arguments.parse_args()
    work = Path(tempfile.mkdtemp(prefix="footnote-growth-"))
    chosen = load_settings().model_copy(
        # The made-up language is taken for one that is read: no model is there to be measured.
        update={"home": read.home or work / "home", "parse_processes": 1, "languages": "en"}
    )
    try:
        with open_index("growth", settings=chosen, create=True, encoder=MadeUpEncoder()) as index:
            held = index.catalog.chunk_total()
        # An index that was kept may be past the smaller size.
        measured = {size: measure(chosen, size, work) for size in (read.chunks // 10, read.chunks) if size >= held}
    finally:
        shutil.rmtree(work, ignore_errors=True)
    small, large = next(iter(measured.values())), measured[read.chunks]
    print(" " * 42 + "".join(f"{size:>12,}" for size in measured))
    for name in large:
        values = "".join(f"{found[name]:>12.1f}" for found in measured.values())
        print(f"{name:42}{values}{large[name] / max(small[name], 0.001):>8.1f}")


if __name__ == "__main__":
    main()
