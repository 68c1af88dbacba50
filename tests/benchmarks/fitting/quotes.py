"""How far below the best sentence a quoted one may score: on ClapNQ's answerable questions.

Score of a question: F1 of the precision and the recall of its citations against the gold sentences, refused or not.
How many sentences are quoted is no question of scores: five would score better than four, and make longer answers; see
``chosen`` in the file.
"""

from __future__ import annotations

import statistics
from dataclasses import replace

import numpy as np

from rag.answering.quotes import select_quotes
from rag.retrieval.search import SearchOptions, search_and_select
from rag.scoring.file import DataSet
from rag.scoring.values import Quotes, Scoring
from tests.benchmarks.clapnq import overlaps
from tests.benchmarks.fitting.clapnq import ANSWERABLE, PASSAGES, indexed
from tests.benchmarks.fitting.kept import files_of, kept
from tests.benchmarks.fitting.rule import Strata, fit_group

GRIDS = {"score_margin": (0.1, 0.15, 0.2, 0.3)}
# Precision and recall of a question's citations, and how many words they have.
Cited = tuple[float, float, int]


def citation_figures(quotes: list[str], gold: tuple[str, ...]) -> Cited:
    if not quotes:
        return 0.0, 0.0, 0
    precision = statistics.mean(overlaps(quote, gold) for quote in quotes)
    recall = statistics.mean(any(overlaps(quote, (sentence,)) for quote in quotes) for sentence in gold)
    return precision, recall, sum(len(quote.split()) for quote in quotes)


def strata(questions: list[Cited]) -> Strata:
    return (
        np.array([
            2 * precision * recall / (precision + recall) if precision + recall else 0.0
            for precision, recall, _ in questions
        ]),
    )


def fit(present: Scoring) -> tuple[Quotes, list[DataSet]]:
    margins = dict.fromkeys([*GRIDS["score_margin"], present.quotes.score_margin])
    found = _cited(present, list(margins))
    fitted = fit_group(present.quotes, GRIDS, lambda quotes: strata(found[quotes.score_margin]))
    cited = found[fitted.score_margin]
    figures = {
        "citation precision": round(statistics.mean(precision for precision, *_ in cited), 4),
        "citation recall": round(statistics.mean(recall for _, recall, _ in cited), 4),
        "words quoted": round(statistics.mean(words for *_, words in cited), 1),
    }
    fits = tuple(f"quotes.{name}" for name in GRIDS)
    return fitted, [DataSet("ClapNQ dev, answerable: quotes", files_of(ANSWERABLE), len(cited), fits, figures)]


def _cited(present: Scoring, margins: list[float]) -> dict[float, list[Cited]]:
    """The citations of each question, with each margin."""

    def make() -> list[list[Cited]]:
        rows: list[list[Cited]] = [[] for _ in margins]
        for case in answerable:
            selected = search_and_select(index, case.question, SearchOptions(PASSAGES))
            for margin, row in zip(margins, rows, strict=True):
                index.scoring = replace(present, quotes=replace(present.quotes, score_margin=margin))
                spans = select_quotes(selected, index)
                row.append(citation_figures([span.quote for span in spans], case.gold))
        return rows

    with indexed(present) as (index, answerable, _):
        before = (present.fusion, present.evidence, present.quotes, margins)
        rows = kept("clapnq-quotes", [index.encoder.fingerprint, files_of(ANSWERABLE), before], make)
    return {margin: [(p, r, w) for p, r, w in row] for margin, row in zip(margins, rows, strict=True)}
