"""How an index grows: what a search, a change and an opening cost with many chunks, beside few."""

from __future__ import annotations

import hashlib
import random
from itertools import accumulate

import numpy as np

from rag.ingestion.pipeline import content_hash
from rag.store.catalog import NewVersion, SourceRecord
from rag.store.index import Index
from rag.store.vector_records import records_of_versions
from rag.types import Chunk, Document
from tests.benchmarks.speed import text

_CHUNKS_A_SOURCE = 25
_CHUNKS_A_BATCH = 2000
_DIMENSION = 384


def versions(start: int, end: int) -> list[NewVersion]:
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


def vectors(start: int, count: int) -> np.ndarray:
    centres = np.random.default_rng(7).normal(size=(1000, _DIMENSION)).astype(np.float32)
    generator = np.random.default_rng(start)
    made = centres[generator.integers(0, len(centres), count)]
    made = made + 0.6 * generator.normal(size=made.shape).astype(np.float32)
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def grow(index: Index, chunks: int) -> None:
    for start in range(index.catalog.chunk_total(), chunks, _CHUNKS_A_BATCH):
        batch = versions(start, min(chunks, start + _CHUNKS_A_BATCH))
        records = records_of_versions(batch)
        index.vectors.add(records, vectors(start, len(records)))
        index.catalog.publish(batch)
