"""What questions of SQuAD 2.0 find, drawn from the articles that are for fitting."""

from __future__ import annotations

import math
import random
from dataclasses import astuple, dataclass

from rag.planning.planner import make_plan
from rag.retrieval.answerability import features
from rag.retrieval.evidence import rank_evidence
from rag.retrieval.languages import IN_ENGLISH, scales_of
from rag.retrieval.missing import missing_words
from rag.retrieval.search import SearchOptions, search
from rag.scoring.values import Scoring
from rag.store.index import Index
from tests.benchmarks import squad2
from tests.benchmarks.fitting.exact_search import search_exactly
from tests.benchmarks.fitting.kept import files_of, kept

FILE = "squad2/dev-half.json"
# Questions about one paragraph are much alike: a third of them tells nearly as much as all.
_MOST = 900
# As `rag ask` searches.
AS_ASKED = SearchOptions()


@dataclass(frozen=True)
class Row:
    """A question: its article, whether that answers it, and the features of the confidence."""

    article: str
    answerable: bool
    features: list[float]


def drawn_cases() -> list[squad2.Case]:
    """Some of the questions, drawn with a seed."""
    cases = list(squad2.cases("fit"))
    random.Random(1).shuffle(cases)
    return cases[:_MOST]


def rows_for(scoring: Scoring) -> list[Row]:
    """What is found with the fusion and the evidence weights of some numbers."""
    cases = drawn_cases()
    with search_exactly(squad2.build("fit")) as index:
        index.scoring = scoring
        rows = kept(
            "squad2-fit",
            [index.encoder.fingerprint, files_of(FILE), scoring.fusion, scoring.evidence],
            lambda: [confidence_features(index, case.question) for case in cases],
        )
    return [Row(case.article, bool(case.gold), row) for case, row in zip(cases, rows, strict=True)]


def confidence_features(index: Index, question: str, how: SearchOptions = AS_ASKED) -> list[float]:
    """The features of the confidence in the first part of a question."""
    first = search(index, make_plan(index, question).plan, how)[0]
    scales = scales_of(index, IN_ENGLISH)
    ranked = rank_evidence(index, first.query, first.passages, scales, margin=math.inf)
    absent = missing_words(index, first.query, first.passages).absent
    return list(astuple(features(first.query, first.passages, ranked, absent, scales)))
