"""Routes on one conversation: its export.

Owns: these addresses. What an export looks like is decided by ``ui.views.export``.
"""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from rag.store.catalog import History
from ui.server.dependencies import OpenIndex, ReaderTranslate, User
from ui.server.responses import download
from ui.views.export import file_name, to_html, to_markdown

_FORMATS = {"md": (to_markdown, "text/markdown"), "html": (to_html, "text/html")}

router = APIRouter(prefix="/i")


@router.get("/{workspace}/conversations/{name}")
def export(name: str, index: OpenIndex, user: User, t: ReaderTranslate) -> Response:
    """Download a conversation; ``name`` is its id with the ending ``.md`` or ``.html``."""
    id_, _, ending = name.rpartition(".")
    history = History(index.folder)
    conversation = history.conversation(user, id_)
    if conversation is None or ending not in _FORMATS:
        raise HTTPException(404, t("conversation gone"))
    to_text, media_type = _FORMATS[ending]
    text = to_text(conversation, history.turns(user, id_), t)
    return download(text, media_type, file_name(conversation, ending))
