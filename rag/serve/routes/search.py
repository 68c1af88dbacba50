"""Passages for a question.

Owns: ``/v1/search``. Knows nothing about how passages are found.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request

from rag.hosting.calls import note_passages, note_question
from rag.retrieval.passages import open_reranker, retrieve
from rag.serialize import passage_json
from rag.serve.dependencies import CurrentCaller, CurrentService, readable_index
from rag.serve.examples import PASSAGE
from rag.serve.json_response import CommandJson
from rag.serve.leaving import while_there
from rag.serve.openapi import ERRORS, example
from rag.serve.results import SearchResult
from rag.serve.schemas import SearchRequest
from rag.serve.strict_route import StrictRoute
from rag.store.source_globs import read_globs

router = APIRouter(prefix="/v1", tags=["Questions"], route_class=StrictRoute, responses=ERRORS)

_EXAMPLES: dict[str, Any] = {
    "plain": {"value": {"question": "What is the toll for cars?"}},
    "narrow": {"value": {"question": "What is the toll for cars?", "k": 2, "sources": ["bridge.md"]}},
}


@router.post(
    "/search",
    summary="Find passages",
    response_model=SearchResult,
    responses=example({"question": "What is the toll for cars?", "index": "default", "passages": [PASSAGE]}),
)
async def search(
    request: Request,
    content: Annotated[SearchRequest, Body(openapi_examples=_EXAMPLES)],
    service: CurrentService,
    caller: CurrentCaller,
) -> CommandJson:
    """Return the passages that bear on a question, best first, with every score and rank."""

    def find() -> dict[str, Any]:
        index = readable_index(service, caller, content.index)
        index.refresh()
        sources = read_globs(index.catalog, index.name, content.sources)
        settings = index.settings
        reranker = open_reranker(settings.reranker, settings.threads, settings.device, settings.models)
        passages = retrieve(index, content.question, content.k, sources=sources, reranker=reranker)
        note_question(content.question)
        note_passages(len(passages))
        return {
            "question": content.question,
            "index": index.name,
            "passages": [passage_json(passage) for passage in passages],
        }

    return CommandJson(await while_there(request, service.work(caller, find)))
