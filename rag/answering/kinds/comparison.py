"""Gather what a comparison is written from: each side on its own.

Owns: which sentences belong to which side. Knows nothing about models.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from rag.answering.composer import Composer
from rag.answering.context import AnswerContext
from rag.answering.extraction.bearing import bearing_in, bearing_of
from rag.answering.extraction.grouping import quote_by_source
from rag.answering.extraction.passages import searched_sources, selection
from rag.answering.extraction.relevance import relevant_statements
from rag.answering.extraction.sides import Side, pros_and_cons, read_sides, statements_of_side, statements_on_matter
from rag.answering.extraction.statements import Statement
from rag.answering.kinds import look_up
from rag.answering.material import Material
from rag.notices import Notice
from rag.question.several_times import asks_of_several_times, names_time
from rag.retrieval.passages import retrieve
from rag.store.catalog import ChunkRecord
from rag.text import terms
from rag.types import Answer, Band, Passage

_TASK = (
    "Compare the sides point by point: what the evidence says of each, then how they differ. Cite each sentence, and "
    "say so where the evidence has nothing on a side."
)
# Passages of a side, and of the question as a whole.
_PASSAGES, _TOGETHER = 12, 8
# Sentences quoted of a side, and where the question names no sides.
_OF_SIDE, _SENTENCES = 2, 5


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found on a side: the sentences that belong to it, or else one on the matter that may hold for it."""

    side: Side
    statements: tuple[Statement, ...]
    general: tuple[Statement, ...] = ()


def gather(snapshot: Answer, context: AnswerContext) -> Generator[Answer, None, Material]:
    """Search for each side on its own, then for all of them together.

    Args:
        snapshot: The answer so far, with its plan.
        context: The context of the answer.

    Yields:
        The answer with the passages that were found.

    Returns:
        The material.
    """
    index, question = context.index, context.question
    sides = read_sides(question.asked, question.sides or pros_and_cons(question.asked, question.topic))
    if asks_of_several_times(question.asked) and all(names_time(side.label) for side in sides):
        # Its sides are the documents of each time.
        return (yield from look_up.gather(snapshot, context))
    searches = [_search(context, side.query, _PASSAGES) for side in sides]
    together = _search(context, question.asked, _TOGETHER)
    passages = _in_turn([*searches, together])
    yield context.clock.stamp(replace(snapshot, passages=passages, state="reading"), "retrieve_ms")
    confidence, band = bearing_of(index, question.asked, together, context.search_options)
    chunks = list(index.catalog.chunks([passage.chunk_id for passage in passages]).values())
    found = [_find_side(context, side, chunks) for side in sides]
    quoted = [item for each in found for item in (*each.statements, *each.general)]
    if quoted:
        # A side that is not there at all makes the comparison uncertain.
        found_all = all(each.statements or each.general for each in found)
        band_of_sides: Band = "sure" if found_all else "tentative"
        confidence, band = bearing_in(band_of_sides, confidence, index, context.search_options)
        if band == "refused" and context.options.anyway:
            band = "tentative"
        compose = _compose_sides(found, context.language)
    else:
        quoted = relevant_statements(index, question.asked, chunks, _SENTENCES)
        compose = Composer(context.language)
        quote_by_source(compose, [item.span for item in quoted])
        if sides and not _any_side_stands(sides, passages):
            band = "refused"
        band = _lower(band, bool(quoted), context.options.anyway, bool(sides))
    return Material(
        selection(context.plan.question, passages, quoted, confidence, band),
        band,
        lambda: compose,
        task=_TASK,
    )


def _find_side(context: AnswerContext, side: Side, chunks: Sequence[ChunkRecord]) -> _Found:
    own = statements_of_side(context.index, side, chunks, _OF_SIDE)
    general = [] if own else statements_on_matter(context.index, side, chunks)
    return _Found(side, tuple(own), tuple(general))


def _any_side_stands(sides: Sequence[Side], passages: Sequence[Passage]) -> bool:
    """Tell whether a word that tells a side from the others stands in what was found."""
    present = {stem for passage in passages for stem in terms(f"{passage.context} {passage.text}")}
    return any(side.own & present for side in sides)


def _lower(band: Band, quoted: bool, anyway: bool, sides: bool) -> Band:
    """Return the band of a comparison of which no side was found."""
    if not quoted:
        return "refused"
    if band == "refused":
        return "tentative" if anyway else "refused"
    return "tentative" if sides else band


def _search(context: AnswerContext, query: str, count: int) -> list[Passage]:
    sources = searched_sources(context)
    return retrieve(
        context.index,
        query,
        count,
        sources=sources,
        reranker=context.reranker,
        table_share=context.index.scoring.evidence.table_share,
    )


def _in_turn(lists: Sequence[Sequence[Passage]]) -> tuple[Passage, ...]:
    """Return the passages of all searches, the best of each in turn, each once, ranked anew."""
    merged: dict[str, Passage] = {}
    for row in range(max(map(len, lists), default=0)):
        for passages in lists:
            if row < len(passages):
                merged.setdefault(passages[row].chunk_id, passages[row])
    return tuple(replace(passage, rank=rank) for rank, passage in enumerate(merged.values(), start=1))


def _compose_sides(found: Sequence[_Found], language: str) -> Composer:
    """Write the quotes of each side under its name; a side without any is named as lacking."""
    composer = Composer(language)
    for each in found:
        if each.statements:
            composer.say(Notice("label", {"label": each.side.label}), before="\n\n")
            for item in each.statements:
                composer.quote(item.span)
        elif each.general:
            composer.say(Notice("side-not-named", {"side": each.side.label}), before="\n\n")
            composer.quote(each.general[0].span)
        else:
            composer.say(Notice("side-not-in-documents", {"side": each.side.label}), before="\n\n")
    return composer
