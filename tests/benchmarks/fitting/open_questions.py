"""What SQuAD 2.0's answerable questions find among all articles that are for fitting, for the group of the sentences.

Three hundred of them, spread over the articles: each costs a search and a few passes of the embedding model.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from rag.planning.planner import make_plan
from rag.retrieval.evidence import SentenceFeatures, rank_evidence
from rag.retrieval.languages import IN_ENGLISH, scales_of
from rag.retrieval.search import SearchOptions, search
from rag.scoring.values import Scoring
from rag.store.index import Index
from rag.types import Document, Evidence, Span
from tests.benchmarks import squad2
from tests.benchmarks.fitting.exact_search import search_exactly
from tests.benchmarks.fitting.kept import files_of, kept

FILE = "squad2/dev-half.json"
COUNT = 300

Sentences = list[tuple[Evidence, SentenceFeatures]]


@dataclass(frozen=True)
class OpenQuestions:
    """What was found for the questions.

    Attributes:
        questions: The questions, as they were searched for.
        gold: The answers of each.
        sentences: For each question, the sentences for each part of it.
        documents: The documents that the sentences stand in, by their id.
    """

    questions: list[str]
    gold: list[tuple[str, ...]]
    sentences: list[list[Sentences]]
    documents: Mapping[str, Document | None]


def open_questions(scoring: Scoring) -> OpenQuestions:
    """What is found with the fusion and the evidence weights of some numbers."""
    cases = squad2.spread([case for case in squad2.cases("fit") if case.gold], COUNT)
    with search_exactly(squad2.build("fit")) as index:
        index.scoring = scoring
        rows = kept(
            "squad2",
            [index.encoder.fingerprint, files_of(FILE), COUNT, scoring.fusion, scoring.evidence],
            lambda: [_found(index, case.question) for case in cases],
        )
        sentences = [[[_read(row) for row in part] for part in parts] for parts in rows]
        ids = {item.span.source_id for parts in sentences for part in parts for item, _ in part}
        documents = {id_: index.catalog.document(id_) for id_ in sorted(ids)}
    return OpenQuestions([case.question for case in cases], [case.gold for case in cases], sentences, documents)


def _found(index: Index, question: str) -> list[Any]:
    """The sentences of each part of a question with their features."""
    parts = search(index, make_plan(index, question).plan, SearchOptions())
    scales = scales_of(index, IN_ENGLISH)
    ranked = [rank_evidence(index, part.query, part.passages, scales, margin=math.inf) for part in parts]
    return [
        [(astuple(item), astuple(its)) for item, its in zip(one.sentences, one.features, strict=True)] for one in ranked
    ]


def _read(row: Any) -> tuple[Evidence, SentenceFeatures]:
    (span, *rest), its_features = row
    return Evidence(Span(*span), *rest), SentenceFeatures(*its_features)
