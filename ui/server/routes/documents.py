"""Routes on the documents of an index: the list, one of them, removal, and a new index.

Owns: these addresses. Knows nothing about uploads or pages.
"""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, JSONResponse, Response

from ui.server.dependencies import JsonObject, OpenIndex, ReaderTranslate, Service, User, WritableIndex
from ui.views import panels
from ui.views.source import find_in_source, view_source

_LONGEST_SEARCH = 200
_LONGEST_INDEX_NAME = 100

router = APIRouter(prefix="/i")


@router.get("/{workspace}/documents")
def documents(
    workspace: str, index: OpenIndex, service: Service, user: User, t: ReaderTranslate, search: str = "", page: int = 1
) -> Response:
    """List a page of documents, counted from 1; one that is not there is the first."""
    size, page = panels.DOCUMENTS_A_PAGE, max(1, page)
    total, listings = index.catalog.list_sources(search[:_LONGEST_SEARCH], size, (page - 1) * size)
    if not listings and page > 1:
        page = 1
        total, listings = index.catalog.list_sources(search[:_LONGEST_SEARCH], size, 0)
    writable = service.workspaces.writable(user, workspace)
    return HTMLResponse(panels.documents_html(listings, total, page, workspace, search, writable, t))


@router.get("/{workspace}/documents/{source_id}")
def document(
    workspace: str,
    source_id: str,
    index: OpenIndex,
    t: ReaderTranslate,
    source: str = "",
    at: int | None = None,
    page: int | None = None,
    find: str = "",
) -> Response:
    """Show a document; ``source`` is its name, where several have the same text. ``find`` searches it."""
    if not index.catalog.sources_of(source_id):
        raise HTTPException(404, t("document gone"))
    if find:
        return JSONResponse({"places": find_in_source(index, source_id, find)})
    view = view_source(index, source_id, source=source, at=at, page=page)
    address = f"{panels.document_address(workspace, source_id)}?{urlencode({'source': source})}"
    return HTMLResponse(panels.source_html(view, address, workspace, t))


@router.delete("/{workspace}/documents")
def remove(content: JsonObject, index: WritableIndex, service: Service) -> Response:
    service.uploads.remove(index, str(content.get("source", "")))
    return JSONResponse({})


@router.post("/workspaces/new")
def create(content: JsonObject, service: Service, user: User) -> Response:
    workspace = service.workspaces.create(user, str(content.get("name", ""))[:_LONGEST_INDEX_NAME])
    return JSONResponse({"workspace": workspace.id})
