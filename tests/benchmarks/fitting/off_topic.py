"""What questions find among documents on other subjects, whose features belong to a question that is to be refused.

Questions of ClapNQ are asked of one article of SQuAD 2.0 each, which is as small as a few pages of a handbook, and
questions of SQuAD 2.0 of all passages of ClapNQ. That a document on another subject answers one of them by chance is
not ruled out; none was seen.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.retrieval.search import SearchOptions
from rag.scoring.values import Scoring
from tests.benchmarks import clapnq, squad2
from tests.benchmarks.fitting.clapnq import ANSWERABLE, NEAR_MISSES
from tests.benchmarks.fitting.exact_search import search_exactly
from tests.benchmarks.fitting.kept import files_of, kept
from tests.benchmarks.fitting.squad2 import FILE, confidence_features, drawn_cases

FILES = (ANSWERABLE, NEAR_MISSES, FILE)
# Of each of the two.
_MOST = 300


@dataclass(frozen=True)
class Row:
    """A question: the number of the fold that it belongs to, and the features of the confidence."""

    fold: int
    features: list[float]


def rows_for(scoring: Scoring) -> list[Row]:
    """What is found with the fusion and the evidence weights of some numbers."""
    articles = sorted({case.article for case in squad2.cases("fit")})
    passages, of_clapnq = clapnq.build()
    of_squad = drawn_cases()[:_MOST]
    strangers = squad2.spread(of_clapnq, _MOST)
    depends_on = [files_of(*FILES), scoring.fusion, scoring.evidence]
    with search_exactly(passages) as index:
        index.scoring = scoring
        of_all = kept(
            "off-topic-passages",
            [index.encoder.fingerprint, *depends_on],
            lambda: [confidence_features(index, case.question) for case in of_squad],
        )
    with search_exactly(squad2.build("fit")) as index:
        index.scoring = scoring
        of_one = kept(
            "off-topic-articles",
            [index.encoder.fingerprint, *depends_on],
            lambda: [
                confidence_features(
                    index, case.question, SearchOptions(sources=(f"*{articles[at % len(articles)]}.md",))
                )
                for at, case in enumerate(strangers)
            ],
        )
    return [
        *(Row(articles.index(case.article), row) for case, row in zip(of_squad, of_all, strict=True)),
        *(Row(at % len(articles), row) for at, row in enumerate(of_one)),
    ]
