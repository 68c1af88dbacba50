"""Routes on one document of an index, a picture of a page, and a new index.

Owns: these addresses. Knows nothing about lists of documents or uploads.
"""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, JSONResponse, Response

from ui.server.dependencies import JsonObject, OpenIndex, ReaderTranslate, Service, User
from ui.views import panels
from ui.views.source import page_image, view_source

_LONGEST_INDEX_NAME = 100
_NARROWEST_IMAGE, _WIDEST_IMAGE = 200, 2400

router = APIRouter(prefix="/i")


@router.get("/{workspace}/documents/{source_id}")
def document(
    workspace: str,
    source_id: str,
    index: OpenIndex,
    t: ReaderTranslate,
    source: str = "",
    at: int | None = None,
    page: int | None = None,
) -> Response:
    """Show a document; ``source`` is its name, where several have the same text."""
    if not index.catalog.sources_of(source_id):
        raise HTTPException(404, t("document gone"))
    view = view_source(index, source_id, source=source, at=at, page=page)
    address = f"{panels.document_address(workspace, source_id)}?{urlencode({'source': source})}"
    return HTMLResponse(panels.source_html(view, address, workspace, t))


@router.get("/{workspace}/pages/{source_id}/{page}")
def picture(source_id: str, page: int, index: OpenIndex, width: int = 1200) -> Response:
    """Show a page of a PDF as an image of about ``width`` pixels."""
    image = page_image(index, source_id, page, min(_WIDEST_IMAGE, max(_NARROWEST_IMAGE, width)))
    return Response(image, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


@router.post("/workspaces/new")
def create(content: JsonObject, service: Service, user: User) -> Response:
    workspace = service.workspaces.create(user, str(content.get("name", ""))[:_LONGEST_INDEX_NAME])
    return JSONResponse({"workspace": workspace.id})
