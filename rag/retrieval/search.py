"""Everything before a word is written: passages, evidence, and whether the documents answer the question.

Owns: the path from a stand-alone question to its evidence, each part of a question on its own. Knows nothing about how
a language model is asked or how an answer is shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from rag.planning.follow_up import Exchange, stand_alone
from rag.question.question_words import QUESTION_CHARACTERS
from rag.question.ratios import needed_figures
from rag.question.times import read_time_wish
from rag.retrieval.answerability import (
    AskModel,
    band_of,
    confidence_of_search,
    confidence_with_model,
    within_band,
)
from rag.retrieval.asked_words import rank_by_asked
from rag.retrieval.evidence import rank_evidence
from rag.retrieval.figure_rows import figures_query, find_figure_rows, sources_named
from rag.retrieval.missing import missing_words
from rag.retrieval.passages import Reranker, matching_sources, retrieve
from rag.retrieval.series import alike_first, find_series
from rag.retrieval.versions import Superseded, separate_versions
from rag.store.catalog.source_names import exactly
from rag.store.index import Index
from rag.types import Band, Evidence, Passage, Plan, PlannedSearch, Span

# From the best to the worst.
_BANDS: tuple[Band, ...] = ("sure", "tentative", "refused")


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
        beyond: Those that come next; a sentence or a row of them may be evidence.
        asked: The question as it was put, where the query fills in what it leaves out; "" where it stands alone.
        series: The documents, oldest first, each of which answers for its own time; none where it asks of one time.
    """

    text: str
    query: str
    passages: tuple[Passage, ...]
    beyond: tuple[Passage, ...] = ()
    asked: str = ""
    series: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SelectedEvidence:
    """What an answer to a question may rest on.

    Attributes:
        passages: The passages, best first.
        evidence: The sentences of the passages that bear on the question, best first in each part.
        confidence: The probability, 0…1, that they hold the answer; of several parts, the least.
        band: How the question is answered; refused where there is no sentence to answer with.
        question: The parts of the question that the evidence is for, as they were searched for.
        missing: The parts of the question, or the words of it, that the documents say nothing about.
        evidence_by_part: The same sentences, apart for each part of the question.
        superseded: What older documents say that newer ones among the evidence say differently.
    """

    passages: tuple[Passage, ...]
    evidence: tuple[Evidence, ...]
    confidence: float
    band: Band
    question: str
    missing: tuple[str, ...]
    evidence_by_part: tuple[tuple[Evidence, ...], ...]
    superseded: tuple[Superseded, ...] = ()


NOTHING_SELECTED = SelectedEvidence((), (), 0.0, "refused", "", (), ())
"""What an answer rests on that nothing was searched for."""


def search_and_select(
    index: Index,
    plan: Plan,
    options: SearchOptions,
    reranker: Reranker | None = None,
    ask_model: AskModel | None = None,
) -> SelectedEvidence:
    """Search for a question and select the evidence.

    Args:
        index: The index to search.
        plan: The plan of the question.
        options: How to search.
        reranker: Scores the retrieved passages once more.
        ask_model: Asks a language model where the confidence leaves it open; None without one.

    Returns:
        What ``select_evidence`` returns for what ``search`` finds.
    """
    return select_evidence(index, plan.question, search(index, plan, options, reranker), options, reranker, ask_model)


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
    ask_model: AskModel | None = None,
) -> SelectedEvidence:
    """Select the evidence and say what of the question it answers. Each part is answered or missing on its own.

    Args:
        index: The index that was searched.
        question: The whole question; it is searched for again where none of several parts is answered for sure.
        parts: What ``search`` found for it.
        options: How it was searched for.
        reranker: Scores the retrieved passages once more.
        ask_model: Asks a language model where the confidence leaves it open; None without one.

    Returns:
        The evidence of the parts that are answered; where none is for sure, of the whole question if that is surer.
    """
    selected = [_select_for_part(index, part, options, ask_model) for part in parts]
    if len(selected) == 1:
        return selected[0]
    best_band = min((part.band for part in selected), key=_BANDS.index)
    if best_band != "sure":
        # Perhaps it was one question after all.
        query = question[:QUESTION_CHARACTERS]
        whole_part = _retrieve_part(index, PlannedSearch(query), query, options, reranker)
        whole = _select_for_part(index, whole_part, options, ask_model)
        if best_band == "refused" or whole.band == "sure":
            return whole
    answered = [part for part in selected if part.band != "refused"]
    return SelectedEvidence(
        passages=_take_in_turn(
            [part.passages for part in answered], max(options.passages, *(len(part.passages) for part in answered))
        ),
        evidence=tuple(item for part in answered for item in part.evidence),
        confidence=min(part.confidence for part in answered),
        band=max((part.band for part in answered), key=_BANDS.index),
        question=" ".join(part.question for part in answered),
        missing=tuple(
            words
            for part, evidence in zip(parts, selected, strict=True)
            for words in (evidence.missing if evidence.band != "refused" else (part.text.rstrip("?"),))
        ),
        evidence_by_part=tuple(sentences for part in answered for sentences in part.evidence_by_part),
        superseded=tuple(dict.fromkeys(pair for part in answered for pair in part.superseded)),
    )


def _retrieve_part(
    index: Index, search: PlannedSearch, query: str, options: SearchOptions, reranker: Reranker | None
) -> QuestionPart:
    """Retrieve passages for a query, which is that of a search with what it leaves to the others filled in."""
    sources = allowed_sources(index, search, options)
    look = partial(
        retrieve,
        index,
        k=options.passages,
        reranker=reranker,
        dense_weight=options.dense_weight,
        table_share=index.scoring.evidence.table_share,
    )
    beyond = options.passages * (index.scoring.evidence.reach - 1)
    found = look(query, sources=sources, beyond=beyond)
    asked = search.asked or (search.query if query != search.query else "")
    if series := find_series(index, query, found, matching_sources(index, sources)):
        passages, further = _look_in_each(look, query, series, options.passages)
        return QuestionPart(search.query, query, passages, further, asked, series)
    if needed := needed_figures(query):
        known = {passage.chunk_id for passage in found}
        named = [exactly(source) for source in sorted(sources_named(query, found))]
        more = look(figures_query(query, needed), sources=named or sources, beyond=beyond)
        more = [passage for passage in more if passage.chunk_id not in known]
        found += [replace(passage, rank=rank) for rank, passage in enumerate(more, start=len(found) + 1)]
    return QuestionPart(search.query, query, tuple(found[: options.passages]), tuple(found[options.passages :]), asked)


def _look_in_each(
    look: Callable[..., list[Passage]], query: str, series: Sequence[str], count: int
) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    """Search each document of a series: half of the passages of a search from each, twice those of a search at most.

    Args:
        look: Searches.
        query: What is searched for.
        series: The documents.
        count: How many passages a search has.

    Returns:
        The best passages of each in turn, and those that come next.
    """
    places = max(1, min(count // 2, 2 * count // len(series)))
    found = [look(query, k=places, sources=[exactly(source)], beyond=count) for source in series]
    passages = _take_in_turn([each[:places] for each in found], places * len(series))
    further = _take_in_turn([each[places:] for each in found], count * len(series))
    return passages, tuple(replace(passage, rank=passage.rank + len(passages)) for passage in further)


def allowed_sources(index: Index, search: PlannedSearch, options: SearchOptions) -> Sequence[str]:
    """Return the sources that a search may be made in.

    Args:
        index: The index that is searched.
        search: The search, which may name sources.
        options: How to search; the globs in it are what the user allows.

    Returns:
        What the search names, as far as the user allows it; where nothing of that is left, what he allows.
    """
    allowed = matching_sources(index, options.sources)
    named = [source for source in search.sources if allowed is None or source in allowed]
    # A name is no glob, whatever stands in it.
    return [exactly(source) for source in named] or options.sources


def _select_for_part(
    index: Index, part: QuestionPart, options: SearchOptions, ask_model: AskModel | None
) -> SelectedEvidence:
    pool = (*part.passages, *part.beyond)
    # What a question leaves to the conversation may move any sentence up.
    ranked = rank_evidence(index, part.query, pool, margin=math.inf if part.asked else None)
    missing = missing_words(index, part.query, part.passages)
    model = index.scoring.answerability
    probability = confidence_of_search(index, part.query, part.passages, ranked, missing.absent)
    if ask_model and ranked.sentences:
        ask = partial(ask_model, part.query, ranked.sentences)
        probability = confidence_with_model(probability, model.with_model, ask)
    sentences = ranked.sentences
    if part.asked:
        sentences = rank_by_asked(index, part.query, part.asked, pool, sentences)
    superseded: tuple[Superseded, ...] = ()
    wish = read_time_wish(part.query)
    if not wish.years and wish.order != "older" and not part.series:
        sentences, superseded = separate_versions(index, part.query, sentences, index.scoring.conflicts)
    needed = needed_figures(part.query)
    rows = find_figure_rows(index, part.query, needed, pool) if needed.rows and sentences else []
    figures = [replace(row, score=sentences[0].score) for row in rows]
    if probability < model.threshold and figures and sources_named(part.query, pool):
        # The figures that the ratio is made of bear on it, of whatever the document writes about it.
        probability = within_band(probability, "tentative", model)
    band = band_of(probability, options.threshold, options.tentative) if sentences else "refused"
    first = _each_once((*figures, *sentences))
    quoted = first[: index.scoring.quotes.most]
    by_document = _evidence_of_each(index, part, pool) if sentences else ()
    if by_document:
        quoted = tuple(item for evidence in by_document for item in evidence[:1])
    return SelectedEvidence(
        passages=passages_holding(part.passages, pool, [item.span for item in quoted]),
        evidence=sentences,
        confidence=probability,
        band=band,
        question=part.query,
        missing=missing.nowhere if band == "refused" else missing.certain,
        evidence_by_part=by_document or (first,),
        superseded=superseded,
    )


def _evidence_of_each(index: Index, part: QuestionPart, pool: Sequence[Passage]) -> tuple[tuple[Evidence, ...], ...]:
    """Return the evidence of each document of a series, apart; nothing where there is no series."""
    found: dict[str, tuple[Evidence, ...]] = {}
    for source in part.series:
        own = [passage for passage in pool if passage.source == source]
        ranked = [replace(passage, rank=rank) for rank, passage in enumerate(own, start=1)]
        found[source] = rank_evidence(index, part.query, ranked).sentences if ranked else ()
    return alike_first(found)


def _each_once(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return evidence without repeats, each where it stands first."""
    first: dict[Span, Evidence] = {}
    for item in evidence:
        first.setdefault(item.span, item)
    return tuple(first.values())


def passages_holding(
    passages: Sequence[Passage], pool: Sequence[Passage], spans: Sequence[Span], *, may_grow: bool = False
) -> tuple[Passage, ...]:
    """Return passages with those that hold some spans in place of the last of them, ranked anew: who cites has read.

    Args:
        passages: The best passages.
        pool: These and those that come next.
        spans: What may be quoted, best first.
        may_grow: Whether there may be more passages than before where more hold the spans.

    Returns:
        As many passages, or more.
    """
    holding: dict[str, Passage] = {}
    for span in spans:
        holder = next(
            (
                passage
                for passage in pool
                if passage.source_id == span.source_id and passage.start <= span.start and span.end <= passage.end
            ),
            None,
        )
        if holder and (may_grow or len(holding) < len(passages)):
            holding.setdefault(holder.chunk_id, holder)
    places = max(0, len(passages) - len(holding))
    others = [passage for passage in passages if passage.chunk_id not in holding][:places]
    kept = sorted((*holding.values(), *others), key=lambda passage: passage.rank)
    return tuple(replace(passage, rank=rank) for rank, passage in enumerate(kept, start=1))


def _take_in_turn(lists: Sequence[Sequence[Passage]], limit: int) -> tuple[Passage, ...]:
    """Return the best of each list in turn, each passage once, ranked anew."""
    merged: dict[str, Passage] = {}
    for row in range(max(map(len, lists), default=0)):
        for passages in lists:
            if row < len(passages):
                merged.setdefault(passages[row].chunk_id, passages[row])
    return tuple(replace(passage, rank=rank) for rank, passage in enumerate(list(merged.values())[:limit], start=1))
