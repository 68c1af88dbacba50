"""Routes of watched folders: which there are, adding one by its path, and taking one away.

Owns: these addresses, and that only an operator sees and chooses folders, of collections that they look after: the path
of a folder of the server is a way to its files. Knows nothing about how a folder is watched.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import JSONResponse, Response

from rag.hosting.upload_removals import KEPT_MINUTES
from rag.store.index import Index
from ui.server.dependencies import JsonObject, OpenIndex, ReaderTranslate, Service, User
from ui.server.routes.settings import IsOperator, operator_only
from ui.views.watched import watched_json

router = APIRouter(prefix="/i")


def chooses_folders(workspace: str, _: OpenIndex, service: Service, user: User) -> bool:
    """Return whether somebody sees and chooses the folders of a workspace.

    Args:
        workspace: The workspace.
        _: Its index. A workspace that is not the user's is answered with 404 before.
        service: Knows the workspaces.
        user: Who asks.

    Returns:
        Whether they do.
    """
    return service.chooses_folders(user, workspace)


ChoosesFolders = Annotated[bool, Depends(chooses_folders)]


def operators_index(index: OpenIndex, operator: IsOperator, allowed: ChoosesFolders, t: ReaderTranslate) -> Index:
    """Return the index of a workspace, whose folders only an operator chooses; others are answered with 403.

    Args:
        index: The index.
        operator: Whether the user is an operator.
        allowed: Whether they choose its folders.
        t: Gives the texts of the page in the reader's language.

    Returns:
        The index.

    Raises:
        HTTPException: They do not (403).
    """
    operator_only(operator, t)
    if not allowed:
        raise HTTPException(403, t("read only"))
    return index


OperatorsIndex = Annotated[Index, Depends(operators_index)]


@router.get("/{workspace}/watched")
def watched(index: OpenIndex, service: Service, allowed: ChoosesFolders, t: ReaderTranslate) -> Response:
    """Return the watched folders with their states; ``allowed`` says whether the reader may choose them.

    ``version`` changes with what is in the index.
    """
    folders = service.watching.of(index).states() if allowed else []
    version = index.catalog.get("version")
    return JSONResponse({"allowed": allowed, "folders": watched_json(folders, t), "version": version})


@router.post("/{workspace}/watched")
def add(content: JsonObject, index: OperatorsIndex, service: Service, t: ReaderTranslate) -> Response:
    folders = service.watching.of(index)
    folders.add(str(content.get("path", "")))
    return JSONResponse({"allowed": True, "folders": watched_json(folders.states(), t)})


@router.delete("/{workspace}/watched")
def remove(content: JsonObject, index: OperatorsIndex, service: Service, t: ReaderTranslate) -> Response:
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
