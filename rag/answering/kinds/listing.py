"""Gather what a list is made of: names of a kind, the items of a list that a document has, or sentences.

Owns: the course of it, and that it says that it may not be all. Knows nothing about models.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import replace

from rag.answering.composer import Composer
from rag.answering.context import AnswerContext
from rag.answering.extraction.bearing import bearing_in, bearing_of
from rag.answering.extraction.countries import COUNTRY_HEADS
from rag.answering.extraction.grouping import document_label, quote_by_source
from rag.answering.extraction.items import items_on
from rag.answering.extraction.names import NameKind, name_key, name_kind_of, names_of_kind
from rag.answering.extraction.passages import searched_sources, selection
from rag.answering.extraction.relevance import relevant_statements
from rag.answering.extraction.scope import core_terms, find_scope, originals
from rag.answering.extraction.statements import Statement, read_statements
from rag.answering.extraction.word_lists import ABSTRACT_WORDS, COMPANY_HEADS, LIST_ENDS, PERSON_HEADS
from rag.answering.material import Material
from rag.injection.detector import find_injections
from rag.notices import Notice
from rag.retrieval.passages import matching_sources, retrieve
from rag.store.catalog import ChunkRecord
from rag.text import terms
from rag.types import Answer, Band, Passage

# A word without a capital.
_LOWER_WORD = re.compile(r"\b[^\W\d_A-ZÀ-Þ][^\W\d_]+")
_PATH_MARKS = re.compile(r"[\W_]+")
_TASK = (
    "List everything in the evidence that the question asks for, one item a line without repeats, each with its "
    "citation; do not say that the list is complete."
)
# Passages of a list.
_PASSAGES = 40
# Sentences that are quoted where no list and no names answer.
_SENTENCES = 8
# Chunks in which names are looked for, and names that are shown.
_NAME_CHUNKS, _NAMES = 600, 40
# Items of a document's own list that are quoted.
_ITEMS = 25


def gather(snapshot: Answer, context: AnswerContext) -> Generator[Answer, None, Material]:
    """Search widely and take what the list is made of.

    Args:
        snapshot: The answer so far, with its plan.
        context: The context of the answer.

    Yields:
        The answer with the passages that were found.

    Returns:
        The material.
    """
    index, options, question = context.index, context.search_options, context.question
    kind = name_kind_of(question.asked)
    scope = find_scope(index, question.topic, searched_sources(context))
    sources = (
        scope.sources if len(scope.documents) < len(originals(index.catalog.sources())) else searched_sources(context)
    )
    # Inside a document, the name that it is called by tells nothing apart.
    asked = scope.topic if scope.topic and scope.topic != question.topic else question.asked
    passages = tuple(retrieve(index, asked, _PASSAGES, sources=sources, reranker=context.reranker))
    yield context.clock.stamp(replace(snapshot, passages=passages, state="reading"), "retrieve_ms")
    named = _named(context, kind, passages, sources) if kind else []
    if named:
        quoted = [statement for _, statement in named]
        return _material(context, passages, quoted, (1.0, "sure"), lambda: _compose_names(named, context.language))
    topic = scope.topic or question.topic
    subject = topic if core_terms(topic) else question.asked
    bearing = bearing_of(index, subject, passages, options)
    if (
        bearing[1] == "refused"
        and passages
        and not set(core_terms(subject)) - set(core_terms(" ".join(ABSTRACT_WORDS)))
    ):
        # "What problems does it identify?": no word of that need stand in the text.
        bearing = bearing_in("tentative", bearing[0], index, options)
    found = index.catalog.chunks([passage.chunk_id for passage in passages])
    chunks = [found[passage.chunk_id] for passage in passages if passage.chunk_id in found]
    quoted = items_on(index, core_terms(subject), chunks)[: question.items or _ITEMS]
    if not quoted:
        quoted = relevant_statements(index, asked, chunks, question.items or _SENTENCES)
    return _material(context, passages, quoted, bearing, lambda: _compose(quoted, context.language))


def _material(
    context: AnswerContext,
    passages: Sequence[Passage],
    quoted: Sequence[Statement],
    bearing: tuple[float, Band],
    compose: object,
) -> Material:
    confidence, band = bearing
    if not quoted:
        band = "refused"
    elif band == "refused" and context.options.anyway:
        band = "tentative"
    return Material(
        selection(context.plan.question, passages, quoted, confidence, band),
        band,
        compose,  # type: ignore[arg-type]
        task=_TASK,
        notices=(Notice("list-may-lack"),) if band != "refused" else (),
    )


def _named(
    context: AnswerContext, kind: NameKind, passages: Sequence[Passage], sources: Sequence[str]
) -> list[tuple[str, Statement]]:
    """Return the names of a kind, each with the first sentence that it stands in, by document and place."""
    index = context.index
    allowed = matching_sources(index, sources)
    if kind.head:
        ids = [id_ for id_, _ in index.catalog.search([kind.head], _NAME_CHUNKS, allowed)]
    else:
        ids = index.catalog.chunk_ids(allowed)
        if len(ids) > _NAME_CHUNKS:
            ids = [passage.chunk_id for passage in passages]
    chunks: list[ChunkRecord] = sorted(index.catalog.chunks(ids).values(), key=lambda each: (each.source, each.start))
    common = {word for chunk in chunks for word in _LOWER_WORD.findall(chunk.text)}
    named: dict[str, tuple[str, Statement]] = {}
    about = _about(context.question.topic, kind)
    for statement in read_statements(index, chunks):
        if find_injections(statement.span.quote) or not about <= set(terms(_in_document(statement))):
            continue
        for name in names_of_kind(statement.span.quote, kind, common):
            named.setdefault(name_key(name), (name, statement))
    return list(named.values())[: context.question.items or _NAMES]


def _about(topic: str, kind: NameKind) -> frozenset[str]:
    """Return the stems that a sentence must have beside a name: "Rhine" for the lakes along the Rhine."""
    heads = {kind.head, *terms(" ".join(PERSON_HEADS | COUNTRY_HEADS | COMPANY_HEADS | ABSTRACT_WORDS))}
    return frozenset(core_terms(topic)) - heads - set(terms(" ".join(LIST_ENDS)))


def _in_document(statement: Statement) -> str:
    span = statement.span
    return f"{span.quote} {span.title} {_PATH_MARKS.sub(' ', span.source)}"


def _compose_names(named: Sequence[tuple[str, Statement]], language: str) -> Composer:
    """Write the names, those of one sentence on one line, each line with that sentence."""
    composer = Composer(language)
    by_statement: dict[tuple[str, int, int], tuple[Statement, list[str]]] = {}
    for name, statement in named:
        by_statement.setdefault(statement.key, (statement, []))[1].append(name)
    several = len({statement.span.source for statement, _ in by_statement.values()}) > 1
    last = ""
    for statement, names in by_statement.values():
        span = statement.span
        if several and span.source != last:
            composer.say(document_label(span.title, span.source), before="\n\n")
        last = span.source
        composer.say(Notice("label", {"label": ", ".join(names)}), before="\n")
        composer.quote(span, before=" ")
    return composer


def _compose(quoted: Sequence[Statement], language: str) -> Composer:
    composer = Composer(language)
    quote_by_source(composer, [item.span for item in quoted])
    return composer
