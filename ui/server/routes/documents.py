"""Routes on one document of an index.

Owns: these addresses. Knows nothing about lists of documents, uploads or pictures of pages.
"""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, JSONResponse, Response

from ui.server.dependencies import Number, OpenIndex, ReaderTranslate
from ui.views import panels
from ui.views.source import find_in_source, view_source

router = APIRouter(prefix="/i")


@router.get("/{workspace}/documents/{source_id}")
def document(
    workspace: str,
    source_id: str,
    index: OpenIndex,
    t: ReaderTranslate,
    source: str = "",
    at: Number | None = None,
    page: Number | None = None,
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
