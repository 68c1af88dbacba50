"""The indexes as OpenAI's protocol lists models.

Owns: ``/v1/models``. A model is an index: its id is the index's name.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from rag.hosting.access import Caller
from rag.serve.dependencies import CurrentCaller, CurrentService, readable_index
from rag.serve.errors import ApiError
from rag.serve.service import Service
from rag.store.index import Index

router = APIRouter(prefix="/v1", tags=["OpenAI"])


@router.get("/models")
def models(service: CurrentService, caller: CurrentCaller) -> dict[str, Any]:
    """List the indexes that the caller may ask.

    Args:
        service: The service.
        caller: Who calls.

    Returns:
        OpenAI's list of models.
    """
    return {"object": "list", "data": [_model(name) for name in service.names(caller)]}


@router.get("/models/{name}")
def model(name: str, service: CurrentService, caller: CurrentCaller) -> dict[str, Any]:
    """Describe one index.

    Args:
        name: Its name.
        service: The service.
        caller: Who calls.

    Returns:
        OpenAI's model.
    """
    return _model(index_of(service, caller, name).name)


def index_of(service: Service, caller: Caller, model: str) -> Index:
    """Return the index that a client of OpenAI's protocol names as a model.

    Args:
        service: The service.
        caller: Who calls.
        model: The name.

    Returns:
        The open index.

    Raises:
        ApiError: There is no such index for this caller (404).
        IndexUnusable: It cannot be opened.
    """
    try:
        return readable_index(service, caller, model)
    except ApiError as error:
        if error.status != 404:
            raise
        raise ApiError(404, "model_not_found", str(error), "model") from None


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "footnote"}
