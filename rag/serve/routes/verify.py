"""Verdicts on the sentences of a text.

Owns: ``/v1/verify``. Knows nothing about how a sentence is checked.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request

from rag.serve.checking import check_against_index, check_against_texts
from rag.serve.dependencies import CurrentCaller, CurrentService, readable_index
from rag.serve.examples import VERIFICATION
from rag.serve.json_response import CommandJson
from rag.serve.leaving import while_there
from rag.serve.openapi import ERRORS, example
from rag.serve.results import VerifyResult
from rag.serve.schemas import VerifyRequest
from rag.serve.strict_route import StrictRoute
from rag.store.source_globs import read_globs

router = APIRouter(prefix="/v1", tags=["Questions"], route_class=StrictRoute, responses=ERRORS)

_EXAMPLES: dict[str, Any] = {
    "texts": {
        "value": {
            "text": "The toll is 4 crowns for cars.",
            "sources": {"tolls.txt": "The toll is 3 crowns for cars."},
        }
    },
    "index": {"value": {"text": "The toll is 3 crowns for cars.", "index": "default"}},
}


@router.post("/verify", summary="Check a text", response_model=VerifyResult, responses=example(VERIFICATION))
async def verify(
    request: Request,
    content: Annotated[VerifyRequest, Body(openapi_examples=_EXAMPLES)],
    service: CurrentService,
    caller: CurrentCaller,
) -> CommandJson:
    """Say of each sentence which words support it, in texts that are sent along or in the documents of an index."""

    def check() -> dict[str, Any]:
        if content.sources is not None:
            return check_against_texts(service, content.text, content.sources)
        index = readable_index(service, caller, content.index)
        index.refresh()
        among = read_globs(index.catalog, index.name, content.among)
        return check_against_index(service, index, content.text, among)

    return CommandJson(await while_there(request, service.work(caller, check)))
