"""Gather what a summary of a document, a section or a topic is written from.

Owns: which part of the collection is summarised, and how long the summary is. Knows nothing about models.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from rag.answering.composer import Composer
from rag.answering.context import AnswerContext
from rag.answering.extraction.bearing import bearing_of
from rag.answering.extraction.grouping import quote_by_source
from rag.answering.extraction.passages import chunks_of, passages_of, searched_sources, selection
from rag.answering.extraction.salience import choose_sentences
from rag.answering.extraction.scope import Scope, core_mentions, core_terms, find_scope, find_section, originals
from rag.answering.extraction.statements import Statement
from rag.answering.material import Material
from rag.retrieval.evidence import coverage, term_weights
from rag.retrieval.passages import retrieve
from rag.store.catalog import ChunkRecord
from rag.store.index import Index
from rag.text import terms
from rag.types import Answer, Band, Passage

_TASK = (
    "Summarise what the evidence says in {length}, in your own words; cover its parts evenly and cite each sentence."
)
# Sentences of a summary that is asked for without a length.
_SENTENCES = 5
# Passages that a topic is summarised from.
_PASSAGES = 24
# The share of the best passage's score, and of the best coverage of the topic's words, that a passage must have.
_WORTH_SCORE, _WORTH_COVERAGE = 0.6, 0.5
# Documents of a summary of everything; of more, every so manieth stands for its neighbours.
_DOCUMENTS = 40
# Chunks of one document that are read where many are summarised.
_CHUNKS_OF_MANY = 3
# Passages that an answer carries along without a model.
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class _Matter:
    """What is summarised: the chunks by document and place, the topic, and how sure it is that they are about it.

    ``section`` is where the section begins and ends in its document; None for whole chunks.
    """

    chunks: Sequence[ChunkRecord]
    topic: str
    confidence: float
    band: Band
    section: tuple[int, int] | None = None


def gather(snapshot: Answer, context: AnswerContext) -> Generator[Answer, None, Material]:
    """Find what is to be summarised and the sentences that carry most of it.

    Args:
        snapshot: The answer so far, with its plan.
        context: The context of the answer.

    Yields:
        The answer while sentences are chosen.

    Returns:
        The material.
    """
    index, question = context.index, context.question
    matter = _find_matter(context)
    yield context.clock.stamp(replace(snapshot, state="reading"), "retrieve_ms")
    count = question.sentences or question.items or _SENTENCES
    sentences: list[Statement] = []
    if matter.band != "refused" or context.options.anyway:
        sentences = choose_sentences(index, matter.chunks, count, matter.topic, matter.section)
    band: Band = matter.band if sentences else "refused"
    if matter.band == "refused" and sentences:
        band = "tentative"
    passages = _passages(context, matter.chunks, sentences)
    return Material(
        selection(matter.topic or context.plan.question, passages, sentences, matter.confidence, band),
        band,
        lambda: _compose(sentences, context.language),
        task=_task(context, count),
        reads_all=True,
    )


def _find_matter(context: AnswerContext) -> _Matter:
    """Return what the topic names: documents, a section, or else what a search for it finds."""
    index, topic = context.index, context.question.topic
    scope = find_scope(index, topic, searched_sources(context))
    if scope.topic:
        return _matter_of_topic(context, scope)
    return _Matter(_chunks_in(index, scope), "", 1.0, "sure" if scope.documents else "refused")


def _matter_of_topic(context: AnswerContext, scope: Scope) -> _Matter:
    """Search for a topic; a section that has its name is taken whole."""
    index, options = context.index, context.search_options
    is_everything = len(scope.documents) == len(originals(index.catalog.sources()))
    sources = searched_sources(context) if is_everything else scope.sources
    passages = retrieve(index, scope.topic, _PASSAGES, sources=sources, reranker=context.reranker)
    rest = scope.topic
    if not is_everything and scope.topic == context.question.topic:
        # The rest of a name: what no passage has is said of the whole document.
        named = {stem for each in scope.documents for stem in core_terms(f"{each.title} {each.source}")}
        others = [stem for stem in core_terms(scope.topic) if stem not in named]
        present = {stem for passage in passages for stem in terms(f"{passage.context} {passage.text}")}
        if not present.intersection(others):
            return _Matter(_chunks_in(index, scope), "", 1.0, "sure")
        # "Mentors, the onboarding guide": the heading of the guide is not the section.
        rest = " ".join(others)
    section = find_section(index, rest, passages)
    if section:
        between = (section.start, section.end or 0)
        return _Matter(_chunks_in(index, section), "", 1.0, "sure", between)
    confidence, band = bearing_of(index, scope.topic, passages, options)
    worth_reading = _worth_reading(index, scope.topic, passages)
    chunks = index.catalog.chunks([passage.chunk_id for passage in worth_reading])
    return _Matter(sorted(chunks.values(), key=lambda each: each.number), scope.topic, confidence, band)


def _worth_reading(index: Index, topic: str, passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages that are not far behind the best one, neither by their score nor by the topic's words."""
    wanted = core_mentions(topic)
    rarity = term_weights(index, wanted)
    covered = [coverage(wanted, rarity, f"{each.context} {each.text}") for each in passages]
    least_score = _WORTH_SCORE * max((each.scores["fused"] for each in passages), default=0.0)
    least_covered = _WORTH_COVERAGE * max(covered, default=0.0)
    return [
        each
        for each, share in zip(passages, covered, strict=True)
        if each.scores["fused"] >= least_score and share >= least_covered
    ]


def _chunks_in(index: Index, scope: Scope) -> list[ChunkRecord]:
    """Return the chunks of a scope; of many documents the first few of each, or of every so manieth."""
    end = scope.end
    documents = scope.documents
    if len(documents) == 1:
        chunks = chunks_of(index, scope.sources)
        return [each for each in chunks if end is None or (each.start < end and scope.start < each.end)]
    step = max(1, -(-len(documents) // _DOCUMENTS))
    chunks = chunks_of(index, [each.source for each in documents[::step]])
    if len(documents) <= 3:
        return chunks
    counts: dict[str, int] = {}
    opening: list[ChunkRecord] = []
    for each in chunks:
        counts[each.source] = counts.get(each.source, 0) + 1
        if counts[each.source] <= _CHUNKS_OF_MANY:
            opening.append(each)
    return opening


def _passages(
    context: AnswerContext, chunks: Sequence[ChunkRecord], sentences: Sequence[Statement]
) -> tuple[Passage, ...]:
    """Return the passages that a model reads, all of them in order; without a strong model those that are quoted."""
    if context.model is not None and not context.model.weak:
        return passages_of(context.index, chunks)
    quoted = {item.chunk_id for item in sentences}
    others = [each.id for each in chunks if each.id not in quoted]
    shown = quoted | set(others[: max(0, min(_SHOWN, context.options.passages) - len(quoted))])
    return passages_of(context.index, [each for each in chunks if each.id in shown])


def _task(context: AnswerContext, count: int) -> str:
    """Return what a strong model is told."""
    question = context.question
    length = {1: "one sentence"}.get(count, f"{count} sentences") if question.sentences else ""
    if question.items:
        length = f"{question.items} points"
    return _TASK.format(length=length or "a few sentences")


def _compose(sentences: Sequence[Statement], language: str) -> Composer:
    composer = Composer(language)
    quote_by_source(composer, [item.span for item in sentences])
    return composer
