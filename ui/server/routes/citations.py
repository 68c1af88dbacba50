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
    stored = index.catalog.document_text(item.source_id)
    text = stored[0] if stored else ""
    # A version that is stored anew under its id has the same text.
    return HTMLResponse(preview_html(item, text, t))
