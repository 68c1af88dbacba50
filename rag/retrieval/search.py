"""Everything before a word is written: passages, evidence, and whether the documents answer the question.

Owns: the path from a stand-alone question to what was found, each part of a question on its own. Knows nothing about
language models or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.retrieval.answerability import confidence, features
from rag.retrieval.evidence import rank_evidence
from rag.retrieval.fusion import DENSE_WEIGHT
from rag.retrieval.passages import Reranker, retrieve
from rag.retrieval.query_rewriting import conversation_subject, is_follow_up
from rag.retrieval.question import names_and_numbers, split_question, unmentioned
from rag.store.index import Index
from rag.types import Evidence, Passage, Turn

# What is read of a question; a pasted page is not one.
_QUESTION_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """How to look: ``threshold`` is the confidence below which the documents are taken not to hold the answer."""

    passages: int = 8
    sources: tuple[str, ...] = ()
    threshold: float = 0.0
    dense_weight: float = DENSE_WEIGHT


@dataclass(frozen=True, slots=True)
class SelectedEvidence:
    """What was found for a question: passages and evidence, best first.

    ``answered`` says whether ``confidence`` reaches the threshold; ``covered`` is the part of the question that the
    evidence is for, and ``missing`` are the parts, or the words, that the documents say nothing about.
    """

    passages: tuple[Passage, ...]
    evidence: tuple[Evidence, ...]
    confidence: float
    answered: bool
    covered: str
    missing: tuple[str, ...] = ()
    groups: tuple[tuple[Evidence, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """A part of a question as it was asked and as it was understood, and the passages retrieved for it."""

    asked: str
    question: str
    passages: tuple[Passage, ...]


def search(index: Index, question: str, how: SearchOptions, reranker: Reranker | None = None) -> list[QuestionPart]:
    """Retrieve passages for a question that stands alone; for one that asks two things, for each of them.

    A later part that leans on the first is searched for with its subject: "and who collects it?".
    """
    first, *others = split_question(question[:_QUESTION_CHARACTERS])
    about = conversation_subject([Turn("user", first)], people=False)
    return [
        _retrieve(index, part, how, reranker, f" ({about})" if part is not first and is_follow_up(part) else "")
        for part in (first, *others)
    ]


def select_evidence(
    index: Index, question: str, searched: Sequence[QuestionPart], how: SearchOptions, reranker: Reranker | None = None
) -> SelectedEvidence:
    """Choose the evidence and say what of the question it answers. Each part is answered or missing on its own."""
    pieces = [_weigh(index, part, how) for part in searched]
    if len(pieces) > 1 and not any(piece.answered for piece in pieces):
        # Perhaps it was one question after all.
        whole = _retrieve(index, question[:_QUESTION_CHARACTERS], how, reranker)
        return _weigh(index, whole, how)
    if len(pieces) == 1:
        return pieces[0]
    answered = [piece for piece in pieces if piece.answered]
    return SelectedEvidence(
        passages=_merge([piece.passages for piece in answered], how.passages),
        evidence=tuple(item for piece in answered for item in piece.evidence),
        confidence=min(piece.confidence for piece in answered),
        answered=True,
        covered=" ".join(piece.covered for piece in answered),
        missing=tuple(
            name
            for part, piece in zip(searched, pieces, strict=True)
            for name in (piece.missing if piece.answered else (part.asked.rstrip("?"),))
        ),
        groups=tuple(group for piece in answered for group in piece.groups),
    )


def search_and_select(
    index: Index, question: str, how: SearchOptions, reranker: Reranker | None = None
) -> SelectedEvidence:
    """Search and weigh in one."""
    return select_evidence(index, question, search(index, question, how, reranker), how, reranker)


def _retrieve(
    index: Index, question: str, how: SearchOptions, reranker: Reranker | None, about: str = ""
) -> QuestionPart:
    passages = retrieve(
        index, question + about, how.passages, sources=how.sources, reranker=reranker, dense_weight=how.dense_weight
    )
    return QuestionPart(question, question + about, tuple(passages))


def _weigh(index: Index, part: QuestionPart, how: SearchOptions) -> SelectedEvidence:
    weighed = rank_evidence(index, part.question, part.passages)
    evidence = weighed.sentences
    missing = unmentioned(part.question, [f"{passage.context} {passage.text}" for passage in part.passages])
    # Another word for the same thing is no gap; a name or a number that stands nowhere is one.
    telling = set(names_and_numbers(part.question))
    absent = [words for words in missing if telling & set(words.split())]
    sure = confidence(features(index, part.question, part.passages, weighed, absent))
    answered = bool(evidence) and sure >= how.threshold
    return SelectedEvidence(
        part.passages, evidence, sure, answered, part.question, tuple(absent if answered else missing), (evidence,)
    )


def _merge(lists: Sequence[Sequence[Passage]], limit: int) -> tuple[Passage, ...]:
    """The best of each list in turn, each passage once, numbered anew."""
    merged: dict[str, Passage] = {}
    for row in range(max(map(len, lists), default=0)):
        for passages in lists:
            if row < len(passages):
                merged.setdefault(passages[row].chunk_id, passages[row])
    return tuple(replace(passage, rank=rank) for rank, passage in enumerate(list(merged.values())[:limit], start=1))
