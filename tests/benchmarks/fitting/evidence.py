"""What the features of a sentence weigh: on ClapNQ's answerable questions.

Score of a question: the reciprocal rank of its first gold sentence, 0 where none is found. The weight of the similarity
is the unit of the others and stays.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from rag.retrieval.evidence import SentenceFeatures, sentence_score
from rag.scoring.file import DataSet
from rag.scoring.values import EvidenceWeights, Scoring
from tests.benchmarks.clapnq import overlaps
from tests.benchmarks.fitting.clapnq import ANSWERABLE, indexed, ranked
from tests.benchmarks.fitting.kept import files_of, kept
from tests.benchmarks.fitting.rule import Strata, fit_group

GRIDS = {
    "coverage": (0.0, 0.1, 0.2, 0.3),
    "passage": (0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
    "kind": (0.0, 0.05, 0.1, 0.2),
}


@dataclass(frozen=True)
class Sentence:
    """A sentence that was found: its features, whether it is gold, and where it stands for ties."""

    features: SentenceFeatures
    is_gold: bool
    passage_rank: int
    start: int


def gold_rank(sentences: list[Sentence], weights: EvidenceWeights) -> int:
    """The rank of the first gold sentence, 0 where there is none."""
    ordered = sorted(
        sentences, key=lambda one: (-sentence_score(one.features, weights), one.passage_rank, one.start)
    )
    return next((rank for rank, one in enumerate(ordered, start=1) if one.is_gold), 0)


def strata(questions: list[list[Sentence]], weights: EvidenceWeights) -> Strata:
    ranks = [gold_rank(sentences, weights) for sentences in questions]
    return (np.array([1 / rank if rank else 0.0 for rank in ranks]),)


def fit(present: Scoring) -> tuple[EvidenceWeights, list[DataSet]]:
    questions = _questions(present)
    fitted = fit_group(present.evidence, GRIDS, lambda weights: strata(questions, weights))
    ranks = [gold_rank(sentences, fitted) for sentences in questions]
    figures = {
        "mrr": float(strata(questions, fitted)[0].mean()),
        "gold sentence first": float(np.mean([rank == 1 for rank in ranks])),
        "gold sentence among three": float(np.mean([0 < rank <= 3 for rank in ranks])),
    }
    rounded = {name: round(figure, 4) for name, figure in figures.items()}
    fits = tuple(f"evidence.{name}" for name in GRIDS)
    return fitted, [DataSet("ClapNQ dev, answerable: sentences", files_of(ANSWERABLE), len(questions), fits, rounded)]


def _questions(present: Scoring) -> list[list[Sentence]]:
    def make() -> list[list[list[object]]]:
        found = []
        for case in answerable:
            _, evidence = ranked(index, case.question)
            found.append([
                [*astuple(features), overlaps(item.span.quote, case.gold), item.passage_rank, item.span.start]
                for item, features in zip(evidence.sentences, evidence.features, strict=True)
            ])
        return found

    with indexed(present) as (index, answerable, _):
        shortlist = (present.evidence.passages, present.evidence.encoded, present.evidence.shortlist_coverage)
        rows = kept("clapnq-sentences", [index.encoder.fingerprint, files_of(ANSWERABLE), present.fusion, shortlist], make)
    return [[Sentence(SentenceFeatures(*row[:5]), *row[5:]) for row in each] for each in rows]
