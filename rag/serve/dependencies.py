"""What the routes are given of a request: the caller, and the index that the request names.

Owns: that a caller and an index are looked up in one way on every route. Knows nothing about what a route does.

A route asks for one by the type of a parameter (FastAPI's dependencies): ``def route(caller: CurrentCaller)``.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from rag.errors import UsageError
from rag.hosting.access import Caller
from rag.hosting.calls import note_index
from rag.hosting.gate import CALLER
from rag.hosting.open_indexes import meant_index
from rag.serve.errors import ApiError
from rag.serve.service import Service
from rag.store.index import Index


async def service_of(request: Request) -> Service:
    """Return the service."""
    service: Service = request.app.state.service
    return service


async def caller_of(request: Request) -> Caller:
    """Return who calls, as the gate before all routes found; a request that did not pass it is answered with 401."""
    caller: Caller | None = getattr(request.state, CALLER, None)
    if caller is None:
        raise ApiError(401, "invalid_api_key", "This service needs a key: send it as 'Authorization: Bearer KEY'.")
    return caller


CurrentService = Annotated[Service, Depends(service_of)]
CurrentCaller = Annotated[Caller, Depends(caller_of)]


def readable_index(service: Service, caller: Caller, name: str | None) -> Index:
    """Return an index that a request names; one that is not there for this caller is answered with 404.

    Args:
        service: The service.
        caller: Who calls.
        name: The name of the index; None: the only one, or that which is called ``default``.

    Returns:
        The open index.

    Raises:
        ApiError: There is no such index for this caller.
        IndexUnusable: It cannot be opened.
    """
    names = service.names(caller)
    name = meant_index(names, name)
    try:
        index = service.open(caller, name)
    except UsageError:
        sentence = (
            "There is no index of this name here; GET /v1/models lists those that there are."
            if names
            else "There is no index to ask yet; make one with: rag ingest PATH"
        )
        raise ApiError(404, "model_not_found", sentence, param="index") from None
    note_index(index.name)
    return index


def writable_index(service: Service, caller: Caller, name: str | None) -> Index:
    """Return an index that a request changes; where the caller may only read, it is answered with 403.

    Args:
        service: The service.
        caller: Who calls.
        name: The name of the index; None: as for `readable_index`.

    Returns:
        The open index.

    Raises:
        ApiError: There is no such index for this caller, or they may not change it.
        IndexUnusable: It cannot be opened.
    """
    index = readable_index(service, caller, name)
    if not caller.rights.may_write(index.name):
        sentence = "This caller may only read this index; rag keys add and rag users rights give the right to write."
        raise ApiError(403, "read_only", sentence)
    return index
