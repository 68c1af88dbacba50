"""Gather what an answer about the collection itself is made of.

Owns: lists and counts from the catalog, which documents deal with something, and what documents are about. Knows
nothing about models.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import PurePosixPath

from rag.answering.composer import Composer
from rag.answering.context import AnswerContext
from rag.answering.extraction.collection import Asked, asked_of_collection, is_mention_enough
from rag.answering.extraction.grouping import document_label
from rag.answering.extraction.listed_documents import list_documents, list_folders
from rag.answering.extraction.mentions import documents_mentioning
from rag.answering.extraction.passages import chunks_of, passages_of, searched_sources, selection
from rag.answering.extraction.salience import choose_sentences
from rag.answering.extraction.scope import core_terms, find_scope, originals
from rag.answering.extraction.statements import Statement
from rag.answering.material import Material
from rag.notices import Notice
from rag.notices.languages import language_name
from rag.planning.document_times import document_time
from rag.question.document_languages import ANY, language_of_documents
from rag.question.times import DocumentTime, time_of_documents
from rag.retrieval.passages import matching_sources
from rag.retrieval.search import NOTHING_SELECTED
from rag.store.catalog import SourceSummary
from rag.store.index import Index
from rag.store.reading import ENGLISH, source_languages
from rag.types import Answer

_TASK_ABOUT = "Say what the documents are about: for each one its title and a sentence with its citation."
_TASK_MENTIONS = (
    "Name each document that deals with it by its path, with a sentence on what it says about it and its citation."
)
# Documents that a sentence each is quoted of; of more, the folders and the first titles are listed.
_TOLD = 20
# Chunks at the beginning of a document in which its most telling sentence is looked for.
_OPENING = 2
# Sentences on a document that is asked about alone.
_OF_ONE = 3


def gather(snapshot: Answer, context: AnswerContext) -> Generator[Answer, None, Material]:
    """Answer from the catalog, or find what the documents are about.

    Args:
        snapshot: The answer so far, with its plan.
        context: The context of the answer.

    Yields:
        The answer while it is searched for.

    Returns:
        The material; a list or count of documents needs no model.
    """
    index, topic = context.index, context.question.topic
    matching = matching_sources(index, searched_sources(context))
    allowed = None if matching is None else set(matching)
    documents = [each for each in index.catalog.sources() if allowed is None or each.source in allowed]
    yield context.clock.stamp(replace(snapshot, state="reading"), "retrieve_ms")
    if not documents:
        return Material(NOTHING_SELECTED, "refused", lambda: Composer(context.language))
    if language := language_of_documents(context.question.asked):
        return _of_language(context, language, documents)
    if time := time_of_documents(context.question.asked):
        return _of_time(context, time, documents)
    # Words such as "these documents" name nothing.
    asked = asked_of_collection(context.question.asked, topic if core_terms(topic) else "")
    if asked == "mentions":
        return _mentions(context, topic)
    if asked == "about":
        return _about(context, documents)
    return _from_catalog(context, asked, documents)


def _from_catalog(context: AnswerContext, asked: Asked, documents: Sequence[SourceSummary]) -> Material:
    """Answer with titles, paths, dates and counts."""
    index, language = context.index, context.language
    scope = find_scope(index, context.question.topic, searched_sources(context))
    meant = scope.documents or tuple(documents)
    composers: dict[Asked, Callable[[Composer], None]] = {
        "count": lambda composer: _count(composer, documents),
        "list": lambda composer: _list(composer, documents),
        "pages": lambda composer: _pages(composer, meant),
        "newest": lambda composer: _by_date(composer, index, documents, newest=True),
        "oldest": lambda composer: _by_date(composer, index, documents, newest=False),
        "changed": lambda composer: _changed(composer, index),
    }

    def compose() -> Composer:
        composer = Composer(language)
        composers[asked](composer)
        return composer

    return Material(replace(NOTHING_SELECTED, band="sure"), "sure", compose, strong_words=False)


def _of_time(context: AnswerContext, time: DocumentTime, documents: Sequence[SourceSummary]) -> Material:
    """List the documents of a year, a month or a day."""
    times = {
        each: document_time(context.index, each.source, each.source_id, each.title, own=True) for each in documents
    }
    of_time = [each for each, found in times.items() if found and found.is_within(time)]

    def compose() -> Composer:
        composer = Composer(context.language)
        composer.say(Notice("documents-dated", {"count": len(of_time), "time": str(time)}))
        list_documents(composer, of_time)
        if asked_of_collection(context.question.asked, "") == "count":
            composer.short_answer = str(len(of_time))
        return composer

    return Material(replace(NOTHING_SELECTED, band="sure"), "sure", compose, strong_words=False)


def _of_language(context: AnswerContext, asked: str, documents: Sequence[SourceSummary]) -> Material:
    """List the documents in one language, or say for each language how many there are."""
    noted = source_languages(context.index.catalog)
    question = context.question.asked.casefold()
    named = [each for each in documents if PurePosixPath(each.source).name.casefold() in question]
    by_language: dict[str, list[SourceSummary]] = {}
    for each in named or documents:
        for code in noted.get(each.source, (ENGLISH,)):
            by_language.setdefault(code, []).append(each)

    def compose() -> Composer:
        composer = Composer(context.language)
        if asked != ANY:
            found = by_language.get(asked, [])
            composer.say(Notice("documents-in-language", {"count": len(found), "language": asked}))
            list_documents(composer, found)
            if asked_of_collection(context.question.asked, "") == "count":
                composer.short_answer = str(len(found))
            return composer
        for code in sorted(by_language, key=lambda code: (-len(by_language[code]), code)):
            found = by_language[code]
            composer.say(Notice("language-line", {"count": len(found), "language": code}), before="\n\n")
            list_documents(composer, found)
        if len(by_language) == 1:
            composer.short_answer = language_name(next(iter(by_language)), in_german=context.language == "de")
        return composer

    return Material(replace(NOTHING_SELECTED, band="sure"), "sure", compose, strong_words=False)


def _count(composer: Composer, documents: Sequence[SourceSummary]) -> None:
    composer.say(Notice("document-count", {"count": len(documents)}))
    composer.short_answer = str(len(documents))
    if len(documents) <= _TOLD:
        list_documents(composer, documents)
    else:
        list_folders(composer, documents)


def _list(composer: Composer, documents: Sequence[SourceSummary]) -> None:
    composer.say(Notice("document-count", {"count": len(documents)}))
    list_documents(composer, documents)


def _pages(composer: Composer, documents: Sequence[SourceSummary]) -> None:
    paged = [each for each in documents if each.pages]
    for each in paged:
        composer.say(Notice("page-count", {"source": each.source, "pages": each.pages}), before="\n")
    if not paged:
        composer.say(Notice("no-pages"))
    if len(paged) == 1:
        composer.short_answer = str(paged[0].pages)


def _by_date(composer: Composer, index: Index, documents: Sequence[SourceSummary], newest: bool) -> None:
    """Name the file that was written last, or first; what it says of that itself goes before its stamp."""
    names = {each.source for each in documents}
    # A file that was copied says better than its stamp when it was written.
    written = [(record.date or _written(record.stamp), record.source) for record in index.catalog.source_records()]
    dated = sorted((time, source) for time, source in written if time and source in names)
    if not dated:
        _list(composer, documents)
        return
    time, source = dated[-1 if newest else 0]
    code = "newest-document" if newest else "oldest-document"
    composer.say(Notice(code, {"source": source, "date": time[:10]}))
    composer.short_answer = source


def _changed(composer: Composer, index: Index) -> None:
    date = index.catalog.get("changed")[:10]
    composer.say(Notice("index-changed", {"date": date}))
    composer.short_answer = date


def _written(stamp: str) -> str:
    """Return when a file was written, as its stamp says: UTC, ISO 8601; "" where it does not."""
    parts = stamp.split(":")
    if len(parts) < 2 or not parts[1].isdigit():
        return ""
    return datetime.fromtimestamp(int(parts[1]) / 1e9, UTC).isoformat()


def _mentions(context: AnswerContext, topic: str) -> Material:
    """Name the documents that deal with a topic, each with the sentence that shows it."""
    in_passing = is_mention_enough(context.question.asked)
    options = replace(context.search_options, sources=searched_sources(context))
    found = documents_mentioning(context.index, topic, options, context.reranker, in_passing=in_passing)
    shown = [each.statement for each in found.documents]

    def compose() -> Composer:
        composer = Composer(context.language)
        composer.say(Notice("documents-about", {"count": len(shown)}))
        for item in shown:
            composer.say(document_label(item.span.title, item.span.source), before="\n\n")
            composer.quote(item.span)
        return composer

    band = found.band if shown else "refused"
    if band == "refused" and shown and context.options.anyway:
        band = "tentative"
    selected = selection(topic, found.passages, shown, found.confidence, band)
    return Material(selected, band, compose, task=_TASK_MENTIONS)


def _about(context: AnswerContext, documents: Sequence[SourceSummary]) -> Material:
    """Quote the most telling sentences of the documents that are meant, or list them where they are many."""
    index = context.index
    scope = find_scope(index, context.question.topic, searched_sources(context))
    meant = scope.documents or tuple(originals(documents))
    told = meant[:_TOLD] if len(meant) <= _TOLD else ()
    by_document: list[tuple[SourceSummary, list[Statement]]] = []
    chunks = []
    for each in told:
        opening = chunks_of(index, [each.source])
        opening = opening if len(meant) == 1 else opening[:_OPENING]
        chunks += opening
        wanted = context.question.sentences or (_OF_ONE if len(meant) == 1 else 1)
        by_document.append((each, choose_sentences(index, opening, wanted)))

    def compose() -> Composer:
        composer = Composer(context.language)
        if len(meant) > _TOLD:
            _list(composer, meant)
        for each, statements in by_document:
            composer.say(document_label(each.title, each.source), before="\n\n")
            for item in statements:
                composer.quote(item.span)
        return composer

    quoted = [item for _, statements in by_document for item in statements]
    if not told:
        chunks = [chunk for each in meant[:_TOLD] for chunk in chunks_of(index, [each.source])[:1]]
    selected = selection(context.plan.question, passages_of(index, chunks), quoted, 1.0, "sure")
    return Material(selected, "sure", compose, task=_TASK_ABOUT)
