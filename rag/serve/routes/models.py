"""The indexes as OpenAI's protocol lists models.

Owns: ``/v1/models``. A model is an index: its id is the index's name.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from rag.serve.dependencies import CurrentCaller, CurrentService, readable_index

router = APIRouter(prefix="/v1", tags=["OpenAI"])


@router.get("/models")
def models(service: CurrentService, caller: CurrentCaller) -> dict[str, Any]:
    """List the indexes that the caller may ask."""
    return {"object": "list", "data": [_model(name) for name in service.names(caller)]}


@router.get("/models/{name}")
def model(name: str, service: CurrentService, caller: CurrentCaller) -> dict[str, Any]:
    """Describe one index."""
    return _model(readable_index(service, caller, name).name)


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "footnote"}
