"""What the routes are given of a request: the user, their language, the index and the answer that it names.

Owns: that every id in an address is looked up among what the user may see. Knows nothing about what a route does.

A route asks for one by the type of a parameter (FastAPI's dependencies): ``def route(index: OpenIndex, user: User)``.
The server's own objects, `ChatService` and others, are in ``app.state``. What waits for nothing is ``async``: FastAPI
runs other functions in threads.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Path, Query, Request

from rag.errors import UsageError
from rag.store.catalog import History, StoredTurn
from rag.store.index import Index
from ui.i18n import Translate, translator
from ui.server.security import USER_KEY, reader_language
from ui.service.chat_service import ChatService


async def service_of(request: Request) -> ChatService:
    """Return the chat service of the server."""
    service: ChatService = request.app.state.service
    return service


def user_of(request: Request) -> str:
    """Return the user whom the guard found; empty on a server without users."""
    return str(request.scope.get(USER_KEY) or "")


def translate_for(request: Request) -> Translate:
    """Return what says a thing in the reader's language."""
    return translator(reader_language(request.headers))


async def _reader_translate(request: Request) -> Translate:
    return translate_for(request)


async def json_object(request: Request) -> dict[str, Any]:
    """Return the JSON object in the body of a request; a body that is none is refused with 400."""
    # So is one with what can be neither stored nor counted with: no number, a huge one, half of a sign that has two.
    try:
        content = json.loads(await request.body(), parse_int=_counted)
        json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise HTTPException(400, translate_for(request)("no object"))
    return content


def declared_length(request: Request) -> int:
    """Return how long the body of a request says that it is; 0 where it does not say."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


def _counted(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError("a huge number")
    return int(digits)


# Digits of a number that JavaScript and SQLite hold exactly.
_LONGEST_NUMBER = 15
_MOST = 10**_LONGEST_NUMBER

Service = Annotated[ChatService, Depends(service_of)]
User = Annotated[str, Depends(user_of)]
ReaderTranslate = Annotated[Translate, Depends(_reader_translate)]
JsonObject = Annotated[dict[str, Any], Depends(json_object)]
# Whole numbers of an address; another is refused with 422.
Number = Annotated[int, Query(ge=-_MOST, le=_MOST)]
PageNumber = Annotated[int, Path(ge=-_MOST, le=_MOST)]


def open_index(workspace: str, service: Service, user: User, t: ReaderTranslate) -> Index:
    """Return the index of a workspace; one that is not the user's is answered with 404."""
    try:
        index = service.workspaces.open(user, workspace)
    except UsageError as error:
        raise HTTPException(404, t.notice(error.notice)) from None
    # The folders that it follows are followed again from the moment it is opened.
    service.watching.of(index)
    return index


OpenIndex = Annotated[Index, Depends(open_index)]


def writable_index(workspace: str, index: OpenIndex, service: Service, user: User, t: ReaderTranslate) -> Index:
    """Return the index of a workspace; one that the user may only read is answered with 403."""
    if not service.workspaces.writable(user, workspace):
        raise HTTPException(403, t("read only"))
    return index


def stored_turn(turn_id: str, index: OpenIndex, service: Service, user: User, t: ReaderTranslate) -> StoredTurn:
    """Return a question with its answer; one that is not the user's is answered with 404."""
    turn = History(index.folder).turn(user, turn_id)
    if turn is None:
        raise HTTPException(404, t("answer gone"))
    return service.unstored.in_place(index.folder, [turn])[0]


WritableIndex = Annotated[Index, Depends(writable_index)]
CurrentTurn = Annotated[StoredTurn, Depends(stored_turn)]
