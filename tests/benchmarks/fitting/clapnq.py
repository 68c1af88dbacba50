"""What ClapNQ's questions find, for the groups that are fitted on it: sentences, quotes and answerability.

A question without a gold sentence among the answerable ones tells neither kind, and is left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from rag.planning.planner import make_plan
from rag.retrieval.answerability import features
from rag.retrieval.evidence import SentenceFeatures, rank_evidence
from rag.retrieval.languages import IN_ENGLISH, scales_of
from rag.retrieval.missing import missing_words
from rag.retrieval.search import SearchOptions, search
from rag.scoring.values import Scoring
from rag.store.index import Index
from rag.types import Document, Evidence, Span
from tests.benchmarks import clapnq
from tests.benchmarks.fitting.exact_search import search_exactly
from tests.benchmarks.fitting.kept import files_of, kept

ANSWERABLE = "clapnq/clapnq_dev_answerable.jsonl"
NEAR_MISSES = "clapnq/clapnq_dev_unanswerable.jsonl"
# As `rag ask` searches.
_HOW = SearchOptions()

Sentences = list[tuple[Evidence, SentenceFeatures]]


@dataclass(frozen=True)
class Found:
    """What was found for ClapNQ's questions.

    Attributes:
        questions: The answerable questions.
        gold: The gold sentences of each of them.
        sentences: For each answerable question, the sentences for each part of it.
        answerable_features: For each answerable question, the features of the confidence.
        near_miss_features: For each near miss, the same.
        documents: The documents that the sentences stand in, by their id.
    """

    questions: list[str]
    gold: list[tuple[str, ...]]
    sentences: list[list[Sentences]]
    answerable_features: list[list[float]]
    near_miss_features: list[list[float]]
    documents: Mapping[str, Document | None]


def found_for(scoring: Scoring) -> Found:
    """What is found with the fusion and the evidence weights of some numbers."""
    total = clapnq.answerable_total()
    opened, cases = clapnq.build()
    answerable, near_misses = [case for case in cases[:total] if case.gold], cases[total:]
    with search_exactly(opened) as index:
        index.scoring = scoring
        rows = kept(
            "clapnq",
            [index.encoder.fingerprint, files_of(ANSWERABLE, NEAR_MISSES), scoring.fusion, scoring.evidence],
            lambda: [[_found(index, case.question) for case in kind] for kind in (answerable, near_misses)],
        )
        sentences = [[[_read(row) for row in part] for part in parts] for parts, _ in rows[0]]
        ids = {item.span.source_id for parts in sentences for part in parts for item, _ in part}
        documents = {id_: index.catalog.document(id_) for id_ in sorted(ids)}
    return Found(
        [case.question for case in answerable],
        [case.gold for case in answerable],
        sentences,
        [row[1] for row in rows[0]],
        [row[1] for row in rows[1]],
        documents,
    )


def _found(index: Index, question: str) -> tuple[list[Any], list[float]]:
    """The sentences of each part of a question with their features, and the features of the confidence in its first."""
    parts = search(index, make_plan(index, question).plan, _HOW)
    scales = scales_of(index, IN_ENGLISH)
    ranked = [rank_evidence(index, part.query, part.passages, scales, margin=math.inf) for part in parts]
    first = parts[0]
    absent = missing_words(index, first.query, first.passages).absent
    return (
        [
            [(astuple(item), astuple(its)) for item, its in zip(one.sentences, one.features, strict=True)]
            for one in ranked
        ],
        list(astuple(features(first.query, first.passages, ranked[0], absent, scales))),
    )


def _read(row: Any) -> tuple[Evidence, SentenceFeatures]:
    (span, *rest), its_features = row
    return Evidence(Span(*span), *rest), SentenceFeatures(*its_features)
