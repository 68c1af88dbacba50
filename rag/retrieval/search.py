"""Everything before a word is written: passages, evidence, and whether the documents answer the question.

Owns: the path from a stand-alone question to its evidence, each part of a question on its own. Knows nothing about
language models or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.planning.follow_up import Exchange, stand_alone
from rag.question.question_words import QUESTION_CHARACTERS, names_and_numbers, unmentioned
from rag.question.times import read_time_wish
from rag.retrieval.answerability import band_of, confidence, features
from rag.retrieval.asked_words import rank_by_asked
from rag.retrieval.evidence import rank_evidence
from rag.retrieval.passages import Reranker, matching_sources, retrieve
from rag.retrieval.versions import Superseded, separate_versions
from rag.store.index import Index
from rag.types import Band, Evidence, Passage, Plan, PlannedSearch


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """How to search.

    Attributes:
        passages: How many passages are retrieved.
        sources: Globs; only sources that match one of them are searched. Empty: all sources.
        threshold: The confidence, 0…1, below which the documents are taken not to hold the answer.
        tentative: The confidence, 0…1, below which an answer is a tentative one.
        dense_weight: The share, 0…1, of the dense ranking in the fused one; None: what the index's scoring says.
    """

    passages: int = 8
    sources: tuple[str, ...] = ()
    threshold: float = 0.0
    tentative: float = 0.0
    dense_weight: float | None = None


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """A part of a question and the passages retrieved for it.

    Attributes:
        text: The part as the user put it.
        query: The part as it was searched for: with the subject it refers to, in brackets.
        passages: The passages, best first.
        asked: The question as it was put, where the query fills in what it leaves out; "" where it stands alone.
    """

    text: str
    query: str
    passages: tuple[Passage, ...]
    asked: str = ""


@dataclass(frozen=True, slots=True)
class SelectedEvidence:
    """What an answer to a question may rest on.

    Attributes:
        passages: The passages, best first.
        evidence: The sentences of the passages that bear on the question, best first in each part.
        confidence: The probability, 0…1, that they hold the answer; of several parts, the least.
        answered: Whether the confidence reaches the threshold and there is a sentence to answer with.
        band: How the question is answered.
        question: The parts of the question that the evidence is for, as they were searched for.
        missing: The parts of the question, or the words of it, that the documents say nothing about.
        evidence_by_part: The same sentences, apart for each part of the question.
        superseded: What older documents say that newer ones among the evidence say differently.
    """

    passages: tuple[Passage, ...]
    evidence: tuple[Evidence, ...]
    confidence: float
    answered: bool
    band: Band
    question: str
    missing: tuple[str, ...]
    evidence_by_part: tuple[tuple[Evidence, ...], ...]
    superseded: tuple[Superseded, ...] = ()


NOTHING_SELECTED = SelectedEvidence((), (), 0.0, False, "refused", "", (), ())
"""What an answer rests on that nothing was searched for."""


def search_and_select(
    index: Index, plan: Plan, options: SearchOptions, reranker: Reranker | None = None
) -> SelectedEvidence:
    """Search for a question and select the evidence.

    Args:
        index: The index to search.
        plan: The plan of the question.
        options: How to search.
        reranker: Scores the retrieved passages once more.

    Returns:
        What ``select_evidence`` returns for what ``search`` finds.
    """
    return select_evidence(index, plan.question, search(index, plan, options, reranker), options, reranker)


def search(index: Index, plan: Plan, options: SearchOptions, reranker: Reranker | None = None) -> list[QuestionPart]:
    """Retrieve passages for each search of a plan.

    A later part that refers to the first is searched for with its subject: "and who collects it?".

    Args:
        index: The index to search.
        plan: The plan of the question; it has a search at least.
        options: How to search.
        reranker: Scores the retrieved passages once more.

    Returns:
        One part for each search.
    """
    first = plan.searches[0].query
    asked = Exchange(first, first, "")
    return [
        _retrieve_part(index, search, stand_alone(search.query, [asked] if number else ()), options, reranker)
        for number, search in enumerate(plan.searches)
    ]


def select_evidence(
    index: Index,
    question: str,
    parts: Sequence[QuestionPart],
    options: SearchOptions,
    reranker: Reranker | None = None,
) -> SelectedEvidence:
    """Select the evidence and say what of the question it answers. Each part is answered or missing on its own.

    Args:
        index: The index that was searched.
        question: The whole question; it is searched for again where none of several parts is answered.
        parts: What ``search`` found for it.
        options: How it was searched for.
        reranker: Scores the retrieved passages once more.

    Returns:
        The evidence of the parts that are answered; where none is, of the whole question.
    """
    selected = [_select_for_part(index, part, options) for part in parts]
    if len(selected) == 1:
        return selected[0]
    if not any(part.answered for part in selected):
        # Perhaps it was one question after all.
        whole = _retrieve_part(index, PlannedSearch(question), question[:QUESTION_CHARACTERS], options, reranker)
        return _select_for_part(index, whole, options)
    answered = [part for part in selected if part.answered]
    return SelectedEvidence(
        passages=_take_in_turn([part.passages for part in answered], options.passages),
        evidence=tuple(item for part in answered for item in part.evidence),
        confidence=min(part.confidence for part in answered),
        answered=True,
        band="tentative" if any(part.band == "tentative" for part in answered) else "sure",
        question=" ".join(part.question for part in answered),
        missing=tuple(
            words
            for part, evidence in zip(parts, selected, strict=True)
            for words in (evidence.missing if evidence.answered else (part.text.rstrip("?"),))
        ),
        evidence_by_part=tuple(sentences for part in answered for sentences in part.evidence_by_part),
        superseded=tuple(dict.fromkeys(pair for part in answered for pair in part.superseded)),
    )


def missing_words(question: str, passages: Sequence[Passage]) -> tuple[list[str], list[str]]:
    """Find the words of a question that stand in none of the passages.

    Args:
        question: The question that was searched for.
        passages: What was found.

    Returns:
        All of them, and those with a name or a number: another word for the same thing is no gap, they are.
    """
    # The name of a file is among its words.
    texts = [f"{passage.source.replace('_', ' ')} {passage.context} {passage.text}" for passage in passages]
    missing = unmentioned(question, texts)
    required = set(names_and_numbers(question))
    return missing, [words for words in missing if required & set(words.split())]


def _retrieve_part(
    index: Index, search: PlannedSearch, query: str, options: SearchOptions, reranker: Reranker | None
) -> QuestionPart:
    """Retrieve passages for a query, which is that of a search with what it leaves to the others filled in."""
    passages = retrieve(
        index,
        query,
        options.passages,
        sources=_allowed_sources(index, search, options),
        reranker=reranker,
        dense_weight=options.dense_weight,
    )
    asked = search.asked or (search.query if query != search.query else "")
    return QuestionPart(search.query, query, tuple(passages), asked)


def _allowed_sources(index: Index, search: PlannedSearch, options: SearchOptions) -> Sequence[str]:
    """Return the sources that a search names, as far as the caller allows them; where none is left, what he allows."""
    allowed = matching_sources(index, options.sources)
    return [source for source in search.sources if allowed is None or source in allowed] or options.sources


def _select_for_part(index: Index, part: QuestionPart, options: SearchOptions) -> SelectedEvidence:
    ranked = rank_evidence(index, part.query, part.passages)
    missing, absent = missing_words(part.query, part.passages)
    probability = confidence(features(index, part.query, part.passages, ranked, absent), index.scoring.answerability)
    answered = bool(ranked.sentences) and probability >= options.threshold
    sentences = ranked.sentences
    if part.asked:
        sentences = rank_by_asked(index, part.query, part.asked, part.passages, sentences)
    superseded: tuple[Superseded, ...] = ()
    wish = read_time_wish(part.query)
    if not wish.years and wish.order != "older":
        sentences, superseded = separate_versions(index, part.query, sentences, index.scoring.conflicts)
    return SelectedEvidence(
        passages=part.passages,
        evidence=sentences,
        confidence=probability,
        answered=answered,
        band=band_of(probability, options.threshold, options.tentative) if ranked.sentences else "refused",
        question=part.query,
        missing=tuple(absent if answered else missing),
        evidence_by_part=(sentences,),
        superseded=superseded,
    )


def _take_in_turn(lists: Sequence[Sequence[Passage]], limit: int) -> tuple[Passage, ...]:
    """Return the best of each list in turn, each passage once, ranked anew."""
    merged: dict[str, Passage] = {}
    for row in range(max(map(len, lists), default=0)):
        for passages in lists:
            if row < len(passages):
                merged.setdefault(passages[row].chunk_id, passages[row])
    return tuple(replace(passage, rank=rank) for rank, passage in enumerate(list(merged.values())[:limit], start=1))
