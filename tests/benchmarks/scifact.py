"""SciFact nDCG@10: the dense ranking alone, and the product's hybrid.

Published with the same encoder: dense 0.6451, hybrid 0.7225, a learned fusion 0.7316. ``--documents N`` takes so many
of the documents, all relevant ones of the test claims among them, and asks these claims alone: for an encoder that is
slow.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import numpy.typing as npt
from ir_measures import Qrel, ScoredDoc, calc_aggregate, nDCG

from rag.retrieval.passages import retrieve
from rag.store.index import Index
from tests.benchmarks import data

_DEPTH = 60


def documents(count: int | None = None) -> list[dict[str, Any]]:
    """All documents, or so many: those that are relevant to a test claim, and others in their order."""
    root = data.folder("scifact")
    rows = list(data.jsonl(root / "corpus.jsonl"))
    if count is None:
        return rows
    relevant = {document for found in data.beir(root, "test").relevant.values() for document in found}
    return sorted(rows, key=lambda row: row["_id"] not in relevant)[:count]


def build(count: int | None = None) -> Index:
    name = "scifact" if count is None else f"scifact-{count}"
    corpus = {row["_id"]: (row["title"], row["text"]) for row in documents(count)}
    return data.indexed(name, data.write_markdown(data.HOME / "corpora" / name, corpus))


def dense_whole(index: Index, queries: data.Queries, count: int | None = None) -> float:
    """nDCG@10 of the encoder alone on whole documents, title before text: the setting of the published figure."""
    rows = documents(count)
    vectors = index.cache.encode(index.encoder, [f"{row['title']} {row['text']}" for row in rows])
    run: list[ScoredDoc] = []
    for query, text in queries.text.items():
        scores: npt.NDArray[np.float32] = vectors @ index.encoder.encode_question(text)
        run += [ScoredDoc(query, rows[i]["_id"], float(scores[i])) for i in np.argsort(-scores)[:_DEPTH]]
    return measure(run, queries)


def hybrid(index: Index, queries: data.Queries) -> float:
    """nDCG@10 of ``rag retrieve``: a document scores as its best passage."""
    run: list[ScoredDoc] = []
    for query, text in queries.text.items():
        best: dict[str, float] = {}
        for passage in retrieve(index, text, _DEPTH):
            best.setdefault(data.source_id(passage.source), passage.scores["fused"])
        run += [ScoredDoc(query, document, score) for document, score in best.items()]
    return measure(run, queries)


def measure(run: list[ScoredDoc], queries: data.Queries) -> float:
    relevant = [Qrel(query, doc, grade) for query, found in queries.relevant.items() for doc, grade in found.items()]
    return float(calc_aggregate([nDCG @ 10], relevant, run)[nDCG @ 10])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, metavar="N", help="take so many of the documents, and the test claims")
    count = parser.parse_args().documents
    index, names = build(count), ("test",) if count else ("train", "test")
    splits = [data.beir(data.folder("scifact"), name) for name in names]
    print("SciFact nDCG@10                  " + "".join(f"{name:>8}" for name in names))
    print("dense, whole documents           " + "".join(f"{dense_whole(index, split, count):8.4f}" for split in splits))
    print("hybrid, the product's passages   " + "".join(f"{hybrid(index, split):8.4f}" for split in splits))
    if not count:
        print("published: dense 0.6451, hybrid 0.7225, learned fusion 0.7316 (test, same encoder)")


if __name__ == "__main__":
    main()
