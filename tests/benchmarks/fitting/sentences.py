"""What the features of a sentence weigh, how many are quoted and how far below the best: on ClapNQ's answerable ones.

Two scores of a question, which count the same: the reciprocal rank of its first gold sentence (0 where none is found),
and how well what is quoted of it, refused or not, agrees with the gold sentences, as F1 of their words (Rajpurkar and
others, 2016). F1 of words takes account of length: a longer quote that holds a gold sentence is not as good as the
sentence. The weight of the similarity is the unit of the other weights, and stays.
"""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from rag.answering.quotes import select_quotes
from rag.retrieval.evidence import sentence_score
from rag.retrieval.search import SelectedEvidence
from rag.scoring.file import DataSet, Move
from rag.scoring.values import Scoring
from rag.types import Evidence
from tests.benchmarks.clapnq import overlaps
from tests.benchmarks.fitting.clapnq import ANSWERABLE, Found, Sentences
from tests.benchmarks.fitting.kept import files_of
from tests.benchmarks.fitting.rule import Strata, fit_group

GRIDS = {
    "evidence.coverage": (0.0, 0.1, 0.2, 0.3),
    "evidence.passage": (0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
    "evidence.kind": (0.0, 0.05, 0.1, 0.2),
    "quotes.score_margin": (0.1, 0.15, 0.2, 0.3),
    "quotes.most": (2, 3, 4, 5, 6),
}


@dataclass(frozen=True)
class Quoted:
    """What a setting makes of a question: the rank of its first gold sentence (0: none), and its quotes."""

    gold_rank: int
    quotes: tuple[str, ...]


def quoted(found: Found, scoring: Scoring) -> list[Quoted]:
    catalog = SimpleNamespace(document=found.documents.__getitem__)
    index: Any = SimpleNamespace(scoring=scoring, catalog=catalog)
    results = []
    for parts, gold in zip(found.sentences, found.gold, strict=True):
        ranked = [_ranked(sentences, scoring) for sentences in parts]
        ranks = [
            next((rank for rank, item in enumerate(part, start=1) if overlaps(item.span.quote, gold)), 0)
            for part in ranked
        ]
        evidence = tuple(item for part in ranked for item in part)
        by_part = tuple(tuple(part) for part in ranked if part)
        selected = SelectedEvidence((), evidence, 1.0, "sure", "", (), by_part)
        spans = select_quotes(selected, index) if selected.evidence else []
        rank = min((rank for rank in ranks if rank), default=0)
        results.append(Quoted(rank, tuple(span.quote for span in spans)))
    return results


def _ranked(sentences: Sentences, scoring: Scoring) -> list[Evidence]:
    scored = [replace(item, score=sentence_score(features, scoring.evidence)) for item, features in sentences]
    return sorted(scored, key=lambda item: (-item.score, item.passage_rank, item.span.start))


def word_f1(quotes: tuple[str, ...], gold: tuple[str, ...]) -> float:
    """F1 of the words of the quotes and of the gold sentences."""
    given = Counter(word for quote in quotes for word in quote.lower().split())
    wanted = Counter(word for sentence in gold for word in sentence.lower().split())
    shared = (given & wanted).total()
    return 2 * shared / (given.total() + wanted.total())


def strata(found: Found, scoring: Scoring) -> Strata:
    results = quoted(found, scoring)
    return (
        np.array([1 / one.gold_rank if one.gold_rank else 0.0 for one in results]),
        np.array([word_f1(one.quotes, gold) for one, gold in zip(results, found.gold, strict=True)]),
    )


def fit(present: Scoring, found: Found, hold: bool) -> tuple[Scoring, list[DataSet], tuple[Move, ...]]:
    @dataclass(frozen=True)
    class Flat:
        """The values of two groups, side by side."""

        coverage: float = present.evidence.coverage
        passage: float = present.evidence.passage
        kind: float = present.evidence.kind
        score_margin: float = present.quotes.score_margin
        most: int = present.quotes.most

        def scoring(self) -> Scoring:
            evidence = replace(present.evidence, coverage=self.coverage, passage=self.passage, kind=self.kind)
            quotes = replace(present.quotes, score_margin=self.score_margin, most=self.most)
            return replace(present, evidence=evidence, quotes=quotes)

    grids = {path.partition(".")[2]: grid for path, grid in GRIDS.items()}
    fitted, moves = fit_group("", Flat(), grids, lambda flat: strata(found, flat.scoring()), hold=hold)
    paths = {f".{path.partition('.')[2]}": path for path in GRIDS}
    moves = tuple(replace(one, values={paths[name]: value for name, value in one.values.items()}) for one in moves)
    scoring = fitted.scoring()
    figures = {name: round(float(figure), 4) for name, figure in _figures(found, scoring).items()}
    return (
        scoring,
        [DataSet("ClapNQ dev, answerable", files_of(ANSWERABLE), len(found.gold), tuple(GRIDS), figures)],
        moves,
    )


def _figures(found: Found, scoring: Scoring) -> dict[str, float]:
    results = quoted(found, scoring)
    cited = [(one, gold) for one, gold in zip(results, found.gold, strict=True) if one.quotes]
    reciprocal, words = strata(found, scoring)
    return {
        "mrr": float(reciprocal.mean()),
        "gold sentence first": statistics.mean(one.gold_rank == 1 for one in results),
        "gold sentence among three": statistics.mean(0 < one.gold_rank <= 3 for one in results),
        "word f1": float(words.mean()),
        "citation precision": statistics.mean(
            statistics.mean(overlaps(quote, gold) for quote in one.quotes) for one, gold in cited
        ),
        "citation recall": statistics.mean(
            statistics.mean(any(overlaps(quote, (sentence,)) for quote in one.quotes) for sentence in gold)
            for one, gold in cited
        ),
        "words quoted": statistics.mean(sum(len(quote.split()) for quote in one.quotes) for one, _ in cited),
    }
