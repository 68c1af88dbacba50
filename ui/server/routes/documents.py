"""Routes on one document of an index, and a picture of a page.

Owns: these addresses. Knows nothing about lists of documents or uploads.
"""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, Response

from ui.server.dependencies import OpenIndex, ReaderTranslate
from ui.views import panels
from ui.views.source import page_image, view_source

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


