"""Routes on the pages of a PDF: their pictures, their words, what is found in them; and on the file of a document.

Owns: these addresses. A document is named by its id, looked up in an index of the user's; a file is given out only
while its bytes are those that were read. Knows nothing about how a page is drawn.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from io import FileIO
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from rag.errors import LoadError
from rag.load.page_lane import Ticket
from rag.store.index import Index
from rag.types import page_of
from ui.server.dependencies import Number, OpenIndex, PageNumber, ReaderTranslate
from ui.server.responses import attachment
from ui.service.page_reader import page_reader
from ui.views.source import page_image, pdf_page
from ui.views.source_file import original_file
from ui.views.source_find import find_words
from ui.views.source_page import outline_of, words_on_page

_NARROWEST_IMAGE, _WIDEST_IMAGE = 100, 2400
_LONGEST_SEARCH, _MOST_HITS = 200, 2000
# How often it is looked whether a reader still waits, in seconds.
_LOOK_SECONDS = 0.25
_CHUNK_BYTES = 1 << 18
# What servers note where a client has closed the connection; nobody reads it.
_READER_LEFT = 499
# Kept by the browser for whoever is signed in alone.
_PRIVATE = {"Cache-Control": "private, max-age=3600", "Vary": "Cookie"}

router = APIRouter(prefix="/i")


@router.get("/{workspace}/pages/{source_id}/find")
def find(source_id: str, index: OpenIndex, words: str = "") -> Response:
    """Find words on all pages: offsets and page of each place, and how many there are in all."""
    pdf_page(index, source_id, 1)
    text, pages = _text_and_pages(index, source_id)
    hits, total = [], 0
    for start, end in find_words(text, words[:_LONGEST_SEARCH]):
        total += 1
        if total <= _MOST_HITS:
            hits.append((start, end, page_of(pages, start)))
    return JSONResponse({"hits": hits, "total": total})


@router.get("/{workspace}/pages/{source_id}/outline")
def outline(source_id: str, index: OpenIndex) -> Response:
    """List the table of contents of a PDF: words, level and page of each."""
    file = pdf_page(index, source_id, 1)
    text, pages = _text_and_pages(index, source_id)
    return JSONResponse(outline_of(file, text, index.catalog.structure(source_id)[0], pages), headers=_PRIVATE)


@router.get("/{workspace}/pages/{source_id}/{page}/words")
def words(source_id: str, page: PageNumber, index: OpenIndex) -> Response:
    """Give the words of a page, and where they lie on it."""
    file = pdf_page(index, source_id, page)
    text, pages = _text_and_pages(index, source_id)
    try:
        sizes = page_reader().sizes(file) if file else ()
    except LoadError:
        sizes = ()
    return JSONResponse(words_on_page(file, sizes, text, pages, page))


def _picture(source_id: str, page: PageNumber, index: OpenIndex, width: Number = 1200) -> bytes | Ticket:
    return page_image(index, source_id, page, min(_WIDEST_IMAGE, max(_NARROWEST_IMAGE, width)))


@router.get("/{workspace}/pages/{source_id}/{page}")
async def picture(request: Request, image: Annotated[bytes | Ticket, Depends(_picture)]) -> Response:
    """Show a page of a PDF as an image of about ``width`` pixels; it is not drawn for who has left."""
    if isinstance(image, Ticket):
        reply = asyncio.wrap_future(image.reply)
        try:
            while not (await asyncio.wait({reply}, timeout=_LOOK_SECONDS))[0]:
                if await request.is_disconnected():
                    return Response(status_code=_READER_LEFT)
            image_bytes = reply.result()[1]
        finally:
            reply.cancel()
            image.leave()
    else:
        image_bytes = image
    return Response(image_bytes, media_type="image/png", headers=_PRIVATE)


@router.get("/{workspace}/files/{source_id}")
def original(source_id: str, index: OpenIndex, t: ReaderTranslate, source: str = "") -> Response:
    """Give the original file of a document, to be saved: nothing of it is ever shown on this origin."""
    found = original_file(index, source_id, source)
    if found is None:
        raise HTTPException(404, t("original gone"))
    name, file = found
    headers = {
        "Content-Disposition": attachment(name),
        "Content-Length": str(os.fstat(file.fileno()).st_size),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_chunks(file), media_type="application/octet-stream", headers=headers)


def _chunks(file: FileIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _text_and_pages(index: Index, source_id: str) -> tuple[str, tuple[int, ...]]:
    stored = index.catalog.document_text(source_id)
    return stored[0] if stored else "", index.catalog.pages(source_id)
