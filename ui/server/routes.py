"""The checked routes beside the page: sources, page images, exports, feedback, uploads.

Owns: which address gives what, to whom. Everything is named by ids that are looked up among what the user may see; no
route takes a path. Knows nothing about how things look.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from rag.errors import RagError, UsageError
from rag.store.catalog import History, StoredTurn
from rag.store.index import Index
from rag.types import Passage
from ui.i18n import LANGUAGES, Translate, translator
from ui.server.security import USER
from ui.service.chat_service import ChatService
from ui.views import panels
from ui.views.explain import why_html, why_json
from ui.views.export import file_name, to_html, to_markdown
from ui.views.source import kept_passage, page_image, view_source

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST_NAME = 1000
_LONGEST_NOTE = 4000


def make_router(desk: ChatService, suite: Path) -> APIRouter:
    """The routes of one server; ``suite`` is the file that test cases are added to."""
    router = APIRouter(prefix="/i")
    _source_routes(router, desk)
    _conversation_routes(router, desk, suite)
    _document_routes(router, desk)
    _upload_routes(router, desk)
    return router


def user_of(request: Request) -> str:
    return str(request.scope.get(USER) or "")


def language_of(request: Request) -> str:
    language = request.cookies.get("language", "")
    return language if language in LANGUAGES else "en"


def say_to(request: Request) -> Translate:
    return translator(language_of(request))


def _index(desk: ChatService, request: Request, shelf: str) -> Index:
    try:
        return desk.shelves.open(user_of(request), shelf)
    except UsageError as error:
        raise HTTPException(404, str(error)) from None


def _turn(desk: ChatService, request: Request, shelf: str, turn: str) -> tuple[Index, StoredTurn]:
    index = _index(desk, request, shelf)
    found = History(index.folder).turn(user_of(request), turn)
    if found is None:
        raise HTTPException(404, "This answer is no longer there.")
    return index, found


# -- sources -----------------------------------------------------------------------------------------------------------


def _source_routes(router: APIRouter, desk: ChatService) -> None:
    @router.get("/{shelf}/turns/{turn}/sources")
    def sources(request: Request, shelf: str, turn: str) -> Response:
        _, found = _turn(desk, request, shelf, turn)
        return HTMLResponse(panels.sources_html(found, shelf, say_to(request)))

    @router.get("/{shelf}/turns/{turn}/why")
    def why(request: Request, shelf: str, turn: str, part: bool = False) -> Response:
        _, found = _turn(desk, request, shelf, turn)
        say = say_to(request)
        body = why_html(found, shelf, say, alone=not part)
        return HTMLResponse(body if part else _page(request, say("why"), f'<main class="f-alone">{body}</main>'))

    @router.get("/{shelf}/turns/{turn}.json")
    def why_as_json(request: Request, shelf: str, turn: str) -> Response:
        _, found = _turn(desk, request, shelf, turn)
        return _download(why_json(found), "application/json", "footnote-answer.json")

    @router.get("/{shelf}/turns/{turn}/{mark}")
    def cited(
        request: Request, shelf: str, turn: str, mark: str, at: int | None = None, page: int | None = None
    ) -> Response:
        index, found = _turn(desk, request, shelf, turn)
        say, base = say_to(request), panels.turn_address(shelf, turn)
        number = int(mark[1:]) if mark[1:].isascii() and mark[1:].isdigit() else 0
        flag = ""
        place: Any = None
        if mark.startswith("c"):
            place = next((c for c in found.answer.citations if c.number == number), None)
        elif mark.startswith("p"):
            place = next((p for p in found.answer.passages if p.rank == number), None)
            flag = panels.instructions_html(place, say) if place else ""
        if place is None:
            raise HTTPException(404, "This answer has no such source.")
        if isinstance(place, Passage) and index.catalog.text(place.source_id) is None:
            seen = kept_passage(index, place)
        else:
            seen = view_source(index, place.source_id, place.start, place.end, source=place.source, at=at, page=page)
        return HTMLResponse(panels.source_html(seen, f"{base}/{mark}", shelf, say, f"{base}/sources", flag))

    @router.get("/{shelf}/documents/{source_id}")
    def document(
        request: Request, shelf: str, source_id: str, source: str = "", at: int | None = None, page: int | None = None
    ) -> Response:
        index = _index(desk, request, shelf)
        if not index.catalog.sources_of(source_id):
            raise HTTPException(404, "This document is no longer in the index.")
        seen = view_source(index, source_id, source=source, at=at, page=page)
        address = f"{panels.document_address(shelf, source_id)}?{urlencode({'source': source})}"
        return HTMLResponse(panels.source_html(seen, address, shelf, say_to(request)))

    @router.get("/{shelf}/pages/{source_id}/{page}")
    def picture(request: Request, shelf: str, source_id: str, page: int, width: int = 1200) -> Response:
        index = _index(desk, request, shelf)
        image = page_image(index, source_id, page, min(2400, max(200, width)))
        return Response(image, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


# -- conversations -----------------------------------------------------------------------------------------------------


def _conversation_routes(router: APIRouter, desk: ChatService, suite: Path) -> None:
    @router.get("/{shelf}/conversations/{name}")
    def export(request: Request, shelf: str, name: str) -> Response:
        id_, _, ending = name.rpartition(".")
        history = History(_index(desk, request, shelf).folder)
        found = history.conversation(user_of(request), id_)
        if found is None or ending not in ("md", "html"):
            raise HTTPException(404, "This conversation is no longer there.")
        turns = history.turns(user_of(request), id_)
        text = to_markdown(found, turns) if ending == "md" else to_html(found, turns)
        kind = "text/markdown" if ending == "md" else "text/html"
        return _download(text, kind, file_name(found, ending))

    @router.post("/{shelf}/turns/{turn}/feedback")
    async def feedback(request: Request, shelf: str, turn: str) -> Response:
        said = await _said(request)
        index, _ = _turn(desk, request, shelf, turn)
        thumb = said.get("thumb")
        if thumb not in ("up", "down", ""):
            raise HTTPException(400, "A thumb goes up or down.")
        History(index.folder).rate(user_of(request), turn, thumb, str(said.get("note", ""))[:_LONGEST_NOTE])
        return JSONResponse({"message": say_to(request)("thanks")})

    @router.post("/{shelf}/turns/{turn}/case")
    def case(request: Request, shelf: str, turn: str) -> Response:
        from rag.evaluate.suite.file import append_case
        from ui.service.eval_case import case_from_turn

        index, found = _turn(desk, request, shelf, turn)
        target = suite_of(suite, user_of(request))
        append_case(target, case_from_turn(found), corpus_of(index))
        return JSONResponse({"message": say_to(request)("case made", suite=target.name)})


def corpus_of(index: Index) -> Path:
    """The folder that holds all documents of an index."""
    roots = sorted({record.root for record in index.catalog.source_records() if record.root})
    return Path(os.path.commonpath(roots)) if roots else index.folder


def suite_of(suite: Path, user: str) -> Path:
    """The file that a user's cases are added to: with users, each has one."""
    return suite.with_name(f"{suite.stem}-{user}{suite.suffix}") if user else suite


# -- documents and uploads ---------------------------------------------------------------------------------------------


def _document_routes(router: APIRouter, desk: ChatService) -> None:
    @router.get("/{shelf}/documents")
    def documents(request: Request, shelf: str, search: str = "", page: int = 1) -> Response:
        index = _index(desk, request, shelf)
        page = max(1, page)
        size = panels.DOCUMENTS_A_PAGE
        total, listings = index.catalog.list_sources(search[:200], size, (page - 1) * size)
        if not listings and page > 1:
            page = 1
            total, listings = index.catalog.list_sources(search[:200], size, 0)
        writable = desk.shelves.writable(user_of(request), shelf)
        return HTMLResponse(panels.documents_html(listings, total, page, shelf, search, writable, say_to(request)))

    @router.delete("/{shelf}/documents")
    async def remove(request: Request, shelf: str) -> Response:
        said = await _said(request)
        index = _writable(desk, request, shelf)
        await _in_thread(lambda: desk.uploads.remove(index, str(said.get("source", ""))))
        return JSONResponse({})

    @router.post("/shelves/new")
    async def create(request: Request) -> Response:
        said = await _said(request)
        made = desk.shelves.create(user_of(request), str(said.get("name", ""))[:100])
        return JSONResponse({"shelf": made.id})


def _writable(desk: ChatService, request: Request, shelf: str) -> Index:
    index = _index(desk, request, shelf)
    if not desk.shelves.writable(user_of(request), shelf):
        raise HTTPException(403, say_to(request)("read only"))
    return index


def _upload_routes(router: APIRouter, desk: ChatService) -> None:
    batches = desk.batches

    @router.post("/{shelf}/uploads")
    async def begin(request: Request, shelf: str) -> Response:
        said = await _said(request)
        _writable(desk, request, shelf)
        files, size = (value if isinstance(value := said.get(name), int) else 0 for name in ("files", "bytes"))
        return JSONResponse({"batch": batches.begin((user_of(request), shelf), files, size)})

    @router.post("/{shelf}/uploads/{batch}/files")
    async def add(request: Request, shelf: str, batch: str, name: str) -> Response:
        _writable(desk, request, shelf)
        await batches.add(batch, (user_of(request), shelf), name[:_LONGEST_NAME], request.stream())
        return JSONResponse({})

    @router.post("/{shelf}/uploads/{batch}/start")
    async def start(request: Request, shelf: str, batch: str) -> Response:
        index = _writable(desk, request, shelf)
        taken = batches.take(batch, (user_of(request), shelf))
        try:
            job = await _in_thread(lambda: desk.uploads.start(index, taken.files))
        finally:
            shutil.rmtree(taken.folder, ignore_errors=True)
        return JSONResponse({"job": asdict(job.state())})

    @router.get("/{shelf}/uploads")
    def state(request: Request, shelf: str) -> Response:
        job = desk.uploads.job(_writable(desk, request, shelf))
        return JSONResponse({"job": asdict(job.state()) if job else None})

    @router.delete("/{shelf}/uploads")
    def cancel(request: Request, shelf: str) -> Response:
        job = desk.uploads.job(_writable(desk, request, shelf))
        if job is not None:
            job.cancel()
        return JSONResponse({"job": asdict(job.state()) if job else None})

    @router.delete("/{shelf}/uploads/{batch}")
    def drop(request: Request, shelf: str, batch: str) -> Response:
        batches.drop(batch, (user_of(request), shelf))
        return JSONResponse({})


# -- helpers -----------------------------------------------------------------------------------------------------------


async def _in_thread(action: Callable[[], Any]) -> Any:
    from anyio.to_thread import run_sync

    return await run_sync(action)


async def _said(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(await request.body())
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise HTTPException(400, "The request is not a JSON object.")
    return found


def _download(text: str, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.encode("utf-8", "replace"), media_type=f"{kind}; charset=utf-8", headers=headers)


def _page(request: Request, title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{language_of(request)}"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width, initial-scale=1"><title>{title} · Footnote</title>'
        '<link rel="stylesheet" href="/page/footnote.css"><script src="/page/theme-init.js"></script></head>'
        f'<body class="f-page">{body}</body></html>'
    )


def answer_errors(app: FastAPI) -> None:
    """Every error that Footnote raises on purpose is one sentence to the page's script."""

    @app.exception_handler(RagError)
    async def on_error(request: Request, error: RagError) -> Response:
        del request
        return JSONResponse({"error": str(error)}, status_code=400)

    @app.exception_handler(HTTPException)
    async def on_refusal(request: Request, error: HTTPException) -> Response:
        del request
        return JSONResponse({"error": str(error.detail)}, status_code=error.status_code)
