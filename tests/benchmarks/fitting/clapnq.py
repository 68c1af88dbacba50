"""What ClapNQ's questions find, for the groups that are fitted on it: evidence, quotes and answerability.

A question without a gold sentence among the answerable ones tells neither kind, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from rag.retrieval.evidence import RankedEvidence, rank_evidence
from rag.retrieval.passages import retrieve
from rag.scoring.values import Scoring
from rag.store.index import Index
from rag.types import Passage
from tests.benchmarks import clapnq, data

ANSWERABLE = "clapnq/clapnq_dev_answerable.jsonl"
NEAR_MISSES = "clapnq/clapnq_dev_unanswerable.jsonl"
# As many passages as `rag ask` retrieves.
PASSAGES = 8


@contextmanager
def indexed(scoring: Scoring) -> Iterator[tuple[Index, list[clapnq.Case], list[clapnq.Case]]]:
    """The index, asked with some numbers, and the answerable and the near-miss questions."""
    index, cases = clapnq.build()
    total = sum(1 for _ in data.jsonl(data.folder("clapnq") / "clapnq_dev_answerable.jsonl"))
    with index:
        index.scoring = replace(scoring, encoder=index.scoring.encoder)
        yield index, [case for case in cases[:total] if case.gold], cases[total:]


def ranked(index: Index, question: str) -> tuple[list[Passage], RankedEvidence]:
    passages = retrieve(index, question, PASSAGES)
    return passages, rank_evidence(index, question, passages)
