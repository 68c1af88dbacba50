"""Routes on conversations: the list, what is done with one of them, its export, all of them as a file, and import.

Owns: these addresses. What a list looks like is decided by ``ui.views.history``, what an export says by
``ui.views.export``; who shares what is remembered by ``ui.service.shares``.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from rag.errors import UsageError
from rag.hosting.users import Authenticator
from rag.store.catalog import Conversation, History, StoredTurn
from rag.store.catalog.transfer import LARGEST_FILE, conversations_json, import_conversations
from rag.store.index import Index
from ui.i18n import Translate
from ui.server.dependencies import JsonObject, Number, OpenIndex, ReaderTranslate, Service, User, declared_length
from ui.server.responses import download, download_bytes
from ui.service.shares import Share
from ui.views.export import FORMATS, all_as_zip, file_name
from ui.views.history import found_html, list_html
from ui.views.shared import shared_page
from ui.views.templates import render, render_page

# Rows of the list that are sent at once, at most as many as a page shows already, and rows of what a search found.
_PAGE, _MOST_ROWS, _MOST_FOUND = 60, 1000, 100
_LONGEST_SEARCH, _LONGEST_TITLE = 200, 200
_DAY_MINUTES = 24 * 60
# Seconds that the deletion of a conversation waits for its answer, which is stored as far as it is.
_STOPPING_SECONDS = 3.0

router = APIRouter(prefix="/i")


# -- the list ----------------------------------------------------------------------------------------------------------


@router.get("/{workspace}/conversations")
def conversations(
    workspace: str,
    index: OpenIndex,
    service: Service,
    user: User,
    t: ReaderTranslate,
    search: str = "",
    archived: bool = False,
    offset: Number = 0,
    rows: Number = 0,
    minutes: Number = 0,
) -> Response:
    """List conversations from ``offset`` on, ``rows`` or a page of them; the clock is ``minutes`` ahead of UTC."""
    history = History(index.folder)
    shared = service.shares.of(user, workspace).keys()
    if words := search[:_LONGEST_SEARCH].strip():
        found = history.search(user, words, _MOST_FOUND + 1)
        return HTMLResponse(found_html(found[:_MOST_FOUND], shared, len(found) > _MOST_FOUND, t))
    offset, size = max(0, offset), max(_PAGE, min(_MOST_ROWS, rows))
    # One more before and behind tells whether a group goes on, and whether there are more.
    before = history.conversations(user, limit=1, offset=offset - 1, archived=archived) if offset else []
    heads = history.conversations(user, limit=size + 1, offset=offset, archived=archived)
    now = datetime.now(timezone(timedelta(minutes=max(1 - _DAY_MINUTES, min(_DAY_MINUTES - 1, minutes)))))
    next_offset = offset + size if len(heads) > size else None
    page = list_html(heads[:size], shared, t, now, after=before[0] if before else None, next_offset=next_offset)
    counts = {"Footnote-Archived": str(history.count(user, archived=True))} if not offset else {}
    return HTMLResponse(page, headers=counts)


@router.get("/{workspace}/conversations/answering")
def answering(index: OpenIndex, service: Service, user: User, ids: str = "") -> Response:
    """Tell which of some of the user's conversations are being answered; ``ids`` has commas between them."""
    history = History(index.folder)
    own = [id_ for id_ in ids.split(",")[:_PAGE] if history.conversation(user, id_)]
    return JSONResponse({"answering": [id_ for id_ in own if service.running(index, id_)]})


# -- one conversation --------------------------------------------------------------------------------------------------


@router.patch("/{workspace}/conversations/{id_}")
def change(id_: str, content: JsonObject, index: OpenIndex, user: User, t: ReaderTranslate) -> Response:
    """Change the title of a conversation, or its place in the list."""
    history = History(index.folder)
    head = _existing(history, user, id_, t)
    if (title := content.get("title")) is not None:
        head = history.rename(user, id_, str(title)[:_LONGEST_TITLE]) or head
    places = {name: value for name in ("pinned", "archived") if isinstance(value := content.get(name), bool)}
    if places:
        head = history.place(user, id_, **places) or head
    return JSONResponse({"title": head.title, "pinned": head.pinned, "archived": head.archived})


@router.delete("/{workspace}/conversations/{id_}")
def delete(id_: str, index: OpenIndex, service: Service, user: User, t: ReaderTranslate) -> Response:
    """Take a conversation away; it can be brought back."""
    history = History(index.folder)
    _existing(history, user, id_, t)
    running = service.running(index, id_)
    for one in running:
        one.cancel()
    for one in running:
        # What is written by now is kept with it.
        one.wait(_STOPPING_SECONDS)
    history.remove(user, id_)
    return JSONResponse({})


@router.post("/{workspace}/conversations/{id_}/restore")
def restore(id_: str, index: OpenIndex, user: User, t: ReaderTranslate) -> Response:
    """Bring a conversation back that was taken away."""
    if History(index.folder).restore(user, id_) is None:
        raise HTTPException(404, t("not restored"))
    return JSONResponse({})


# -- sharing -----------------------------------------------------------------------------------------------------------


@router.get("/shared/{token}")
def shared(token: str, request: Request, service: Service, user: User, t: ReaderTranslate) -> Response:
    """Show a shared conversation to whoever may reach the server; it says nothing but what was shared.

    One about documents that all share is for those alone who may read them. What somebody shared who is no user any
    more is shared no longer.
    """
    share = service.shares.find(token)
    authenticator: Authenticator | None = request.app.state.authenticator
    if share and authenticator and not authenticator.has(share.user):
        share = None
    page = _shared_page(share, service, user, t) if share else None
    if page is None:
        gone = render_page("shared-gone", language=t.language, title=t("share gone"), t=t)
        return HTMLResponse(gone, status_code=404)
    return HTMLResponse(page)


def _shared_page(share: Share, service: Service, reader: str, t: Translate) -> str | None:
    try:
        if service.workspaces.is_shared(share.user, share.workspace):
            # Raises where the reader may not read it.
            service.workspaces.is_shared(reader, share.workspace)
        history = History(service.workspaces.open(share.user, share.workspace).folder)
    except UsageError:
        return None
    conversation = history.conversation(share.user, share.conversation)
    if conversation is None:
        return None
    there: list[StoredTurn] = []
    for id_ in share.turns:
        turn = history.turn(share.user, id_)
        # A turn that was taken away since is shared no longer, and neither is what followed it.
        if turn is None or turn.conversation != conversation.id or turn.id not in turn.versions:
            break
        there.append(turn)
    return shared_page(conversation, there, share.created, t) if there else None


@router.get("/{workspace}/conversations/{id_}/share")
def share_form(
    workspace: str, id_: str, index: OpenIndex, service: Service, user: User, t: ReaderTranslate
) -> Response:
    """Say whether a conversation is shared, and by which address."""
    _existing(History(index.folder), user, id_, t)
    return HTMLResponse(_share_html(service.shares.of(user, workspace).get(id_), t))


@router.post("/{workspace}/conversations/{id_}/share")
def share_now(workspace: str, id_: str, index: OpenIndex, service: Service, user: User, t: ReaderTranslate) -> Response:
    """Share a conversation as it is now."""
    history = History(index.folder)
    _existing(history, user, id_, t)
    turns = [turn.id for turn in history.turns(user, id_) if turn.answer.state == "done"]
    if not turns:
        raise HTTPException(400, t("nothing to share"))
    return HTMLResponse(_share_html(service.shares.share(user, workspace, id_, turns), t))


@router.delete("/{workspace}/conversations/{id_}/share")
def share_no_longer(
    workspace: str, id_: str, index: OpenIndex, service: Service, user: User, t: ReaderTranslate
) -> Response:
    """Share a conversation no longer."""
    _existing(History(index.folder), user, id_, t)
    service.shares.withdraw(user, workspace, id_)
    return JSONResponse({})


def _share_html(share: Share | None, t: Translate) -> str:
    return render("share", "form", share=share, path=f"/i/shared/{share.token}" if share else "", t=t)


# -- as files ----------------------------------------------------------------------------------------------------------


@router.get("/{workspace}/conversations.zip")
def export_all(index: OpenIndex, user: User, t: ReaderTranslate) -> Response:
    """Download all conversations: each to be read, and all to be imported again."""
    history = History(index.folder)
    read = ((head, history.turns(user, head.id)) for head in history.conversations(user, limit=-1))
    return download_bytes(
        all_as_zip(read, conversations_json(history, user), t), "application/zip", "footnote-conversations.zip"
    )


@router.post("/{workspace}/conversations/import")
async def import_file(request: Request, index: OpenIndex, user: User, t: ReaderTranslate) -> Response:
    """Store the conversations of a file that ``export_all`` gave, or of the JSON in it, as new ones."""
    from anyio.to_thread import run_sync

    too_large = HTTPException(413, t("import too large", most=LARGEST_FILE // 1_000_000))
    if declared_length(request) > LARGEST_FILE:
        raise too_large
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > LARGEST_FILE:
            raise too_large
    count = await run_sync(_import, bytes(data), index, user)
    return JSONResponse({"message": t("imported one") if count == 1 else t("imported", count=count)})


def _import(data: bytes, index: Index, user: str) -> int:
    def text_of(source_id: str) -> str | None:
        stored = index.catalog.document_text(source_id)
        return stored[0] if stored else None

    return import_conversations(History(index.folder), user, data, text_of)


@router.get("/{workspace}/conversations/{name}")
def export(name: str, index: OpenIndex, user: User, t: ReaderTranslate) -> Response:
    """Download a conversation; ``name`` is its id with the ending of a format."""
    id_, _, ending = name.rpartition(".")
    history = History(index.folder)
    conversation = history.conversation(user, id_)
    if conversation is None or ending not in FORMATS:
        raise HTTPException(404, t("conversation gone"))
    write, media_type = FORMATS[ending]
    written = write(conversation, history.turns(user, id_), t)
    name = file_name(conversation, ending)
    if isinstance(written, bytes):
        return download_bytes(written, media_type, name)
    return download(written, media_type, name)


def _existing(history: History, user: str, id_: str, t: Translate) -> Conversation:
    """Return a conversation of the user's; any other is answered with 404."""
    conversation = history.conversation(user, id_)
    if conversation is None:
        raise HTTPException(404, t("conversation gone"))
    return conversation
