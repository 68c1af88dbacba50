"""Routes of watched folders: which there are, adding one by its path, and taking one away.

Owns: these addresses, and that only an operator sees and chooses folders: the path of a folder of the server is a way
to its files. Knows nothing about how a folder is watched.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import JSONResponse, Response

from rag.hosting.upload_removals import KEPT_MINUTES
from ui.server.dependencies import JsonObject, OpenIndex, ReaderTranslate, Service
from ui.server.routes.settings import IsOperator, operator_only
from ui.views.watched import watched_json

router = APIRouter(prefix="/i")

_OPERATOR = [Depends(operator_only)]


@router.get("/{workspace}/watched")
def watched(index: OpenIndex, service: Service, operator: IsOperator, t: ReaderTranslate) -> Response:
    """Return the watched folders with their states; ``allowed`` says whether the reader may choose them.

    ``version`` changes with what is in the index.
    """
    folders = service.watching.of(index).states() if operator else []
    version = index.catalog.get("version")
    return JSONResponse({"allowed": operator, "folders": watched_json(folders, t), "version": version})


@router.post("/{workspace}/watched", dependencies=_OPERATOR)
def add(content: JsonObject, index: OpenIndex, service: Service, t: ReaderTranslate) -> Response:
    folders = service.watching.of(index)
    folders.add(str(content.get("path", "")))
    return JSONResponse({"allowed": True, "folders": watched_json(folders.states(), t)})


@router.delete("/{workspace}/watched", dependencies=_OPERATOR)
def remove(content: JsonObject, index: OpenIndex, service: Service, t: ReaderTranslate) -> Response:
    """Watch a folder no longer; with ``documents`` its documents are removed, too, and can be brought back."""
    folders = service.watching.of(index)
    sources = folders.remove(str(content.get("path", "")))
    if sources is None:
        raise HTTPException(404, t("nothing here"))
    answer = {"allowed": True, "folders": watched_json(folders.states(), t), "count": 0}
    if content.get("documents") is True and sources:
        removal = service.uploads.remove(index, *sources)
        answer |= {"count": len(removal.sources), "removal": removal.id, "minutes": KEPT_MINUTES}
    return JSONResponse(answer)
