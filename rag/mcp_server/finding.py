"""The tools that find: ``search``, ``list_sources`` and ``list_indexes``.

Owns: their results. Adds nothing to how passages are found.
"""

from __future__ import annotations

from rag.errors import IndexUnusable
from rag.hosting.calls import note_index, note_passages, note_question
from rag.mcp_server.arguments import ListIndexesArguments, ListSourcesArguments, SearchArguments
from rag.mcp_server.call import Call
from rag.mcp_server.results import (
    IndexResult,
    ListIndexesResult,
    ListSourcesResult,
    PassageResult,
    SearchResult,
    SourceResult,
)
from rag.mcp_server.threads import in_thread

SOURCES_A_PAGE = 50


async def search(call: Call, arguments: SearchArguments) -> SearchResult:
    """Find passages.

    Args:
        call: Who asks, and what is open.
        arguments: The question.

    Returns:
        The passages, best first.
    """
    name = await call.index_name(arguments.index)
    return await in_thread(lambda: _search(call, arguments, name))


def _search(call: Call, arguments: SearchArguments, name: str) -> SearchResult:
    note_index(name)
    note_question(arguments.question)
    sources = call.searched_sources(name, arguments.sources)
    call.progress.say("opening the index")
    index = call.served.index(name)
    from rag.retrieval.passages import open_reranker, retrieve

    call.progress.say("searching")
    settings = index.settings
    reranker = open_reranker(settings.reranker, settings.threads, settings.device, settings.models)
    found = retrieve(index, arguments.question, arguments.k, sources=sources, reranker=reranker)
    note_passages(len(found))
    return SearchResult(
        index=name,
        passages=[
            PassageResult(
                rank=passage.rank,
                source=passage.source,
                title=passage.title,
                page=passage.page,
                start=passage.start,
                end=passage.end,
                context=passage.context,
                text=passage.text,
                score=passage.scores.get("rerank", passage.scores["fused"]),
                order=passage.instructions,
            )
            for passage in found
        ],
    )


async def list_sources(call: Call, arguments: ListSourcesArguments) -> ListSourcesResult:
    """List the sources of an index.

    Args:
        call: Who asks, and what is open.
        arguments: Which sources, and where the page begins.

    Returns:
        A page of them, by name.
    """
    name = await call.index_name(arguments.index)
    return await in_thread(lambda: _list_sources(call, arguments, name))


def _list_sources(call: Call, arguments: ListSourcesArguments, name: str) -> ListSourcesResult:
    from rag.store.catalog import SourceQuery

    note_index(name)
    with call.served.catalog(name) as catalog:
        if arguments.glob is None:
            names = catalog.names_found(SourceQuery())
        else:
            names = catalog.find_sources(arguments.glob) or catalog.find_sources(f"{arguments.glob.rstrip('/')}/*")
        end = arguments.start + SOURCES_A_PAGE
        records = [record for source in names[arguments.start : end] if (record := catalog.source_record(source))]
        return ListSourcesResult(
            index=name,
            total=len(names),
            sources=[
                SourceResult(
                    source=record.source,
                    title=record.title,
                    pages=len(catalog.pages(record.document_id)) or None if record.document_id else None,
                    date=record.date,
                    readable=record.document_id is not None,
                    problem=record.problem.text() if record.problem else None,
                )
                for record in records
            ],
            next_start=end if end < len(names) else None,
        )


async def list_indexes(call: Call, _: ListIndexesArguments) -> ListIndexesResult:
    """List the indexes that the caller may see.

    Args:
        call: Who asks, and what is open.

    Returns:
        Their names and sizes; one that cannot be used says why.
    """
    return await in_thread(lambda: ListIndexesResult(indexes=[_index(call, n) for n in call.served.names(call.caller)]))


def _index(call: Call, name: str) -> IndexResult:
    try:
        with call.served.catalog(name) as catalog:
            return IndexResult(index=name, sources=catalog.source_counts()[0], problem=None)
    except IndexUnusable as error:
        return IndexResult(index=name, sources=None, problem=str(error))
