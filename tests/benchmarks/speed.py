"""Speed as ratios, each taken in one run: the product against the raw cost of the model or the database.

Small by default; ``--chunks 50000`` measures retrieval at the size the handbook quotes.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np

from rag.ingestion.pipeline import content_hash, ingest
from rag.models import onnx_engine
from rag.models.encoders import open_encoder
from rag.retrieval.passages import retrieve
from rag.settings import Settings, load_settings
from rag.store.catalog import NewVersion, SourceRecord
from rag.store.index import Index, open_index
from rag.store.vector_stores import VectorRecord
from rag.text import embedded_text
from rag.types import Chunk, Document
from tests.benchmarks.data import folder as data_folder

_ENDS = (
    "",
    "an",
    "or",
    "il",
    "eth",
    "ua",
    "ond",
    "ist",
    "ar",
    "em",
    "usk",
    "ie",
    "olt",
    "ay",
    "une",
    "ick",
    "ob",
    "ett",
)
_WORDS = [
    first + middle + last + end
    for end in _ENDS
    for first in ("b", "l", "m", "tr", "ch", "s", "v")
    for middle in ("an", "or", "il", "eth", "ua")
    for last in ("der", "mot", "sy", "ling")
]
# Words are as unequal as in a language: the n-th is used in proportion to 1/n (Zipf's law).
_WEIGHTS = list(accumulate(1 / rank for rank in range(1, len(_WORDS) + 1)))
_TOPICS = ["bridge", "ferry", "harbour", "market", "engine", "garden", "winter", "festival", "council", "railway"]


def text(number: int, sentences: int = 8) -> str:
    """Made-up prose, different for each number."""
    chosen = random.Random(number)
    lines = []
    for _ in range(sentences):
        name, *others = chosen.choices(_WORDS, cum_weights=_WEIGHTS, k=9)
        lines.append(
            f"The {chosen.choice(_TOPICS) if chosen.random() < 0.05 else others.pop()} of {name} {' '.join(others)} "
            f"had {chosen.randint(2, 9999)} of them in {chosen.randint(1500, 2020)}."
        )
    return " ".join(lines)


def question(chosen: random.Random) -> str:
    """A question in the words of the prose, common and rare."""
    first, second, third = chosen.choices(_WORDS, cum_weights=_WEIGHTS, k=3)
    topic, year = chosen.choice(_TOPICS), chosen.randint(1500, 2020)
    return f"How many {first} {second} had the {topic} of {third} in {year}?"


def timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def corpus(folder: Path, files: int, salt: int) -> Path:
    folder.mkdir(parents=True)
    for i in range(files):
        (folder / f"{i:04}.txt").write_text(text(salt * 100_000 + i), encoding="utf-8")
    return folder


def ingestion(chosen: Settings, work: Path, files: int) -> None:
    """An unchanged second run, and one changed file, against the first run."""
    folder = corpus(work / "ingested", files, 1)
    with open_index("speed", settings=chosen, create=True) as index:
        index.encoder.encode_question("warm")
        first = timed(lambda: ingest(index, [folder]))
        time.sleep(2.1)
        again = timed(lambda: ingest(index, [folder]))
        (folder / "0000.txt").write_text(text(999_999), encoding="utf-8")
        one = timed(lambda: ingest(index, [folder]))
        chunks = index.catalog.chunk_total()
        print(f"ingest {files} files, {chunks} chunks: {first:.1f} s, {chunks / first:.1f} chunks/s")
        print(f"  second ingest, nothing changed / first        {again / first:6.3f}  (target <= 0.02)")
        print(f"  one changed file of {files} / all              {one / first:6.3f}  (target <= 0.01 at 1,000 files)")


@dataclass(frozen=True)
class Cost:
    """What some work took: seconds that passed, and of the processor, of this process and of those it started."""

    passed: float
    processor: float


def cost(action: Callable[[], object]) -> Cost:
    def processor() -> float:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(each.ru_utime + each.ru_stime for each in used)

    began = processor()
    passed = timed(action)
    return Cost(passed, processor() - began)


def least(costs: Sequence[Cost]) -> Cost:
    return Cost(min(each.passed for each in costs), min(each.processor for each in costs))


def against_encoder(chosen: Settings, folder: Path, kind: str, runs: int) -> None:
    """The encoder alone against ingestion of the same chunks, in turn; of each, the run that took least counts.

    The encoder is given all texts in one call, longest first. Each ingestion has a home of its own: vectors that are
    cached would make the second another.
    """
    whole, raw = list[Cost](), list[Cost]()
    for run in range(runs):
        own = chosen.model_copy(update={"home": chosen.home / f"{kind}-{run}"})
        with open_index("raw", settings=own, create=True) as index:
            index.encoder.encode_question("warm")
            whole.append(cost(lambda index=index: ingest(index, [folder])))  # type: ignore[misc]
            chunks = index.catalog.chunks(index.catalog.chunk_ids()).values()
            texts = sorted((embedded_text(chunk.text, chunk.context) for chunk in chunks), key=len, reverse=True)
            raw.append(cost(lambda index=index, texts=texts: index.encoder.encode_passages(texts)))  # type: ignore[misc]
    ours, encoder = least(whole), least(raw)
    print(f"ingest {kind}, {len(texts)} chunks: {ours.passed:.1f} s, {len(texts) / ours.passed:.1f} chunks/s")
    print(
        f"  the encoder alone / ingest, time that passed  {encoder.passed / ours.passed:6.3f}  (target >= 0.95 on text)"
    )
    print(f"  the encoder alone / ingest, processor time    {encoder.processor / ours.processor:6.3f}")


def mixed_folder(work: Path, files: int) -> Path | None:
    """Texts and, where the benchmark data lie, the PDF files of two quarterly reports and a press release."""
    if "FOOTNOTE_DATA" not in os.environ:
        return None
    reports = [*sorted(data_folder("sec-10-q").glob("*.pdf"))[:2], *data_folder("financebench").glob("pdfs/ULTA*.pdf")]
    folder = corpus(work / "texts-and-pdf", files, 3)
    for report in reports:
        shutil.copy(report, folder)
    return folder


def batches(chosen: Settings) -> None:
    """Tokens a second of processor time by the tokens that are computed at once, in turn, three times each."""
    chosen_numbers = random.Random(1)
    texts = [text(i, chosen_numbers.randint(1, 8)) for i in range(40)]
    encoder = open_encoder(chosen)
    tokens = sum(encoder.count_tokens(texts))
    encoder.encode_passages(texts[:1])
    costs: dict[int, list[Cost]] = {budget: [] for budget in (256, 512, 1024, 2048, 4096)}
    usual = onnx_engine._BATCH_TOKENS
    for _ in range(3):
        for budget, found in costs.items():
            onnx_engine._BATCH_TOKENS = budget
            found.append(cost(lambda: encoder.encode_passages(texts)))
    onnx_engine._BATCH_TOKENS = usual
    for budget, found in costs.items():
        print(f"batches of {budget:5} tokens: {tokens / least(found).processor:6.0f} tokens/s of the processor")


def mixed(chosen: Settings, folder: Path, runs: int = 2) -> None:
    """A folder of any files, one file at a time against as many as the machine reads at once; in turn, twice each."""
    with open_index("warm", settings=chosen, create=True) as index:
        index.encoder.encode_question("warm")
    for run in range(runs):
        for processes in (1, 0):
            # A home of its own: vectors that are cached would make the second run another.
            changed = chosen.model_copy(
                update={"home": chosen.home / f"{run}-{processes}", "parse_processes": processes}
            )
            with open_index("mixed", settings=changed, create=True) as index:
                index.encoder.encode_question("warm")
                seconds = timed(lambda index=index: ingest(index, [folder]))  # type: ignore[misc]
                found = f"{index.catalog.chunk_total()} chunks of {len(index.catalog.sources())} documents"
                print(f"ingest {found}, {processes or 'as many as fit'} at a time: {seconds:.1f} s")


def large(chosen: Settings, chunks: int) -> Index:
    """An index of so many chunks whose vectors are random: what is timed does not depend on what they mean."""
    index = open_index("large", settings=chosen, create=True)
    generator = np.random.default_rng(7)
    centres = generator.normal(size=(200, 384)).astype(np.float32)
    step = 2000
    for start in range(0, chunks, step):
        body = "\n".join(text(7_000_000 + i, 8) for i in range(start, min(chunks, start + step)))
        document = Document(body, f"part {start}", "text/plain")
        record = SourceRecord(
            f"{start:06}.txt", "", "", "", "", "", content_hash(document), document.title, None, False
        )
        spans, position = [], 0
        for line in body.split("\n"):
            spans.append(Chunk(position, position + len(line), document.title))
            position += len(line) + 1
        ids = [f"{start + i:08}" for i in range(len(spans))]
        vectors = centres[generator.integers(0, len(centres), len(spans))]
        vectors = vectors + 0.6 * generator.normal(size=vectors.shape).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        entries = [
            VectorRecord(
                id_,
                body[c.start : c.end],
                record.source,
                record.document_id or "",
                record.title,
                c.context,
                c.start,
                c.end,
                None,
            )
            for id_, c in zip(ids, spans, strict=True)
        ]
        index.vectors.add(entries, vectors.astype(np.float32))
        index.catalog.publish([NewVersion(record, document, spans, ids)])
    return index


def retrieval(chosen: Settings, chunks: int, questions: int = 40) -> None:
    """Retrieval against encoding the question alone."""
    with large(chosen, chunks) as index:
        seeded = random.Random(3)
        asked = [question(seeded) for _ in range(questions)]
        for each in asked[:5]:
            retrieve(index, each)
        encode, whole = [], []
        for each in asked:
            encode.append(timed(lambda q=each: index.encoder.encode_question(q)))  # type: ignore[misc]
            whole.append(timed(lambda q=each: retrieve(index, q)))  # type: ignore[misc]
        p50, raw = statistics.median(whole) * 1000, statistics.median(encode) * 1000
        print(f"retrieve at {index.catalog.chunk_total()} chunks: p50 {p50:.1f} ms, encoding alone {raw:.1f} ms")
        print(f"  retrieve / encoding the question alone        {p50 / raw:6.3f}  (target <= 2)")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--files", type=int, default=300)
    arguments.add_argument("--chunks", type=int, default=10_000)
    arguments.add_argument("--folder", type=Path, help="measure the ingestion of this folder, and nothing else")
    arguments.add_argument("--runs", type=int, default=2, help="runs of ingestion and of the encoder alone, in turn")
    arguments.add_argument("--encoder", action="store_true", help="measure ingestion against the encoder alone only")
    arguments.add_argument("--batches", action="store_true", help="measure the encoder by the size of its batches only")
    found = arguments.parse_args()
    work = Path(tempfile.mkdtemp(prefix="footnote-speed-"))
    chosen = load_settings().model_copy(update={"home": work / "home"})
    try:
        if found.folder:
            mixed(chosen, found.folder)
            return
        if found.batches:
            batches(chosen)
            return
        against_encoder(chosen, corpus(work / "plain", found.files, 4), "plain text", found.runs)
        if folder := mixed_folder(work, found.files // 2):
            against_encoder(chosen, folder, "texts and PDF files", found.runs)
        if found.encoder:
            return
        ingestion(chosen, work, found.files)
        retrieval(chosen, found.chunks)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
