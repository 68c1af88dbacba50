"""What the features of a sentence weigh, how many are quoted and how far below the best: on ClapNQ and SQuAD 2.0.

Two scores of each question, which count the same. The first is the reciprocal rank of its first gold sentence (0 where
none is found). The second tells how good what is quoted is, refused or not. ClapNQ names all gold sentences: there it
is the F1 of their words and the quoted ones (Rajpurkar and others, 2016). SQuAD names an answer only: there it is 1
where it is quoted, else 0, less a five-hundredth for each quoted word, so that fifty words more must show the answer
to one question in ten that was not answered. Both take account of length: a longer quote is not as good as the sentence
that answers. The weight of the similarity is the unit of the other weights, and stays.
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
from tests.benchmarks.fitting.open_questions import FILE, OpenQuestions
from tests.benchmarks.fitting.rule import Strata, fit_group
from tests.benchmarks.squad2 import holds

GRIDS = {
    "evidence.coverage": (0.0, 0.1, 0.2, 0.3),
    "evidence.passage": (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8),
    "evidence.kind": (0.0, 0.05, 0.1, 0.15, 0.2),
    "evidence.nearness": (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5),
    "evidence.context": (0.0, 0.1, 0.2, 0.3, 0.4, 0.5),
    "quotes.score_margin": (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5),
    "quotes.sharpness": (4.0, 6.0, 8.0, 10.0),
    "quotes.least_gain": (0.0, 0.002, 0.003, 0.0035, 0.004, 0.005, 0.006),
    "quotes.words": (50, 60, 70, 80, 100),
    "quotes.most": (2, 3, 4, 5, 6),
}
# What a quoted word costs, where an answer that is shown counts 1.
_COST_OF_WORD = 0.002


@dataclass(frozen=True)
class Quoted:
    """What a setting makes of a question: the rank of its first gold sentence (0: none), and its quotes."""

    gold_rank: int
    quotes: tuple[str, ...]


def quoted(found: Found | OpenQuestions, scoring: Scoring) -> list[Quoted]:
    is_gold = holds if isinstance(found, OpenQuestions) else overlaps
    catalog = SimpleNamespace(document=found.documents.__getitem__)
    index: Any = SimpleNamespace(scoring=scoring, catalog=catalog)
    results = []
    for question, parts, gold in zip(found.questions, found.sentences, found.gold, strict=True):
        ranked = [_ranked(sentences, scoring) for sentences in parts]
        ranks = [
            next((rank for rank, item in enumerate(part, start=1) if is_gold(item.span.quote, gold)), 0)
            for part in ranked
        ]
        evidence = tuple(item for part in ranked for item in part)
        by_part = tuple(tuple(part) for part in ranked if part)
        selected = SelectedEvidence((), evidence, 1.0, "sure", question, (), by_part)
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


def shown(quotes: tuple[str, ...], gold: tuple[str, ...]) -> float:
    """1 where one of the answers stands in a quote, else 0, less what the quoted words cost."""
    return any(holds(quote, gold) for quote in quotes) - _COST_OF_WORD * sum(len(quote.split()) for quote in quotes)


def strata(found: Found | OpenQuestions, scoring: Scoring) -> Strata:
    results = quoted(found, scoring)
    worth = shown if isinstance(found, OpenQuestions) else word_f1
    return (
        np.array([1 / one.gold_rank if one.gold_rank else 0.0 for one in results]),
        np.array([worth(one.quotes, gold) for one, gold in zip(results, found.gold, strict=True)]),
    )


def fit(
    present: Scoring, found: Found, asked: OpenQuestions, hold: bool, only: str = ""
) -> tuple[Scoring, list[DataSet], tuple[Move, ...]]:
    """Fit both groups, or ``only`` the values whose path begins so."""

    @dataclass(frozen=True)
    class Flat:
        """The values of two groups, side by side."""

        coverage: float = present.evidence.coverage
        passage: float = present.evidence.passage
        kind: float = present.evidence.kind
        nearness: float = present.evidence.nearness
        context: float = present.evidence.context
        score_margin: float = present.quotes.score_margin
        sharpness: float = present.quotes.sharpness
        least_gain: float = present.quotes.least_gain
        words: int = present.quotes.words
        most: int = present.quotes.most

        def scoring(self) -> Scoring:
            evidence = replace(
                present.evidence,
                coverage=self.coverage,
                passage=self.passage,
                kind=self.kind,
                nearness=self.nearness,
                context=self.context,
            )
            quotes = replace(
                present.quotes,
                score_margin=self.score_margin,
                sharpness=self.sharpness,
                least_gain=self.least_gain,
                words=self.words,
                most=self.most,
            )
            return replace(present, evidence=evidence, quotes=quotes)

    def score(flat: Flat) -> Strata:
        return (*strata(found, flat.scoring()), *strata(asked, flat.scoring()))

    grids = {path.partition(".")[2]: grid for path, grid in GRIDS.items() if path.startswith(only)}
    fitted, moves = fit_group("", Flat(), grids, score, hold=hold)
    paths = {f".{path.partition('.')[2]}": path for path in GRIDS}
    moves = tuple(replace(one, values={paths[name]: value for name, value in one.values.items()}) for one in moves)
    scoring = fitted.scoring()
    sets = [
        DataSet(
            "ClapNQ dev, answerable", files_of(ANSWERABLE), len(found.gold), tuple(GRIDS), _figures(found, scoring)
        ),
        DataSet(
            "SQuAD 2.0 dev, articles to fit on, answerable",
            files_of(FILE),
            len(asked.gold),
            tuple(GRIDS),
            _open_figures(asked, scoring),
        ),
    ]
    return scoring, sets, moves


def _figures(found: Found, scoring: Scoring) -> dict[str, float]:
    results = quoted(found, scoring)
    cited = [(one, gold) for one, gold in zip(results, found.gold, strict=True) if one.quotes]
    reciprocal, words = strata(found, scoring)
    figures = {
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
    return _rounded(figures)


def _open_figures(asked: OpenQuestions, scoring: Scoring) -> dict[str, float]:
    results = quoted(asked, scoring)
    figures = {
        "mrr": statistics.mean(1 / one.gold_rank if one.gold_rank else 0.0 for one in results),
        "answer in the first sentence": statistics.mean(one.gold_rank == 1 for one in results),
        "answer quoted": statistics.mean(
            any(holds(quote, gold) for quote in one.quotes) for one, gold in zip(results, asked.gold, strict=True)
        ),
        "words quoted": statistics.mean(sum(len(quote.split()) for quote in one.quotes) for one in results),
    }
    return _rounded(figures)


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(float(figure), 4) for name, figure in figures.items()}
