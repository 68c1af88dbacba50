"""Routes on what stands beside an answer in the conversation: a source in a few words, and the answer as text.

Owns: these addresses. Knows nothing about what a source or an answer looks like.
"""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from ui.server.dependencies import CurrentTurn, OpenIndex, ReaderTranslate
from ui.server.routes.answers import source_of
from ui.views.copied import copied_markdown, copied_text
from ui.views.preview import preview_html
from ui.views.source_text import heading_path

router = APIRouter(prefix="/i")


@router.get("/{workspace}/turns/{turn_id}/copy/{form}")
def copy(form: Literal["text", "markdown"], turn: CurrentTurn, t: ReaderTranslate) -> Response:
    """Return an answer as text."""
    return PlainTextResponse(copied_text(turn.answer, t) if form == "text" else copied_markdown(turn, t))


@router.get("/{workspace}/turns/{turn_id}/{source_key}/preview")
def preview(source_key: str, index: OpenIndex, turn: CurrentTurn, t: ReaderTranslate) -> Response:
    """Show a source of an answer in a few words."""
    item = source_of(turn.answer, source_key, index)
    if item is None:
        raise HTTPException(404, t("no such source"))
    with index.catalog.read_transaction():
        stored = index.catalog.document_text(item.source_id)
        blocks = index.catalog.structure(item.source_id)[0] if stored else ()
    text = stored[0] if stored else ""
    headings = heading_path(text, blocks, item.start)
    return HTMLResponse(preview_html(item, text, headings[-1] if headings else "", t))
