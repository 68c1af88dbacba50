"""How the dense and the keyword ranking are fused: on SciFact's train claims and Chroma's chunking questions.

Score of a claim: nDCG@10 of its documents by their best passage. Score of a question: the share of the characters of
its excerpts that its five best chunks hold. Both data sets count the same, because each favours another end: SciFact's
short abstracts hardly tell one weight from another, long documents do.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rag.retrieval.passages import Candidates, find_candidates, fuse_rankings
from rag.scoring.file import DataSet, Move
from rag.scoring.values import Fusion
from rag.store.catalog import ChunkRecord
from rag.store.index import Index
from tests.benchmarks import data
from tests.benchmarks.chunking import covered
from tests.benchmarks.fitting.exact_search import search_exactly
from tests.benchmarks.fitting.kept import files_of, kept
from tests.benchmarks.fitting.rule import Strata, fit_group

GRIDS = {
    "dense_weight": (0.5, 0.4, 0.6, 0.3, 0.7),
    "dense_share": (0.0, 0.05, 0.1, 0.2),
    "keyword_share": (0.0, 0.05, 0.1, 0.2, 0.3),
}
_FITS = tuple(f"fusion.{name}" for name in GRIDS)
_SCIFACT = ("scifact/corpus.jsonl", "scifact/queries.jsonl", "scifact/qrels/train.tsv")
_CORPORA = ("chatlogs", "finance", "pubmed", "state_of_the_union", "wikitexts")
_CHUNKING = ("chunking-eval/questions_df.csv", *(f"chunking-eval/corpora/{name}.md" for name in _CORPORA))
# How deep a ranking of passages is read for one of ten documents.
_DEPTH = 60


@dataclass(frozen=True)
class RankedQuestion:
    """A question's candidates, with its relevant documents and their grades, or its excerpts by source."""

    candidates: Candidates
    relevant: Mapping[str, int]
    excerpts: tuple[str, list[tuple[int, int]]] | None = None


def ndcg(question: RankedQuestion, fusion: Fusion) -> float:
    """nDCG@10 of the documents of a fused ranking; one is as high as its best passage."""
    documents: dict[str, None] = {}
    for chunk, _ in fuse_rankings(question.candidates, fusion)[:_DEPTH]:
        documents.setdefault(data.source_id(chunk.source))
    gains = [question.relevant.get(document, 0) for document in list(documents)[:10]]
    ideal = sorted(question.relevant.values(), reverse=True)[:10]
    return _discounted(gains) / _discounted(ideal)


def _discounted(gains: list[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def excerpt_recall(question: RankedQuestion, fusion: Fusion) -> float:
    """The share of the characters of a question's excerpts that its five best chunks hold."""
    assert question.excerpts is not None
    source, wanted = question.excerpts
    best = [chunk for chunk, _ in fuse_rankings(question.candidates, fusion)[:5]]
    found = covered(wanted, [(chunk.start, chunk.end) for chunk in best if chunk.source == source])
    return found / sum(end - start for start, end in wanted)


def strata(claims: list[RankedQuestion], questions: list[RankedQuestion], fusion: Fusion) -> Strata:
    return (
        np.array([ndcg(claim, fusion) for claim in claims]),
        np.array([excerpt_recall(question, fusion) for question in questions]),
    )


def fit(present: Fusion, hold: bool) -> tuple[Fusion, list[DataSet], tuple[Move, ...]]:
    """The values, the data with what they reach on it, and what the rule would change where it is held."""
    claims, questions = _claims(present.candidates), _questions(present.candidates)
    fitted, moves = fit_group("fusion", present, GRIDS, lambda fusion: strata(claims, questions, fusion), hold=hold)
    on_claims, on_questions = (float(scores.mean()) for scores in strata(claims, questions, fitted))
    sets = [
        DataSet("SciFact, train", files_of(*_SCIFACT), len(claims), _FITS, {"ndcg@10": round(on_claims, 4)}),
        DataSet(
            "Chroma's chunking evaluation",
            files_of(*_CHUNKING),
            len(questions),
            _FITS,
            {"span_recall@5": round(on_questions, 4)},
        ),
    ]
    return fitted, sets, moves


def _claims(wanted: int) -> list[RankedQuestion]:
    queries = data.beir(data.folder("scifact"), "train")
    corpus = {row["_id"]: (row["title"], row["text"]) for row in data.jsonl(data.folder("scifact") / "corpus.jsonl")}
    index = data.indexed("scifact", data.write_markdown(data.HOME / "corpora" / "scifact", corpus))
    with search_exactly(index):
        found = kept(
            "scifact-train-candidates",
            [index.encoder.fingerprint, files_of(*_SCIFACT), wanted],
            lambda: [_as_json(index, text) for text in queries.text.values()],
        )
    return [
        RankedQuestion(_candidates(each), queries.relevant[query])
        for query, each in zip(queries.text, found, strict=True)
    ]


def _questions(wanted: int) -> list[RankedQuestion]:
    root = data.folder("chunking-eval")
    with (root / "questions_df.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with search_exactly(data.indexed("chunking", root / "corpora")) as index:
        found = kept(
            "chunking-candidates",
            [index.encoder.fingerprint, files_of(*_CHUNKING), wanted],
            lambda: [_as_json(index, row["question"]) for row in rows],
        )
    return [
        RankedQuestion(
            _candidates(each),
            {},
            (
                f"{row['corpus_id']}.md",
                [(reference["start_index"], reference["end_index"]) for reference in json.loads(row["references"])],
            ),
        )
        for row, each in zip(rows, found, strict=True)
    ]


def _as_json(index: Index, question: str) -> list[list[Any]]:
    """The candidates of a question, by id, so that the order of a set does not show."""
    found = find_candidates(index, question)
    return [
        [id_, chunk.source, chunk.number, chunk.start, chunk.end, found.dense.get(id_), found.keyword.get(id_)]
        for id_, chunk in sorted(found.chunks.items())
    ]


def _candidates(rows: list[list[Any]]) -> Candidates:
    return Candidates(
        {
            id_: ChunkRecord(number, id_, source, "", "", start, end, "", "")
            for id_, source, number, start, end, *_ in rows
        },
        {row[0]: row[5] for row in rows if row[5] is not None},
        {row[0]: row[6] for row in rows if row[6] is not None},
    )
