"""Routes on the collections of a user: the list, a new one, its name, deletion and the way back, and its first screen.

Owns: these addresses. What a user may do is decided by ``rag.hosting.workspaces``.
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, Response

from rag.store.catalog import History
from ui.server.dependencies import CurrentTurn, JsonObject, OpenIndex, ReaderTranslate, Service, User
from ui.views.start import NEWEST, RECENT, Start, start_html

# What is read of a name; a longer one is refused by its length.
_LONGEST_NAME = 200

router = APIRouter(prefix="/i")


@router.get("/workspaces")
def workspaces(service: Service, user: User) -> Response:
    """List the user's collections with their sizes, and what can be brought back."""
    counts = service.workspaces.document_counts(user)
    listed = [
        {
            "id": one.id,
            "name": one.name,
            "folder": one.folder,
            "writable": one.writable,
            "shared": one.shared,
            "documents": counts.get(one.id),
        }
        for one in service.workspaces.of(user)
    ]
    deleted = [{"id": one.id, "name": one.name} for one in service.workspaces.deleted(user)]
    return JSONResponse({"workspaces": listed, "deleted": deleted})


@router.post("/workspaces/new")
def create(content: JsonObject, service: Service, user: User) -> Response:
    workspace = service.workspaces.create(user, str(content.get("name", ""))[:_LONGEST_NAME])
    return JSONResponse({"workspace": workspace.id})


@router.post("/workspaces/restore")
def restore(content: JsonObject, service: Service, user: User) -> Response:
    workspace = service.workspaces.restore(user, str(content.get("deleted", "")))
    return JSONResponse({"workspace": workspace.id})


# Not by `OpenIndex`: a collection that cannot be opened can be given another name.
@router.post("/{workspace}/name")
def rename(workspace: str, content: JsonObject, service: Service, user: User) -> Response:
    named = service.workspaces.rename(user, workspace, str(content.get("name", ""))[:_LONGEST_NAME])
    return JSONResponse({"name": named.name})


@router.delete("/{workspace}")
def delete(workspace: str, index: OpenIndex, service: Service, user: User, t: ReaderTranslate) -> Response:
    documents = index.catalog.source_counts()[0]
    conversations = History(index.folder).count(user)
    deleted = service.delete_workspace(user, workspace)
    message = t("collection deleted", name=deleted.name, documents=documents, conversations=conversations)
    return JSONResponse({"deleted": deleted.id, "message": message})


@router.get("/{workspace}/start")
def start(workspace: str, index: OpenIndex, service: Service, user: User, t: ReaderTranslate) -> Response:
    """Show what stands where no question has been asked yet."""
    index.refresh()
    recent = [(one.id, one.title) for one in History(index.folder).conversations(user, "", 3 * RECENT)]
    shown = Start(
        workspace=next(one for one in service.workspaces.of(user) if one.id == workspace),
        documents=index.catalog.source_counts()[0],
        changed=index.catalog.get("changed"),
        questions=service.suggestions.of(index),
        recent=recent,
        newest=index.catalog.newest_names(NEWEST),
        reason=service.reason,
    )
    return HTMLResponse(start_html(shown, t))


@router.get("/{workspace}/questions")
def questions(index: OpenIndex, service: Service) -> Response:
    """Give the questions to begin with, or null while they are being made."""
    return JSONResponse({"questions": service.suggestions.of(index)})


@router.get("/{workspace}/turns/{turn_id}/follow-ups")
def follow_ups(turn: CurrentTurn, service: Service) -> Response:
    """Give the questions that may be asked after an answer, or null while they are being made."""
    return JSONResponse({"questions": service.follow_ups.of(turn.id)})
