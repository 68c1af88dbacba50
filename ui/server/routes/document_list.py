"""Routes on the list of documents: pages of rows, what can be filtered by, and what is done with many at once.

Owns: these addresses. What a choice of documents means is owned by ``ui.service.document_choice``.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from rag.hosting.upload_removals import KEPT_MINUTES
from ui.server.dependencies import JsonObject, Number, OpenIndex, ReaderTranslate, Service, WritableIndex
from ui.service.document_choice import chosen_sources, query_from
from ui.views.documents import overview_json, rows_html
from ui.views.upload import job_json

_MOST_ROWS = 200

router = APIRouter(prefix="/i")


@router.get("/{workspace}/documents")
def rows(
    workspace: str,
    request: Request,
    index: OpenIndex,
    service: Service,
    t: ReaderTranslate,
    offset: Number = 0,
    limit: Number = 50,
) -> Response:
    """Return some rows of the list with the number of all; ``version`` changes with what is in the index."""
    query = query_from(request.query_params, index.catalog)
    offset = max(0, offset)
    with index.catalog.read_transaction():
        version = index.catalog.get("version")
        total, listings = index.catalog.list_sources(query, max(1, min(_MOST_ROWS, limit)), offset)
    html = rows_html(listings, offset, workspace, query.search, service.uploads.at_work(index), t)
    return JSONResponse({"total": total, "version": version, "html": str(html)})


@router.get("/{workspace}/document-folders")
def overview(index: OpenIndex, t: ReaderTranslate) -> Response:
    """Return the folders, the kinds and the states that there are, each with its number of documents."""
    with index.catalog.read_transaction():
        return JSONResponse(overview_json(index.catalog.folders(), index.catalog.kinds(), t))


@router.delete("/{workspace}/documents")
def remove(content: JsonObject, index: WritableIndex, service: Service) -> Response:
    """Remove documents in one change; ``removal`` brings them back while it is kept.

    ``watched`` is the number of those whose files lie in watched folders: they come back unless their files go, too.
    """
    sources = chosen_sources(content, index.catalog)
    watched = service.watching.of(index).following(sources)
    removal = service.uploads.remove(index, *sources)
    values = {"count": len(removal.sources), "removal": removal.id, "minutes": KEPT_MINUTES, "watched": watched}
    return JSONResponse(values)


@router.post("/{workspace}/removals/{removal}/restore")
def restore(removal: str, index: WritableIndex, service: Service, t: ReaderTranslate) -> Response:
    return JSONResponse({"job": job_json(service.uploads.restore(index, removal).state(), t)})


@router.post("/{workspace}/documents/read-again")
def read_again(content: JsonObject, index: WritableIndex, service: Service, t: ReaderTranslate) -> Response:
    job = service.uploads.read_again(index, chosen_sources(content, index.catalog))
    return JSONResponse({"job": job_json(job.state(), t)})
